// What changed against an older report.
#include "report.h"

#include <stdlib.h>
#include <string.h>

const char *report_change_name(enum report_change change)
{
    static const char *const names[] = {
        [CHANGE_NONE] = "",     [CHANGE_BROKEN] = "broken",  [CHANGE_MENDED] = "mended",
        [CHANGE_NEW] = "new",   [CHANGE_SLOWER] = "slower",  [CHANGE_FASTER] = "faster",
        [CHANGE_SAME] = "same", [CHANGE_UNCLEAR] = "unclear"};
    return names[change];
}

// A case with the names that it is found by.
struct key {
    const char *target;
    const struct report_case *entry;
};

static int by_names(const void *left, const void *right)
{
    const struct key *a = left, *b = right;
    int ids = strcmp(a->entry->id, b->entry->id);
    return ids != 0 ? ids : strcmp(a->target, b->target);
}

static struct key *sorted_keys(const struct report *report)
{
    struct key *keys = calloc(report->count + 1, sizeof *keys);
    for (size_t i = 0; keys != NULL && i < report->count; i++)
        keys[i] = (struct key){report->targets[report->cases[i].target].name, &report->cases[i]};
    if (keys != NULL)
        qsort(keys, report->count, sizeof *keys, by_names);
    return keys;
}

static enum report_change time_change(struct report_case *entry, double threshold)
{
    static const enum report_change changes[TIMING_VERDICTS] = {[TIMING_FASTER] = CHANGE_FASTER,
                                                                [TIMING_SLOWER] = CHANGE_SLOWER,
                                                                [TIMING_SAME] = CHANGE_SAME,
                                                                [TIMING_UNCLEAR] = CHANGE_UNCLEAR};
    const struct timed_case *old = entry->before->timed, *new = entry->timed;
    if (old == NULL || new == NULL || strcmp(old->cache, new->cache) != 0)
        return CHANGE_NONE;
    entry->ratio = timing_ratio_of(&old->statistics, &new->statistics);
    return changes[timing_judge(&entry->ratio, threshold)];
}

static enum report_change change_of(struct report_case *entry, double threshold)
{
    if (entry->before == NULL)
        return CHANGE_NEW;
    bool now = entry->status == STATUS_PASS, then = entry->before->status == STATUS_PASS;
    if (entry->status == STATUS_SKIP || entry->before->status == STATUS_SKIP)
        return CHANGE_NONE;
    if (now != then)
        return now ? CHANGE_MENDED : CHANGE_BROKEN;
    return time_change(entry, threshold);
}

bool report_compare(struct report *report, const struct report *baseline, double threshold,
                    struct error *error)
{
    struct key *keys = sorted_keys(baseline);
    size_t common = 0;
    if (keys == NULL)
        return error_out_of_memory(error);
    report->has_baseline = true;
    report->threshold = threshold;
    for (size_t i = 0; i < report->count; i++) {
        struct report_case *entry = &report->cases[i];
        const struct key wanted = {report->targets[entry->target].name, entry};
        const struct key *found = bsearch(&wanted, keys, baseline->count, sizeof *keys, by_names);
        entry->before = found != NULL ? found->entry : NULL;
        common += found != NULL;
        entry->change = change_of(entry, threshold);
        report->changes[entry->change]++;
    }
    free(keys);
    report->gone = baseline->count - common;
    return common > 0 ||
           error_set(error, EXIT_USAGE,
                     "the baseline %s has no case in common with the results on the same device; "
                     "expected an older result of '%s'",
                     baseline->documents[0].path, report->targets[0].name);
}
