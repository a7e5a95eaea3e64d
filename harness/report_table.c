#include "report_table.h"

#include "case_words.h"
#include "json_value.h"
#include "xml.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

// The columns, from left to right.
enum column {
    STATUS,
    ID,
    TARGET,
    DTYPE,
    SHAPE,
    MAX_ABS,
    MAX_REL,
    ALLOWED,
    PATTERN,
    FINDINGS,
    TIME,
    NOISE,
    GIGABYTES,
    TERAFLOPS,
    CEILING,
    PEER,
    CHANGE,
    COLUMN_COUNT
};

static const struct {
    const char *title, *about;
    bool is_number;
} columns[COLUMN_COUNT] = {
    [STATUS] = {"Status", "", false},
    [ID] = {"Case", "", false},
    [TARGET] = {"Device", "", false},
    [DTYPE] = {"Type", "", false},
    [SHAPE] = {"Shape", "dimensions in the order of the case's name", false},
    [MAX_ABS] = {"Max abs", "largest difference from the reference", true},
    [MAX_REL] = {"Max rel", "largest difference over the expected value", true},
    [ALLOWED] = {"Allowed used", "worst error over what is allowed there; above 1 is a failure",
                 true},
    [PATTERN] = {"Pattern", "what kind of mistake it looks like", false},
    [FINDINGS] = {"Findings", "what the emulated GPU saw", false},
    [TIME] = {"Time µs", "median of the samples", true},
    [NOISE] = {"± %", "half the 95% interval of the median", true},
    [GIGABYTES] = {"GB/s", "bytes of the case file over the time", true},
    [TERAFLOPS] = {"TFLOP/s", "operations of the case file over the time", true},
    [CEILING] = {"% of ceiling", "of the limit it is nearest to, measured in the same run", true},
    [PEER] = {"Speed ÷ peer", "above 1: faster than the fastest peer", true},
    [CHANGE] = {"Change", "against the baseline", true},
};

void html_append_id(struct text *html, const char *id)
{
    for (size_t length; *id != '\0'; id += length) {
        char part[512];
        length = strcspn(id, ",/");
        length += id[length] != '\0';
        length = length < sizeof part ? length : sizeof part - 1;
        memcpy(part, id, length);
        part[length] = '\0';
        xml_append_escaped(html, part);
        text_append(html, "%s", id[length] != '\0' ? "<wbr>" : "");
    }
}

void html_append_text(struct text *html, const struct text *raw)
{
    xml_append_escaped(html, text_get(raw));
}

static double number_of(const struct report_case *entry, enum column column)
{
    struct text name = {0};
    const char *limit;
    double value = NAN;
    switch (column) {
    case MAX_ABS:
        return json_number(entry->numbers, "max_abs");
    case MAX_REL:
        return json_number(entry->numbers, "max_rel");
    case ALLOWED:
        return json_number(entry->numbers, "tolerance_ratio");
    case TIME:
        return json_number(entry->timing, "median_us");
    case NOISE:
        return 50 * json_number(entry->timing, "noise");
    case GIGABYTES:
        return json_number(entry->timing, "bytes_per_second") / 1e9;
    case TERAFLOPS:
        value = json_number(entry->timing, "flops_per_second") / 1e12;
        return value > 0 ? value : NAN;
    case CEILING:
        return 100 * case_ceiling_share(entry, &limit);
    case PEER:
        value = case_peer_speed(entry, &name);
        text_free(&name);
        return value;
    case CHANGE:
        return entry->ratio.ratio > 0 ? entry->ratio.ratio : NAN;
    default:
        return NAN;
    }
}

static void append_words(const struct report *report, const struct report_case *entry,
                         enum column column, struct text *words)
{
    const char *limit = "";
    if (column == TARGET)
        text_append(words, "%s", report->targets[entry->target].name);
    else if (column == DTYPE)
        text_append(words, "%s", entry->dtype);
    else if (column == SHAPE)
        case_append_shape(entry, words);
    else if (column == PATTERN)
        case_append_pattern(entry, words);
    else if (column == FINDINGS)
        case_append_findings(entry, words);
    else if (column == CEILING && !isnan(case_ceiling_share(entry, &limit)))
        text_append(words, "%s", limit);
    else if (column == PEER && !isnan(number_of(entry, PEER)))
        case_peer_speed(entry, words);
    else if (column == CHANGE && entry->change != CHANGE_NONE)
        text_append(words, "%s", report_change_name(entry->change));
}

static bool has_words(const struct report *report, const struct report_case *entry,
                      enum column column)
{
    struct text words = {0};
    append_words(report, entry, column, &words);
    bool any = words.length > 0;
    text_free(&words);
    return any;
}

