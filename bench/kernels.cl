// The OpenCL twins of kernels.hip: the same work, line for line.
#define TILE 16
#define GROUP 256

__kernel __attribute__((reqd_work_group_size(TILE, TILE, 1)))
void matmul(__global const float *a, __global const float *b, __global float *c, int rows, int columns,
            int inner)
{
    __local float tile_a[TILE][TILE];
    __local float tile_b[TILE][TILE];
    const int x = get_local_id(0);
    const int y = get_local_id(1);
    const int row = get_group_id(1) * TILE + y;
    const int column = get_group_id(0) * TILE + x;
    if (row >= rows)
        return;
    float sum = 0.0f;
    for (int start = 0; start < inner; start += TILE) {
        tile_a[y][x] = a[row * inner + start + x];
        tile_b[y][x] = b[(start + y) * columns + column];
        barrier(CLK_LOCAL_MEM_FENCE);
        for (int i = 0; i < TILE; i++)
            sum += tile_a[y][i] * tile_b[i][x];
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    c[row * columns + column] = sum;
}

__kernel __attribute__((reqd_work_group_size(GROUP, 1, 1)))
void softmax(__global const float *input, __global float *output, int columns)
{
    __local float partial[GROUP];
    const int item = get_local_id(0);
    __global const float *from = input + (size_t)get_group_id(0) * columns;
    __global float *to = output + (size_t)get_group_id(0) * columns;

    float largest = -INFINITY;
    for (int i = item; i < columns; i += GROUP)
        largest = fmax(largest, from[i]);
    partial[item] = largest;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int half_size = GROUP / 2; half_size > 0; half_size /= 2) {
        if (item < half_size)
            partial[item] = fmax(partial[item], partial[item + half_size]);
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    largest = partial[0];
    barrier(CLK_LOCAL_MEM_FENCE);

    float total = 0.0f;
    for (int i = item; i < columns; i += GROUP) {
        const float power = exp(from[i] - largest);
        to[i] = power;
        total += power;
    }
    partial[item] = total;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int half_size = GROUP / 2; half_size > 0; half_size /= 2) {
        if (item < half_size)
            partial[item] += partial[item + half_size];
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    const float scale = 1.0f / partial[0];
    for (int i = item; i < columns; i += GROUP)
        to[i] *= scale;
}

__kernel __attribute__((reqd_work_group_size(GROUP, 1, 1)))
void copy(__global const float *from, __global float *to, int count)
{
    const int i = get_group_id(0) * GROUP + get_local_id(0);
    if (i < count)
        to[i] = from[i];
}
