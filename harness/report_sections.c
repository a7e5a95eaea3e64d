#include "report_sections.h"

#include "case_words.h"
#include "file_bytes.h"
#include "json_value.h"
#include "xml.h"
#include "report_failure.h"
#include "report_overview.h"
#include "report_table.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_CHANGES = 100, MOST_SVG_BYTES = 512 << 10 };

// How many cases from `first` on are of its kernel.
static size_t kernel_count(const struct report *report, size_t first)
{
    size_t end = first;
    while (end < report->count &&
           strcmp(report->cases[end].kernel, report->cases[first].kernel) == 0)
        end++;
    return end - first;
}

static void append_navigation(const struct report *report, bool has_history, struct text *html)
{
    size_t failures = report_count_failures(report), number = 0;
    text_append(html, "<nav aria-label=\"Sections\"><ul>\n"
                      "<li><a href=\"#overview\">Overview</a></li>\n");
    if (report->has_baseline)
        text_append(html, "<li><a href=\"#changes\">Changes</a></li>\n");
    if (failures > 0)
        text_append(html, "<li><a href=\"#failures\">Failures (%zu)</a></li>\n", failures);
    if (has_history)
        text_append(html, "<li><a href=\"#history\">Over time</a></li>\n");
    text_append(html, "<li><a href=\"#plots\">Plots</a></li>\n");
    for (size_t i = 0, count; i < report->count; i += count) {
        count = kernel_count(report, i);
        text_append(html, "<li><a href=\"#kernel-%zu\">", ++number);
        xml_append_escaped(html, report->cases[i].kernel);
        text_append(html, "</a></li>\n");
    }
    text_append(html, "</ul></nav>\n");
}

static void append_row(const struct report *report, const struct overview_row *row,
                       struct text *html)
{
    struct text passed = {0}, others = {0};
    bool good = row->summary.passed == row->summary.cases && row->missing == 0;
    overview_append_passed(row, &passed);
    overview_append_others(row, &others);
    text_append(html, "<tr><th scope=\"row\">");
    xml_append_escaped(html, report->targets[row->target].name);
    text_append(html,
                "</th><td>%s</td><td class=\"n\"><span class=\"status %s\">%s</span></td>"
                "<td>%s</td><td class=\"n\">",
                report_source_name(row->source), good ? "pass" : "fail", text_get(&passed),
                text_get(&others));
    if (row->seconds > 0)
        text_append(html, "%.1f s", row->seconds);
    text_append(html, "</td><td>");
    xml_append_escaped(html, row->date);
    text_append(html, "</td><td>");
    char commit[13];
    snprintf(commit, sizeof commit, "%.12s", row->commit);
    xml_append_escaped(html, commit);
    text_append(html, "</td></tr>\n");
    text_free(&passed);
    text_free(&others);
}

