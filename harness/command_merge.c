// wavegauge merge: the results of several shards as those of one run.
#include "commands.h"

#include "junit.h"
#include "markdown_summary.h"
#include "options.h"
#include "result_document.h"
#include "result_json.h"
#include "terminal.h"

#include <stdio.h>
#include <stdlib.h>

enum { OUTPUT, JUNIT, SUMMARY, REQUIRE, OPTION_COUNT };

static const struct option_entry table[OPTION_COUNT] = {
    [OUTPUT] = {"-o", "F", "write the merged results to this file"},
    [JUNIT] = {"--junit", "F", "write them as JUnit XML, too"},
    [SUMMARY] = {"--summary", "F",
                 "write them in Markdown, too, for a comment; in GitHub Actions, the job's summary "
                 "has them without this"},
    [REQUIRE] = {"--require", "N", "exit with 4 when fewer cases ran"},
};

static const char usage[] = "merge RESULT.json... -o F [options]";
static const char about[] =
    "Makes one result of those of several runs, usually the shards of one (run --shard I/N --json "
    "F). Refuses runs that differ in seed, device, target or version, a case that is there twice, "
    "and shards of which one is missing.";

static const struct command_example examples[] = {
    {"wavegauge merge part1.json part2.json -o whole.json", "two shards"},
    {"wavegauge merge part1.json part2.json -o whole.json --junit whole.xml --require 220",
     "and what a CI server reads"},
    {NULL, NULL},
};

static const char exit_status[] =
    "as of the whole run: 0 all passed, 1 a case did not, 2 wrong usage or files, 4 no case ran, "
    "or fewer than --require or than the shards had.";

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
    struct markdown_summary markdown = {document, merged->of, required};
    bool good = json_write_file(values->values[OUTPUT], document, &error);
    if (good && values->values[JUNIT] != NULL)
        good = junit_write(values->values[JUNIT], merged->environment, merged->results,
                           merged->count, &error);
    if (good && values->values[SUMMARY] != NULL)
        good = markdown_summary_write(&markdown, values->values[SUMMARY], &error);
    markdown_summary_offer(&markdown);
    json_decref(document);
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

const struct command command_merge = {
    .name = "merge",
    .brief = "make one result of those of several shards",
    .usage = usage,
    .about = about,
    .table = table,
    .table_count = OPTION_COUNT,
    .examples = examples,
    .exit_status = exit_status,
    .run = merge,
};
