// Races on shared memory and what looks like one, a kernel each. The comments at the ends of lines are how the
// test finds them: "NAME here" and "NAME other" are the two sides of the race that is planted in kernel NAME.
// build: -O2 -g
#include <hip/hip_runtime.h>

#define THREADS 256
#define BLOCK_DATA 1024 // elements that are the block's own

// Each thread reads what a thread of another wave stored.
extern "C" __global__ void __launch_bounds__(THREADS) no_barrier_after_load(int *data)
{
    data += blockIdx.x * BLOCK_DATA;
    __shared__ int tile[THREADS];
    const int i = threadIdx.x;
    tile[i] = data[i];                     // no_barrier_after_load other
    data[i] = tile[(i + 100) % THREADS];   // no_barrier_after_load here
}

extern "C" __global__ void __launch_bounds__(THREADS) barrier_after_load(int *data)
{
    data += blockIdx.x * BLOCK_DATA;
    __shared__ int tile[THREADS];
    const int i = threadIdx.x;
    tile[i] = data[i];
    __syncthreads();
    data[i] = tile[(i + 100) % THREADS];
}

// The tile is filled again while others still read it.
extern "C" __global__ void __launch_bounds__(THREADS) no_barrier_before_reload(int *data)
{
    data += blockIdx.x * BLOCK_DATA;
    __shared__ int tile[THREADS];
    const int i = threadIdx.x;
    int sum = 0;
    for (int round = 0; round < 4; round++) {
        tile[i] = data[i] + round;                         // no_barrier_before_reload here
        __syncthreads();
        for (int k = 0; k < 3; k++)
            sum += tile[(i * 7 + k * 50 + round) % THREADS]; // no_barrier_before_reload other
    }
    data[i] = sum;
}

extern "C" __global__ void __launch_bounds__(THREADS) barriers_around_reload(int *data)
{
    data += blockIdx.x * BLOCK_DATA;
    __shared__ int tile[THREADS];
    const int i = threadIdx.x;
    int sum = 0;
    for (int round = 0; round < 4; round++) {
        tile[i] = data[i] + round;
        __syncthreads();
        for (int k = 0; k < 3; k++)
            sum += tile[(i * 7 + k * 50 + round) % THREADS];
        __syncthreads();
    }
    data[i] = sum;
}

// Two buffers in turn need one barrier a round: the next round fills the other buffer.
extern "C" __global__ void __launch_bounds__(THREADS) double_buffer(int *data)
{
    data += blockIdx.x * BLOCK_DATA;
    __shared__ int tile[2][THREADS];
    const int i = threadIdx.x;
    int sum = 0;
    tile[0][i] = data[i];
    __syncthreads();
    for (int round = 0; round < 4; round++) {
        tile[(round + 1) & 1][i] = data[i] + round;
        sum += tile[round & 1][(i + 77) % THREADS];
        __syncthreads();
    }
    data[i] = sum;
}

// The mistake: the buffer that is filled is the one that is read.
extern "C" __global__ void __launch_bounds__(THREADS) double_buffer_mixed_up(int *data)
{
    data += blockIdx.x * BLOCK_DATA;
    __shared__ int tile[2][THREADS];
    const int i = threadIdx.x;
    int sum = 0;
    tile[0][i] = tile[1][i] = data[i];
    __syncthreads();
    for (int round = 0; round < 4; round++) {
        tile[round & 1][i] = data[i] + round;        // double_buffer_mixed_up other
        sum += tile[round & 1][(i + 77) % THREADS];  // double_buffer_mixed_up here
        __syncthreads();
    }
    data[i] = sum;
}

extern "C" __global__ void __launch_bounds__(THREADS) reduction(int *data)
{
    data += blockIdx.x * BLOCK_DATA;
    __shared__ int partial[THREADS];
    const int i = threadIdx.x;
    partial[i] = data[i];
    __syncthreads();
    for (int step = THREADS / 2; step > 0; step /= 2) {
        if (i < step)
            partial[i] += partial[i + step];
        __syncthreads();
    }
    data[i] = partial[0];
}

extern "C" __global__ void __launch_bounds__(THREADS) reduction_without_barrier(int *data)
{
    data += blockIdx.x * BLOCK_DATA;
    __shared__ int partial[THREADS];
    const int i = threadIdx.x;
    partial[i] = data[i];
    __syncthreads();
    for (int step = THREADS / 2; step > 0; step /= 2)
        if (i < step)
            partial[i] += partial[i + step]; // reduction_without_barrier here
    __syncthreads();
    data[i] = partial[0];
}

// The last steps without barriers: right where a wave has 64 lanes.
extern "C" __global__ void __launch_bounds__(THREADS) wave_synchronous_tail(int *data)
{
    data += blockIdx.x * BLOCK_DATA;
    __shared__ volatile int partial[THREADS];
    const int i = threadIdx.x;
    partial[i] = data[i];
    __syncthreads();
    for (int step = THREADS / 2; step > 32; step /= 2) {
        if (i < step)
            partial[i] += partial[i + step];
        __syncthreads();
    }
    if (i < 64) {
        partial[i] = partial[i] + 1;
        if (i < 32)
            partial[i] += partial[i + 32]; // wave_synchronous_tail here
    }
    __syncthreads();
    if (i < 16)
        partial[i] += partial[i + 16];
    if (i < 8)
        partial[i] += partial[i + 8];
    __syncthreads();
    data[i] = partial[0];
}

