#include "mutant_report.h"

#include "mutant_verdict.h"

#include <string.h>

static bool counts(const struct mutant_outcome *outcome)
{
    return outcome->mutant != NULL && outcome->mutant->equivalent == NULL;
}

static bool is_one_of_them(const struct mutant_outcome *outcome, const char *kernel,
                           const char *kind)
{
    return counts(outcome) && (kernel == NULL || strcmp(outcome->kernel->name, kernel) == 0) &&
           (kind == NULL || strcmp(outcome->mutant->kind, kind) == 0);
}

struct mutant_tally tally(const struct mutant_results *results, const char *kernel,
                          const char *kind)
{
    struct mutant_tally sums = {0};
    for (size_t i = 0; i < results->count; i++) {
        const struct mutant_outcome *outcome = &results->outcomes[i];
        if (!is_one_of_them(outcome, kernel, kind))
            continue;
        sums.mutants++;
        sums.detected += outcome->detected;
        sums.located += outcome->located;
        sums.classified += outcome->classified;
    }
    return sums;
}

size_t false_alarms(const struct mutant_results *results)
{
    size_t count = 0;
    for (size_t i = 0; i < results->count; i++) {
        if (results->outcomes[i].mutant == NULL)
            count += json_array_size(results->outcomes[i].failed);
    }
    return count;
}

size_t errors(const struct mutant_results *results)
{
    size_t count = 0;
    for (size_t i = 0; i < results->count; i++)
        count += results->outcomes[i].error != NULL;
    return count;
}

static bool reaches(size_t part, size_t whole, size_t percent)
{
    return 100 * part >= percent * whole;
}

bool goal_is_met(const struct mutant_results *results)
{
    const struct mutant_tally all = tally(results, NULL, NULL);
    return reaches(all.detected, all.mutants, GOAL_DETECTED) &&
           reaches(all.located, all.mutants, GOAL_LOCATED) &&
           reaches(all.classified, all.mutants, GOAL_CLASSIFIED) && false_alarms(results) == 0 &&
           errors(results) == 0;
}

static double percent(size_t part, size_t whole)
{
    return whole > 0 ? 100.0 * (double)part / (double)whole : 0;
}

static void print_part(FILE *stream, size_t part, size_t whole)
{
    fprintf(stream, "  %4zu %5.1f%%", part, percent(part, whole));
}

static void print_row(FILE *stream, const char *name, struct mutant_tally row)
{
    if (row.mutants == 0)
        return;
    fprintf(stream, "%-24s %8zu", name, row.mutants);
    print_part(stream, row.detected, row.mutants);
    print_part(stream, row.located, row.mutants);
    print_part(stream, row.classified, row.mutants);
    fprintf(stream, "\n");
}

static void print_heading(FILE *stream, const char *name)
{
    fprintf(stream, "%-24s %8s  %11s  %11s  %11s\n", name, "mutants", "detected", "located",
            "classified");
}

// True for the first outcome of a kernel: each kernel has its row once.
static bool is_first_of_kernel(const struct mutant_results *results, size_t index)
{
    return index == 0 || results->outcomes[index].kernel != results->outcomes[index - 1].kernel;
}

static void print_tables(const struct mutant_results *results, FILE *stream)
{
    print_heading(stream, "kernel");
    for (size_t i = 0; i < results->count; i++) {
        const char *name = results->outcomes[i].kernel->name;
        if (is_first_of_kernel(results, i))
            print_row(stream, name, tally(results, name, NULL));
    }
    fprintf(stream, "\n");
    print_heading(stream, "kind");
    for (size_t i = 0; i < mutant_kind_count; i++)
        print_row(stream, mutant_kinds[i], tally(results, NULL, mutant_kinds[i]));
    fprintf(stream, "\n");
    print_row(stream, "all", tally(results, NULL, NULL));
    fprintf(stream, "%-24s %8s  %4s %5d%%  %4s %5d%%  %4s %5d%%\n", "goal", "", "", GOAL_DETECTED,
            "", GOAL_LOCATED, "", GOAL_CLASSIFIED);
}

static void print_misses(const struct mutant_results *results, FILE *stream)
{
    bool any = false;
    for (size_t i = 0; i < results->count; i++) {
        const struct mutant_outcome *outcome = &results->outcomes[i];
        const struct mutant *mutant = outcome->mutant;
        if (!counts(outcome) || outcome->why[0] == '\0')
            continue;
        if (!any)
            fprintf(stream, "\nmissed:\n");
        any = true;
        fprintf(stream, "  %s/%s (%s, %s:%d): %s\n", outcome->kernel->name, mutant->name,
                mutant->kind, mutant->source, outcome->line, mutant->planted);
        fprintf(stream, "    %s\n", outcome->why);
        if (outcome->record != NULL)
            fprintf(stream, "    in %s\n",
                    json_string_value(json_object_get(outcome->record, "id")));
    }
}

