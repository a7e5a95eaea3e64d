// wavegauge merge: the results of several shards as those of one run.
#include "commands.h"

#include "junit.h"
#include "options.h"
#include "result_document.h"
#include "result_json.h"
#include "terminal.h"

#include <stdio.h>
#include <stdlib.h>

enum { OUTPUT, JUNIT, REQUIRE, OPTION_COUNT };

static const struct option_entry table[OPTION_COUNT] = {
    [OUTPUT] = {"-o", "F", "write the merged results to this file"},
    [JUNIT] = {"--junit", "F", "write them as JUnit XML, too"},
    [REQUIRE] = {"--require", "N", "exit with 4 when fewer cases ran"},
};

static const char usage[] = "merge RESULT.json... -o F [options]";
static const char about[] =
    "Makes one result of those of several runs, usually the shards of one (run --shard I/N --json "
    "F).\n"
    "Refuses runs that differ in seed, device, target or version, a case that is there twice, and\n"
    "shards of which one is missing. Ends as the whole run would have: 0 all passed, 1 a case did\n"
    "not, 2 wrong usage or files, 4 no case ran, or fewer than --require or than the shards had.";

static int print_verdict(const struct result_document *merged, uint64_t required,
                         struct summary *summary)
{
    struct terminal terminal = terminal_create(NULL);
    for (size_t i = 0; i < merged->count; i++)
        summary_add(summary, merged->results[i]->status);
    terminal_print_closing(&terminal, merged->results, merged->count);
    terminal_print_summary(&terminal, summary);
    if (summary_not_passed(summary) == 0 && summary->cases < merged->of) {
        fprintf(stderr, "wavegauge: %zu of the %zu cases of these shards did not run\n",
                merged->of - summary->cases, merged->of);
        return EXIT_NOTHING;
    }
    return summary_exit_status(summary, required);
}

static int finish(const struct option_values *values, const struct result_document *merged,
                  uint64_t required)
{
    struct error error;
    struct summary summary = {0};
    int status = print_verdict(merged, required, &summary);
    json_t *document =
        document_to_json(merged->environment, &summary, merged->results, merged->count, NULL);
    bool good = json_write_file(values->values[OUTPUT], document, &error);
    json_decref(document);
    if (good && values->values[JUNIT] != NULL)
        good = junit_write(values->values[JUNIT], merged->environment, merged->results,
                           merged->count, &error);
    return good ? status : report_error(&error);
}

static int merge(const struct option_values *values)
{
    struct error error;
    struct result_document merged = {0};
    uint64_t required = 0;
    size_t count = values->word_count;
    struct result_document *documents = calloc(count + 1, sizeof *documents);
    bool good = documents != NULL || error_out_of_memory(&error);
    if (good && (count == 0 || values->values[OUTPUT] == NULL))
        good = error_set(&error, EXIT_USAGE,
                         count == 0 ? "merge needs the files to merge: %s" : "merge needs -o F: %s",
                         usage);
    good = good && option_integer(values, table, REQUIRE, 0, INT32_MAX, 0, &required, &error);
    for (size_t i = 0; good && i < count; i++)
        good = result_document_read(&documents[i], values->words[i], &error);
    good = good && result_document_merge(documents, count, &merged, &error);
    int status = good ? finish(values, &merged, required) : report_error(&error);
    for (size_t i = 0; documents != NULL && i < count; i++)
        result_document_free(&documents[i]);
    result_document_free(&merged);
    free(documents);
    return status;
}

int command_merge(int argument_count, char **arguments)
{
    struct option_values values;
    struct error error;
    if (!options_parse(argument_count, arguments, table, OPTION_COUNT, &values, &error))
        return report_error(&error);
    int status = EXIT_PASSED;
    if (values.help)
        options_print_help(usage, about, table, OPTION_COUNT);
    else
        status = merge(&values);
    options_free(&values);
    return status;
}
