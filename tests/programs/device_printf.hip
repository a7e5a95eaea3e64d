// printf on the device: every conversion, strings longer than a packet, the return value, the
// order.
#include "parts/check.h"

__global__ void formats(const char *text, int *returned)
{
    printf("int %d %i %5d|%-5d|%05d|%+d|% d\n", 1, -2, 3, 4, 5, 6, 7);
    printf("unsigned %u %o %x %X %#x %#o\n", 4000000000u, 8u, 0xbeefu, 0xBEEFu, 255u, 8u);
    printf("sizes %hhd %hd %ld %lld %zu %llu\n", 300, 70000, -5l, -123456789012345ll, (size_t)9,
           ~0ull);
    printf("double %f %.2f %10.3f|%-10.1f|%e %G %g %a\n", 1.5, 3.14159, 2.71828, 9.99, 12345.678,
           1e-10, 0.0001, 1.0);
    printf("float %f %f %f\n", 1.25f, -0.0f, 1.0f / 0.0f);
    printf("character %c%c|%3c|%-3c|\n", 'a', 'b', 'c', 'd');
    printf("string %s|%10s|%-6s|%.3s|%s\n", "plain", "right", "left", "cut off", "");
    printf("device string %s\n", text);
    printf("stars %*d|%-*d|%.*f\n", 6, 42, 6, 42, 1, 2.55);
    printf("percent %% pointer %p null %p\n", (void *)0x1234, (void *)0);
    printf("a format that is longer than the seven words of a packet, so that it needs several of "
           "them: %d\n",
           77);
    printf("no arguments\n");
    returned[0] = printf("four\n") - 1;
    returned[1] = printf("%d%s\n", 12345, "67");
}

__global__ void lanes(int round)
{
    if (threadIdx.x % 2 == 0)
        printf("round %d thread %d\n", round, (int)threadIdx.x);
}

__global__ void many(int *total)
{
    atomicAdd(total, printf("%s", ""));
    atomicAdd(total, printf("%d\n", 1000 + (int)(blockIdx.x * blockDim.x + threadIdx.x)));
}

int main()
{
    char *text;
    int *returned, *total;
    OK(hipMalloc(&text, 100));
    OK(hipMemcpy(text, "from a buffer on the device, with more than fifty-six characters", 65,
                 hipMemcpyHostToDevice));
    OK(hipMallocManaged(&returned, 8));
    OK(hipMallocManaged(&total, 4));
    formats<<<1, 1>>>(text, returned);
    OK(hipDeviceSynchronize());
    CHECK(returned[0] == 4 && returned[1] == 8);
    printf("host between\n");
    lanes<<<1, 5>>>(1);
    lanes<<<1, 3>>>(2);
    OK(hipDeviceSynchronize());

    // 2000 threads at once: nothing is lost and no line is torn (sorted by the test's reader: see
    // many).
    *total = 0;
    fflush(stdout);
    FILE *null = freopen("/dev/null", "w", stdout);
    CHECK(null);
    many<<<20, 100>>>(total);
    OK(hipDeviceSynchronize());
    return *total == 2000 * 5 ? 0 : 1;
}
