#include "bench_self_test.h"

#include "number_stream.h"
#include "sample_statistics.h"
#include "session.h"
#include "stopping_rule.h"
#include "timing_ratio.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { SAMPLES = 200 };

// A kernel that takes `microseconds`, more or less by `spread` of that: evenly between both ends.
struct known {
    struct device_timer *timer;
    double microseconds, spread;
    struct number_stream stream;
};

static bool launch_known(void *user, size_t number, struct error *error)
{
    struct known *known = user;
    double shift = known->spread * (2 * number_stream_unit(&known->stream, number) - 1);
    return timer_spin(known->timer, known->microseconds * (1 + shift), error);
}

static void report(bool good, size_t *failed, const char *what, double got, double expected,
                   double allowed, const char *unit)
{
    printf("%-5s %s: %.5g %s, expected %.5g +- %.2g\n", good ? "ok" : "WRONG", what, got, unit,
           expected, allowed);
    *failed += !good;
}

static void expect_near(size_t *failed, const char *what, double got, double expected,
                        double allowed, const char *unit)
{
    report(fabs(got - expected) <= allowed, failed, what, got, expected, allowed, unit);
}

static bool take(struct known *known, size_t batch, double *samples, size_t count,
                 struct sample_statistics *statistics, struct error *error)
{
    struct timed_work work = {launch_known, known, 0};
    double first;
    if (!timer_warm_up(known->timer, &work, 0.02, &first, error))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!timer_sample(known->timer, &work, batch, &samples[i], error))
            return false;
    }
    return sample_statistics_compute(samples, count, statistics, error);
}

// What a launch itself takes beside what the kernel spins is not known beforehand; 5 us are more
// than any GPU needs.
static bool check_durations(struct device_timer *timer, size_t *failed, struct error *error)
{
    static const double durations[] = {30, 100, 1000, 5000};
    double samples[50];
    for (size_t i = 0; i < sizeof durations / sizeof *durations; i++) {
        struct known known = {.timer = timer, .microseconds = durations[i]};
        struct sample_statistics statistics;
        char what[64];
        if (!take(&known, 1, samples, 50, &statistics, error))
            return false;
        snprintf(what, sizeof what, "a kernel of %.0f us", durations[i]);
        expect_near(failed, what, statistics.median, durations[i], 5 + 0.02 * durations[i], "us");
    }
    return true;
}

static bool check_batches(struct device_timer *timer, size_t *failed, struct error *error)
{
    struct known known = {.timer = timer, .microseconds = 20};
    struct sample_statistics statistics;
    double samples[50];
    if (!take(&known, 20, samples, 50, &statistics, error))
        return false;
    expect_near(failed, "a kernel of 20 us in batches of 20", statistics.median, 20, 4, "us");
    return true;
}

// The host's clock is another than the device's: 300 ms are long enough for what comes with the
// launch not to matter. A busy host may look too late, never too early: the best of three.
static bool check_host_clock(struct device_timer *timer, size_t *failed, struct error *error)
{
    const double seconds = 0.3;
    double best = INFINITY;
    for (int i = 0; i < 3; i++) {
        if (!HIP_CALL(timer->device, error, hipDeviceSynchronize()))
            return false;
        double begin = seconds_now();
        if (!timer_spin(timer, 1e6 * seconds, error) ||
            !HIP_CALL(timer->device, error, hipDeviceSynchronize()))
            return false;
        best = fmin(best, seconds_now() - begin);
    }
    expect_near(failed, "0.3 s of the device's clock, by the host's", best, seconds, 0.02 * seconds,
                "s");
    return true;
}

// Where the spinning kernel counts cycles of the clock that the driver tells.
static void check_clock_rate(const struct device_timer *timer, size_t *failed)
{
    struct clock_reading reading = clock_read(&timer->clock);
    if (!reading.known) {
        printf("      the driver does not tell the clock: nothing to compare with\n");
        return;
    }
    expect_near(failed, "ticks a microsecond, by the driver's clock", timer->ticks_per_us,
                reading.mhz, 0.05 * reading.mhz, "MHz");
}

static bool check_noise(struct device_timer *timer, size_t *failed, struct error *error)
{
    struct known known = {.timer = timer,
                          .microseconds = 400,
                          .spread = 0.1,
                          .stream = number_stream_create(1, "self-test", "noise", 0)};
    struct sample_statistics statistics;
    double samples[SAMPLES];
    if (!take(&known, 1, samples, SAMPLES, &statistics, error))
        return false;
    // Evenly from 360 to 440 us: quartiles 40 us apart, 20 us the median distance.
    expect_near(failed, "noise of +-10%, the median of 400 us", statistics.median, 400, 15, "us");
    expect_near(failed, "noise of +-10%, between the quartiles",
                statistics.upper_quartile - statistics.lower_quartile, 40, 10, "us");
    expect_near(failed, "noise of +-10%, the median deviation", statistics.deviation, 20, 5, "us");
    // A 95% interval misses once in twenty; one twice as wide about once in ten thousand.
    double width = statistics.high - statistics.low;
    bool covered = statistics.low - width / 2 <= 405 && statistics.high + width / 2 >= 400;
    report(covered, failed, "noise of +-10%, the interval's middle",
           (statistics.low + statistics.high) / 2, 402, width, "us");
    return true;
}

static bool check_verdict(struct device_timer *timer, double longer, enum timing_verdict wanted,
                          size_t *failed, struct error *error)
{
    struct known known[2] = {{.timer = timer,
                              .microseconds = 300,
                              .spread = 0.01,
                              .stream = number_stream_create(1, "self-test", "old", 0)},
                             {.timer = timer,
                              .microseconds = 300 * longer,
                              .spread = 0.01,
                              .stream = number_stream_create(1, "self-test", "new", 0)}};
    struct timed_work work[2] = {{launch_known, &known[0], 0}, {launch_known, &known[1], 0}};
    double rounds[60], samples[4];
    struct timing_ratio ratio;
    for (size_t i = 0; i < 60; i++) {
        for (size_t j = 0; j < 4; j++) {
            if (!timer_sample(timer, &work[j == 1 || j == 2], 1, &samples[j], error))
                return false;
        }
        rounds[i] = (samples[1] + samples[2]) / (samples[0] + samples[3]);
    }
    if (!timing_ratio_of_rounds(rounds, 60, &ratio, error))
        return false;
    enum timing_verdict verdict = timing_judge(&ratio, 0.02);
    printf("%-5s a version that takes %.2f times as long: %s (x%.4f), expected %s\n",
           verdict == wanted ? "ok" : "WRONG", longer, timing_verdict_name(verdict), ratio.ratio,
           timing_verdict_name(wanted));
    *failed += verdict != wanted;
    return true;
}

bool bench_self_test(struct device_timer *timer, size_t *failed, struct error *error)
{
    *failed = 0;
    timer->flushes = false;
    printf("      a pair of events with nothing between: %.3g us\n", timer->overhead_us);
    if (!check_durations(timer, failed, error))
        return false;
    check_clock_rate(timer, failed);
    return check_batches(timer, failed, error) && check_host_clock(timer, failed, error) &&
           check_noise(timer, failed, error) &&
           check_verdict(timer, 1, TIMING_SAME, failed, error) &&
           check_verdict(timer, 1.05, TIMING_SLOWER, failed, error) &&
           check_verdict(timer, 0.95, TIMING_FASTER, failed, error);
}
