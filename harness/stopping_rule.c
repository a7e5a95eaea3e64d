#include "stopping_rule.h"

const char *stop_reason_name(enum stop_reason reason)
{
    static const char *const names[] = {
        [STOP_NOT_YET] = "not yet",
        [STOP_NOISE_REACHED] = "noise at the target",
        [STOP_NOISE_STEADY] = "noise no longer improving",
        [STOP_TIME] = "time out",
        [STOP_SAMPLES] = "number of samples",
    };
    return names[reason];
}

// The noise at the last look that had at most a quarter as many samples; negative: there was none.
static double noise_at_quarter(const struct stopping_rule *rule, size_t count)
{
    double noise = -1;
    for (size_t i = 0; i < rule->look_count && rule->looks[i].count <= count / 4; i++)
        noise = rule->looks[i].noise;
    return noise;
}

static bool is_due(const struct stopping_rule *rule, size_t count)
{
    if (rule->look_count == 0)
        return count >= rule->least;
    size_t last = rule->looks[rule->look_count - 1].count;
    return rule->look_count < MAX_LOOKS && count >= last + last / 4 && count > last;
}

static enum stop_reason judge_noise(struct stopping_rule *rule, double noise, size_t count,
                                    double seconds)
{
    double before = noise_at_quarter(rule, count);
    rule->looks[rule->look_count].count = count;
    rule->looks[rule->look_count++].noise = noise;
    bool steady = count >= FEWEST_FOR_STEADY && before >= 0 && noise > 0.8 * before;
    rule->steady_looks = steady ? rule->steady_looks + 1 : 0;
    if (seconds < rule->least_seconds)
        return STOP_NOT_YET;
    if (noise <= rule->target)
        return STOP_NOISE_REACHED;
    return rule->steady_looks >= 2 ? STOP_NOISE_STEADY : STOP_NOT_YET;
}

bool stopping_rule_look(struct stopping_rule *rule, const double *samples, size_t count,
                        double seconds, enum stop_reason *reason, struct error *error)
{
    struct sample_statistics statistics;
    *reason = STOP_NOT_YET;
    if (is_due(rule, count)) {
        if (!sample_statistics_compute(samples, count, &statistics, error))
            return false;
        if (statistics.has_interval)
            *reason = judge_noise(rule, sample_noise(&statistics), count, seconds);
    }
    if (*reason == STOP_NOT_YET && seconds >= rule->most_seconds)
        *reason = STOP_TIME;
    if (*reason == STOP_NOT_YET && count >= rule->most)
        *reason = STOP_SAMPLES;
    return true;
}