// One wave of 64, for which the compiler leaves the barriers out.
extern "C" __global__ void __launch_bounds__(64) one_wave(int *data)
{
    data += blockIdx.x * BLOCK_DATA;
    __shared__ int tile[64];
    const int i = threadIdx.x;
    tile[i] = data[i];
    __syncthreads();
    int sum = tile[(i + 33) % 64];
    __syncthreads();
    tile[i] = sum;
    __syncthreads();
    data[i] = tile[63 - i];
}

// Hillis and Steele, in two buffers.
extern "C" __global__ void __launch_bounds__(THREADS) scan(int *data)
{
    data += blockIdx.x * BLOCK_DATA;
    __shared__ int sums[2][THREADS];
    const int i = threadIdx.x;
    int from = 0;
    sums[0][i] = data[i];
    for (int step = 1; step < THREADS; step *= 2) {
        __syncthreads();
        sums[!from][i] = sums[from][i] + (i >= step ? sums[from][i - step] : 0);
        from = !from;
    }
    data[i] = sums[from][i];
}

// The same in one buffer: the barrier between reading and writing is missing.
extern "C" __global__ void __launch_bounds__(THREADS) scan_in_place(int *data)
{
    data += blockIdx.x * BLOCK_DATA;
    __shared__ int sums[THREADS];
    const int i = threadIdx.x;
    sums[i] = data[i];
    for (int step = 1; step < THREADS; step *= 2) {
        __syncthreads();
        const int below = i >= step ? sums[i - step] : 0; // scan_in_place other
        sums[i] += below;                                 // scan_in_place here
    }
    data[i] = sums[i];
}

extern "C" __global__ void __launch_bounds__(THREADS) histogram(int *data)
{
    data += blockIdx.x * BLOCK_DATA;
    __shared__ int bins[16];
    const int i = threadIdx.x;
    if (i < 16)
        bins[i] = 0;
    __syncthreads();
    atomicAdd(&bins[data[i] & 15], 1);
    __syncthreads();
    if (i < 16)
        data[i] = bins[i];
}

extern "C" __global__ void __launch_bounds__(THREADS) histogram_without_atomics(int *data)
{
    data += blockIdx.x * BLOCK_DATA;
    __shared__ int bins[16];
    const int i = threadIdx.x;
    if (i < 16)
        bins[i] = 0;
    __syncthreads();
    bins[data[i] & 15]++; // histogram_without_atomics here
    __syncthreads();
    if (i < 16)
        data[i] = bins[i];
}

// Waves count while one of them still sets the counter to zero.
extern "C" __global__ void __launch_bounds__(THREADS) counter_not_ready(int *data)
{
    data += blockIdx.x * BLOCK_DATA;
    __shared__ int counter;
    const int i = threadIdx.x;
    if (i == 0)
        counter = 0;               // counter_not_ready other
    atomicAdd(&counter, data[i]);  // counter_not_ready here
    __syncthreads();
    data[i] = counter;
}

extern "C" __global__ void __launch_bounds__(THREADS) counter_read_early(int *data)
{
    data += blockIdx.x * BLOCK_DATA;
    __shared__ int counter;
    const int i = threadIdx.x;
    if (i == 0)
        counter = 0;
    __syncthreads();
    atomicAdd(&counter, data[i]); // counter_read_early other
    data[i] = counter;            // counter_read_early here
}

// All threads store the same; which one does not matter.
extern "C" __global__ void __launch_bounds__(THREADS) same_value(int *data)
{
    data += blockIdx.x * BLOCK_DATA;
    __shared__ volatile int flag;
    flag = 3; // same_value here
    __syncthreads();
    data[threadIdx.x] = flag;
}

extern "C" __global__ void __launch_bounds__(THREADS) different_values(int *data)
{
    data += blockIdx.x * BLOCK_DATA;
    __shared__ int last;
    const int i = threadIdx.x;
    if (i % 32 == 0)
        last = i; // different_values here
    __syncthreads();
    data[i] = last;
}

// Lanes of one wave store different values to one place in one instruction.
extern "C" __global__ void __launch_bounds__(32) lanes_clash(int *data)
{
    data += blockIdx.x * BLOCK_DATA;
    __shared__ int last[8];
    const int i = threadIdx.x;
    last[data[i] & 7] = i; // lanes_clash here
    __syncthreads();
    data[i] = last[i & 7];
}

// Waves store neighbouring bytes of one dword; nobody touches another one's.
extern "C" __global__ void __launch_bounds__(THREADS) neighbouring_bytes(int *data)
{
    data += blockIdx.x * BLOCK_DATA;
    __shared__ unsigned char bytes[THREADS + 40];
    const int i = threadIdx.x;
    bytes[i + 3] = (unsigned char)data[i];
    __syncthreads();
    data[i] = bytes[(i + 100) % THREADS + 3];
}

