// The page of `wavegauge bisect`: at most about sixty lines, what counts most first.
#include "bisection.h"

#include "bisection_findings.h"
#include "source_excerpt.h"

#include <inttypes.h>
#include <string.h>

enum { MAX_FINDINGS_SHOWN = 3, MAX_PLACES_SHOWN = 5, LINES_OF_TEXT = 4, LINES_OF_PATTERN = 14 };

static void append_lines(struct text *page, const char *lines, int indent, int most)
{
    for (int i = 0; *lines != '\0' && i < most; i++) {
        size_t length = strcspn(lines, "\n");
        text_append(page, "%*s%.*s\n", indent, "", (int)(length < 160 ? length : 160), lines);
        lines += length + (lines[length] == '\n');
    }
}

static void append_head(const struct bisection *bisection, struct text *page)
{
    const struct result *original = bisection->original;
    text_append(page, "%s: %s\n", status_name(original->status), original->id);
    append_lines(page, original->message, 2, LINES_OF_TEXT);
}

static void append_mistake(const struct bisection *bisection, struct text *page)
{
    struct bisection_mistake answer = bisection_mistake(bisection);
    char file[4096];
    int line;
    if (answer.mistake.kind == NULL)
        return;
    text_append(page, "\nKind of mistake: %s", answer.mistake.kind);
    if (answer.mistake.also != NULL)
        text_append(page, ", %s", answer.mistake.also);
    if (answer.place != NULL)
        text_append(page, " (%s:%d: every case tried passes with `%.120s`)\n",
                    shown_path(answer.place->file), answer.place->line, answer.place->edit);
    else if (answer.finding == NULL)
        text_append(page, " (by what came out, see below)\n");
    else if (finding_source_line(answer.finding, bisection->folder, file, sizeof file, &line))
        text_append(page, " (%s:%d: seen by %s)\n", shown_path(file), line, answer.finding->check);
    else
        text_append(page, " (seen by %s)\n", answer.finding->check);
}

static void append_shape(const struct bisection *bisection, struct text *page)
{
    const struct shrink *shrink = &bisection->shrink;
    const struct case_file *file = bisection->test->file;
    text_append(page, "\nsmallest shape that fails in the same way (%zu tried%s):\n ",
                shrink->trials, shrink->timed_out ? "; there was no time for all" : "");
    for (size_t i = 0; i < file->dimension_count; i++)
        text_append(page, " %s=%" PRId64, file->dimensions[i].name, shrink->dims[i]);
    text_append(page, "\n");
    if (strcmp(bisection->smallest->message, bisection->original->message) != 0)
        append_lines(page, bisection->smallest->message, 2, 2);
    for (size_t i = 0; i < file->dimension_count; i++) {
        if (shrink->boundaries[i].exists)
            text_append(page, "  %s\n", shrink->boundaries[i].text);
    }
}

static const char *short_status(const struct result *result)
{
    return result == NULL                     ? "was not tried"
           : result->status == STATUS_PASS    ? "passes"
           : result->status == STATUS_ERROR   ? "cannot be judged"
           : result->status == STATUS_TIMEOUT ? "times out"
           : result->status == STATUS_CRASH   ? "crashes"
                                              : "fails";
}

static void append_comparison(const struct bisection *bisection, struct text *page)
{
    const struct case_file *file = bisection->test->file;
    if (file->dtype_count > 1) {
        text_append(page, "  %s fails", dtype_info(bisection->test->dtype)->name);
        for (size_t i = 0; i < file->dtype_count; i++) {
            enum dtype dtype = file->dtypes[i];
            if (dtype != bisection->test->dtype)
                text_append(page, ", %s %s", dtype_info(dtype)->name,
                            short_status(bisection->other_dtypes[dtype]));
        }
        text_append(page, "\n");
    }
    if (bisection->exact_only != NULL)
        text_append(page, "  exact data alone %s, random data alone %s\n",
                    short_status(bisection->exact_only), short_status(bisection->random_only));
    const struct result *own = bisection->replays[BUILD_O3], *plain = bisection->replays[BUILD_O0];
    if (own != NULL && plain != NULL && own->status != STATUS_PASS && plain->status == STATUS_PASS)
        text_append(page, "  passes when compiled with -O0: what the source says may be undefined, "
                          "or a race\n");
}

