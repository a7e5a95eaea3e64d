// Three-dimensional grids, dynamic and static shared memory, pitched copies.
#include "parts/check.h"
#include <vector>

__global__ void ids(int *out, int w, int h, int d)
{
    int x = blockIdx.x * blockDim.x + threadIdx.x;
    int y = blockIdx.y * blockDim.y + threadIdx.y;
    int z = blockIdx.z * blockDim.z + threadIdx.z;
    if (x < w && y < h && z < d)
        out[(z * h + y) * w + x] = x + 100 * y + 10000 * z + 1000000 * gridDim.y;
}

extern __shared__ int dynamic[];

__global__ void reverse(int *x)
{
    __shared__ int first;
    dynamic[threadIdx.x] = x[blockIdx.x * blockDim.x + threadIdx.x];
    if (threadIdx.x == 0)
        first = blockIdx.x;
    __syncthreads();
    x[blockIdx.x * blockDim.x + threadIdx.x] = dynamic[blockDim.x - 1 - threadIdx.x] + first;
}

__global__ void pitched(char *base, size_t pitch, int w, int h)
{
    for (int y = threadIdx.y; y < h; y += blockDim.y)
        for (int x = threadIdx.x; x < w; x += blockDim.x)
            ((float *)(base + y * pitch))[x] += x * 10 + y;
}

int main()
{
    const int w = 13, h = 7, d = 5;
    std::vector<int> out(w * h * d);
    int *device;
    OK(hipMalloc(&device, out.size() * sizeof(int)));
    ids<<<dim3(4, 3, 3), dim3(4, 3, 2)>>>(device, w, h, d);
    OK(hipMemcpy(out.data(), device, out.size() * sizeof(int), hipMemcpyDeviceToHost));
    for (int z = 0; z < d; z++)
        for (int y = 0; y < h; y++)
            for (int x = 0; x < w; x++)
                CHECK(out[(z * h + y) * w + x] == x + 100 * y + 10000 * z + 3000000);

    std::vector<int> line(96 * 3);
    for (size_t i = 0; i < line.size(); i++)
        line[i] = i;
    int *device_line;
    OK(hipMalloc(&device_line, line.size() * sizeof(int)));
    OK(hipMemcpy(device_line, line.data(), line.size() * sizeof(int), hipMemcpyHostToDevice));
    reverse<<<3, 96, 96 * sizeof(int)>>>(device_line);
    OK(hipMemcpy(line.data(), device_line, line.size() * sizeof(int), hipMemcpyDeviceToHost));
    for (int i = 0; i < 96 * 3; i++)
        CHECK(line[i] == i / 96 * 96 + 95 - i % 96 + i / 96);

    float host[h][w + 2] = {};
    char *rows;
    size_t pitch;
    OK(hipMallocPitch((void **)&rows, &pitch, w * sizeof(float), h));
    CHECK(pitch >= w * sizeof(float) && pitch % 256 == 0);
    OK(hipMemset2D(rows, pitch, 0, w * sizeof(float), h));
    pitched<<<1, dim3(8, 4)>>>(rows, pitch, w, h);
    OK(hipMemcpy2D(host, sizeof host[0], rows, pitch, w * sizeof(float), h, hipMemcpyDeviceToHost));
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w + 2; x++)
            CHECK(host[y][x] == (x < w ? x * 10 + y : 0));
    puts("ok");
}