static bool is_shown(const struct report *report, const struct report_case *cases, size_t count,
                     enum column column)
{
    if (column == STATUS || column == ID || column == DTYPE)
        return true;
    if (column == TARGET)
        return report_has_targets(report);
    for (size_t i = 0; i < count; i++) {
        if (!isnan(number_of(&cases[i], column)) || has_words(report, &cases[i], column))
            return true;
    }
    return false;
}

static const char *format_of(enum column column)
{
    return column == TIME                               ? "%.4g"
           : column == NOISE                            ? "%.2g"
           : column == GIGABYTES || column == TERAFLOPS ? "%.4g"
           : column == CEILING || column == PEER        ? "%.3g"
           : column == CHANGE                           ? "%.3f"
                                                        : "%.2e";
}

static void append_number(struct text *html, double value, enum column column)
{
    char shown[64];
    if (isnan(value))
        return;
    snprintf(shown, sizeof shown, column == ALLOWED && value < 1e5 ? "%.3f" : format_of(column),
             value);
    text_append(html, "%s%s", column == CHANGE ? "×" : "",
                isinf(value) ? "∞"
                : value == 0 ? "0"
                             : shown);
}

static void append_cell(const struct report *report, const struct report_case *entry,
                        enum column column, struct text *html)
{
    struct text words = {0};
    double value = columns[column].is_number ? number_of(entry, column) : NAN;
    append_words(report, entry, column, &words);
    text_append(html, columns[column].is_number ? "<td class=\"n\"" : "<td");
    if (!isnan(value))
        text_append(html, " data-v=\"%.9g\"", isinf(value) ? 1e300 : value);
    if (column == SHAPE)
        text_append(html, " class=\"shape\"");
    text_append(html, ">");
    append_number(html, value, column);
    bool beside = columns[column].is_number && words.length > 0;
    text_append(html, "%s", beside ? " <small>" : "");
    html_append_text(html, &words);
    text_append(html, "%s</td>", beside ? "</small>" : "");
    text_free(&words);
}

static void append_status(const struct report_case *entry, const struct text *anchor,
                          struct text *html)
{
    const char *name = status_name(entry->status);
    text_append(html, "<td><span class=\"status %s\">", name);
    if (!entry->detailed)
        text_append(html, "%s", name);
    else {
        text_append(html, "<a href=\"#failure-");
        html_append_text(html, anchor);
        text_append(html, "\">%s</a>", name);
    }
    text_append(html, "</span></td>");
}

static void append_row(const struct report *report, const struct report_case *entry,
                       const bool *shown, struct text *html)
{
    struct text anchor = {0};
    case_append_anchor(report, entry, &anchor);
    text_append(html, "<tr id=\"case-");
    html_append_text(html, &anchor);
    text_append(html, "\" data-status=\"%s\" data-change=\"%s\">", status_name(entry->status),
                report_change_name(entry->change));
    append_status(entry, &anchor, html);
    text_append(html, "<th scope=\"row\"><a href=\"#case-");
    html_append_text(html, &anchor);
    text_append(html, "\">");
    html_append_id(html, entry->id);
    text_append(html, "</a></th>");
    for (enum column column = TARGET; column < COLUMN_COUNT; column++) {
        if (shown[column])
            append_cell(report, entry, column, html);
    }
    text_append(html, "</tr>\n");
    text_free(&anchor);
}

static void append_head(const bool *shown, struct text *html)
{
    text_append(html, "<thead><tr>");
    for (enum column column = STATUS; column < COLUMN_COUNT; column++) {
        if (!shown[column])
            continue;
        text_append(html,
                    "<th scope=\"col\"%s><button type=\"button\" title=\"%s\">%s</button></th>",
                    columns[column].is_number ? " class=\"n\"" : "", columns[column].about,
                    columns[column].title);
    }
    text_append(html, "</tr></thead>\n");
}

void report_table_append(const struct report *report, size_t first, size_t count, const char *label,
                         struct text *html)
{
    const struct report_case *cases = report->cases + first;
    bool shown[COLUMN_COUNT];
    for (enum column column = STATUS; column < COLUMN_COUNT; column++)
        shown[column] = is_shown(report, cases, count, column);
    text_append(html,
                "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-labelledby=\"%s\">\n"
                "<table class=\"cases\" aria-labelledby=\"%s\">\n",
                label, label);
    append_head(shown, html);
    text_append(html, "<tbody>\n");
    for (size_t i = 0; i < count; i++)
        append_row(report, &cases[i], shown, html);
    text_append(html, "</tbody>\n</table>\n</div>\n");
}
