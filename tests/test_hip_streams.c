// Streams and events: what they accept, and what becomes of stale handles.
#include "hip_check.h"

#include <pthread.h>
#include <time.h>

Test(hip_streams, have_flags_and_priorities)
{
    hipStream_t stream;
    unsigned flags = 9;
    int least, greatest, priority = 9;
    OK(hipDeviceGetStreamPriorityRange(&least, &greatest));
    cr_assert_lt(greatest, least);
    OK(hipStreamCreateWithPriority(&stream, hipStreamNonBlocking, greatest));
    OK(hipStreamGetFlags(stream, &flags));
    cr_assert_eq(flags, hipStreamNonBlocking);
    OK(hipStreamGetPriority(stream, &priority));
    cr_assert_eq(priority, greatest);
    OK(hipStreamDestroy(stream));
    OK(hipStreamCreateWithPriority(&stream, hipStreamDefault, greatest - 10));
    OK(hipStreamGetPriority(stream, &priority));
    cr_assert_eq(priority, greatest);
    OK(hipStreamGetFlags(NULL, &flags));
    cr_assert_eq(flags, hipStreamDefault);
}

Test(hip_streams, refuse)
{
    hipStream_t stream;
    hipEvent_t event;
    unsigned flags;
    RETURNS(hipErrorInvalidValue, hipStreamCreate(NULL));
    RETURNS(hipErrorInvalidValue, hipStreamCreateWithFlags(&stream, 16));
    RETURNS(hipErrorInvalidHandle, hipStreamDestroy(NULL));
    RETURNS(hipErrorInvalidHandle, hipStreamDestroy(hipStreamPerThread));
    OK(hipStreamCreate(&stream));
    RETURNS(hipErrorInvalidValue, hipStreamGetFlags(stream, NULL));
    RETURNS(hipErrorInvalidValue, hipStreamAddCallback(stream, NULL, NULL, 0));
    RETURNS(hipErrorInvalidHandle, hipStreamWaitEvent(stream, NULL, 0));
    OK(hipStreamDestroy(stream));
    RETURNS(hipErrorContextIsDestroyed, hipStreamDestroy(stream));
    RETURNS(hipErrorContextIsDestroyed, hipStreamSynchronize(stream));
    RETURNS(hipErrorContextIsDestroyed, hipStreamQuery(stream));
    RETURNS(hipErrorContextIsDestroyed, hipStreamGetFlags(stream, &flags));
    RETURNS(hipErrorContextIsDestroyed, hipStreamSynchronize((hipStream_t)&flags));
    OK(hipEventCreate(&event));
    RETURNS(hipErrorContextIsDestroyed, hipEventRecord(event, stream));
    void *device;
    OK(hipMalloc(&device, 16));
    RETURNS(hipErrorContextIsDestroyed, hipMemsetAsync(device, 0, 16, stream));
}

Test(hip_streams, many_handles_live_side_by_side)
{
    enum { COUNT = 500 };
    hipStream_t streams[COUNT];
    for (int i = 0; i < COUNT; i++)
        OK(hipStreamCreate(&streams[i]));
    for (int i = 0; i < COUNT; i += 2)
        OK(hipStreamDestroy(streams[i]));
    for (int i = 0; i < COUNT; i++)
        RETURNS(i % 2 ? hipSuccess : hipErrorContextIsDestroyed, hipStreamQuery(streams[i]));
}

Test(hip_events, refuse)
{
    hipEvent_t event, other;
    float milliseconds;
    RETURNS(hipErrorInvalidValue, hipEventCreate(NULL));
    RETURNS(hipErrorInvalidValue, hipEventCreateWithFlags(&event, 0x100));
    RETURNS(hipErrorInvalidValue, hipEventCreateWithFlags(&event, hipEventInterprocess));
    RETURNS(hipErrorInvalidHandle, hipEventRecord(NULL, NULL));
    RETURNS(hipErrorInvalidHandle, hipEventDestroy(NULL));
    OK(hipEventCreate(&event));
    OK(hipEventCreateWithFlags(&other, hipEventDisableTiming));
    OK(hipEventQuery(event)); // never recorded: nothing to wait for
    OK(hipEventSynchronize(event));
    RETURNS(hipErrorInvalidHandle, hipEventElapsedTime(&milliseconds, event, event));
    OK(hipEventRecord(event, NULL));
    OK(hipEventRecord(other, NULL));
    RETURNS(hipErrorInvalidHandle, hipEventElapsedTime(&milliseconds, event, other));
    RETURNS(hipErrorInvalidValue, hipEventElapsedTime(NULL, event, event));
    OK(hipEventElapsedTime(&milliseconds, event, event));
    cr_assert_eq(milliseconds, 0);
    OK(hipEventDestroy(event));
    RETURNS(hipErrorContextIsDestroyed, hipEventDestroy(event));
    RETURNS(hipErrorInvalidHandle, hipEventSynchronize(event));
}

Test(hip_events, measure_the_real_time)
{
    hipEvent_t begin, end;
    float milliseconds = 0;
    OK(hipEventCreate(&begin));
    OK(hipEventCreate(&end));
    OK(hipEventRecord(begin, NULL));
    nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    OK(hipEventRecord(end, NULL));
    OK(hipEventElapsedTime(&milliseconds, begin, end));
    cr_assert(milliseconds >= 20 && milliseconds < 2000, "%f", (double)milliseconds);
    OK(hipEventElapsedTime(&milliseconds, end, begin));
    cr_assert_leq(milliseconds, -20);
}

static void synchronise(void *data)
{
    pthread_t thread;
    // A host function may wait for a thread that makes HIP calls.
    pthread_create(&thread, NULL, (void *(*)(void *))(void (*)(void))hipDeviceSynchronize, NULL);
    pthread_join(thread, NULL);
    ++*(int *)data;
}

Test(hip_streams, run_host_functions_without_the_lock, .timeout = 20)
{
    hipStream_t stream;
    int called = 0;
    OK(hipStreamCreate(&stream));
    OK(hipLaunchHostFunc(stream, synchronise, &called));
    cr_assert_eq(called, 1);
    RETURNS(hipErrorInvalidValue, hipLaunchHostFunc(stream, NULL, NULL));
}

Test(hip_streams, write_and_wait_for_values)
{
    uint32_t *word;
    OK(hipMalloc((void **)&word, 16));
    OK(hipStreamWriteValue32(NULL, word, 5, 0));
    cr_assert_eq(*word, 5);
    OK(hipStreamWaitValue32(NULL, word, 5, hipStreamWaitValueEq, 0xffffffff));
    OK(hipStreamWaitValue32(NULL, word, 4, hipStreamWaitValueGte, 0xffffffff));
    OK(hipStreamWaitValue32(NULL, word, 4, hipStreamWaitValueAnd, 0xffffffff));
    RETURNS(hipErrorNotSupported,
            hipStreamWaitValue32(NULL, word, 6, hipStreamWaitValueEq, 0xffffffff));
    RETURNS(hipErrorInvalidValue, hipStreamWriteValue32(NULL, (char *)word + 2, 1, 0));
    RETURNS(hipErrorInvalidValue, hipStreamWriteValue32(NULL, word + 4, 1, 0));
    OK(hipStreamWriteValue64(NULL, word, 1ull << 40, 0));
    OK(hipStreamWaitValue64(NULL, word, 1ull << 40, hipStreamWaitValueEq, ~0ull));
}
