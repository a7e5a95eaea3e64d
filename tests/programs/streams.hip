// Streams, events with time, callbacks, asynchronous copies.
#include "parts/check.h"

__global__ void scale(float *x, float by, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n)
        x[i] *= by;
}

static int called;

static void callback(hipStream_t, hipError_t status, void *data)
{
    CHECK(status == hipSuccess);
    *(int *)data += 1;
    called++;
}

int main()
{
    const int n = 5000;
    float *pinned, *device;
    OK(hipHostMalloc(&pinned, n * sizeof *pinned, hipHostMallocDefault));
    OK(hipMalloc(&device, n * sizeof *device));
    hipStream_t streams[3];
    hipEvent_t begin, middle, end;
    OK(hipStreamCreate(&streams[0]));
    OK(hipStreamCreateWithFlags(&streams[1], hipStreamNonBlocking));
    OK(hipStreamCreateWithPriority(&streams[2], hipStreamDefault, -1));
    OK(hipEventCreate(&begin));
    OK(hipEventCreate(&middle));
    OK(hipEventCreateWithFlags(&end, hipEventBlockingSync));
    for (int i = 0; i < n; i++)
        pinned[i] = i;

    int data = 0;
    OK(hipEventRecord(begin, streams[0]));
    OK(hipMemcpyAsync(device, pinned, n * sizeof *pinned, hipMemcpyHostToDevice, streams[0]));
    scale<<<(n + 255) / 256, 256, 0, streams[0]>>>(device, 2, n);
    OK(hipEventRecord(middle, streams[0]));
    OK(hipStreamWaitEvent(streams[1], middle, 0));
    scale<<<(n + 255) / 256, 256, 0, streams[1]>>>(device, 3, n);
    OK(hipMemcpyAsync(pinned, device, n * sizeof *pinned, hipMemcpyDeviceToHost, streams[1]));
    OK(hipStreamAddCallback(streams[1], callback, &data, 0));
    OK(hipEventRecord(end, streams[1]));
    OK(hipEventSynchronize(end));
    OK(hipStreamSynchronize(streams[1]));
    OK(hipStreamQuery(streams[1]));
    for (int i = 0; i < n; i++)
        CHECK(pinned[i] == 6.0f * i);
    CHECK(called == 1 && data == 1);

    float first, second, whole;
    OK(hipEventElapsedTime(&first, begin, middle));
    OK(hipEventElapsedTime(&second, middle, end));
    OK(hipEventElapsedTime(&whole, begin, end));
    CHECK(first > 0 && second > 0);
    CHECK(whole >= 0.99f * (first + second) && whole <= 1.01f * (first + second) + 0.01f);

    scale<<<1, 1, 0, hipStreamPerThread>>>(device, 1, 1);
    OK(hipStreamSynchronize(hipStreamPerThread));
    for (hipStream_t stream : streams)
        OK(hipStreamDestroy(stream));
    RETURNS(hipErrorContextIsDestroyed, hipStreamSynchronize(streams[0]));
    OK(hipEventDestroy(begin));
    puts("ok");
}
