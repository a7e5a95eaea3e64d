// Device variables of each kind, copies to and from them with offsets, and what is refused.
#include "parts/check.h"
#include <cstring>

__device__ int counter = 3;
__device__ float samples[8];
__constant__ int table[4] = {10, 20, 30, 40};
static __device__ int hidden = 7;
__managed__ int shared_with_host[4] = {1, 2, 3, 4};
int no_symbol;

__global__ void use(int *out)
{
    int i = threadIdx.x;
    atomicAdd(&counter, table[i % 4]);
    samples[i] = table[i % 4] + 0.5f;
    out[i] = hidden;
    if (i < 4)
        shared_with_host[i] += 100;
}

int main()
{
    int *out, seven[8];
    OK(hipMalloc(&out, sizeof seven));
    shared_with_host[1] = 50;

    int replacement[2] = {21, 31};
    OK(hipMemcpyToSymbol(HIP_SYMBOL(table), replacement, sizeof replacement, sizeof(int)));
    use<<<1, 8>>>(out);
    OK(hipDeviceSynchronize());
    CHECK(shared_with_host[0] == 101 && shared_with_host[1] == 150 && shared_with_host[3] == 104);

    int count;
    OK(hipMemcpyFromSymbol(&count, HIP_SYMBOL(counter), sizeof count));
    CHECK(count == 3 + 2 * (10 + 21 + 31 + 40));
    float last[2];
    OK(hipMemcpyFromSymbol(last, HIP_SYMBOL(samples), sizeof last, 6 * sizeof(float)));
    CHECK(last[0] == 31.5f && last[1] == 40.5f);
    OK(hipMemcpy(seven, out, sizeof seven, hipMemcpyDeviceToHost));
    for (int value : seven)
        CHECK(value == 7);

    void *address;
    size_t size;
    OK(hipGetSymbolAddress(&address, HIP_SYMBOL(samples)));
    OK(hipGetSymbolSize(&size, HIP_SYMBOL(samples)));
    CHECK(size == sizeof samples);
    OK(hipMemset(address, 0, size));
    OK(hipMemcpyFromSymbol(last, HIP_SYMBOL(samples), sizeof last));
    CHECK(last[0] == 0);
    OK(hipGetSymbolAddress(&address, HIP_SYMBOL(shared_with_host)));
    CHECK(((int *)address)[3] == 104);

    RETURNS(hipErrorInvalidSymbol, hipGetSymbolAddress(&address, &no_symbol));
    RETURNS(hipErrorInvalidSymbol, hipMemcpyToSymbol(&no_symbol, &count, sizeof count));
    RETURNS(hipErrorInvalidValue,
            hipMemcpyToSymbol(HIP_SYMBOL(table), replacement, sizeof replacement, 3 * sizeof(int)));
    RETURNS(
        hipErrorInvalidMemcpyDirection,
        hipMemcpyFromSymbol(&count, HIP_SYMBOL(counter), sizeof count, 0, hipMemcpyHostToDevice));
    puts("ok");
}
