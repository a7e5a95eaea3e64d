// Kernels that misuse the way from the device to the host: the process survives, and printf works
// afterwards.
#include "parts/check.h"
#include <unistd.h>

typedef unsigned long words2 __attribute__((ext_vector_type(2)));
extern "C" __device__ words2 __ockl_hostcall_preview(unsigned service, unsigned long, unsigned long,
                                                     unsigned long, unsigned long, unsigned long,
                                                     unsigned long, unsigned long, unsigned long);

__global__ void misuse(unsigned service, unsigned long first, unsigned long second)
{
    __ockl_hostcall_preview(service, first, second, 0, 0, 0, 0, 0, 0);
}

// Overwrites the packets that the runtime keeps for hostcalls.
__global__ void scribble(unsigned long value, int from, int to)
{
    unsigned long *buffer = ((unsigned long **)__builtin_amdgcn_implicitarg_ptr())[3];
    for (int i = from; i < to; i++)
        buffer[i] = value;
    printf("%d\n", (int)value);
}

__global__ void speak()
{
    printf("still here\n");
}

int main()
{
    CHECK(freopen("/dev/null", "w", stderr));
    misuse<<<1, 64>>>(99, 1, 2);
    OK(hipDeviceSynchronize());
    misuse<<<1, 64>>>(1, (unsigned long)&main, 2); // a host function to call
    OK(hipDeviceSynchronize());
    const unsigned long descriptors[] = {0, 2, ~0ul, 0xfffffffffffff00ul, 3, 0x23, 0xe3};
    for (unsigned long descriptor : descriptors) {
        misuse<<<1, 64>>>(2, descriptor, 0x7325);
        OK(hipDeviceSynchronize());
    }
    misuse<<<1, 64>>>(3, 0x123456789000ul, 0); // free what is not there
    OK(hipDeviceSynchronize());
    misuse<<<1, 64>>>(3, 0, ~0ul); // all the memory there is
    OK(hipDeviceSynchronize());

    const int stdout_copy = dup(1);
    fflush(stdout);
    CHECK(freopen("/dev/null", "w", stdout));
    const unsigned long values[] = {0, ~0ul, 4096, 0x12345678};
    for (unsigned long value : values)
        for (int from : {0, 3, 4, 5, 16}) {
            scribble<<<1, 1>>>(value, from, from + 1 + 500 * (from == 16));
            (void)hipDeviceSynchronize();
            (void)hipGetLastError();
        }
    fflush(stdout);
    dup2(stdout_copy, 1);
    speak<<<1, 1>>>();
    OK(hipDeviceSynchronize());
}
