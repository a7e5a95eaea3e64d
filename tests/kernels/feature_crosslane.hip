// What the lanes of a wave tell each other: shuffles, votes, wave scans, cooperative groups.
// build: -O2
// build: -O0
#include <hip/hip_runtime.h>
#include <hip/hip_cooperative_groups.h>

namespace cg = cooperative_groups;

// Each kind of shuffle for every power of two as its width: out[kind][width][work-item].
template <class T>
__device__ void shuffle(const T *in, const int *lane, const unsigned *delta, T *out, int kind,
                        int width)
{
    unsigned t = blockIdx.x * blockDim.x + threadIdx.x;
    T result = 0;
    if (kind == 0)
        result = __shfl(in[t], lane[t], width);
    else if (kind == 1)
        result = __shfl_up(in[t], delta[0], width);
    else if (kind == 2)
        result = __shfl_down(in[t], delta[0], width);
    else
        result = __shfl_xor(in[t], delta[0], width);
    out[t] = result;
}

#define SHUFFLE(name, type)                                                                        \
    extern "C" __global__ void shuffle_##name(                                                     \
        const type *in, const int *lane, const unsigned *delta, type *out, int kind, int width)    \
    {                                                                                              \
        shuffle<type>(in, lane, delta, out, kind, width);                                          \
    }

SHUFFLE(int, int)
SHUFFLE(unsigned, unsigned)
SHUFFLE(float, float)
SHUFFLE(double, double)
SHUFFLE(long, long)
SHUFFLE(unsigned_long, unsigned long)
SHUFFLE(long_long, long long)
SHUFFLE(unsigned_long_long, unsigned long long)

extern "C" __global__ void votes(const int *in, unsigned long long *out)
{
    unsigned t = threadIdx.x;
    unsigned long long *mine = out + t * 12;
    mine[0] = __ballot(in[t] & 1);
    mine[1] = __any(in[t] > 90);
    mine[2] = __all(in[t] >= 0);
    mine[3] = __ballot64(in[t] % 3 == 0);
    mine[4] = __lane_id();
    // Among the work-items that take a branch, and in a loop that they leave one by one.
    if (in[t] & 2) {
        mine[5] = __ballot(1);
        mine[6] = __popcll(__ballot(in[t] & 4));
        mine[7] = __any(in[t] == 7);
    } else {
        mine[5] = __ballot(in[t] & 8);
        mine[6] = __all(in[t] < 50);
    }
    for (int i = 0; i < in[t] % 7; i++)
        mine[8] += __popcll(__ballot(1));
    unsigned long long same = __ballot(in[t] & 1);
    if (!(in[t] & 1))
        same = ~same;
    mine[9] = __popcll(__ballot(1) & same & ((1ull << __lane_id()) - 1));
    mine[10] = __mbcnt_hi(~0u, __mbcnt_lo(~0u, 0));
    mine[11] = warpSize;
}

// Over groups of lanes as large as one shuffle reaches.
extern "C" __global__ void wave_reductions(const int *in, int *sums, int *scans, int *largest,
                                           int lanes)
{
    unsigned t = blockIdx.x * blockDim.x + threadIdx.x;
    int sum = in[t];
    for (int step = lanes / 2; step; step /= 2)
        sum += __shfl_xor(sum, step, lanes);
    sums[t] = sum;
    int scan = in[t];
    for (int step = 1; step < lanes; step *= 2) {
        int before = __shfl_up(scan, step, lanes);
        if ((int)__lane_id() % lanes >= step)
            scan += before;
    }
    scans[t] = scan;
    int high = in[t];
    for (int step = lanes / 2; step; step /= 2)
        high = max(high, __shfl_down(high, step, lanes));
    largest[t] = __shfl(high, 0, lanes);
}

template <unsigned size> __device__ void tile_sums(cg::thread_block block, const int *in, int *out)
{
    cg::thread_block_tile<size> tile = cg::tiled_partition<size>(block);
    int sum = in[block.thread_rank()];
    for (unsigned step = size / 2; step; step /= 2)
        sum += tile.shfl_xor(sum, step);
    tile.sync();
    out[block.thread_rank() * 4] = sum;
    out[block.thread_rank() * 4 + 1] = tile.thread_rank();
    out[block.thread_rank() * 4 + 2] = tile.size();
    out[block.thread_rank() * 4 + 3] = tile.shfl(sum + tile.thread_rank(), size - 1) +
                                       tile.shfl_up(in[block.thread_rank()], 1) +
                                       tile.shfl_down(in[block.thread_rank()], 1);
}

extern "C" __global__ void tiles(const int *in, int *out)
{
    cg::thread_block block = cg::this_thread_block();
    int stride = block.size() * 4;
    tile_sums<2>(block, in, out);
    tile_sums<4>(block, in, out + stride);
    tile_sums<8>(block, in, out + 2 * stride);
    tile_sums<16>(block, in, out + 3 * stride);
    tile_sums<32>(block, in, out + 4 * stride);
    block.sync();
}

extern "C" __global__ void coalesced(const int *in, int *counter, int *rank, int *size, int *place)
{
    unsigned t = threadIdx.x;
    rank[t] = -1;
    if (in[t] % 3 == 0) {
        cg::coalesced_group active = cg::coalesced_threads();
        rank[t] = active.thread_rank();
        size[t] = active.size();
        int first = 0;
        if (active.thread_rank() == 0)
            first = atomicAdd(counter, active.size());
        place[t] = active.shfl(first, 0) + active.thread_rank();
    }
}
