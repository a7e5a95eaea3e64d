// Races on global memory and what looks like one, a kernel each. The comments at the ends of lines are how the test
// finds them: "NAME here" and "NAME other" are the two sides of the race that is planted in kernel NAME.
// Every kernel gets data and a few counters that are zero; the blocks have 128 threads.
// build: -O2 -g
#include <hip/hip_runtime.h>

#define THREADS 128
#define KERNEL(name) extern "C" __global__ void __launch_bounds__(THREADS) name(int *data, int *out, int *counters)

// Neighbours are read while other blocks already store their results there.
KERNEL(stencil_in_place)
{
    const int i = blockIdx.x * THREADS + threadIdx.x + 1;
    const int sum = data[i - 1] + data[i + 1]; // stencil_in_place other
    data[i] = sum;                             // stencil_in_place here
}

KERNEL(stencil)
{
    const int i = blockIdx.x * THREADS + threadIdx.x + 1;
    out[i] = data[i - 1] + data[i + 1];
}

KERNEL(in_place)
{
    const int i = blockIdx.x * THREADS + threadIdx.x;
    data[i] = data[i] * 3 + 1;
    data[i] += 5;
}

KERNEL(grid_stride)
{
    for (int i = blockIdx.x * THREADS + threadIdx.x; i < 4 * THREADS * gridDim.x; i += gridDim.x * THREADS)
        out[i] = data[i % 64] + data[i];
}

// Each block stores one element more than it should.
KERNEL(one_too_many)
{
    for (int i = threadIdx.x; i < THREADS + 1; i += THREADS)
        out[blockIdx.x * THREADS + i] = blockIdx.x * 1000 + i; // one_too_many here
}

KERNEL(two_blocks_one_element)
{
    out[(blockIdx.x / 2) * THREADS + threadIdx.x] = blockIdx.x; // two_blocks_one_element here
}

KERNEL(same_value_everywhere)
{
    if (data[threadIdx.x] >= 0)
        out[0] = 1; // same_value_everywhere here
}

KERNEL(global_histogram)
{
    atomicAdd(&out[data[blockIdx.x * THREADS + threadIdx.x] & 31], 1);
}

KERNEL(global_histogram_without_atomics)
{
    out[data[blockIdx.x * THREADS + threadIdx.x] & 31]++; // global_histogram_without_atomics here
}

KERNEL(sum_without_atomics)
{
    if (threadIdx.x == 0)
        *out += data[blockIdx.x]; // sum_without_atomics here
}

// Floats are added in a loop of compare and swap where the hardware has no such atomic.
KERNEL(float_sum)
{
    atomicAdd((float *)out, (float)data[blockIdx.x * THREADS + threadIdx.x]);
}

// The user's own loop begins with a plain load.
KERNEL(own_compare_and_swap)
{
    const int value = data[blockIdx.x * THREADS + threadIdx.x];
    int old = *out, assumed;
    do {
        assumed = old;
        old = atomicCAS(out, assumed, assumed > value ? assumed : value);
    } while (old != assumed);
}

// Some block sets to zero what others may have counted in already.
KERNEL(reset_too_late)
{
    if (blockIdx.x == 0 && threadIdx.x == 0)
        *counters = 0;               // reset_too_late plain
    atomicAdd(counters, 1);          // reset_too_late atomic
}

// The sum over the blocks by the one that comes last.
static __device__ int block_sum(const int *data)
{
    __shared__ int partial[THREADS];
    const int i = threadIdx.x;
    partial[i] = data[blockIdx.x * THREADS + i];
    __syncthreads();
    for (int step = THREADS / 2; step > 0; step /= 2) {
        if (i < step)
            partial[i] += partial[i + step];
        __syncthreads();
    }
    return partial[0];
}

KERNEL(last_block)
{
    __shared__ bool last;
    const int sum = block_sum(data);
    if (threadIdx.x == 0) {
        out[1 + blockIdx.x] = sum;
        __threadfence();
        last = atomicAdd(counters, 1) == (int)gridDim.x - 1;
    }
    __syncthreads();
    if (last && threadIdx.x == 0) {
        int total = 0;
        for (int i = 0; i < gridDim.x; i++)
            total += out[1 + i];
        out[0] = total;
    }
}

