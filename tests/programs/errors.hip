// Wrong launches and wrong accesses: the error, where it shows, and that the device stays usable.
#include "parts/check.h"

__global__ void fill(int *x, int n)
{
    for (int i = threadIdx.x; i < n; i += blockDim.x)
        x[i] = i;
}

__global__ __launch_bounds__(64) void narrow(int *x)
{
    x[threadIdx.x] = 1;
}

__global__ void big(int *x)
{
    __shared__ int lds[10000];
    lds[threadIdx.x] = x[threadIdx.x];
    __syncthreads();
    x[threadIdx.x] = lds[threadIdx.x ^ 1];
}

static void plain_host_function()
{
}

int main()
{
    int *x, host[100];
    OK(hipMalloc(&x, sizeof host));

    fill<<<1, 2048>>>(x, 100);
    RETURNS(hipErrorInvalidConfiguration, hipPeekAtLastError());
    RETURNS(hipErrorInvalidConfiguration, hipGetLastError());
    OK(hipGetLastError());
    fill<<<0, 64>>>(x, 100);
    RETURNS(hipErrorInvalidConfiguration, hipGetLastError());
    fill<<<1, dim3(32, 33)>>>(x, 100);
    RETURNS(hipErrorInvalidConfiguration, hipGetLastError());
    fill<<<1, 64, 1 << 20>>>(x, 100);
    RETURNS(hipErrorInvalidValue, hipGetLastError());
    big<<<1, 64, 30000>>>(x);
    RETURNS(hipErrorInvalidValue, hipGetLastError());
    narrow<<<1, 128>>>(x);
    RETURNS(hipErrorInvalidConfiguration, hipGetLastError());
    OK(hipDeviceSynchronize());
    RETURNS(hipErrorInvalidDeviceFunction,
            hipLaunchKernel((const void *)plain_host_function, dim3(1), dim3(1), nullptr, 0, 0));
    (void)hipGetLastError();

    // Two elements too many: the launch's own result is not looked at by <<<>>>.
    fill<<<1, 64>>>(x, 102);
    RETURNS(hipErrorIllegalAddress, hipDeviceSynchronize());
    OK(hipDeviceSynchronize());
    RETURNS(hipErrorIllegalAddress, hipGetLastError());
    fill<<<1, 64>>>(nullptr, 1);
    RETURNS(hipErrorIllegalAddress, hipMemcpy(host, x, sizeof host, hipMemcpyDeviceToHost));
    (void)hipGetLastError();

    fill<<<1, 64>>>(x, 100);
    OK(hipGetLastError());
    OK(hipMemcpy(host, x, sizeof host, hipMemcpyDeviceToHost));
    for (int i = 0; i < 100; i++)
        CHECK(host[i] == i);
    OK(hipFree(x));
    fill<<<1, 64>>>(x, 100);
    RETURNS(hipErrorIllegalAddress, hipDeviceSynchronize());
    puts("ok");
}
