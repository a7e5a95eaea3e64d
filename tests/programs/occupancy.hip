// Occupancy and attributes of kernels, through the C++ templates of the header.
#include "parts/check.h"

__global__ void light(int *x)
{
    x[threadIdx.x] = 1;
}

__global__ void shared(int *x)
{
    __shared__ int lds[8192];
    for (int i = threadIdx.x; i < 8192; i += blockDim.x)
        lds[i] = x[i];
    __syncthreads();
    x[threadIdx.x] = lds[8191 - threadIdx.x];
}

__global__ __launch_bounds__(128) void bound(int *x)
{
    x[threadIdx.x] = 1;
}

int main()
{
    hipDeviceProp_t device;
    OK(hipGetDeviceProperties(&device, 0));
    int blocks, grid, block;
    OK(hipOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, light, 64, 0));
    CHECK(blocks > 8);
    // 32 KiB of shared memory each.
    OK(hipOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, shared, 64, 0));
    CHECK(blocks == (device.warpSize == 64 ? 2 : 4));
    OK(hipOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, shared, 64, 40000));
    CHECK(blocks == 0);
    OK(hipOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, bound, 256, 0));
    CHECK(blocks == 0);
    OK(hipOccupancyMaxPotentialBlockSize(&grid, &block, light, 0, 0));
    CHECK(block == 1024 && grid >= device.multiProcessorCount);
    OK(hipOccupancyMaxPotentialBlockSize(&grid, &block, bound, 0, 0));
    CHECK(block == 128);
    OK(hipOccupancyMaxPotentialBlockSize(&grid, &block, light, 0, 200));
    CHECK(block <= 200 && block > 100);
    RETURNS(hipErrorInvalidValue,
            hipOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, light, 0, 0));

    hipFuncAttributes attributes;
    OK(hipFuncGetAttributes(&attributes, (const void *)shared));
    CHECK(attributes.sharedSizeBytes == 32768 && attributes.maxThreadsPerBlock == 1024);
    CHECK(attributes.numRegs > 0);
    OK(hipFuncGetAttributes(&attributes, (const void *)bound));
    CHECK(attributes.maxThreadsPerBlock == 128);
    OK(hipFuncSetCacheConfig((const void *)light, hipFuncCachePreferL1));
    RETURNS(hipErrorInvalidDeviceFunction, hipFuncGetAttributes(&attributes, &device));
    puts("ok");
}
