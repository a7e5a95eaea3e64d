#include "bench_case.h"

#include "bench_version.h"
#include "text.h"
#include "trial.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <time.h>

enum { ROUND_SAMPLES = 10, FEWEST_SAMPLES = 20, MOST_SAMPLES = 20000, MOST_THROTTLED_ROUNDS = 12 };

struct measurement {
    struct bench *bench;
    struct bench_record *record;
    struct bench_data data;
    struct bench_version versions[2];
    struct plan *plans[2]; // of a peer: NULL
    struct peer peer;
    struct case_file *other_file; // with the source of --against
    struct test_case other_test;
    size_t version_count;
    size_t round_samples; // of one version
    double *rounds;       // ratios of the rounds of two versions
    size_t round_count, round_capacity;
};

static void note_clock(struct bench_record *record, const struct clock_reading *reading,
                       size_t samples)
{
    if (!reading->known)
        return;
    if (!record->clock_known || reading->mhz < record->lowest_mhz)
        record->lowest_mhz = reading->mhz;
    if (!record->clock_known || reading->mhz > record->highest_mhz)
        record->highest_mhz = reading->mhz;
    record->clock_known = true;
    if (clock_is_power_capped(reading))
        record->power_capped += samples;
}

static bool take_sample(struct measurement *measurement, size_t version, double *microseconds,
                        struct error *error)
{
    return timer_sample(&measurement->bench->timer, &measurement->versions[version].work,
                        measurement->record->batch, microseconds, error);
}

static bool add_round(struct measurement *measurement, double ratio, struct error *error)
{
    if (measurement->round_count == measurement->round_capacity) {
        size_t capacity = 2 * measurement->round_capacity + 64;
        double *rounds = realloc(measurement->rounds, capacity * sizeof *rounds);
        if (rounds == NULL)
            return error_out_of_memory(error);
        measurement->rounds = rounds;
        measurement->round_capacity = capacity;
    }
    measurement->rounds[measurement->round_count++] = ratio;
    return true;
}

// One version: ten samples, fewer of long launches. Two: A B B A, in which a steady drift adds as
// much to one as to the other.
static bool take_round(struct measurement *measurement, double samples[ROUND_SAMPLES],
                       size_t versions[ROUND_SAMPLES], size_t *count, struct error *error)
{
    static const size_t turns[4] = {0, 1, 1, 0};
    *count = measurement->version_count == 2 ? 4 : measurement->round_samples;
    for (size_t i = 0; i < *count; i++) {
        versions[i] = measurement->version_count == 2 ? turns[i] : 0;
        if (!take_sample(measurement, versions[i], &samples[i], error))
            return false;
    }
    return true;
}

static bool keep_round(struct measurement *measurement, const double *samples,
                       const size_t *versions, size_t count, struct error *error)
{
    for (size_t i = 0; i < count; i++) {
        if (!bench_version_add_sample(&measurement->versions[versions[i]], samples[i], error))
            return false;
    }
    if (measurement->version_count == 1)
        return true;
    return add_round(measurement, (samples[1] + samples[2]) / (samples[0] + samples[3]), error);
}

// A GPU that is too hot gets a rest, longer each time.
static void rest(size_t times)
{
    double seconds = fmin(0.01 * (double)((size_t)1 << (times < 8 ? times : 8)), 1);
    const struct timespec pause = {(time_t)seconds, (long)(1e9 * (seconds - floor(seconds)))};
    nanosleep(&pause, NULL);
}

static bool take_good_round(struct measurement *measurement, struct error *error)
{
    const struct clock_watch *clock = &measurement->bench->timer.clock;
    double samples[ROUND_SAMPLES] = {0};
    size_t versions[ROUND_SAMPLES], count;
    for (size_t throttled = 0; throttled < MOST_THROTTLED_ROUNDS; throttled++) {
        struct clock_reading before = clock_read(clock);
        if (!take_round(measurement, samples, versions, &count, error))
            return false;
        struct clock_reading after = clock_read(clock);
        if (!clock_is_throttled(clock, &before) && !clock_is_throttled(clock, &after)) {
            note_clock(measurement->record, &after, count);
            return keep_round(measurement, samples, versions, count, error);
        }
        measurement->record->dropped += count;
        rest(throttled);
    }
    return true;
}

// Time that is out ends both; else both versions must be done.
static enum stop_reason join_reasons(const enum stop_reason *reasons, size_t count)
{
    enum stop_reason joined = reasons[0];
    for (size_t i = 0; i < count; i++) {
        if (reasons[i] == STOP_TIME || reasons[i] == STOP_SAMPLES)
            return reasons[i];
        if (reasons[i] == STOP_NOT_YET || joined == STOP_NOISE_REACHED)
            joined = joined == STOP_NOT_YET ? STOP_NOT_YET : reasons[i];
    }
    return joined;
}

