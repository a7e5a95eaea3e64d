// Host threads that allocate, launch, print from the device and make mistakes at the same time.
#include "parts/check.h"
#include <atomic>
#include <thread>
#include <vector>

__global__ void work(int *x, int n, int id, int *total)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) {
        x[i] = id + i;
        atomicAdd(total, 1);
    }
    if (i == 0)
        printf("%s", "");
}

static std::atomic<int> done;

static void run(int id)
{
    for (int round = 0; round < 15; round++) {
        const int n = 100 + 37 * round;
        std::vector<int> host(n);
        int *x, *total, count;
        hipStream_t stream;
        OK(hipStreamCreate(&stream));
        OK(hipMalloc(&x, n * sizeof *x));
        OK(hipMalloc(&total, sizeof *total));
        OK(hipMemsetAsync(total, 0, sizeof *total, stream));
        work<<<(n + 63) / 64, 64, 0, stream>>>(x, n, id, total);
        OK(hipGetLastError());
        OK(hipMemcpyAsync(host.data(), x, n * sizeof *x, hipMemcpyDeviceToHost, stream));
        OK(hipMemcpyAsync(&count, total, sizeof count, hipMemcpyDeviceToHost, stream));
        OK(hipStreamSynchronize(stream));
        CHECK(count == n);
        for (int i = 0; i < n; i++)
            CHECK(host[i] == id + i);
        RETURNS(hipErrorInvalidDevice, hipSetDevice(id + 1));
        RETURNS(hipErrorInvalidDevice, hipGetLastError());
        OK(hipFree(x));
        OK(hipFree(total));
        OK(hipStreamDestroy(stream));
    }
    done++;
}

int main()
{
    std::vector<std::thread> threads;
    for (int id = 0; id < 4; id++)
        threads.emplace_back(run, id);
    for (auto &thread : threads)
        thread.join();
    CHECK(done == 4);
    puts("ok");
}
