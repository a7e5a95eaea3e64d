#include "report_markdown.h"

#include "case_words.h"
#include "json_value.h"
#include "report_overview.h"
#include "utf8.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_CHANGES = 40, MAX_FAILURES = 60, MOST_CODE_BYTES = 300, FOR_THE_END = 400 };

// Between backquotes nothing is markup and nobody is called by name. Backquotes, bars and ends of
// lines would end it, or the cell of a table that it stands in.
static void append_code(struct text *text, const char *raw)
{
    size_t left = MOST_CODE_BYTES;
    text_append(text, "`");
    while (*raw != '\0') {
        size_t length = utf8_length(raw, strnlen(raw, 4));
        size_t step = length > 0 ? length : 1;
        if (step > left) {
            text_append(text, "...");
            break;
        }
        left -= step;
        if (length == 0)
            text_append(text, "?");
        else if ((unsigned char)*raw < 0x20 || *raw == 0x7f)
            text_append(text, " ");
        else if (*raw == '`')
            text_append(text, "'");
        else if (*raw == '|')
            text_append(text, "\\|");
        else
            text_append_bytes(text, raw, length);
        raw += step;
    }
    text_append(text, "`");
}

static void append_code_of(struct text *text, const char *before, const struct text *raw)
{
    if (raw->length == 0)
        return;
    text_append(text, "%s", before);
    append_code(text, text_get(raw));
}

// What is written, and how much of it there may be.
struct comment {
    struct text *text;
    size_t limit;
    bool is_cut; // something did not fit
};

// Moves a block to the end of the comment, if it fits.
static bool add_block(struct comment *comment, struct text *block)
{
    bool fits = comment->text->length + block->length + FOR_THE_END <= comment->limit;
    if (fits)
        text_append_bytes(comment->text, text_get(block), block->length);
    else
        comment->is_cut = true;
    text_free(block);
    return fits;
}

static void append_row(const struct report *report, const struct overview_row *row,
                       struct text *text)
{
    text_append(text, "| ");
    append_code(text, report->targets[row->target].name);
    text_append(text, " | %s | ", report_source_name(row->source));
    overview_append_passed(row, text);
    text_append(text, " | ");
    overview_append_others(row, text);
    text_append(text, " | %.1f s |\n", row->seconds);
}

static bool append_overview(const struct report *report, struct comment *comment,
                            struct error *error)
{
    struct text *text = comment->text;
    struct overview_row *rows = calloc(report->document_count + 1, sizeof *rows);
    if (rows == NULL)
        return error_out_of_memory(error);
    size_t count = report_overview(report, rows);
    text_append(text, "## Wavegauge: ");
    report_append_verdict(report, text);
    text_append(text, "\n\n| Device | From | Passed | Others | Time of all cases |\n"
                      "|---|---|--:|---|--:|\n");
    for (size_t i = 0; i < count; i++) {
        struct text block = {0};
        append_row(report, &rows[i], &block);
        add_block(comment, &block);
    }
    free(rows);
    return true;
}

static void append_change(const struct report *report, const struct report_case *entry,
                          struct text *text)
{
    text_append(text, "- **%s** ", report_change_name(entry->change));
    append_code(text, entry->id);
    text_append(text, " on ");
    append_code(text, report->targets[entry->target].name);
    if (entry->ratio.ratio > 0)
        text_append(text, ": x%.3f (%.3f to %.3f)", entry->ratio.ratio, entry->ratio.low,
                    entry->ratio.high);
    text_append(text, "\n");
}

static void append_changes(const struct report *report, struct comment *comment)
{
    struct text *text = comment->text;
    size_t shown = 0, all = 0;
    if (!report->has_baseline)
        return;
    text_append(text, "\n### Changed against the baseline\n\n");
    report_append_changes(report, text);
    text_append(text, ".\n\n");
    for (enum report_change change = CHANGE_BROKEN; change <= CHANGE_FASTER; change++) {
        for (size_t i = 0; i < report->count; i++) {
            struct text block = {0};
            if (report->cases[i].change != change || all++ >= MAX_CHANGES)
                continue;
            append_change(report, &report->cases[i], &block);
            shown += add_block(comment, &block);
        }
    }
    if (all > shown)
        text_append(text, "- and %zu more\n", all - shown);
}