static bool look(struct measurement *measurement, struct stopping_rule rules[2], double seconds,
                 struct error *error)
{
    struct bench *bench = measurement->bench;
    enum stop_reason reasons[2] = {STOP_NOT_YET, STOP_NOT_YET};
    for (size_t i = 0; i < measurement->version_count; i++) {
        const struct bench_version *version = &measurement->versions[i];
        if (!stopping_rule_look(&rules[i], version->samples, version->sample_count, seconds,
                                &reasons[i], error))
            return false;
    }
    measurement->record->stop = join_reasons(reasons, measurement->version_count);
    size_t looks = rules[0].look_count;
    if (bench->on_progress != NULL && looks > 0)
        bench->on_progress(rules[0].looks[looks - 1].count, rules[0].looks[looks - 1].noise,
                           bench->user);
    return true;
}

static bool take_samples(struct measurement *measurement, struct error *error)
{
    const struct bench_options *options = &measurement->bench->options;
    struct bench_record *record = measurement->record;
    const struct stopping_rule rule = {.target = options->noise,
                                       .least = FEWEST_SAMPLES,
                                       .most = MOST_SAMPLES,
                                       .least_seconds = options->least_seconds,
                                       .most_seconds = options->most_seconds};
    struct stopping_rule rules[2] = {rule, rule};
    double begin = seconds_now();
    while (record->stop == STOP_NOT_YET) {
        size_t before = measurement->versions[0].sample_count;
        if (!take_good_round(measurement, error))
            return false;
        record->seconds = seconds_now() - begin;
        if (measurement->versions[0].sample_count == before) {
            result_fail(record->result, STATUS_ERROR,
                        "the GPU's clock was throttled in %d rounds in a row (%zu samples "
                        "dropped): it is too hot or held back; see that it is cooled and that "
                        "nothing else runs on it",
                        (int)MOST_THROTTLED_ROUNDS, record->dropped);
            record->stop = STOP_TIME;
        } else if (!look(measurement, rules, record->seconds, error)) {
            return false;
        }
    }
    return true;
}

static bool warm_up(struct measurement *measurement, struct error *error)
{
    struct device_timer *timer = &measurement->bench->timer;
    double longest = 0, first;
    for (size_t i = 0; i < measurement->version_count; i++) {
        double seconds = fmin(0.1, measurement->bench->options.least_seconds);
        if (!timer_warm_up(timer, &measurement->versions[i].work, seconds, &first, error))
            return false;
        longest = fmax(longest, first);
    }
    // The same for both versions.
    measurement->record->batch = timer_batch_size(timer, longest);
    // The clock is read, and the time looked at, several times a second.
    double fit = 2e5 / fmax(longest * (double)measurement->record->batch, 1);
    measurement->round_samples = (size_t)fmax(1, fmin(ROUND_SAMPLES, fit));
    double sample;
    for (size_t i = 0; i < measurement->version_count; i++) {
        if (measurement->record->batch > 1 && !take_sample(measurement, i, &sample, error))
            return false;
    }
    return true;
}

static bool take_statistics(struct measurement *measurement, struct error *error)
{
    struct bench_record *record = measurement->record;
    for (size_t i = 0; i < measurement->version_count; i++) {
        struct bench_version *version = &measurement->versions[i];
        struct bench_timing *timing = &record->versions[i];
        timing->source = version->source;
        if (version->sample_count == 0)
            return true;
        timing->samples = version->samples;
        timing->count = version->sample_count;
        version->samples = NULL;
        if (!sample_statistics_compute(timing->samples, timing->count, &timing->statistics, error))
            return false;
    }
    if (measurement->round_count > 0) {
        record->has_ratio = true;
        if (!timing_ratio_of_rounds(measurement->rounds, measurement->round_count, &record->ratio,
                                    error))
            return false;
        if (!record->has_peer)
            record->verdict = timing_judge(&record->ratio, measurement->bench->options.threshold);
    }
    record->share = ceilings_compare(&measurement->bench->ceilings,
                                     measurement->plans[0]->test->dtype != DTYPE_F32, record->bytes,
                                     record->flops, record->versions[0].statistics.median);
    return true;
}

// A peer whose answers are wrong is left out, with the reason; the kernel is timed without it.
static bool check_peer(struct measurement *measurement, struct error *error)
{
    struct bench_record *record = measurement->record;
    struct result *result = result_create(measurement->plans[0]->test, 0);
    if (result == NULL)
        return error_out_of_memory(error);
    bool good = bench_version_check(&measurement->versions[1], "as a peer", result, error);
    if (good && result->status != STATUS_PASS) {
        measurement->version_count = record->version_count = 1;
        record->peer_message = format_text("%s", result->message);
        good = record->peer_message != NULL || error_out_of_memory(error);
    }
    result_free(result);
    return good;
}

