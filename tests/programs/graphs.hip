// Graphs by stream capture (with a fork and a join) and by hand, run several times and changed in
// between.
#include "parts/check.h"

__global__ void add(int *x, int value)
{
    x[threadIdx.x] += value;
}

__global__ void times(int *x, int value)
{
    x[threadIdx.x] *= value;
}

static int host_calls;

static void on_host(void *data)
{
    host_calls += *(int *)data;
}

static void captured()
{
    int *x, *y;
    OK(hipMallocManaged(&x, 32 * sizeof *x));
    OK(hipMallocManaged(&y, 32 * sizeof *y));
    hipStream_t stream, other;
    hipEvent_t fork, join;
    hipGraph_t graph;
    hipGraphExec_t executable;
    hipStreamCaptureStatus status;
    size_t count = 0;
    OK(hipStreamCreate(&stream));
    OK(hipStreamCreate(&other));
    OK(hipEventCreate(&fork));
    OK(hipEventCreate(&join));
    for (int i = 0; i < 32; i++)
        x[i] = y[i] = i;

    OK(hipStreamBeginCapture(stream, hipStreamCaptureModeGlobal));
    add<<<1, 32, 0, stream>>>(x, 1);
    OK(hipEventRecord(fork, stream));
    OK(hipStreamWaitEvent(other, fork, 0));
    add<<<1, 32, 0, other>>>(y, 100);
    times<<<1, 32, 0, stream>>>(x, 2);
    OK(hipEventRecord(join, other));
    OK(hipStreamWaitEvent(stream, join, 0));
    OK(hipMemcpyAsync(y, x, 16 * sizeof *x, hipMemcpyDefault, stream));
    OK(hipStreamIsCapturing(other, &status));
    CHECK(status == hipStreamCaptureStatusActive);
    OK(hipStreamEndCapture(stream, &graph));
    OK(hipStreamIsCapturing(other, &status));
    CHECK(status == hipStreamCaptureStatusNone);
    CHECK(x[5] == 5 && y[20] == 20); // nothing has run
    OK(hipGraphGetNodes(graph, nullptr, &count));
    CHECK(count == 4);

    OK(hipGraphInstantiate(&executable, graph, nullptr, nullptr, 0));
    OK(hipGraphDestroy(graph));
    OK(hipGraphLaunch(executable, stream));
    OK(hipGraphLaunch(executable, stream));
    OK(hipStreamSynchronize(stream));
    for (int i = 0; i < 32; i++) {
        CHECK(x[i] == ((i + 1) * 2 + 1) * 2);
        CHECK(y[i] == (i < 16 ? x[i] : i + 200));
    }
    OK(hipGraphExecDestroy(executable));

    OK(hipStreamBeginCapture(stream, hipStreamCaptureModeRelaxed));
    RETURNS(hipErrorStreamCaptureUnsupported, hipStreamSynchronize(stream));
    RETURNS(hipErrorStreamCaptureInvalidated, hipStreamEndCapture(stream, &graph));
    RETURNS(hipErrorStreamCaptureUnsupported, hipStreamBeginCapture(0, hipStreamCaptureModeGlobal));
    RETURNS(hipErrorIllegalState, hipStreamEndCapture(stream, &graph));
    add<<<1, 32, 0, stream>>>(x, 1); // works as before
    OK(hipStreamSynchronize(stream));
    (void)hipGetLastError();
}

static void by_hand()
{
    int *x, host[32], value = 7, step = 2;
    OK(hipMalloc(&x, sizeof host));
    hipGraph_t graph;
    hipGraphNode_t set, kernel, copy, none, list[4];
    hipGraphExec_t executable;
    OK(hipGraphCreate(&graph, 0));
    hipMemsetParams memset = {};
    memset.dst = x;
    memset.elementSize = 4;
    memset.value = 3;
    memset.width = 32;
    memset.height = 1;
    void *arguments[] = {&x, &value};
    hipKernelNodeParams parameters = {};
    parameters.func = (void *)add;
    parameters.gridDim = dim3(1);
    parameters.blockDim = dim3(32);
    parameters.kernelParams = arguments;
    // Made in the wrong order: the edges decide.
    OK(hipGraphAddMemcpyNode1D(&copy, graph, nullptr, 0, host, x, sizeof host,
                               hipMemcpyDeviceToHost));
    OK(hipGraphAddKernelNode(&kernel, graph, nullptr, 0, &parameters));
    OK(hipGraphAddMemsetNode(&set, graph, nullptr, 0, &memset));
    hipHostNodeParams call = {on_host, &step};
    OK(hipGraphAddHostNode(&none, graph, &kernel, 1, &call));
    OK(hipGraphAddDependencies(graph, &set, &kernel, 1));
    OK(hipGraphAddDependencies(graph, &none, &copy, 1));
    size_t count = 4;
    OK(hipGraphGetRootNodes(graph, list, &count));
    CHECK(count == 1 && list[0] == set);
    hipGraphNodeType type;
    OK(hipGraphNodeGetType(kernel, &type));
    CHECK(type == hipGraphNodeTypeKernel);
    OK(hipGraphInstantiate(&executable, graph, nullptr, nullptr, 0));
    value = 1000; // the arguments were copied
    OK(hipGraphLaunch(executable, 0));
    for (int found : host)
        CHECK(found == 10);
    OK(hipGraphExecKernelNodeSetParams(executable, kernel, &parameters));
    OK(hipGraphLaunch(executable, 0));
    for (int found : host)
        CHECK(found == 1003);
    CHECK(host_calls == 4);

    OK(hipGraphAddDependencies(graph, &copy, &set, 1)); // a cycle
    RETURNS(hipErrorInvalidValue, hipGraphInstantiate(&executable, graph, nullptr, nullptr, 0));
    RETURNS(hipErrorInvalidValue, hipGraphAddEmptyNode(&none, graph, nullptr, 1));
    OK(hipGraphDestroy(graph));
    RETURNS(hipErrorInvalidValue, hipGraphDestroy(graph));
}

int main()
{
    captured();
    by_hand();
    puts("ok");
}
