// wavegauge compare: two results of bench, case by case.
#include "commands.h"

#include "options.h"
#include "timing_document.h"

enum { THRESHOLD, OPTION_COUNT };

static const struct option_entry table[OPTION_COUNT] = {
    [THRESHOLD] = {"--threshold", "P", "differences below this do not matter; 2% unless given"},
};

static const char usage[] = "compare OLD.json NEW.json [options]";
static const char about[] =
    "Says of each case that both results of `wavegauge bench --json` have whether it became "
    "faster, slower, stayed the same or whether the samples do not tell, and why: the ratio of the "
    "medians with its 95% interval against the threshold. docs/benchmarks.md has the formulas.";

static const struct command_example examples[] = {
    {"wavegauge compare before.json after.json --threshold 3%",
     "differences below 3% do not matter"},
    {NULL, NULL},
};

static const char exit_status[] = "0 nothing is slower, 1 something is, 2 wrong usage, or files "
                                  "that are no results of bench or do not fit together.";

static bool compare(const struct option_values *values, struct timing_counts *counts,
                    struct error *error)
{
    const char *threshold_text = values->values[THRESHOLD];
    double threshold = 0.02;
    struct timing_document old = {0}, new = {0};
    if (values->word_count != 2)
        return error_set(error, EXIT_USAGE, "compare needs two files: %s", usage);
    bool good = (threshold_text == NULL ||
                 share_parse("--threshold", threshold_text, 0, &threshold, error)) &&
                timing_document_read(&old, values->words[0], error) &&
                timing_document_read(&new, values->words[1], error) &&
                timing_documents_compare(&old, &new, threshold, counts, error);
    timing_document_free(&old);
    timing_document_free(&new);
    return good;
}

static int judge(const struct option_values *values)
{
    struct timing_counts counts = {0};
    struct error error;
    if (!compare(values, &counts, &error))
        return report_error(&error);
    return counts.verdicts[TIMING_SLOWER] > 0 ? EXIT_FAILED : EXIT_PASSED;
}

const struct command command_compare = {
    .name = "compare",
    .brief = "say what became faster or slower between two results of bench",
    .usage = usage,
    .about = about,
    .table = table,
    .table_count = OPTION_COUNT,
    .examples = examples,
    .exit_status = exit_status,
    .run = judge,
};
