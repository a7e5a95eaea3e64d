#include "kernarg.h"
#include "memory.h"

#include <string.h>

// hsa_kernel_dispatch_packet_t (HSA runtime specification 1.2, section 2.8.2).
struct dispatch_packet {
    uint16_t header, dimensions;
    uint16_t workgroup_size[3], reserved0;
    uint32_t grid_size[3]; // work-items
    uint32_t private_bytes, group_bytes;
    uint64_t kernel_object, kernarg, reserved1, completion_signal;
};

#define QUEUE_BYTES        256
#define QUEUE_SHARED_BASE  0x40 // high halves of the apertures in amd_queue_t
#define QUEUE_PRIVATE_BASE 0x44
#define KERNARG_LARGEST    65536

// One block for all launches, since they run one after the other; the pieces are allocations of
// their own, so that accesses past their ends are seen.
static struct {
    struct allocation *packet, *queue, *kernarg;
} segment;

static bool allocate_segment(void)
{
    if (!segment.packet)
        segment.packet = memory_allocate(sizeof(struct dispatch_packet), 64, ALLOCATION_INTERNAL);
    if (!segment.queue)
        segment.queue = memory_allocate(QUEUE_BYTES, 64, ALLOCATION_INTERNAL);
    if (!segment.kernarg)
        segment.kernarg = memory_allocate(KERNARG_LARGEST, 64, ALLOCATION_INTERNAL);
    if (!segment.packet || !segment.queue || !segment.kernarg)
        return false;
    strcpy(segment.packet->name, "the dispatch packet");
    strcpy(segment.queue->name, "the queue");
    strcpy(segment.kernarg->name, "the kernel arguments");
    segment.packet->read_only = segment.kernarg->read_only = true;
    return true;
}

static void put(uint8_t *at, uint32_t size, uint64_t value)
{
    memcpy(at, &value, size < 8 ? size : 8);
}

static unsigned grid_dimensions(const struct launch_request *request)
{
    for (unsigned i = 2; i > 0; i--)
        if (request->grid[i] > 1 || request->block[i] > 1)
            return i + 1;
    return 1;
}

static uint64_t hidden_value(const struct launch *launch, enum argument_kind kind)
{
    const struct launch_request *request = launch->request;
    switch (kind) {
    case ARGUMENT_HIDDEN_BLOCK_COUNT_X:
    case ARGUMENT_HIDDEN_BLOCK_COUNT_Y:
    case ARGUMENT_HIDDEN_BLOCK_COUNT_Z:
        return request->grid[kind - ARGUMENT_HIDDEN_BLOCK_COUNT_X];
    case ARGUMENT_HIDDEN_GROUP_SIZE_X:
    case ARGUMENT_HIDDEN_GROUP_SIZE_Y:
    case ARGUMENT_HIDDEN_GROUP_SIZE_Z:
        return request->block[kind - ARGUMENT_HIDDEN_GROUP_SIZE_X];
    case ARGUMENT_HIDDEN_GRID_DIMS:
        return grid_dimensions(request);
    case ARGUMENT_HIDDEN_HOSTCALL_BUFFER:
        return request->hostcall_buffer;
    case ARGUMENT_HIDDEN_DYNAMIC_LDS_SIZE:
        return request->dynamic_lds;
    case ARGUMENT_HIDDEN_PRIVATE_BASE:
        return PRIVATE_APERTURE >> 32;
    case ARGUMENT_HIDDEN_SHARED_BASE:
        return SHARED_APERTURE >> 32;
    case ARGUMENT_HIDDEN_QUEUE_PTR:
        return launch->queue;
    case ARGUMENT_HIDDEN_MULTIGRID_SYNC:
        return request->multigrid_sync;
    default:
        return 0; // offsets, remainders (workgroups are never partial), heap: none
    }
}

static void write_kernarg(const struct launch *launch, uint8_t *kernarg, uint64_t bytes)
{
    const struct kernel *kernel = launch->kernel;
    const struct launch_request *request = launch->request;
    memset(kernarg, 0, bytes);
    if (request->kernarg)
        memcpy(kernarg, request->kernarg,
               request->kernarg_bytes < bytes ? request->kernarg_bytes : bytes);
    for (uint32_t i = kernel->explicit_arguments; i < kernel->argument_count; i++) {
        const struct kernel_argument *argument = &kernel->arguments[i];
        if (argument->offset <= bytes && argument->size <= bytes - argument->offset)
            put(kernarg + argument->offset, argument->size, hidden_value(launch, argument->kind));
    }
}

static void write_packet(const struct launch *launch, struct dispatch_packet *packet)
{
    const struct launch_request *request = launch->request;
    *packet = (struct dispatch_packet){
        .header = 2, // kernel dispatch
        .dimensions = (uint16_t)grid_dimensions(request),
        .private_bytes = launch->scratch_bytes,
        .group_bytes = launch->lds_bytes,
        .kernel_object = launch->kernel->descriptor,
        .kernarg = launch->kernarg,
    };
    for (unsigned i = 0; i < 3; i++) {
        packet->workgroup_size[i] = (uint16_t)request->block[i];
        packet->grid_size[i] = request->grid[i] * request->block[i];
    }
}

bool kernarg_prepare(struct launch *launch)
{
    uint64_t bytes = launch->kernel->kernarg_bytes;
    if (bytes > KERNARG_LARGEST || !allocate_segment())
        return false;
    launch->kernarg = segment.kernarg->base;
    launch->packet = segment.packet->base;
    launch->queue = segment.queue->base;
    segment.kernarg->end = segment.kernarg->base + bytes;
    uint8_t *queue = (uint8_t *)segment.queue->base;
    put(queue + QUEUE_SHARED_BASE, 4, SHARED_APERTURE >> 32);
    put(queue + QUEUE_PRIVATE_BASE, 4, PRIVATE_APERTURE >> 32);
    write_kernarg(launch, (uint8_t *)launch->kernarg, bytes);
    write_packet(launch, (struct dispatch_packet *)launch->packet);
    return true;
}
