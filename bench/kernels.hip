// The three kernels of ci/bench-emulator. kernels.cl holds their OpenCL twins: a change here is a change
// there, or the two are no longer the same work.
//
//   matmul   c = a b, square tiles of both operands staged through LDS, one element a work-item
//   softmax  each row by one workgroup: maximum, sum of exponentials, scaling; LDS tree reductions
//   copy     one element a work-item
#include <hip/hip_runtime.h>

#define TILE 16
#define GROUP 256

// Work-item (x, y) of a workgroup owns c[group y * TILE + y][group x * TILE + x] and loads one element of
// each tile per step. All sizes are multiples of TILE.
extern "C" __global__ void __launch_bounds__(TILE *TILE)
    matmul(const float *a, const float *b, float *c, int rows, int columns, int inner)
{
    __shared__ float tile_a[TILE][TILE];
    __shared__ float tile_b[TILE][TILE];
    const int x = threadIdx.x;
    const int y = threadIdx.y;
    const int row = blockIdx.y * TILE + y;
    const int column = blockIdx.x * TILE + x;
    if (row >= rows)
        return; // whole workgroups only
    float sum = 0.0f;
    for (int start = 0; start < inner; start += TILE) {
        tile_a[y][x] = a[row * inner + start + x];
        tile_b[y][x] = b[(start + y) * columns + column];
        __syncthreads();
        for (int i = 0; i < TILE; i++)
            sum += tile_a[y][i] * tile_b[i][x];
        __syncthreads();
    }
    c[row * columns + column] = sum;
}

// One workgroup of GROUP work-items a row; each strides over its row.
extern "C" __global__ void __launch_bounds__(GROUP)
    softmax(const float *input, float *output, int columns)
{
    __shared__ float partial[GROUP];
    const int item = threadIdx.x;
    const float *from = input + (size_t)blockIdx.x * columns;
    float *to = output + (size_t)blockIdx.x * columns;

    float largest = -INFINITY;
    for (int i = item; i < columns; i += GROUP)
        largest = fmaxf(largest, from[i]);
    partial[item] = largest;
    __syncthreads();
    for (int half_size = GROUP / 2; half_size > 0; half_size /= 2) {
        if (item < half_size)
            partial[item] = fmaxf(partial[item], partial[item + half_size]);
        __syncthreads();
    }
    largest = partial[0];
    __syncthreads(); // partial is written again

    float total = 0.0f;
    for (int i = item; i < columns; i += GROUP) {
        const float power = expf(from[i] - largest);
        to[i] = power;
        total += power;
    }
    partial[item] = total;
    __syncthreads();
    for (int half_size = GROUP / 2; half_size > 0; half_size /= 2) {
        if (item < half_size)
            partial[item] += partial[item + half_size];
        __syncthreads();
    }
    const float scale = 1.0f / partial[0];
    for (int i = item; i < columns; i += GROUP)
        to[i] *= scale;
}

extern "C" __global__ void __launch_bounds__(GROUP) copy(const float *from, float *to, int count)
{
    const int i = blockIdx.x * GROUP + threadIdx.x;
    if (i < count)
        to[i] = from[i];
}
