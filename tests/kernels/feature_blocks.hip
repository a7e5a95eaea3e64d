// Algorithms that a block or the whole grid does together.
#include <hip/hip_runtime.h>

template <int size> __device__ int block_scan(int value, int *shared)
{
    int t = threadIdx.x;
    shared[t] = value;
    __syncthreads();
    for (int step = 1; step < size; step *= 2) {
        int before = t >= step ? shared[t - step] : 0;
        __syncthreads();
        shared[t] += before;
        __syncthreads();
    }
    return shared[t];
}

extern "C" __global__ void scan_blocks(const int *in, int *out, int *totals, int count)
{
    __shared__ int shared[256];
    int i = blockIdx.x * 256 + threadIdx.x;
    int sum = block_scan<256>(i < count ? in[i] : 0, shared);
    if (i < count)
        out[i] = sum;
    if (threadIdx.x == 255)
        totals[blockIdx.x] = sum;
}

extern "C" __global__ void transpose(const double *in, double *out, int rows, int columns)
{
    __shared__ double tile[16][17];
    int x = blockIdx.x * 16 + threadIdx.x, y = blockIdx.y * 16 + threadIdx.y;
    if (x < columns && y < rows)
        tile[threadIdx.y][threadIdx.x] = in[y * columns + x];
    __syncthreads();
    x = blockIdx.y * 16 + threadIdx.x;
    y = blockIdx.x * 16 + threadIdx.y;
    if (x < rows && y < columns)
        out[y * rows + x] = tile[threadIdx.x][threadIdx.y];
}

extern "C" __global__ void stencil(const float *in, float *out, int count)
{
    __shared__ float window[128 + 6];
    int i = blockIdx.x * blockDim.x + threadIdx.x, t = threadIdx.x + 3;
    window[t] = i < count ? in[i] : 0;
    if (threadIdx.x < 3) {
        window[threadIdx.x] = i >= 3 ? in[i - 3] : 0;
        window[t + blockDim.x] = i + (int)blockDim.x < count ? in[i + blockDim.x] : 0;
    }
    __syncthreads();
    float sum = 0;
    for (int k = -3; k <= 3; k++)
        sum += window[t + k] * (4 - abs(k));
    if (i < count)
        out[i] = sum;
}

extern "C" __global__ void bitonic_sort(unsigned *values)
{
    __shared__ unsigned shared[512];
    unsigned t = threadIdx.x;
    shared[t] = values[blockIdx.x * 512 + t];
    for (unsigned size = 2; size <= 512; size *= 2)
        for (unsigned step = size / 2; step; step /= 2) {
            __syncthreads();
            unsigned other = t ^ step;
            if (other > t) {
                bool up = !(t & size);
                unsigned a = shared[t], b = shared[other];
                if ((a > b) == up) {
                    shared[t] = b;
                    shared[other] = a;
                }
            }
        }
    __syncthreads();
    values[blockIdx.x * 512 + t] = shared[t];
}

// Four bits at a time, stable, with one counter for each work-item and digit.
extern "C" __global__ void radix_sort(unsigned *keys, unsigned *other, int count)
{
    __shared__ unsigned counts[16][64];
    __shared__ unsigned starts[16];
    unsigned t = threadIdx.x, each = (count + 63) / 64;
    for (int shift = 0; shift < 32; shift += 4) {
        for (unsigned digit = 0; digit < 16; digit++)
            counts[digit][t] = 0;
        for (unsigned i = t * each; i < (t + 1) * each && i < count; i++)
            counts[keys[i] >> shift & 15][t]++;
        __syncthreads();
        if (t < 16) {
            unsigned sum = 0;
            for (int i = 0; i < 64; i++) {
                unsigned here = counts[t][i];
                counts[t][i] = sum;
                sum += here;
            }
            starts[t] = sum;
        }
        __syncthreads();
        if (t == 0) {
            unsigned sum = 0;
            for (int digit = 0; digit < 16; digit++) {
                unsigned here = starts[digit];
                starts[digit] = sum;
                sum += here;
            }
        }
        __syncthreads();
        for (unsigned i = t * each; i < (t + 1) * each && i < count; i++) {
            unsigned digit = keys[i] >> shift & 15;
            other[starts[digit] + counts[digit][t]++] = keys[i];
        }
        __syncthreads();
        unsigned *kept = keys;
        keys = other;
        other = kept;
    }
}

// Each work-item finds the place of its element in the other run.
extern "C" __global__ void merge(const int *a, const int *b, int *out, int count_a, int count_b)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    bool first = i < count_a;
    if (i >= count_a + count_b)
        return;
    int value = first ? a[i] : b[i - count_a], low = 0, high = first ? count_b : count_a;
    while (low < high) {
        int middle = (low + high) / 2;
        if (first ? b[middle] < value : a[middle] <= value)
            low = middle + 1;
        else
            high = middle;
    }
    out[(first ? i : i - count_a) + low] = value;
}

extern "C" __global__ void compact(const int *in, int *out, unsigned *used, int count)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    bool keep = i < count && in[i] % 3 == 1;
    unsigned long long kept = __ballot(keep);
    unsigned first = 0, lane = __lane_id();
    if (lane == __ffsll(kept) - 1)
        first = atomicAdd(used, (unsigned)__popcll(kept));
    if (keep) {
        int leader = __ffsll(kept) - 1;
        first = __builtin_amdgcn_readlane(first, leader);
        out[first + __popcll(kept & ((1ull << lane) - 1))] = in[i];
    }
}

