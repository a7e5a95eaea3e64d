#include "device_timer.h"

#include "sample_statistics.h"
#include "session.h"

#include <math.h>
#include <string.h>

// AMD's runtimes do not tell the size of the memory-side cache (Infinity Cache, 256 MiB at most).
static size_t cache_bytes_of(const struct device *device, const struct timing_api *api)
{
    const size_t memory_side = (size_t)256 << 20;
    bool is_amd = strncmp(device->arch, "gfx", 3) == 0;
    size_t bytes =
        (size_t)timing_attribute(api, HIP_ATTRIBUTE_L2_CACHE_SIZE, is_amd ? 1 : 64 << 20);
    return is_amd && bytes < memory_side ? memory_side : bytes;
}

static bool launch_spin(struct device_timer *timer, long long ticks, struct error *error)
{
    void *parameters[] = {&timer->word, &ticks};
    return HIP_CALL(
        timer->device, error,
        hipModuleLaunchKernel(timer->spin, 1, 1, 1, 1, 1, 1, 0, NULL, parameters, NULL));
}

bool timer_spin(struct device_timer *timer, double microseconds, struct error *error)
{
    return launch_spin(timer, llround(microseconds * timer->ticks_per_us), error);
}

static bool elapsed(struct device_timer *timer, double *microseconds, struct error *error)
{
    float milliseconds = 0;
    if (!TIMING_CALL(timer, error, hipEventSynchronize(timer->stop)) ||
        !TIMING_CALL(timer, error, hipEventElapsedTime(&milliseconds, timer->start, timer->stop)))
        return false;
    *microseconds = 1e3 * (double)milliseconds;
    return *microseconds >= 0 ||
           error_set(error, EXIT_FAILED, "the device's events say that time went backwards");
}

// Two lengths: what the launch itself costs drops out of the difference.
static bool calibrate_spin(struct device_timer *timer, struct error *error)
{
    const long long ticks[2] = {20000, 220000};
    double best[2] = {INFINITY, INFINITY};
    for (int i = 0; i < 20; i++) {
        double microseconds;
        if (!TIMING_CALL(timer, error, hipEventRecord(timer->start, NULL)) ||
            !launch_spin(timer, ticks[i % 2], error) ||
            !TIMING_CALL(timer, error, hipEventRecord(timer->stop, NULL)) ||
            !elapsed(timer, &microseconds, error))
            return false;
        best[i % 2] = fmin(best[i % 2], microseconds);
    }
    if (best[1] <= best[0])
        return error_set(error, EXIT_FAILED,
                         "a kernel that spins eleven times as long takes no longer by the device's "
                         "events (%.3g us and %.3g us): its timings cannot be trusted",
                         best[0], best[1]);
    timer->ticks_per_us = (double)(ticks[1] - ticks[0]) / (best[1] - best[0]);
    return true;
}

static bool measure_overhead(struct device_timer *timer, struct error *error)
{
    double pairs[21];
    struct sample_statistics statistics;
    for (size_t i = 0; i < 21; i++) {
        if (!timer_spin(timer, 20, error) ||
            !TIMING_CALL(timer, error, hipEventRecord(timer->start, NULL)) ||
            !TIMING_CALL(timer, error, hipEventRecord(timer->stop, NULL)) ||
            !elapsed(timer, &pairs[i], error))
            return false;
    }
    if (!sample_statistics_compute(pairs, 21, &statistics, error))
        return false;
    timer->overhead_us = statistics.median;
    return true;
}

static bool open_timer(struct device_timer *timer, struct error *error)
{
    const struct device *device = timer->device;
    char pci[64] = "";
    if (!timing_api_find(device, &timer->api, error) ||
        !HIP_CALL(device, error, hipModuleGetFunction(&timer->spin, timer->module, "spin")) ||
        !HIP_CALL(device, error, hipMalloc(&timer->word, 256)) ||
        !TIMING_CALL(timer, error, hipEventCreate(&timer->start)) ||
        !TIMING_CALL(timer, error, hipEventCreate(&timer->stop)))
        return false;
    if (timer->api.hipDeviceGetPCIBusId(pci, sizeof pci, 0) != 0)
        pci[0] = '\0';
    clock_watch_open(&timer->clock, strncmp(device->arch, "sm_", 3) == 0, pci);
    timer->cache_bytes = cache_bytes_of(device, &timer->api);
    timer->flush_bytes = 2 * timer->cache_bytes;
    timer->queue_us = 5;
    return HIP_CALL(device, error, hipMalloc(&timer->flush_buffer, timer->flush_bytes)) &&
           calibrate_spin(timer, error) && measure_overhead(timer, error);
}

bool device_timer_open(struct device_timer *timer, const struct device *device, hipModule_t module,
                       struct error *error)
{
    *timer = (struct device_timer){.device = device, .module = module, .flushes = true};
    if (open_timer(timer, error))
        return true;
    device_timer_close(timer);
    return false;
}

void device_timer_close(struct device_timer *timer)
{
    if (timer->start != NULL)
        timer->api.hipEventDestroy(timer->start);
    if (timer->stop != NULL)
        timer->api.hipEventDestroy(timer->stop);
    if (timer->word != NULL)
        timer->device->api.hipFree(timer->word);
    if (timer->flush_buffer != NULL)
        timer->device->api.hipFree(timer->flush_buffer);
    clock_watch_close(&timer->clock);
    *timer = (struct device_timer){0};
}

static bool queue_launches(struct device_timer *timer, struct timed_work *work, size_t batch,
                           struct error *error)
{
    double begin = seconds_now();
    for (size_t i = 0; i < batch; i++) {
        if (!work->launch(work->user, work->number++, error))
            return false;
    }
    double each = 1e6 * (seconds_now() - begin) / (double)batch;
    // A host that is interrupted for long is no reason to hold the device as long every time.
    if (each > timer->queue_us)
        timer->queue_us = fmin(each, 50);
    return true;
}

bool timer_sample(struct device_timer *timer, struct timed_work *work, size_t batch,
                  double *microseconds, struct error *error)
{
    double hold = fmin(20 + 2 * timer->queue_us * (double)batch, 10000);
    if (timer->flushes &&
        !TIMING_CALL(timer, error,
                     hipMemsetAsync(timer->flush_buffer, (int)(work->number & 0x7f),
                                    timer->flush_bytes, NULL)))
        return false;
    if (!timer_spin(timer, hold, error) ||
        !TIMING_CALL(timer, error, hipEventRecord(timer->start, NULL)) ||
        !queue_launches(timer, work, batch, error) ||
        !TIMING_CALL(timer, error, hipEventRecord(timer->stop, NULL)) ||
        !elapsed(timer, microseconds, error))
        return false;
    *microseconds /= (double)batch;
    return true;
}

bool timer_warm_up(struct device_timer *timer, struct timed_work *work, double seconds,
                   double *microseconds, struct error *error)
{
    double begin = seconds_now(), best = INFINITY, sample;
    for (int i = 0; i < 3 || seconds_now() - begin < seconds; i++) {
        if (!timer_sample(timer, work, 1, &sample, error))
            return false;
        best = fmin(best, sample);
    }
    *microseconds = best;
    return true;
}

size_t timer_batch_size(const struct device_timer *timer, double microseconds)
{
    const double wanted = fmax(200, 100 * timer->overhead_us);
    if (microseconds >= 100)
        return 1;
    // Also for a time of zero.
    if (!(microseconds * 1000 > wanted))
        return 1000;
    return (size_t)ceil(wanted / microseconds);
}