// Mutants that no program can tell from the kernel: that one was told is a mistake of the set.
static void print_equivalent(const struct mutant_results *results, FILE *stream)
{
    bool any = false;
    for (size_t i = 0; i < results->count; i++) {
        const struct mutant_outcome *outcome = &results->outcomes[i];
        if (outcome->mutant == NULL || counts(outcome))
            continue;
        if (!any)
            fprintf(stream, "\nequivalent programs, not counted:\n");
        any = true;
        fprintf(stream, "  %s/%s: %s%s\n", outcome->kernel->name, outcome->mutant->name,
                outcome->mutant->equivalent, outcome->detected ? " BUT IT WAS DETECTED" : "");
    }
}

static void print_false_alarms(const struct mutant_results *results, FILE *stream)
{
    size_t cases = 0, index;
    json_t *record;
    fprintf(stream, "\n");
    for (size_t i = 0; i < results->count; i++) {
        const struct mutant_outcome *outcome = &results->outcomes[i];
        if (outcome->mutant != NULL)
            continue;
        cases += outcome->cases;
        if (outcome->error != NULL)
            fprintf(stream, "the correct %s gave no answer: %s\n", outcome->kernel->name,
                    outcome->error);
        json_array_foreach(outcome->failed, index, record) fprintf(
            stream, "false alarm: %s: %s\n", json_string_value(json_object_get(record, "id")),
            json_string_value(json_object_get(record, "message")));
    }
    fprintf(stream, "false alarms on the correct kernels: %zu in %zu cases\n",
            false_alarms(results), cases);
}

// Naming many lines finds every mistake, and helps nobody.
static void print_lines_named(const struct mutant_results *results, FILE *stream)
{
    size_t mutants = 0, lines = 0;
    for (size_t i = 0; i < results->count; i++) {
        const struct mutant_outcome *outcome = &results->outcomes[i];
        size_t count = 0;
        if (!counts(outcome) || !outcome->located)
            continue;
        nearest_line(outcome, &count);
        lines += count;
        mutants++;
    }
    if (mutants > 0)
        fprintf(stream, "different lines named for a located mutant: %.1f on average\n",
                (double)lines / (double)mutants);
}

void mutant_results_print(const struct mutant_results *results, FILE *stream)
{
    print_tables(results, stream);
    print_misses(results, stream);
    print_equivalent(results, stream);
    print_false_alarms(results, stream);
    print_lines_named(results, stream);
    if (errors(results) > 0)
        fprintf(stream, "no answer for %zu: the set of mutants needs mending\n", errors(results));
    fprintf(stream, "goal %s\n", goal_is_met(results) ? "met" : "not met");
}

static json_t *tally_to_json(struct mutant_tally sums)
{
    return json_pack("{s:I, s:I, s:I, s:I}", "mutants", (json_int_t)sums.mutants, "detected",
                     (json_int_t)sums.detected, "located", (json_int_t)sums.located, "classified",
                     (json_int_t)sums.classified);
}

static json_t *outcome_to_json(const struct mutant_outcome *outcome)
{
    const struct mutant *mutant = outcome->mutant;
    size_t lines_named = 0;
    const int named = nearest_line(outcome, &lines_named);
    json_t *right = json_array();
    for (size_t i = 0; i < mutant->right_count; i++)
        json_array_append_new(right, json_string(mutant->right[i]));
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:i, s:s, s:o, s:s?, s:s?, s:b, s:b, s:b, s:s, s:i, s:I, s:s?, s:f, "
        "s:O?, s:O?}",
        "name", mutant->name, "kernel", outcome->kernel->name, "kind", mutant->kind, "file",
        mutant->source, "line", outcome->line, "planted", mutant->planted, "right", right,
        "equivalent", mutant->equivalent, "error", outcome->error, "detected", outcome->detected,
        "located", outcome->located, "classified", outcome->classified, "why", outcome->why,
        "nearest_line", named, "lines_named", (json_int_t)lines_named, "class",
        outcome_class(outcome), "seconds", outcome->seconds, "record", outcome->record, "page",
        outcome->page);
}

json_t *mutant_results_to_json(const struct mutant_results *results)
{
    json_t *kernels = json_object(), *kinds = json_object(), *mutants = json_array();
    json_t *alarms = json_array();
    for (size_t i = 0; i < results->count; i++) {
        const struct mutant_outcome *outcome = &results->outcomes[i];
        const char *name = outcome->kernel->name;
        if (is_first_of_kernel(results, i))
            json_object_set_new(kernels, name, tally_to_json(tally(results, name, NULL)));
        if (outcome->mutant != NULL)
            json_array_append_new(mutants, outcome_to_json(outcome));
        else
            json_array_extend(alarms, outcome->failed);
    }
    for (size_t i = 0; i < mutant_kind_count; i++)
        json_object_set_new(kinds, mutant_kinds[i],
                            tally_to_json(tally(results, NULL, mutant_kinds[i])));
    return json_pack("{s:s, s:b, s:o, s:o, s:o, s:o, s:o}", "schema", "wavegauge-mutants/1",
                     "goal_met", goal_is_met(results), "summary",
                     tally_to_json(tally(results, NULL, NULL)), "kernels", kernels, "kinds", kinds,
                     "mutants", mutants, "false_alarms", alarms);
}
