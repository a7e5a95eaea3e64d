#include "report_failure.h"

#include "base64.h"
#include "case_words.h"
#include "file_bytes.h"
#include "json_value.h"
#include "xml.h"
#include "place.h"
#include "report_table.h"
#include "source_excerpt.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FINDINGS = 8, MAX_PLACES = 5, LINES_AROUND = 3, MOST_PICTURE_BYTES = 4 << 20 };

static void append_escaped(struct text *html, const char *before, const char *raw,
                           const char *behind)
{
    text_append(html, "%s", before);
    xml_append_escaped(html, raw);
    text_append(html, "%s", behind);
}

static void append_unless_empty(struct text *html, const char *before, const char *raw,
                                const char *behind)
{
    if (raw[0] != '\0')
        append_escaped(html, before, raw, behind);
}

static bool ends_with(const char *text, const char *ending)
{
    size_t length = strlen(text), needed = strlen(ending);
    return length >= needed && strcmp(text + length - needed, ending) == 0;
}

void html_append_picture(struct text *html, const char *path, const char *about)
{
    struct text bytes = {0};
    bool svg = ends_with(path, ".svg");
    if ((svg || ends_with(path, ".png")) && file_read(path, &bytes, NULL) &&
        bytes.length < MOST_PICTURE_BYTES &&
        strncmp(text_get(&bytes), svg ? "<?xml" : "\x89PNG", svg ? 5 : 4) == 0) {
        append_escaped(html, "<img alt=\"", about, "\" src=\"data:image/");
        text_append(html, "%s;base64,", svg ? "svg+xml" : "png");
        base64_append(html, bytes.data, bytes.length);
        text_append(html, "\">\n");
    }
    text_free(&bytes);
}

// A result may name any file of this machine; what is shown of one must be source.
static bool is_source(const char *path)
{
    static const char *const endings[] = {".hip", ".h",  ".c",   ".hpp",
                                          ".cpp", ".cu", ".cuh", ".inc"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        if (ends_with(path, endings[i]))
            return true;
    }
    return false;
}

static void append_excerpt(struct text *html, const char *file, int line, int around)
{
    struct text excerpt = {0};
    if (is_source(file) && line > 0)
        source_excerpt_append(&excerpt, file, line, around, 0);
    if (excerpt.length > 0) {
        text_append(html, "<pre class=\"source\" tabindex=\"0\">");
        for (char *next = excerpt.data, *end; (end = strchr(next, '\n')) != NULL; next = end + 1) {
            bool marked = *next == '>';
            *end = '\0';
            append_escaped(html, marked ? "<mark>" : "", next, marked ? "</mark>\n" : "\n");
        }
        text_append(html, "</pre>\n");
    }
    text_free(&excerpt);
}

static void append_place_name(struct text *html, const char *file, int64_t line)
{
    append_escaped(html, "<code>", shown_path(file), "");
    text_append(html, ":%" PRId64 "</code>", line);
}

static void append_command(struct text *html, const char *label, const char *command)
{
    if (command[0] == '\0')
        return;
    text_append(html, "<div class=\"command\"><span>%s</span><code>", label);
    append_escaped(html, "", command,
                   "</code><button type=\"button\" class=\"copy\">Copy</button>");
    text_append(html, "</div>\n");
}

static void append_mistake(struct text *html, const json_t *bisection)
{
    const json_t *mistake = json_object_get(bisection, "mistake");
    if (!json_is_object(mistake))
        return;
    append_escaped(html, "<p class=\"mistake\"><strong>Kind of mistake:</strong> ",
                   json_text(mistake, "kind"), "");
    append_unless_empty(html, ", ", json_text(mistake, "also"), "");
    if (json_whole(mistake, "line") > 0) {
        text_append(html, ", at ");
        append_place_name(html, json_text(mistake, "file"), json_whole(mistake, "line"));
    }
    append_unless_empty(html, "; every case tried passes with <code>", json_text(mistake, "edit"),
                        "</code>");
    text_append(html, "</p>\n");
    // With places, the line stands there.
    if (json_array_size(json_object_get(bisection, "place")) == 0)
        append_excerpt(html, json_text(mistake, "file"), (int)json_whole(mistake, "line"),
                       LINES_AROUND);
}

// Paths are from the folder in which the result was made; that of the file may be nearer.
static bool append_heat_map(struct text *html, const struct report_document *document,
                            const json_t *record)
{
    const char *path = json_text(json_object_get(record, "pattern"), "heat_map");
    size_t before = html->length;
    if (path[0] == '\0')
        return false;
    html_append_picture(html, path, "Heat map of the wrong elements");
    const char *name = strrchr(path, '/'), *slash = strrchr(document->path, '/');
    if (html->length > before || slash == NULL)
        return html->length > before;
    char *beside = format_text("%.*s/%s", (int)(slash - document->path), document->path,
                               name != NULL ? name + 1 : path);
    if (beside != NULL)
        html_append_picture(html, beside, "Heat map of the wrong elements");
    free(beside);
    return html->length > before;
}

static void append_map(struct text *html, const struct report_case *entry, const char *map)
{
    text_append(html, "<div class=\"heat\">");
    bool drawn =
        (entry->bisection != NULL && append_heat_map(html, entry->bisected, entry->bisection)) ||
        append_heat_map(html, entry->document, entry->record);
    text_append(html, "</div>\n");
    append_unless_empty(html,
                        drawn ? "<details><summary>Map in letters</summary><pre class=\"map\" "
                                "tabindex=\"0\">"
                              : "<details open><summary>Map of the wrong elements</summary><pre "
                                "class=\"map\" tabindex=\"0\">",
                        map, "</pre></details>\n");
}

