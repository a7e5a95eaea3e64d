#include "history_gate.h"

#include "history_baseline.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static bool is_newest(const struct history_gate *gate, const struct history_run *run)
{
    return run + 1 == gate->runs->runs + gate->runs->count || !history_runs_are_alike(run, run + 1);
}

static bool is_bad(const struct history_point *point)
{
    return point->status != STATUS_PASS && point->status != STATUS_SKIP;
}

// The last that passed, or NULL.
static const struct history_point *last_pass(const struct history_point *points, size_t count)
{
    while (count > 0) {
        if (points[--count].status == STATUS_PASS)
            return &points[count];
    }
    return NULL;
}

// A line for a regression, up to what is wrong.
static void print_start(const char *word, const struct history_series *series)
{
    const struct history_run *run = series->points[series->count - 1].run;
    printf("%-7s %s  on %s, %s: ", word, series->id, run->machine_name, run->kind);
}

static void judge_status(struct history_gate *gate, const struct history_series *series,
                         const struct history_point *before, size_t count)
{
    const struct history_point *newest = &series->points[series->count - 1];
    const struct history_point *passed = last_pass(before, count);
    char commit[12];
    if (!is_bad(newest))
        return;
    if (passed == NULL) {
        gate->failing++;
        return;
    }
    gate->fails++;
    print_start("fails", series);
    printf("%s, passed on %s (commit %s)%s%s\n", status_name(newest->status), passed->run->date,
           history_commit_shown(passed->run, commit), newest->message != NULL ? "; " : "",
           newest->message != NULL ? newest->message : "");
}

// The errors of those before that passed; count 0: there is none.
static bool summarise_errors(const struct history_point *newest, const struct history_point *before,
                             size_t count, struct sample_statistics *errors, struct error *error)
{
    size_t found = 0;
    double *values = calloc(count + 1, sizeof *values);
    *errors = (struct sample_statistics){0};
    if (values == NULL)
        return error_out_of_memory(error);
    for (size_t i = 0; i < count; i++) {
        if (before[i].status == STATUS_PASS && history_point_has_error(&before[i], newest))
            values[found++] = before[i].tolerance_ratio;
    }
    bool good = found == 0 || sample_statistics_compute(values, found, errors, error);
    free(values);
    return good;
}

static bool judge_error(struct history_gate *gate, const struct history_series *series,
                        const struct history_point *before, size_t count, struct error *error)
{
    const struct history_point *newest = &series->points[series->count - 1];
    struct sample_statistics errors;
    // A case that fails is counted as that.
    if (newest->status != STATUS_PASS)
        return true;
    if (!summarise_errors(newest, before, count, &errors, error))
        return false;
    double growth = fmax(gate->rules.error, 3 * 1.4826 * errors.deviation);
    if (errors.count == 0 || !(newest->tolerance_ratio > errors.median + growth))
        return true;
    gate->errors++;
    print_start("error", series);
    printf("%.4g of what is allowed, %.4g in the last %zu run%s; it may grow by %.4g\n",
           newest->tolerance_ratio, errors.median, errors.count, errors.count == 1 ? "" : "s",
           growth);
    return true;
}

static bool judge_time(struct history_gate *gate, const struct history_series *series,
                       const struct history_point *before, size_t count, struct error *error)
{
    const struct history_point *newest = &series->points[series->count - 1];
    struct sample_statistics baseline;
    char why[256];
    if (!history_point_has_time(newest, newest))
        return true;
    if (!history_baseline_compute(before, count, newest, &gate->rules, &baseline, error))
        return false;
    if (baseline.count == 0)
        return true;
    struct timing_ratio ratio = timing_ratio_of(&baseline, &newest->time);
    enum timing_verdict verdict = timing_judge(&ratio, gate->rules.time);
    gate->times[verdict]++;
    if (verdict != TIMING_SLOWER)
        return true;
    print_start("slower", series);
    timing_explain(&ratio, gate->rules.time, why, sizeof why);
    printf("%.4g us -> %.4g us against %zu run%s, %s\n", baseline.median, newest->time.median,
           baseline.count, baseline.count == 1 ? "" : "s", why);
    return true;
}

bool history_gate_judge(void *context, const struct history_series *series, struct error *error)
{
    struct history_gate *gate = context;
    size_t count = series->count - 1;
    if (!is_newest(gate, series->points[count].run)) {
        gate->gone++;
        return true;
    }
    if (count > gate->last)
        count = gate->last;
    const struct history_point *before = &series->points[series->count - 1 - count];
    gate->cases++;
    gate->compared += count > 0;
    judge_status(gate, series, before, count);
    return judge_error(gate, series, before, count, error) &&
           judge_time(gate, series, before, count, error);
}

size_t history_gate_regressions(const struct history_gate *gate)
{
    return gate->fails + gate->errors + gate->times[TIMING_SLOWER];
}

void history_gate_print_runs(const struct history_gate *gate)
{
    size_t alike = 0;
    for (size_t i = 0; i < gate->runs->count; i++) {
        const struct history_run *run = &gate->runs->runs[i];
        char commit[12];
        if (!is_newest(gate, run)) {
            alike++;
            continue;
        }
        size_t against = alike < gate->last ? alike : gate->last;
        printf("%s of %s, commit %s, on %s", run->kind, run->date,
               history_commit_shown(run, commit), run->machine_name);
        if (against > 0)
            printf(", against the %zu before it\n", against);
        else
            printf(": the first, there is nothing to hold it against\n");
        alike = 0;
    }
}

void history_gate_print_summary(const struct history_gate *gate)
{
    const size_t *times = gate->times;
    printf("%zu of %zu cases compared", gate->compared, gate->cases);
    if (times[TIMING_FASTER] + times[TIMING_SLOWER] + times[TIMING_SAME] + times[TIMING_UNCLEAR] >
        0)
        printf("; times: %zu faster, %zu slower, %zu same, %zu unclear", times[TIMING_FASTER],
               times[TIMING_SLOWER], times[TIMING_SAME], times[TIMING_UNCLEAR]);
    if (gate->failing > 0)
        printf("; %zu fail and passed in none of the runs before", gate->failing);
    if (gate->gone > 0)
        printf("; %zu not in the newest run", gate->gone);
    size_t regressions = history_gate_regressions(gate);
    printf("\n%zu regression%s: %zu fail, %zu errors grew, %zu slower\n", regressions,
           regressions == 1 ? "" : "s", gate->fails, gate->errors, times[TIMING_SLOWER]);
}