extern "C" __global__ void multiply(const float *a, const float *b, float *c, int m, int n, int k)
{
    __shared__ float tile_a[16][16], tile_b[16][16];
    int row = blockIdx.y * 16 + threadIdx.y, column = blockIdx.x * 16 + threadIdx.x;
    float sum = 0;
    for (int first = 0; first < k; first += 16) {
        int x = first + threadIdx.x, y = first + threadIdx.y;
        tile_a[threadIdx.y][threadIdx.x] = row < m && x < k ? a[row * k + x] : 0;
        tile_b[threadIdx.y][threadIdx.x] = column < n && y < k ? b[y * n + column] : 0;
        __syncthreads();
        for (int i = 0; i < 16; i++)
            sum += tile_a[threadIdx.y][i] * tile_b[i][threadIdx.x];
        __syncthreads();
    }
    if (row < m && column < n)
        c[row * n + column] = sum;
}

// Blocks that take work from a queue until it is empty.
__device__ unsigned next_item;

extern "C" __global__ void persistent(const unsigned *items, unsigned *results, unsigned *takers,
                                      unsigned count)
{
    __shared__ unsigned item;
    for (;;) {
        if (threadIdx.x == 0)
            item = atomicAdd(&next_item, 1u);
        __syncthreads();
        unsigned mine = item;
        __syncthreads();
        if (mine >= count)
            return;
        unsigned sum = 0;
        for (unsigned i = threadIdx.x; i < items[mine]; i += blockDim.x)
            sum += i;
        atomicAdd(&results[mine], sum);
        if (threadIdx.x == 0)
            atomicAdd(&takers[blockIdx.x], 1u);
        // Without this barrier clang joins the two conditions on work-item 0 and leaves it behind.
        __syncthreads();
    }
}

// A lock that all blocks want; what it guards is not atomic.
extern "C" __global__ void locked(int *lock, volatile unsigned *counter, unsigned *log)
{
    if (threadIdx.x == 0) {
        while (atomicCAS(lock, 0, 1) != 0)
            ;
        __threadfence();
        unsigned value = *counter;
        log[value] = blockIdx.x;
        *counter = value + 1;
        __threadfence();
        atomicExch(lock, 0);
    }
    __syncthreads();
}

// The lanes of all waves, one after the other. (A lock that the lanes of one wave try for at the
// same time never ends where they run in step.)
extern "C" __global__ void locked_by_lanes(int *lock, volatile unsigned *counter)
{
    for (unsigned lane = 0; lane < warpSize; lane++) {
        if (__lane_id() != lane)
            continue;
        while (atomicCAS(lock, 0, 1) != 0)
            ;
        __threadfence();
        *counter = *counter + threadIdx.x;
        __threadfence();
        atomicExch(lock, 0);
    }
}

// A scan in one pass: each block waits for what the blocks before it have published.
// state: 0 nothing yet, 1 the sum of the block, 2 the sum of all up to it, in the top bits.
extern "C" __global__ void look_back_scan(const unsigned *in, unsigned *out,
                                          unsigned long long *states, unsigned *order, int count)
{
    __shared__ int shared[128];
    __shared__ unsigned block, before;
    if (threadIdx.x == 0)
        block = atomicAdd(order, 1u);
    __syncthreads();
    int i = block * 128 + threadIdx.x;
    unsigned sum = block_scan<128>(i < count ? in[i] : 0, shared);
    if (threadIdx.x == 127) {
        atomicExch(&states[block], (block == 0 ? 2ull : 1ull) << 62 | sum);
        unsigned total = 0;
        for (int look = (int)block - 1; look >= 0;) {
            unsigned long long state = atomicAdd(&states[look], 0ull);
            if (state >> 62 == 0)
                continue;
            total += (unsigned)state;
            if (state >> 62 == 2)
                break;
            look--;
        }
        before = total;
        if (block)
            atomicExch(&states[block], 2ull << 62 | (total + sum));
    }
    __syncthreads();
    if (i < count)
        out[i] = sum + before;
}

// The last block to finish adds up what all have left behind.
extern "C" __global__ void last_block(const int *in, volatile int *partial, unsigned *finished,
                                      int *result, int count)
{
    __shared__ int shared[128];
    __shared__ bool last;
    int sum = 0;
    for (int i = blockIdx.x * 128 + threadIdx.x; i < count; i += gridDim.x * 128)
        sum += in[i];
    sum = block_scan<128>(sum, shared);
    if (threadIdx.x == 127) {
        partial[blockIdx.x] = sum;
        __threadfence();
        last = atomicInc(finished, gridDim.x - 1) == gridDim.x - 1;
    }
    __syncthreads();
    if (last && threadIdx.x == 0) {
        int total = 0;
        for (unsigned i = 0; i < gridDim.x; i++)
            total += partial[i];
        *result = total;
    }
}

// Block 0 makes, block 1 uses, one slot at a time.
extern "C" __global__ void pipeline(volatile int *slot, int *full, int *out, int count)
{
    if (threadIdx.x)
        return;
    for (int i = 0; i < count; i++) {
        while (atomicAdd(full, 0) != (int)blockIdx.x)
            ;
        if (blockIdx.x == 0) {
            *slot = i * i + 1;
            __threadfence();
            atomicExch(full, 1);
        } else {
            out[i] = *slot;
            __threadfence();
            atomicExch(full, 0);
        }
    }
}