// Every thread stores, one counts.
KERNEL(last_block_of_all_threads)
{
    __shared__ bool last;
    out[THREADS + blockIdx.x * THREADS + threadIdx.x] = data[threadIdx.x] + blockIdx.x;
    __threadfence();
    __syncthreads();
    if (threadIdx.x == 0)
        last = atomicAdd(counters, 1) == (int)gridDim.x - 1;
    __syncthreads();
    if (last) {
        int total = 0;
        for (int i = 0; i < gridDim.x; i++)
            total += out[THREADS + i * THREADS + threadIdx.x];
        out[threadIdx.x] = total;
    }
}

// The store is not known to be done when the counter says so.
KERNEL(last_block_without_fence)
{
    __shared__ bool last;
    const int sum = block_sum(data);
    if (threadIdx.x == 0) {
        out[1 + blockIdx.x] = sum;   // last_block_without_fence other
        last = atomicAdd(counters, 1) == (int)gridDim.x - 1;
    }
    __syncthreads();
    if (last && threadIdx.x == 0) {
        int total = 0;
        for (int i = 0; i < gridDim.x; i++)
            total += out[1 + i];     // last_block_without_fence here
        out[0] = total;
    }
}

// Other waves store without anybody waiting for them.
KERNEL(last_block_without_barrier)
{
    __shared__ bool last;
    out[THREADS + blockIdx.x * THREADS + threadIdx.x] = data[threadIdx.x] + blockIdx.x; // last_block_without_barrier other
    __threadfence();
    if (threadIdx.x == 0)
        last = atomicAdd(counters, 1) == (int)gridDim.x - 1;
    __syncthreads();
    if (last) {
        int total = 0;
        for (int i = 0; i < gridDim.x; i++)
            total += out[THREADS + i * THREADS + threadIdx.x]; // last_block_without_barrier here
        out[threadIdx.x] = total;
    }
}

// A counter that is no atomic.
KERNEL(last_block_without_atomic)
{
    __shared__ bool last;
    if (threadIdx.x == 0) {
        out[1 + blockIdx.x] = data[blockIdx.x];
        __threadfence();
        const int before = *counters;        // last_block_without_atomic other
        *counters = before + 1;              // last_block_without_atomic here
        last = before == (int)gridDim.x - 1;
    }
    __syncthreads();
    if (last && threadIdx.x == 0)
        out[0] = 1;
}

KERNEL(spin_lock)
{
    if (threadIdx.x == 0) {
        while (atomicCAS(counters, 0, 1) != 0)
            ;
        __threadfence();
        out[0] += data[blockIdx.x];
        out[1 + out[0] % 3] = blockIdx.x;
        __threadfence();
        atomicExch(counters, 0);
    }
}

KERNEL(spin_lock_without_fence)
{
    if (threadIdx.x == 0) {
        while (atomicCAS(counters, 0, 1) != 0)
            ;
        out[0] += data[blockIdx.x]; // spin_lock_without_fence here
        atomicExch(counters, 0);
    }
}

KERNEL(spin_lock_not_taken)
{
    if (threadIdx.x == 0) {
        if (blockIdx.x % 2)
            while (atomicCAS(counters, 0, 1) != 0)
                ;
        __threadfence();
        out[0] += data[blockIdx.x]; // spin_lock_not_taken here
        __threadfence();
        if (blockIdx.x % 2)
            atomicExch(counters, 0);
    }
}

KERNEL(ticket_lock)
{
    if (threadIdx.x == 0) {
        const int ticket = atomicAdd(counters, 1);
        while (*(volatile int *)(counters + 1) != ticket)
            ;
        __threadfence();
        out[0] += data[blockIdx.x];
        __threadfence();
        *(volatile int *)(counters + 1) = ticket + 1;
    }
}

// Each block takes over what the one before it has summed.
KERNEL(look_back)
{
    __shared__ int before;
    const int sum = block_sum(data);
    if (threadIdx.x == 0) {
        volatile int *flags = counters;
        before = 0;
        if (blockIdx.x > 0) {
            while (flags[blockIdx.x - 1] == 0)
                ;
            __threadfence();
            before = out[blockIdx.x - 1];
        }
        out[blockIdx.x] = before + sum;
        __threadfence();
        flags[blockIdx.x] = 1;
    }
    __syncthreads();
    out[THREADS + blockIdx.x * THREADS + threadIdx.x] = before;
}

