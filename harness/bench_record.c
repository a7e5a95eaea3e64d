#include "bench_record.h"

#include "result_json.h"

#include <stdlib.h>

void bench_record_free(struct bench_record *record)
{
    for (size_t i = 0; i < 2; i++)
        free(record->versions[i].samples);
    free(record->peer_message);
    result_free(record->result);
    *record = (struct bench_record){0};
}

double bench_rate(const struct bench_record *record, double amount)
{
    double median = record->versions[0].statistics.median;
    return median > 0 ? amount / (1e-6 * median) : 0;
}

static json_t *samples_to_json(const struct bench_timing *timing)
{
    json_t *samples = json_array();
    for (size_t i = 0; i < timing->count; i++)
        json_array_append_new(samples, json_real(timing->samples[i]));
    return samples;
}

static json_t *timing_to_json(const struct bench_timing *timing)
{
    const struct sample_statistics *statistics = &timing->statistics;
    json_t *object = json_pack(
        "{s:s, s:I, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:I, s:o}", "source",
        timing->source, "samples", (json_int_t)timing->count, "median_us", statistics->median,
        "minimum_us", statistics->minimum, "maximum_us", statistics->maximum, "lower_quartile_us",
        statistics->lower_quartile, "upper_quartile_us", statistics->upper_quartile, "mad_us",
        statistics->deviation, "low_us", statistics->low, "high_us", statistics->high, "noise",
        statistics->median > 0 ? sample_noise(statistics) : 0.0, "outliers",
        (json_int_t)statistics->outliers, "samples_us", samples_to_json(timing));
    return object;
}

static void add_measuring(const struct bench_record *record, json_t *timing)
{
    json_t *more = json_pack(
        "{s:I, s:I, s:s, s:b, s:s, s:f, s:I, s:I, s:f, s:f, s:f, s:f, s:f, s:f, s:s}", "batch",
        (json_int_t)record->batch, "sets", (json_int_t)record->set_count, "cache",
        record->hot ? "hot" : "cold", "sets_outgrow_cache", (int)record->outgrows_cache, "stop",
        stop_reason_name(record->stop), "measuring_seconds", record->seconds, "dropped_throttled",
        (json_int_t)record->dropped, "power_capped", (json_int_t)record->power_capped, "bytes",
        record->bytes, "flops", record->flops, "bytes_per_second",
        bench_rate(record, record->bytes), "flops_per_second", bench_rate(record, record->flops),
        "share_of_copy", record->share.memory, "share_of_fma", record->share.compute, "binds",
        record->share.binds);
    json_object_update(timing, more);
    json_decref(more);
    if (record->clock_known) {
        json_object_set_new(timing, "lowest_mhz", json_integer(record->lowest_mhz));
        json_object_set_new(timing, "highest_mhz", json_integer(record->highest_mhz));
    }
}

// A peer's time over the kernel's is how many times as fast as the peer the kernel is.
static void add_peer(const struct bench_record *record, json_t *timing)
{
    json_t *peer =
        record->versions[1].count > 0 ? timing_to_json(&record->versions[1]) : json_object();
    json_object_del(peer, "source");
    json_object_set_new(peer, "name", json_string(record->peer_name));
    if (record->peer_message != NULL)
        json_object_set_new(peer, "message", json_string(record->peer_message));
    if (record->has_ratio) {
        json_object_set_new(peer, "speed", json_real(record->ratio.ratio));
        json_object_set_new(peer, "speed_low", json_real(record->ratio.low));
        json_object_set_new(peer, "speed_high", json_real(record->ratio.high));
    }
    json_t *peers = json_array();
    json_array_append_new(peers, peer);
    json_object_set_new(timing, "peers", peers);
}

static void add_against(const struct bench_record *record, json_t *timing)
{
    json_t *against = timing_to_json(&record->versions[1]);
    if (record->has_ratio) {
        json_object_set_new(against, "ratio", json_real(record->ratio.ratio));
        json_object_set_new(against, "ratio_low", json_real(record->ratio.low));
        json_object_set_new(against, "ratio_high", json_real(record->ratio.high));
        json_object_set_new(against, "verdict", json_string(timing_verdict_name(record->verdict)));
    }
    json_object_set_new(timing, "against", against);
}

json_t *bench_record_to_json(const struct bench_record *record)
{
    json_t *object = result_to_json(record->result);
    json_t *timing = json_object_get(object, "timing");
    if (timing == NULL || record->versions[0].count == 0)
        return object;
    json_t *measured = timing_to_json(&record->versions[0]);
    json_object_update(timing, measured);
    json_decref(measured);
    add_measuring(record, timing);
    if (record->has_peer)
        add_peer(record, timing);
    else if (record->version_count == 2 && record->versions[1].count > 0)
        add_against(record, timing);
    return object;
}