static void append_place(const struct report_case *entry, struct text *text)
{
    const json_t *mistake = json_object_get(entry->bisection, "mistake");
    const json_t *place = json_array_get(json_object_get(entry->bisection, "place"), 0);
    struct text words = {0};
    if (json_is_object(mistake))
        text_append(&words, "%s", json_text(mistake, "kind"));
    append_code_of(text, "\n  Kind of mistake: ", &words);
    text_free(&words);
    if (json_is_object(place))
        text_append(&words, "%s:%" PRId64 ": %s", json_text(place, "file"),
                    json_whole(place, "line"), json_text(place, "why"));
    append_code_of(text, "\n  Suspected line: ", &words);
    text_free(&words);
}

static void append_failure(const struct report *report, const struct report_case *entry,
                           struct text *text)
{
    struct text pattern = {0}, findings = {0}, message = {0}, repro = {0};
    case_append_pattern(entry, &pattern);
    case_append_findings(entry, &findings);
    text_append(&message, "%s", entry->message);
    text_append(&repro, "%s", entry->repro);
    text_append(text, "- **%s** ", status_name(entry->status));
    append_code(text, entry->id);
    text_append(text, " on ");
    append_code(text, report->targets[entry->target].name);
    append_code_of(text, "\n  ", &message);
    append_code_of(text, "\n  Looks like: ", &pattern);
    append_code_of(text, "\n  Finding: ", &findings);
    append_place(entry, text);
    append_code_of(text, "\n  Again: ", &repro);
    text_append(text, "\n");
    text_free(&pattern);
    text_free(&findings);
    text_free(&message);
    text_free(&repro);
}

static void append_failures(const struct report *report, struct comment *comment)
{
    struct text *text = comment->text;
    size_t failures = report_count_failures(report), shown = 0, tried = 0;
    if (failures == 0)
        return;
    text_append(text, "\n### Failures\n\n");
    for (int bisected = 1; bisected >= 0; bisected--) {
        for (size_t i = 0; i < report->count && tried < MAX_FAILURES; i++) {
            const struct report_case *entry = &report->cases[i];
            struct text block = {0};
            if (!entry->detailed || (entry->bisection != NULL) != bisected)
                continue;
            tried++;
            append_failure(report, entry, &block);
            shown += add_block(comment, &block);
        }
    }
    if (failures > shown)
        text_append(text, "- and %zu more\n", failures - shown);
}

static void append_time(const struct report_case *entry, struct text *text)
{
    const char *limit;
    struct text peer = {0};
    double speed = case_peer_speed(entry, &peer);
    double flops = json_number(entry->timing, "flops_per_second") / 1e12;
    text_append(text, "| ");
    append_code(text, entry->id);
    text_append(text, " | %.4g | %.4g | ", json_number(entry->timing, "median_us"),
                json_number(entry->timing, "bytes_per_second") / 1e9);
    if (flops > 0)
        text_append(text, "%.3g", flops);
    text_append(text, " | %.1f%% | ", 100 * case_ceiling_share(entry, &limit));
    if (!isnan(speed)) {
        text_append(text, "%.2f ", speed);
        append_code_of(text, "", &peer);
    }
    text_append(text, " |\n");
    text_free(&peer);
}

static void append_times(const struct report *report, struct comment *comment)
{
    struct text *text = comment->text;
    size_t timed = 0, shown = 0;
    struct text table = {0};
    for (size_t i = 0; i < report->count; i++)
        timed += report->cases[i].timing != NULL;
    if (timed == 0)
        return;
    text_append(&table,
                "\n<details><summary>Times of %zu cases</summary>\n\n"
                "| Case | Time µs | GB/s | TFLOP/s | of the ceiling | speed ÷ peer |\n"
                "|---|--:|--:|--:|--:|---|\n",
                timed);
    if (!add_block(comment, &table))
        return;
    for (size_t i = 0; i < report->count; i++) {
        struct text block = {0};
        if (report->cases[i].timing == NULL)
            continue;
        append_time(&report->cases[i], &block);
        shown += add_block(comment, &block);
    }
    if (timed > shown)
        text_append(text, "\nand %zu more\n", timed - shown);
    text_append(text, "\n</details>\n");
}

bool report_markdown_append(const struct report *report, size_t limit, struct text *text,
                            struct error *error)
{
    struct comment comment = {.text = text, .limit = limit};
    if (!append_overview(report, &comment, error))
        return false;
    append_changes(report, &comment);
    append_failures(report, &comment);
    append_times(report, &comment);
    if (comment.is_cut)
        text_append(text, "\n_Cut to fit into %zu bytes; the result files have all of it._\n",
                    limit);
    return !text->failed || error_out_of_memory(error);
}
