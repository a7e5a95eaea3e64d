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
    "faster,\n"
    "slower, stayed the same or whether the samples do not tell, and why: the ratio of the medians "
    "with\n"
    "its 95% interval against the threshold. docs/benchmarks.md has the formulas.\n"
    "\n"
    "example: wavegauge compare before.json after.json --threshold 3%\n"
    "\n"
    "exit status: 0 nothing is slower, 1 something is, 2 wrong usage, or files that are no "
    "results\n"
    "of bench or do not fit together.";

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

int command_compare(int argument_count, char **arguments)
{
    struct option_values values;
    struct timing_counts counts = {0};
    struct error error;
    if (!options_parse(argument_count, arguments, table, OPTION_COUNT, &values, &error))
        return report_error(&error);
    int status = EXIT_PASSED;
    if (values.help)
        options_print_help(usage, about, table, OPTION_COUNT);
    else if (!compare(&values, &counts, &error))
        status = report_error(&error);
    else if (counts.verdicts[TIMING_SLOWER] > 0)
        status = EXIT_FAILED;
    options_free(&values);
    return status;
}
