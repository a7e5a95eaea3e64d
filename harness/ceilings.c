#include "ceilings.h"

#include "sample_statistics.h"

enum { SAMPLES = 15, THREADS = 256, CHAINS = 16, REPEATS = 16 };

struct copy {
    struct device_timer *timer;
    char *from, *to;
    size_t bytes;
};

static bool launch_copy(void *user, size_t number, struct error *error)
{
    struct copy *copy = user;
    (void)number;
    return TIMING_CALL(copy->timer, error,
                       hipMemcpyDtoDAsync(copy->to, copy->from, copy->bytes, NULL));
}

static bool median_time(struct device_timer *timer, struct timed_work *work, double *microseconds,
                        struct error *error)
{
    double samples[SAMPLES];
    struct sample_statistics statistics;
    if (!timer_warm_up(timer, work, 0.05, microseconds, error))
        return false;
    for (size_t i = 0; i < SAMPLES; i++) {
        if (!timer_sample(timer, work, 1, &samples[i], error))
            return false;
    }
    if (!sample_statistics_compute(samples, SAMPLES, &statistics, error))
        return false;
    *microseconds = statistics.median;
    return statistics.median > 0 ||
           error_set(error, EXIT_FAILED, "a ceiling took no time by the device's events");
}

static bool measure_copy(struct device_timer *timer, struct ceilings *ceilings, struct error *error)
{
    size_t free_bytes, total_bytes, bytes = (size_t)1 << 30;
    double microseconds = 0;
    if (!HIP_CALL(timer->device, error, hipMemGetInfo(&free_bytes, &total_bytes)))
        return false;
    while (bytes > free_bytes / 4 && bytes > (1 << 20))
        bytes /= 2;
    struct copy copy = {.timer = timer, .bytes = bytes};
    void *buffer = NULL;
    struct timed_work work = {launch_copy, &copy, 0};
    bool good = HIP_CALL(timer->device, error, hipMalloc(&buffer, 2 * bytes));
    if (good) {
        copy.from = buffer;
        copy.to = copy.from + bytes;
    }
    good = good && TIMING_CALL(timer, error, hipMemsetAsync(buffer, 0x5a, 2 * bytes, NULL)) &&
           median_time(timer, &work, &microseconds, error);
    if (buffer != NULL)
        timer->device->api.hipFree(buffer);
    if (!good)
        return error_prefix(error, "the copy that gives the ceiling of memory: ");
    ceilings->copy_bytes = bytes;
    ceilings->copy_bytes_per_second = 2 * (double)bytes / (1e-6 * microseconds);
    return true;
}

struct arithmetic {
    struct device_timer *timer;
    hipFunction_t function;
    unsigned blocks;
    int rounds;
};

// A factor of 1 and an addend of 0 that no compiler can know: values stay what they are, neither
// denormal nor infinite.
static bool launch_arithmetic(void *user, size_t number, struct error *error)
{
    struct arithmetic *work = user;
    float factor = 1, addend = 0;
    void *parameters[] = {&work->timer->word, &factor, &addend, &work->rounds};
    (void)number;
    return HIP_CALL(work->timer->device, error,
                    hipModuleLaunchKernel(work->function, work->blocks, 1, 1, THREADS, 1, 1, 0,
                                          NULL, parameters, NULL));
}

// Whole waves of workgroups, eight to a multiprocessor.
static bool measure_arithmetic(struct device_timer *timer, const char *name, double lanes,
                               double *rate, struct error *error)
{
    struct arithmetic arithmetic = {
        .timer = timer,
        .blocks =
            32 * (unsigned)timing_attribute(&timer->api, HIP_ATTRIBUTE_MULTIPROCESSOR_COUNT, 64),
        .rounds = 128,
    };
    struct timed_work work = {launch_arithmetic, &arithmetic, 0};
    double microseconds = 0;
    if (!HIP_CALL(timer->device, error,
                  hipModuleGetFunction(&arithmetic.function, timer->module, name)) ||
        !median_time(timer, &work, &microseconds, error))
        return error_prefix(error, "%s, which gives the ceiling of arithmetic: ", name);
    double operations = 2 * lanes * CHAINS * REPEATS * arithmetic.rounds;
    *rate = operations * THREADS * arithmetic.blocks / (1e-6 * microseconds);
    return true;
}

bool ceilings_measure(struct device_timer *timer, struct ceilings *ceilings, struct error *error)
{
    *ceilings = (struct ceilings){0};
    bool flushes = timer->flushes;
    timer->flushes = true;
    bool good = measure_copy(timer, ceilings, error) &&
                measure_arithmetic(timer, "fma_rate_f32", 1, &ceilings->fma_f32, error) &&
                measure_arithmetic(timer, "fma_rate_f16", 2, &ceilings->fma_f16, error);
    timer->flushes = flushes;
    return good;
}

struct ceiling_share ceilings_compare(const struct ceilings *ceilings, bool is_half, double bytes,
                                      double flops, double microseconds)
{
    struct ceiling_share share = {.binds = ""};
    const double rate = is_half ? ceilings->fma_f16 : ceilings->fma_f32;
    if (!(microseconds > 0))
        return share;
    if (ceilings->copy_bytes_per_second > 0)
        share.memory = bytes / (1e-6 * microseconds) / ceilings->copy_bytes_per_second;
    if (rate > 0)
        share.compute = flops / (1e-6 * microseconds) / rate;
    if (share.memory > 0 || share.compute > 0)
        share.binds = share.memory >= share.compute ? "memory" : "compute";
    return share;
}