static void append_pattern(struct text *html, const struct report_case *entry)
{
    const json_t *pattern = case_pattern(entry);
    struct text words = {0};
    if (pattern == NULL)
        return;
    case_append_pattern(entry, &words);
    append_unless_empty(html, "<p><strong>Looks like:</strong> ", text_get(&words), "");
    append_unless_empty(html, words.length > 0 ? "; " : "<p>", json_text(pattern, "detail"), "");
    text_append(html, words.length > 0 || json_text(pattern, "detail")[0] != '\0' ? "</p>\n" : "");
    append_unless_empty(html, "<pre>", json_text(pattern, "probe"), "</pre>\n");
    append_unless_empty(html, "<pre>", json_text(pattern, "extent"), "</pre>\n");
    append_map(html, entry, json_text(pattern, "map"));
    text_free(&words);
}

static void append_finding(struct text *html, const json_t *finding)
{
    int64_t line = json_whole(finding, "line"), other = json_whole(finding, "other_line");
    const char *other_file = json_text(finding, "other_file");
    append_escaped(html, "<li><strong>", json_text(finding, "severity"), ": ");
    append_escaped(html, "", json_text(finding, "check"), ": ");
    append_escaped(html, "", json_text(finding, "kind"), "</strong>");
    if (json_whole(finding, "count") > 1)
        text_append(html, ", seen %" PRId64 " times", json_whole(finding, "count"));
    append_unless_empty(html, ", in the build with ", json_text(finding, "build"), "");
    append_unless_empty(html, "<pre>", json_text(finding, "text"), "</pre>");
    if (line > 0) {
        append_place_name(html, json_text(finding, "file"), line);
        append_excerpt(html, json_text(finding, "file"), (int)line, LINES_AROUND);
    }
    if (other > 0) {
        text_append(html, "<p>The other side: ");
        append_place_name(html, other_file, other);
        text_append(html, "</p>");
        append_excerpt(html, other_file, (int)other, LINES_AROUND);
    }
    text_append(html, "</li>\n");
}

static void append_findings(struct text *html, const struct report_case *entry)
{
    const json_t *findings = case_findings(entry);
    size_t count = json_array_size(findings);
    if (count == 0)
        return;
    text_append(html, "<h4>Findings</h4>\n<ul>\n");
    for (size_t i = 0; i < count && i < MAX_FINDINGS; i++)
        append_finding(html, json_array_get(findings, i));
    if (count > MAX_FINDINGS)
        text_append(html, "<li>and %zu more, in the result file</li>\n",
                    count - (size_t)MAX_FINDINGS);
    text_append(html, "</ul>\n");
}

static void append_places(struct text *html, const json_t *bisection)
{
    const json_t *places = json_object_get(bisection, "place");
    size_t count = json_array_size(places);
    if (count == 0)
        return;
    text_append(html, "<h4>Suspected lines, the likeliest first</h4>\n<ol>\n");
    for (size_t i = 0; i < count && i < MAX_PLACES; i++) {
        const json_t *place = json_array_get(places, i);
        text_append(html, "<li>");
        append_place_name(html, json_text(place, "file"), json_whole(place, "line"));
        append_escaped(html, "<br>", json_text(place, "why"), "\n");
        append_excerpt(html, json_text(place, "file"), (int)json_whole(place, "line"),
                       i == 0 ? LINES_AROUND : 0);
        text_append(html, "</li>\n");
    }
    text_append(html, "</ol>\n");
}

static void append_smallest(struct text *html, const json_t *bisection)
{
    const json_t *smallest = json_object_get(bisection, "smallest");
    json_t *boundary;
    struct text words = {0};
    size_t index;
    if (!json_is_object(smallest))
        return;
    case_append_dimensions(json_object_get(smallest, "dims"), &words);
    append_escaped(html, "<h4>Smallest shape that fails in the same way</h4>\n<p>",
                   text_get(&words), "</p>\n<ul>\n");
    text_free(&words);
    json_array_foreach(json_object_get(bisection, "boundaries"), index, boundary)
    {
        append_unless_empty(html, "<li>", json_text(boundary, "text"), "</li>\n");
    }
    append_unless_empty(html, "<li>", json_text(bisection, "device_verdict"), "</li>\n");
    text_append(html, "</ul>\n");
    append_command(html, "Again, the smallest:", json_text(smallest, "repro"));
}

static void append_bisect_hint(struct text *html, const struct report_case *entry)
{
    struct text command = {0};
    text_append(&command, "wavegauge bisect --json bisect.json '%s'", entry->id);
    // An id with a quote in it would end the word in the shell.
    if (entry->bisection == NULL && strchr(entry->id, '\'') == NULL)
        append_command(html, "To find out why:", text_get(&command));
    text_free(&command);
}

void report_failure_append(const struct report *report, const struct report_case *entry,
                           struct text *html)
{
    struct text anchor = {0};
    case_append_anchor(report, entry, &anchor);
    append_escaped(html, "<article class=\"failure\" id=\"failure-", text_get(&anchor),
                   "\">\n<h3>");
    text_append(html, "<span class=\"status %s\">%s</span> ", status_name(entry->status),
                status_name(entry->status));
    append_escaped(html, "<a href=\"#case-", text_get(&anchor), "\">");
    html_append_id(html, entry->id);
    append_escaped(html, "</a> <small>on ", report->targets[entry->target].name, "</small></h3>\n");
    append_unless_empty(html, "<pre>", entry->message, "</pre>\n");
    append_mistake(html, entry->bisection);
    append_pattern(html, entry);
    append_places(html, entry->bisection);
    append_findings(html, entry);
    append_smallest(html, entry->bisection);
    append_command(html, "Again:", entry->repro);
    append_bisect_hint(html, entry);
    text_append(html, "</article>\n");
    text_free(&anchor);
}
