// How many blocks a multiprocessor holds at once, from registers, shared memory and wave slots.
#include "device_limits.h"
#include "module.h"
#include "occupancy.h"
#include "registration.h"

enum { MOST_BLOCKS = 32 }; // that HIP says a multiprocessor has

static unsigned active_blocks(const struct kernel *kernel, unsigned threads, size_t dynamic_lds)
{
    struct wavegauge_occupancy occupancy;
    occupancy_compute(kernel, threads, dynamic_lds, &occupancy);
    return occupancy.workgroups < MOST_BLOCKS ? occupancy.workgroups : MOST_BLOCKS;
}

static unsigned thread_limit(const struct kernel *kernel)
{
    unsigned most = kernel->max_workgroup_size;
    return most && most < MAX_BLOCK_THREADS ? most : MAX_BLOCK_THREADS;
}

static hipError_t max_active(int *blocks, const struct kernel *kernel, int threads,
                             size_t dynamic_lds)
{
    if (!blocks || threads <= 0)
        return hipErrorInvalidValue;
    *blocks = 0;
    if ((unsigned)threads <= thread_limit(kernel))
        *blocks = (int)active_blocks(kernel, (unsigned)threads, dynamic_lds);
    return hipSuccess;
}

static hipError_t max_potential(int *grid, int *block, const struct kernel *kernel,
                                size_t dynamic_lds, int limit)
{
    if (!grid || !block || limit < 0)
        return hipErrorInvalidValue;
    unsigned most = thread_limit(kernel), best = 0, best_threads = 0;
    if (limit && (unsigned)limit < most)
        most = (unsigned)limit;
    // The size that keeps most threads resident; of equals the largest.
    for (unsigned threads = most; threads; threads -= threads % kernel->lanes ?: kernel->lanes) {
        unsigned resident = active_blocks(kernel, threads, dynamic_lds) * threads;
        if (resident > best) {
            best = resident;
            best_threads = threads;
        }
    }
    if (!best)
        return hipErrorInvalidValue;
    *block = (int)best_threads;
    *grid = (int)(best / best_threads * device_limits(kernel->object->target)->multiprocessors);
    return hipSuccess;
}

static hipError_t host_kernel(const void *function, struct kernel **kernel)
{
    *kernel = module_kernel((hipFunction_t)(uintptr_t)function);
    return *kernel ? hipSuccess : registration_kernel(function, kernel);
}

static hipError_t handle_kernel(hipFunction_t function, struct kernel **kernel)
{
    *kernel = module_kernel(function);
    return *kernel ? hipSuccess : hipErrorInvalidValue;
}

hipError_t hipOccupancyMaxActiveBlocksPerMultiprocessor(int *blocks, const void *function,
                                                        int threads, size_t dynamic_lds)
{
    struct kernel *kernel;
    return runtime_end(runtime_begin() ?: host_kernel(function, &kernel)
                           ?: max_active(blocks, kernel, threads, dynamic_lds));
}

hipError_t hipOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int *blocks, const void *function,
                                                                 int threads, size_t dynamic_lds,
                                                                 unsigned int flags)
{
    (void)flags;
    return hipOccupancyMaxActiveBlocksPerMultiprocessor(blocks, function, threads, dynamic_lds);
}

hipError_t hipOccupancyMaxPotentialBlockSize(int *grid, int *block, const void *function,
                                             size_t dynamic_lds, int limit)
{
    struct kernel *kernel;
    return runtime_end(runtime_begin() ?: host_kernel(function, &kernel)
                           ?: max_potential(grid, block, kernel, dynamic_lds, limit));
}

hipError_t hipModuleOccupancyMaxActiveBlocksPerMultiprocessor(int *blocks, hipFunction_t function,
                                                              int threads, size_t dynamic_lds)
{
    struct kernel *kernel;
    return runtime_end(runtime_begin() ?: handle_kernel(function, &kernel)
                           ?: max_active(blocks, kernel, threads, dynamic_lds));
}

hipError_t hipModuleOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(
    int *blocks, hipFunction_t function, int threads, size_t dynamic_lds, unsigned int flags)
{
    (void)flags;
    return hipModuleOccupancyMaxActiveBlocksPerMultiprocessor(blocks, function, threads,
                                                              dynamic_lds);
}

hipError_t hipModuleOccupancyMaxPotentialBlockSize(int *grid, int *block, hipFunction_t function,
                                                   size_t dynamic_lds, int limit)
{
    struct kernel *kernel;
    return runtime_end(runtime_begin() ?: handle_kernel(function, &kernel)
                           ?: max_potential(grid, block, kernel, dynamic_lds, limit));
}

hipError_t hipModuleOccupancyMaxPotentialBlockSizeWithFlags(int *grid, int *block,
                                                            hipFunction_t function,
                                                            size_t dynamic_lds, int limit,
                                                            unsigned int flags)
{
    (void)flags;
    return hipModuleOccupancyMaxPotentialBlockSize(grid, block, function, dynamic_lds, limit);
}