static void append_pattern(const struct bisection *bisection, struct text *page)
{
    struct text lines = {0};
    pattern_describe(bisection_pattern(bisection), true, &lines);
    if (lines.length > 0) {
        text_append(page, "\n");
        append_lines(page, text_get(&lines), 0, LINES_OF_PATTERN);
    }
    text_free(&lines);
}

static void append_finding(const struct bisection *bisection, const struct bisection_finding *entry,
                           struct text *page)
{
    const struct finding *finding = entry->finding;
    char file[4096];
    int line;
    bool compiler = strcmp(entry->build, "compiler") == 0;
    text_append(page, "  %s: ", severity_name(finding->severity));
    text_append(page, "%s", finding->check);
    if (strcmp(finding->check, finding->kind) != 0)
        text_append(page, ": %s", finding->kind);
    if (finding->count > 1)
        text_append(page, ", seen %" PRIu64 " times", finding->count);
    if (entry->build[0] != '\0' && !compiler)
        text_append(page, ", only in the build with %s", entry->build);
    text_append(page, "\n");
    append_lines(page, finding->text, 4, LINES_OF_TEXT);
    if (finding_source_line(finding, bisection->folder, file, sizeof file, &line)) {
        text_append(page, "    %s:%d\n", shown_path(file), line);
        source_excerpt_append(page, file, line, compiler ? 0 : 2, 4);
    }
    if (finding->other_line > 0) {
        text_append(page, "    the other side: %s:%d\n", shown_path(finding->other_file),
                    finding->other_line);
        source_excerpt_append(page, finding->other_file, finding->other_line, 1, 4);
    }
}

static void append_findings(const struct bisection *bisection, struct text *page)
{
    static struct bisection_finding list[MAX_BISECTION_FINDINGS];
    size_t count = bisection_list_findings(bisection, list), shown = 0;
    const char *verdict = bisection_device_verdict(bisection);
    if (verdict != NULL)
        text_append(page, "\n%s\n", verdict);
    text_append(page, "\nfindings of the emulator and the compiler%s\n",
                count == 0 ? ": none" : ":");
    for (int severity = SEVERITY_ERROR; severity <= SEVERITY_NOTE; severity++) {
        for (size_t i = 0; i < count && shown < MAX_FINDINGS_SHOWN; i++) {
            if (list[i].finding->severity != (enum severity)severity)
                continue;
            append_finding(bisection, &list[i], page);
            shown++;
        }
    }
    if (count > shown)
        text_append(page, "  and %zu more, in --json\n", count - shown);
}

static void append_places(const struct bisection *bisection, struct text *page)
{
    const struct places *places = &bisection->places;
    if (places->count == 0) {
        text_append(page, "\nsuspected lines: none found%s%s\n",
                    bisection->repair_note[0] != '\0' ? "; no edits tried: " : "",
                    bisection->repair_note);
        return;
    }
    text_append(page, "\nsuspected lines, the likeliest first:\n");
    if (bisection->edits_tried > 0)
        text_append(page,
                    "  (%zu of %zu small edits of the source tried: suggested by experiment, not a "
                    "proof)\n",
                    bisection->edits_tried, bisection->edits_possible);
    for (size_t i = 0; i < places->count && i < MAX_PLACES_SHOWN; i++) {
        const struct place *place = &places->list[i];
        text_append(page, "  %zu. %s:%d  ", i + 1, shown_path(place->file), place->line);
        source_line_append(page, place->file, place->line, 80);
        text_append(page, "\n     %s\n", place->why);
        if (place->after_line > 0)
            text_append(page, "     (what it adds may stand anywhere behind line %d)\n",
                        place->after_line);
    }
}

void bisection_append_page(const struct bisection *bisection, struct text *page)
{
    append_head(bisection, page);
    if (bisection->smallest != NULL) {
        append_mistake(bisection, page);
        append_shape(bisection, page);
        append_comparison(bisection, page);
        append_pattern(bisection, page);
        append_findings(bisection, page);
        append_places(bisection, page);
        text_append(page, "\ntook %.1f s; again:\n  %s\n", bisection->seconds,
                    bisection->smallest->repro);
    }
}
