// build: parts/second_file.hip
// Two source files, and so two fat binaries, with a kernel and a static variable of the same name
// in both.
#include "parts/check.h"

__device__ static int mine = 11;
static __global__ void read(int *out)
{
    *out = mine;
}

int second_file();

int main()
{
    int *out;
    OK(hipMallocManaged(&out, sizeof *out));
    read<<<1, 1>>>(out);
    OK(hipDeviceSynchronize());
    CHECK(*out == 11);
    CHECK(second_file() == 22);
    puts("ok");
}