KERNEL(look_back_without_fence)
{
    if (threadIdx.x == 0) {
        volatile int *flags = counters;
        int before = 0;
        if (blockIdx.x > 0) {
            while (flags[blockIdx.x - 1] == 0)
                ;
            before = out[blockIdx.x - 1]; // look_back_without_fence here
        }
        out[blockIdx.x] = before + 1; // look_back_without_fence other
        flags[blockIdx.x] = 1;
    }
}

KERNEL(release_and_acquire)
{
    if (threadIdx.x == 0) {
        if (blockIdx.x == 0) {
            out[0] = data[3];
            __hip_atomic_store(counters, 1, __ATOMIC_RELEASE, __HIP_MEMORY_SCOPE_AGENT);
        } else {
            while (__hip_atomic_load(counters, __ATOMIC_ACQUIRE, __HIP_MEMORY_SCOPE_AGENT) == 0)
                ;
            out[blockIdx.x] = out[0];
        }
    }
}

KERNEL(relaxed_flag)
{
    if (threadIdx.x == 0) {
        if (blockIdx.x == 0) {
            out[0] = data[3]; // relaxed_flag other
            __hip_atomic_store(counters, 1, __ATOMIC_RELAXED, __HIP_MEMORY_SCOPE_AGENT);
        } else {
            while (__hip_atomic_load(counters, __ATOMIC_RELAXED, __HIP_MEMORY_SCOPE_AGENT) == 0)
                ;
            out[blockIdx.x] = out[0]; // relaxed_flag here
        }
    }
}

// A barrier of all blocks, with a count and a generation.
static __device__ void grid_barrier(int *counters)
{
    __syncthreads();
    if (threadIdx.x == 0) {
        volatile int *generation = counters + 1;
        const int now = *generation;
        __threadfence();
        if (atomicAdd(counters, 1) == (int)gridDim.x - 1) {
            *counters = 0;
            __threadfence();
            *generation = now + 1;
        } else {
            while (*generation == now)
                ;
        }
        __threadfence();
    }
    __syncthreads();
}

KERNEL(grid_barriers)
{
    const int i = blockIdx.x * THREADS + threadIdx.x, all = gridDim.x * THREADS;
    for (int round = 0; round < 3; round++) {
        out[i] = data[i] + round;
        grid_barrier(counters);
        data[i] = out[(i + THREADS) % all];
        grid_barrier(counters);
    }
}

KERNEL(grid_barrier_missing)
{
    const int i = blockIdx.x * THREADS + threadIdx.x, all = gridDim.x * THREADS;
    for (int round = 0; round < 3; round++) {
        out[i] = data[i] + round;            // grid_barrier_missing here
        grid_barrier(counters);
        data[i] = out[(i + THREADS) % all];  // grid_barrier_missing other
    }
}

// A consumer that polls by an atomic that changes nothing.
KERNEL(poll_by_atomic)
{
    if (threadIdx.x == 0) {
        if (blockIdx.x == 0) {
            out[0] = data[3];
            __threadfence();
            atomicExch(counters, 1);
        } else {
            while (atomicAdd(counters, 0) == 0)
                ;
            __threadfence();
            out[blockIdx.x] = out[0];
        }
    }
}

// Waves of one block through global memory.
KERNEL(waves_through_memory)
{
    const int i = blockIdx.x * THREADS + threadIdx.x;
    out[i] = data[i];
    __syncthreads();
    data[i] = out[blockIdx.x * THREADS + (threadIdx.x + 64) % THREADS];
}

KERNEL(waves_through_memory_without_barrier)
{
    const int i = blockIdx.x * THREADS + threadIdx.x;
    out[i] = data[i]; // waves_through_memory_without_barrier other
    data[i] = out[blockIdx.x * THREADS + (threadIdx.x + 64) % THREADS]; // waves_through_memory_without_barrier here
}

// Blocks store neighbouring bytes of a dword, at bounds that are no multiples of 4.
KERNEL(bytes_side_by_side)
{
    unsigned char *bytes = (unsigned char *)out;
    if (threadIdx.x < 99)
        bytes[blockIdx.x * 99 + threadIdx.x] = (unsigned char)data[threadIdx.x];
}

KERNEL(bytes_overlap)
{
    unsigned char *bytes = (unsigned char *)out;
    if (threadIdx.x < 100)
        bytes[blockIdx.x * 99 + threadIdx.x] = (unsigned char)(data[threadIdx.x] + blockIdx.x); // bytes_overlap here
}

