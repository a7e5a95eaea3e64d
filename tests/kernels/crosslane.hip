// Every way in which HIP code talks across the lanes of a wave. Each kernel writes one row of
// values per work-item.
#include <hip/hip_runtime.h>

#define ROWS 40

// Shuffles with widths, by lane numbers that are uniform, differ, and run out of the group. in: one
// value per item.
extern "C" __global__ void shuffles(const int *in, int *out)
{
    int i = threadIdx.x, value = in[i], row = 0;
    int *mine = out + i * ROWS;
    for (int width = 2; width <= warpSize; width *= 2) {
        mine[row++] = __shfl(value, 3 % width, width);
        mine[row++] = __shfl(value, (i * 7 + 1) % width, width);
        mine[row++] = __shfl_up(value, 1, width);
        mine[row++] = __shfl_down(value, 3, width);
        mine[row++] = __shfl_xor(value, width / 2, width);
    }
}

extern "C" __global__ void wide_shuffles(const double *in, double *out, long long *integers,
                                         float *floats)
{
    int i = threadIdx.x;
    out[i] = __shfl_xor(in[i], 5);
    integers[i] = __shfl_down((long long)(in[i] * 1e6) << 20, 2);
    floats[i] = __shfl_up((float)in[i], 3);
}

// Votes among all lanes, and among those of a branch. (The compiler takes two calls with one
// operand for the same, wherever they are, so that operands differ.)
extern "C" __global__ void votes(const int *in, unsigned long long *out)
{
    int i = threadIdx.x, value = in[i];
    unsigned long long *mine = out + i * 8;
    mine[0] = __ballot(value & 1);
    mine[1] = __any(value > 90);
    mine[2] = __all(value >= 0);
    if (value % 3) {
        mine[3] = __ballot(value & 2);
        mine[4] = __any(value > 97);
        mine[5] = __all(value > 0);
    }
    mine[6] = __popcll(__ballot(1));
    mine[7] = __lane_id();
}

extern "C" __global__ void group_votes(const int *in, int *out)
{
    int i = threadIdx.x;
    out[i * 3] = __syncthreads_count(in[i] & 1);
    out[i * 3 + 1] = __syncthreads_and(in[i] >= 0);
    out[i * 3 + 2] = __syncthreads_or(in[i] == 77);
}

// Sum over the wave by halving, and a running sum.
extern "C" __global__ void wave_sums(const int *in, int *sums, int *running)
{
    int i = threadIdx.x, sum = in[i], scan = in[i], lane = __lane_id();
    for (int offset = warpSize / 2; offset > 0; offset /= 2)
        sum += __shfl_down(sum, offset);
    sums[i] = __shfl(sum, 0);
    for (int offset = 1; offset < warpSize; offset *= 2) {
        int below = __shfl_up(scan, offset);
        if (lane >= offset)
            scan += below;
    }
    running[i] = scan;
}

extern "C" __global__ void builtins(const int *in, int *out)
{
    int i = threadIdx.x, value = in[i];
    int *mine = out + i * 8;
    mine[0] = __builtin_amdgcn_readfirstlane(value);
    mine[1] = __builtin_amdgcn_readlane(value, 9);
    mine[2] = __builtin_amdgcn_update_dpp(-5, value, 0x111, 0xf, 0xf, false); // row_shr:1
    mine[3] = __builtin_amdgcn_mov_dpp(value, 0x1b, 0xf, 0xf, true);          // quad_perm:[3,2,1,0]
    mine[4] = __builtin_amdgcn_ds_swizzle(value, 0x041f);                     // lane ^ 1
    mine[5] = __builtin_amdgcn_ds_bpermute((i ^ 6) * 4, value);
    mine[6] = __builtin_amdgcn_ds_permute((i ^ 12) * 4, value);
    mine[7] = value % 2 ? __builtin_amdgcn_readfirstlane(value * 3) : -1;
}

// An array that the compiler keeps in registers and reads at an index.
extern "C" __global__ void indexed_registers(const int *in, int *out, int index)
{
    int values[16], sum = 0;
    for (int k = 0; k < 16; k++)
        values[k] = in[k] + threadIdx.x;
    out[threadIdx.x * 2] = values[index & 15];
    values[index * 3 & 15] = 1000;
    for (int k = 0; k < 16; k++)
        sum += values[k] * (k + 1);
    out[threadIdx.x * 2 + 1] = sum;
}
