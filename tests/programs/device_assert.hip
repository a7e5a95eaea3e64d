// A failed assertion: its message on stderr, 710 from the next wait, and a device that goes on
// working.
#include "parts/check.h"
#include <cassert>
#include <cstring>
#include <unistd.h>

__global__ void checked(int limit, int *out)
{
    assert((int)threadIdx.x < limit);
    out[threadIdx.x] = 1;
}

__global__ void aborted(int *out)
{
    if (threadIdx.x == 3)
        abort();
    out[threadIdx.x] = 2;
}

int main()
{
    int *out;
    OK(hipMallocManaged(&out, 64 * sizeof *out));
    checked<<<1, 64>>>(64, out);
    OK(hipDeviceSynchronize());
    CHECK(out[63] == 1);

    char path[] = "/tmp/wavegauge-assert-XXXXXX", text[65536] = "";
    int file = mkstemp(path);
    CHECK(file >= 0 && dup2(file, STDERR_FILENO) == STDERR_FILENO);
    checked<<<1, 64>>>(5, out);
    RETURNS(hipErrorAssert, hipDeviceSynchronize());
    CHECK(pread(file, text, sizeof text - 1, 0) > 0 && unlink(path) == 0);
    CHECK(strstr(text,
                 "checked(int, int *): Device-side assertion `(int)threadIdx.x < limit' failed."));
    RETURNS(hipErrorAssert, hipGetLastError());
    OK(hipGetLastError());
    OK(hipDeviceSynchronize());

    aborted<<<1, 64>>>(out);
    RETURNS(hipErrorAssert, hipStreamSynchronize(0));
    (void)hipGetLastError();
    checked<<<1, 64>>>(64, out);
    OK(hipDeviceSynchronize());
    puts("ok");
}