static bool check(struct measurement *measurement, bool after, struct error *error)
{
    struct result *result = measurement->record->result;
    bool left = measurement->version_count == 1;
    size_t count = measurement->record->has_peer ? 1 : measurement->version_count;
    for (size_t i = 0; i < count; i++) {
        struct bench_version *version = &measurement->versions[i];
        if (after ? !bench_version_check_after(version, left, result, error)
                  : !bench_version_check(version, "before timing", result, error))
            return false;
    }
    return true;
}

static bool plan_other(struct measurement *measurement, const struct test_case *test,
                       struct error *error)
{
    measurement->other_file = case_file_variant(test->file);
    if (measurement->other_file == NULL)
        return error_out_of_memory(error);
    measurement->other_file->source = measurement->bench->options.against;
    measurement->other_file->object = NULL;
    measurement->other_test = *test;
    measurement->other_test.file = measurement->other_file;
    measurement->plans[1] = plan_create(&measurement->other_test, error);
    return measurement->plans[1] != NULL;
}

static bool prepare_peer(struct measurement *measurement, enum peer_kind kind, struct error *error)
{
    struct bench_record *record = measurement->record;
    if (!peer_create(&measurement->peer, &measurement->bench->peers, kind, measurement->plans[0],
                     &measurement->data, error))
        return false;
    peer_name(&measurement->peer, record->peer_name, sizeof record->peer_name);
    bench_version_create_peer(&measurement->versions[1], &measurement->peer, record->peer_name);
    measurement->version_count = record->version_count = 2;
    record->has_peer = true;
    return true;
}

static bool prepare(struct measurement *measurement, const struct test_case *test,
                    struct error *error)
{
    struct bench *bench = measurement->bench;
    struct bench_record *record = measurement->record;
    measurement->version_count = record->version_count = bench->options.against != NULL ? 2 : 1;
    measurement->plans[0] = plan_create(test, error);
    if (measurement->plans[0] == NULL ||
        (measurement->version_count == 2 && !plan_other(measurement, test, error)))
        return false;
    record->bytes = measurement->plans[0]->bytes;
    record->flops = measurement->plans[0]->flops;
    record->hot = bench->options.hot;
    for (size_t i = 0; i < measurement->version_count; i++) {
        if (!bench_version_create(&measurement->versions[i], &bench->session, measurement->plans[i],
                                  &measurement->data, record->result, error))
            return false;
    }
    if (!bench_data_create(&measurement->data, &bench->timer, measurement->plans[0],
                           bench->options.seed, bench->options.hot, error))
        return false;
    enum peer_kind kind =
        bench->peers.wanted ? peer_of(test->file, bench->session.device_kind) : PEER_NONE;
    if (kind != PEER_NONE && !prepare_peer(measurement, kind, error))
        return false;
    record->set_count = measurement->data.set_count;
    record->outgrows_cache = measurement->data.colder_than_cache;
    return true;
}

static bool measure(struct measurement *measurement, struct error *error)
{
    struct result *result = measurement->record->result;
    measurement->bench->timer.flushes = !measurement->bench->options.hot;
    if (!check(measurement, false, error))
        return false;
    if (result->status != STATUS_PASS)
        return true; // how fast a wrong kernel is says nothing
    if (measurement->record->has_peer && !check_peer(measurement, error))
        return false;
    return warm_up(measurement, error) && take_samples(measurement, error) &&
           check(measurement, true, error) && take_statistics(measurement, error);
}

// After an error of the device nothing that it says can be trusted; a compiler that is missing is
// missing for the next case too.
static bool can_go_on(const struct bench *bench, const struct error *error)
{
    return error->status != EXIT_MISSING &&
           bench->session.device.api.hipDeviceSynchronize() == hipSuccess;
}

bool bench_case_run(struct bench *bench, const struct test_case *test, struct bench_record *record,
                    struct error *error)
{
    double begin = seconds_now();
    struct measurement *measurement = calloc(1, sizeof *measurement);
    *record = (struct bench_record){.result = result_create(test, bench->options.seed)};
    if (measurement == NULL || record->result == NULL) {
        free(measurement);
        return error_out_of_memory(error);
    }
    measurement->bench = bench;
    measurement->record = record;
    char *repro =
        format_text("wavegauge bench --device %s --seed %" PRIu64 " '%s:%s'",
                    bench->session.device_kind, bench->options.seed, test->file->path, test->id);
    if (repro != NULL) {
        free(record->result->repro);
        record->result->repro = repro;
    }
    bool going_on = true;
    if (!prepare(measurement, test, error) || !measure(measurement, error)) {
        result_fail(record->result, STATUS_ERROR, "%s", error->text);
        going_on = can_go_on(bench, error);
    }
    bench_data_free(&measurement->data, &bench->session.device);
    for (size_t i = 0; i < 2; i++) {
        bench_version_free(&measurement->versions[i]);
        plan_free(measurement->plans[i]);
    }
    free(measurement->other_file);
    free(measurement->rounds);
    free(measurement);
    record->result->wall_seconds = seconds_now() - begin;
    return going_on;
}
