#include "report_overview.h"

#include "json_value.h"

#include <string.h>

static struct overview_row *find_row(struct overview_row *rows, size_t *count,
                                     const struct report_document *document)
{
    for (size_t i = 0; i < *count; i++) {
        if (rows[i].target == document->target && rows[i].source == document->source)
            return &rows[i];
    }
    rows[*count] = (struct overview_row){
        .target = document->target, .source = document->source, .date = "", .commit = ""};
    return &rows[(*count)++];
}

static void add_cases(struct overview_row *row, const json_t *cases)
{
    size_t index;
    json_t *item;
    json_array_foreach(cases, index, item)
    {
        enum status status;
        double seconds = json_number(json_object_get(item, "timing"), "wall_seconds");
        if (status_from_name(json_text(item, "status"), &status))
            summary_add(&row->summary, status);
        row->seconds += seconds > 0 ? seconds : 0;
    }
}

size_t report_overview(const struct report *report, struct overview_row *rows)
{
    size_t count = 0;
    for (size_t i = 0; i < report->document_count; i++) {
        const struct report_document *document = &report->documents[i];
        if (document->source == SOURCE_BISECT)
            continue;
        struct overview_row *row = find_row(rows, &count, document);
        add_cases(row, json_object_get(document->root, "cases"));
        // All shards say the same number.
        if (document->shard_of > 0)
            row->missing = document->shard_of;
        if (row->date[0] == '\0')
            row->date = json_text(document->environment, "date");
        if (row->commit[0] == '\0')
            row->commit = json_text(document->environment, "commit");
    }
    for (size_t i = 0; i < count; i++)
        rows[i].missing =
            rows[i].missing > rows[i].summary.cases ? rows[i].missing - rows[i].summary.cases : 0;
    return count;
}

void overview_append_passed(const struct overview_row *row, struct text *text)
{
    text_append(text, "%zu/%zu", row->summary.passed, row->summary.cases + row->missing);
}

static void append_count(struct text *text, size_t start, size_t count, const char *what)
{
    if (count > 0)
        text_append(text, "%s%zu %s", text->length > start ? ", " : "", count, what);
}

void overview_append_others(const struct overview_row *row, struct text *text)
{
    size_t start = text->length;
    append_count(text, start, row->summary.failed, "failed");
    append_count(text, start, row->summary.crashed, "crashed");
    append_count(text, start, row->summary.timed_out, "timed out");
    append_count(text, start, row->summary.errors, "could not be judged");
    append_count(text, start, row->summary.skipped, "skipped");
    append_count(text, start, row->missing, "not run (shards that were not given)");
}

void report_append_verdict(const struct report *report, struct text *text)
{
    size_t failures = report_count_failures(report), skipped = 0;
    for (size_t i = 0; i < report->count; i++)
        skipped += report->cases[i].status == STATUS_SKIP;
    if (failures > 0)
        text_append(text, "%zu of %zu cases did not pass", failures, report->count);
    else
        text_append(text, "All %zu cases passed", report->count - skipped);
    if (skipped > 0)
        text_append(text, ", %zu skipped", skipped);
    text_append(text, ".");
}

void report_append_changes(const struct report *report, struct text *text)
{
    size_t start = text->length;
    for (enum report_change change = CHANGE_BROKEN; change < CHANGE_COUNT; change++)
        append_count(text, start, report->changes[change], report_change_name(change));
    append_count(text, start, report->gone, "gone");
    if (text->length == start)
        text_append(text, "nothing changed");
}