static bool append_counts(const struct report *report, struct text *html, struct error *error)
{
    struct overview_row *rows = calloc(report->document_count + 1, sizeof *rows);
    if (rows == NULL)
        return error_out_of_memory(error);
    size_t count = report_overview(report, rows);
    text_append(html,
                "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Results\">\n"
                "<table>\n<thead><tr><th scope=\"col\">Device</th><th scope=\"col\">From</th>"
                "<th scope=\"col\" class=\"n\">Passed</th><th scope=\"col\">Others</th>"
                "<th scope=\"col\" class=\"n\">Time of all cases</th><th scope=\"col\">Date</th>"
                "<th scope=\"col\">Commit</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < count; i++)
        append_row(report, &rows[i], html);
    text_append(html, "</tbody>\n</table>\n</div>\n");
    free(rows);
    return true;
}

static void append_value(const json_t *value, struct text *html)
{
    char *dumped = json_is_string(value) ? NULL : json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    const char *shown = json_is_string(value) ? json_string_value(value) : dumped;
    xml_append_escaped(html, shown != NULL ? shown : "");
    free(dumped);
}

static void append_environment(const struct report *report, struct text *html)
{
    text_append(html,
                "<details class=\"environments\"><summary>Environment of each file</summary>\n");
    for (size_t i = 0; i < report->document_count; i++) {
        const char *key;
        json_t *value;
        text_append(html, "<h3>");
        xml_append_escaped(html, report->documents[i].path);
        text_append(html, " <small>%s</small></h3>\n<dl class=\"environment\">\n",
                    report_source_name(report->documents[i].source));
        json_object_foreach((json_t *)report->documents[i].environment, key, value)
        {
            text_append(html, "<dt>");
            xml_append_escaped(html, key);
            text_append(html, "</dt><dd>");
            append_value(value, html);
            text_append(html, "</dd>\n");
        }
        text_append(html, "</dl>\n");
    }
    text_append(html, "</details>\n");
}

static void append_change(const struct report *report, const struct report_case *entry,
                          struct text *html)
{
    struct text anchor = {0};
    case_append_anchor(report, entry, &anchor);
    text_append(html, "<li><span class=\"change %s\">%s</span> <a href=\"#case-",
                report_change_name(entry->change), report_change_name(entry->change));
    html_append_text(html, &anchor);
    text_append(html, "\">");
    html_append_id(html, entry->id);
    text_append(html, "</a>%s", report_has_targets(report) ? " on " : "");
    if (report_has_targets(report))
        xml_append_escaped(html, report->targets[entry->target].name);
    if (entry->ratio.ratio > 0)
        text_append(html, ": %.4g µs → %.4g µs, ×%.3f (%.3f to %.3f)",
                    entry->before->timed->statistics.median, entry->timed->statistics.median,
                    entry->ratio.ratio, entry->ratio.low, entry->ratio.high);
    text_append(html, "</li>\n");
    text_free(&anchor);
}

static bool is_listed(enum report_change change)
{
    return change != CHANGE_NONE && change != CHANGE_SAME && change != CHANGE_UNCLEAR;
}

static void append_changes(const struct report *report, struct text *html)
{
    struct text counts = {0};
    size_t listed = 0, all = 0;
    report_append_changes(report, &counts);
    text_append(html,
                "<section id=\"changes\" aria-labelledby=\"changes-title\">\n<h2 "
                "id=\"changes-title\">Changed against the baseline</h2>\n<p>%s.</p>\n<ul>\n",
                text_get(&counts));
    for (enum report_change change = CHANGE_BROKEN; change < CHANGE_COUNT; change++) {
        for (size_t i = 0; is_listed(change) && i < report->count; i++) {
            if (report->cases[i].change != change)
                continue;
            if (all++ < MAX_CHANGES)
                append_change(report, &report->cases[i], html), listed++;
        }
    }
    text_append(html, "</ul>\n");
    if (all > listed)
        text_append(html, "<p>and %zu more; the tables below show all.</p>\n", all - listed);
    text_append(html, "</section>\n");
    text_free(&counts);
}

static void append_failures(const struct report *report, struct text *html)
{
    size_t failures = report_count_failures(report), shown = 0;
    if (failures == 0)
        return;
    text_append(html, "<section id=\"failures\" aria-labelledby=\"failures-title\">\n"
                      "<h2 id=\"failures-title\">Failures</h2>\n");
    for (int bisected = 1; bisected >= 0; bisected--) {
        for (size_t i = 0; i < report->count; i++) {
            const struct report_case *entry = &report->cases[i];
            if (!entry->detailed || (entry->bisection != NULL) != bisected)
                continue;
            report_failure_append(report, entry, html);
            shown++;
        }
    }
    if (failures > shown)
        text_append(html, "<p>and %zu more, first in the tables below.</p>\n", failures - shown);
    text_append(html, "</section>\n");
}

// The vector picture, unless it has so many points that it is larger than the other.
static void append_picture(const char *folder, const struct report_plot *plot, struct text *html)
{
    struct text svg = {0};
    char *vector = format_text("%s/plots/%s.svg", folder, plot->name);
    char *points = format_text("%s/plots/%s.png", folder, plot->name);
    if (vector != NULL && points != NULL && file_read(vector, &svg, NULL))
        html_append_picture(html, svg.length > MOST_SVG_BYTES ? points : vector, plot->title);
    text_free(&svg);
    free(vector);
    free(points);
}

static void append_plot(const struct report_pictures *pictures, const char *folder, size_t number,
                        struct text *html)
{
    const struct report_plot *plot = &report_plots[number];
    const char *name = plot->name;
    text_append(html, "<figure id=\"plot-%s\"%s>\n<h3>%s</h3>\n", name,
                pictures->drawn[number] ? "" : " class=\"missing\"", plot->title);
    if (pictures->drawn[number])
        append_picture(folder, plot, html);
    text_append(html, "<figcaption>");
    if (!pictures->has_data[number])
        text_append(html, "Nothing to show: it needs %s.", plot->needs);
    else
        text_append(html, "%s <span class=\"files\">", plot->about);
    if (pictures->has_data[number] && !pictures->drawn[number])
        text_append(html, "Not drawn, since gnuplot was not there or failed. ");
    if (pictures->drawn[number])
        text_append(html, "<a href=\"plots/%s.png\">PNG</a> <a href=\"plots/%s.svg\">SVG</a> ",
                    name, name);
    if (pictures->has_data[number])
        text_append(html,
                    "<a href=\"plots/%s.dat\">data</a> <a href=\"plots/%s.gnuplot\">script</a>"
                    "</span>",
                    name, name);
    text_append(html, "</figcaption>\n</figure>\n");
}

static void append_plots(const struct report_pictures *pictures, const char *folder,
                         struct text *html)
{
    text_append(html, "<section id=\"plots\" aria-labelledby=\"plots-title\">\n"
                      "<h2 id=\"plots-title\">Plots</h2>\n<div class=\"plots\">\n");
    for (size_t i = 0; i < REPORT_PLOT_COUNT; i++)
        append_plot(pictures, folder, i, html);
    text_append(html, "</div>\n</section>\n");
}

static void append_filter(struct text *html)
{
    text_append(html,
                "<form class=\"filter\" role=\"search\" aria-label=\"Filter the tables\" hidden>\n"
                "<label>Text <input type=\"search\" id=\"filter-text\" autocomplete=\"off\" "
                "placeholder=\"several words, all must occur\"></label>\n"
                "<label>Status <select id=\"filter-status\"><option value=\"\">all</option>"
                "<option value=\"not-pass\">all but pass</option>");
    for (enum status status = STATUS_PASS; status <= STATUS_SKIP; status++)
        text_append(html, "<option>%s</option>", status_name(status));
    text_append(html, "</select></label>\n"
                      "<button type=\"reset\">Clear</button>\n"
                      "<output id=\"filter-count\" aria-live=\"polite\"></output>\n</form>\n");
}

static void append_kernels(const struct report *report, struct text *html)
{
    size_t number = 0;
    text_append(html, "<section id=\"cases\" aria-labelledby=\"cases-title\">\n"
                      "<h2 id=\"cases-title\">Cases</h2>\n");
    append_filter(html);
    for (size_t i = 0, count; i < report->count; i += count) {
        char label[64];
        size_t passed = 0;
        count = kernel_count(report, i);
        for (size_t j = i; j < i + count; j++)
            passed += report->cases[j].status == STATUS_PASS;
        snprintf(label, sizeof label, "kernel-%zu", ++number);
        text_append(html, "<section class=\"kernel\">\n<h3 id=\"%s\">", label);
        xml_append_escaped(html, report->cases[i].kernel);
        text_append(html, " <small>%zu/%zu passed</small></h3>\n", passed, count);
        report_table_append(report, i, count, label, html);
        text_append(html, "<p class=\"more\" hidden></p>\n</section>\n");
    }
    text_append(html, "</section>\n");
}

bool report_sections_append(const struct report *report, const struct report_pictures *pictures,
                            const struct report_history *history, const char *folder,
                            struct text *html, struct error *error)
{
    struct text verdict = {0};
    report_append_verdict(report, &verdict);
    text_append(html, "<header>\n<h1>Wavegauge report</h1>\n<p class=\"verdict %s\">%s</p>\n",
                report_count_failures(report) > 0 ? "fail" : "pass", text_get(&verdict));
    text_free(&verdict);
    append_navigation(report, history->count > 0, html);
    text_append(html, "</header>\n<main>\n<section id=\"overview\" "
                      "aria-labelledby=\"overview-title\">\n<h2 "
                      "id=\"overview-title\">Overview</h2>\n");
    bool good = append_counts(report, html, error);
    append_environment(report, html);
    text_append(html, "</section>\n");
    if (report->has_baseline)
        append_changes(report, html);
    append_failures(report, html);
    report_history_append(history, folder, html);
    append_plots(pictures, folder, html);
    append_kernels(report, html);
    text_append(html, "</main>\n");
    return good;
}