// Values are taken from a queue whose slots are handed out by an atomic.
KERNEL(queue)
{
    const int slot = atomicAdd(counters, 1);
    out[slot] = data[slot] + threadIdx.x;
}

// Locks for parts of a table, by one thread of a wave: two could wait for each other, since the compiler
// has those who have got their lock wait behind the loop for those who have not.
KERNEL(locked_buckets)
{
    if (threadIdx.x % 64 == 0) {
        const int bucket = (blockIdx.x + threadIdx.x / 64) % 3;
        bool done = false;
        while (!done) {
            if (atomicCAS(&counters[bucket], 0, 1) == 0) {
                __threadfence();
                out[bucket]++;
                __threadfence();
                atomicExch(&counters[bucket], 0);
                done = true;
            }
        }
    }
}

// Atomics that change nothing, more of them than racecheck could remember, tell nobody anything.
KERNEL(waiting_in_vain)
{
    int seen = 0;
    for (int i = 0; i < 8000; i++) {
        if (threadIdx.x % 32 == 0)
            seen += atomicCAS(&counters[1], 1, 2) + atomicExch(&counters[2], 0);
        __syncthreads();
    }
    if (threadIdx.x == 0)
        out[0] = seen + blockIdx.x; // waiting_in_vain here
}

KERNEL(lanes_clash_in_memory)
{
    out[blockIdx.x * 8 + (data[threadIdx.x] & 7)] = threadIdx.x; // lanes_clash_in_memory here
}

// To the hardware an exchange whose result nobody takes is a store.
KERNEL(exchange_by_all)
{
    atomicExch(&out[0], blockIdx.x);
}

// A load by the scalar unit, whose cache does not see what the vector unit has stored since.
#define SCALAR_LOAD(from)                                                                                  \
    ({                                                                                                     \
        int offset = 0;                                                                                    \
        asm volatile("" : "+s"(offset) : : "memory");                                                      \
        *(const __attribute__((address_space(4))) int *)(uintptr_t)&(from)[__builtin_amdgcn_readfirstlane(offset)]; \
    })

// Each wave reads an element of its own, stores to it and reads it again.
KERNEL(own_store_by_scalar_load)
{
    const int wave = __builtin_amdgcn_readfirstlane((blockIdx.x * THREADS + threadIdx.x) / warpSize);
    int *own = &out[64 * wave];
    const int before = SCALAR_LOAD(own);
    if (threadIdx.x % warpSize == 0)
        *own = before + 1;                // own_store_by_scalar_load other
    __threadfence();
    const int after = SCALAR_LOAD(own);   // own_store_by_scalar_load here
    data[blockIdx.x * THREADS + threadIdx.x] = after;
}

// The same, but all waves have their elements side by side.
KERNEL(store_beside_others_by_scalar_load)
{
    const int wave = __builtin_amdgcn_readfirstlane((blockIdx.x * THREADS + threadIdx.x) / warpSize);
    int *own = &out[wave];
    const int before = SCALAR_LOAD(own);
    if (threadIdx.x % warpSize == 0)
        *own = before + 1;                // store_beside_others_by_scalar_load other
    __threadfence();
    const int after = SCALAR_LOAD(own);   // store_beside_others_by_scalar_load here
    data[blockIdx.x * THREADS + threadIdx.x] = after;
}

// The store is of a byte.
KERNEL(byte_store_by_scalar_load)
{
    const int wave = __builtin_amdgcn_readfirstlane((blockIdx.x * THREADS + threadIdx.x) / warpSize);
    int *own = &out[64 * wave + 24];
    const int before = SCALAR_LOAD(own);
    if (threadIdx.x % warpSize == 0)
        ((char *)own)[2] = before + 1;    // byte_store_by_scalar_load other
    __threadfence();
    const int after = SCALAR_LOAD(own);   // byte_store_by_scalar_load here
    data[blockIdx.x * THREADS + threadIdx.x] = after;
}

// What the waves read again is not what they have stored.
KERNEL(other_element_by_scalar_load)
{
    const int wave = __builtin_amdgcn_readfirstlane((blockIdx.x * THREADS + threadIdx.x) / warpSize);
    int *own = &out[64 * wave];
    const int before = SCALAR_LOAD(own);
    if (threadIdx.x % warpSize == 0)
        own[1] = before + 1;
    __threadfence();
    const int after = SCALAR_LOAD(own);
    data[blockIdx.x * THREADS + threadIdx.x] = after;
}