extern "C" __global__ void __launch_bounds__(THREADS) overlapping_bytes(int *data)
{
    data += blockIdx.x * BLOCK_DATA;
    __shared__ unsigned char bytes[THREADS + 40];
    const int i = threadIdx.x;
    bytes[i + 3] = (unsigned char)data[i];              // overlapping_bytes other
    if (i % 32 == 31)
        bytes[i + 4] = (unsigned char)(data[i] + 1);    // overlapping_bytes here
    __syncthreads();
    data[i] = bytes[i + 3];
}

// The pointer may go anywhere: FLAT instructions.
static __device__ __attribute__((noinline)) int fetch(const int *from)
{
    return *from; // flat_read here
}

extern "C" __global__ void __launch_bounds__(THREADS) flat_read(int *data)
{
    data += blockIdx.x * BLOCK_DATA;
    __shared__ int tile[THREADS];
    const int i = threadIdx.x;
    tile[i] = data[i]; // flat_read other
    data[i] = fetch(&tile[(i + 64) % THREADS]);
}

// 128 bits a thread, and a column of a padded tile: the shape of transposes.
extern "C" __global__ void __launch_bounds__(THREADS) transpose(float *data)
{
    data += blockIdx.x * BLOCK_DATA;
    __shared__ float tile[32][33];
    const int x = threadIdx.x % 32, y = threadIdx.x / 32;
    for (int row = y; row < 32; row += 8)
        tile[row][x] = data[row * 32 + x];
    __syncthreads();
    for (int row = y; row < 32; row += 8)
        data[row * 32 + x] = tile[x][row];
}

extern "C" __global__ void __launch_bounds__(THREADS) transpose_without_barrier(float *data)
{
    data += blockIdx.x * BLOCK_DATA;
    __shared__ float tile[32][33];
    const int x = threadIdx.x % 32, y = threadIdx.x / 32;
    for (int row = y; row < 32; row += 8)
        tile[row][x] = data[row * 32 + x];   // transpose_without_barrier other
    for (int row = y; row < 32; row += 8)
        data[row * 32 + x] = tile[x][row];   // transpose_without_barrier here
}

// A barrier belongs behind the condition that not all threads fulfil.
static __device__ inline void publish(int *slot, int value)
{
    if (threadIdx.x >= 64) {
        if (value == 5) {
            *slot = value + 100; // publish_without_barrier other
        }
    } // publish_without_barrier after
}

extern "C" __global__ void __launch_bounds__(THREADS) publish_without_barrier(int *data)
{
    data += blockIdx.x * BLOCK_DATA;
    __shared__ int slot;
    const int i = threadIdx.x;
    if (i == 0)
        slot = 0;
    __syncthreads();
    publish(&slot, i == 77 ? 5 : 0);
    if (i < 250) // publish_without_barrier before
        data[i] =
            slot; // publish_without_barrier here
}

// The user's own atomic maximum begins with a plain load.
extern "C" __global__ void __launch_bounds__(THREADS) own_compare_and_swap(int *data)
{
    data += blockIdx.x * BLOCK_DATA;
    __shared__ int most[4];
    const int i = threadIdx.x;
    if (i < 4)
        most[i] = 0;
    __syncthreads();
    const int value = data[i];
    int old = most[i % 4], assumed;
    do {
        assumed = old;
        old = atomicCAS(&most[i % 4], assumed, assumed > value ? assumed : value);
    } while (old != assumed);
    __syncthreads();
    data[i] = most[i % 4];
}

extern "C" __global__ void __launch_bounds__(THREADS) double_sum(int *data)
{
    data += blockIdx.x * BLOCK_DATA;
    __shared__ double sum[2];
    const int i = threadIdx.x;
    if (i < 2)
        sum[i] = 0;
    __syncthreads();
    atomicAdd(&sum[i % 2], (double)data[i]);
    __syncthreads();
    data[i] = (int)sum[i % 2];
}

// A lock in shared memory.
extern "C" __global__ void __launch_bounds__(THREADS) shared_lock(int *data)
{
    data += blockIdx.x * BLOCK_DATA;
    __shared__ int lock, sum;
    const int i = threadIdx.x;
    if (i == 0)
        lock = sum = 0;
    __syncthreads();
    if (i % 64 == 0) {
        while (atomicCAS(&lock, 0, 1) != 0)
            ;
        __threadfence_block();
        sum += data[i];
        __threadfence_block();
        atomicExch(&lock, 0);
    }
    __syncthreads();
    data[i] = sum;
}

// All read, then the last one writes: nobody reads what it wrote before the next barrier.
extern "C" __global__ void __launch_bounds__(THREADS) last_one_writes(int *data)
{
    data += blockIdx.x * BLOCK_DATA;
    __shared__ int slot;
    const int i = threadIdx.x;
    if (i == 0)
        slot = data[5];
    __syncthreads();
    const int seen = slot;  // last_one_writes other
    if (i == THREADS - 1)
        slot = seen + 1;    // last_one_writes here
    __syncthreads();
    data[i] = seen + slot;
}
