#include "check.h"

__device__ static int mine = 22;
static __global__ void read(int *out)
{
    *out = mine;
}

int second_file()
{
    int *out;
    OK(hipMallocManaged(&out, sizeof *out));
    read<<<1, 1>>>(out);
    OK(hipDeviceSynchronize());
    return *out;
}
