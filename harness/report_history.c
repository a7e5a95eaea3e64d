#include "report_history.h"

#include "history_jumps.h"
#include "history_plot.h"
#include "history_runs.h"
#include "history_series.h"
#include "history_table.h"
#include "report_failure.h"
#include "xml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WAIT_SECONDS = 10 };

struct reading {
    const struct report *report;
    struct report_history *history;
    struct history_plot plot;
    bool wants_failed; // the cases that failed, else those that did not
};

static bool find(const struct report *report, const char *id, bool *failed)
{
    bool found = false;
    *failed = false;
    for (size_t i = 0; i < report->count; i++) {
        if (strcmp(report->cases[i].id, id) != 0)
            continue;
        found = true;
        *failed = *failed || report_case_failed(&report->cases[i]);
    }
    return found;
}

static char *describe(const struct history_series *series, const struct history_jump *jumps)
{
    const struct history_run *run = series->points[0].run;
    struct text about = {0};
    text_append(&about, "%s, %zu results of %s, %.10s to %.10s.", run->machine_name, series->count,
                run->kind, run->date, series->points[series->count - 1].run->date);
    for (size_t i = 0; i < series->count; i++) {
        char commit[12];
        struct text jump = {0};
        if (!history_jump_is_there(&jumps[i]))
            continue;
        history_jump_append(&jumps[i], &series->points[i], &jump);
        text_append(&about, " %.10s, commit %s: %s.", series->points[i].run->date,
                    history_commit_shown(series->points[i].run, commit), text_get(&jump));
        text_free(&jump);
    }
    return about.failed ? (text_free(&about), NULL) : about.data;
}

static bool keep(struct reading *reading, const struct history_series *series,
                 const struct history_jump *jumps, struct error *error)
{
    struct report_history *history = reading->history;
    if (history->count == MOST_REPORT_HISTORIES) {
        history->left_out++;
        return true;
    }
    struct report_history_entry *entry = &history->entries[history->count++];
    *entry = (struct report_history_entry){.id = strdup(series->id),
                                           .name = history_plot_name(series),
                                           .about = describe(series, jumps),
                                           .failed = reading->wants_failed};
    if (entry->id == NULL || entry->name == NULL || entry->about == NULL)
        return error_out_of_memory(error);
    return history_plot_add(&reading->plot, series, jumps, error);
}

static bool visit(void *context, const struct history_series *series, struct error *error)
{
    struct reading *reading = context;
    struct history_series shown = history_series_last(series, HISTORY_SHOWN_RUNS);
    bool failed, jumped = false;
    if (!find(reading->report, series->id, &failed) || failed != reading->wants_failed ||
        series->count < 2)
        return true;
    struct history_jump *jumps = calloc(shown.count, sizeof *jumps);
    bool good = jumps != NULL ? history_jumps_find(&shown, &history_usual_rules, jumps, error)
                              : error_out_of_memory(error);
    for (size_t i = 0; good && i < shown.count; i++)
        jumped = jumped || history_jump_is_there(&jumps[i]);
    if (good && (failed || jumped))
        good = keep(reading, &shown, jumps, error);
    free(jumps);
    return good;
}

static void draw(struct history_plot *plot, struct report_history *history)
{
    struct error error = {.text = ""};
    history->drawn = history_plot_draw(plot, &error);
    if (!history->drawn)
        fprintf(stderr, "wavegauge: there are no pictures of the history: %s\n", error.text);
}

bool report_history_make(const struct report *report, const char *path, const char *folder,
                         struct report_history *history, struct error *error)
{
    struct history_store store = {0};
    struct history_runs runs = {0};
    const struct history_filter all = {0};
    char *pictures = format_text("%s/plots/history", folder);
    struct reading reading = {report, history, {.folder = pictures}, true};
    bool good = (pictures != NULL || error_out_of_memory(error)) &&
                history_store_open(&store, path, WAIT_SECONDS, error) &&
                history_runs_read(&store, &all, &runs, error) &&
                history_series_read(&store, &all, &runs, visit, &reading, error);
    reading.wants_failed = false;
    good = good && history_series_read(&store, &all, &runs, visit, &reading, error);
    if (good)
        draw(&reading.plot, history);
    history_plot_free(&reading.plot);
    history_runs_free(&runs);
    history_store_close(&store);
    free(pictures);
    return good;
}

static void append_entry(const struct report_history *history,
                         const struct report_history_entry *entry, const char *folder,
                         struct text *html)
{
    char *picture = format_text("%s/plots/history/%s.svg", folder, entry->name);
    text_append(html, "<figure>\n<h3>");
    xml_append_escaped(html, entry->id);
    text_append(html, "%s</h3>\n",
                entry->failed ? " <span class=\"status fail\">fails</span>" : "");
    if (history->drawn && picture != NULL)
        html_append_picture(html, picture, entry->id);
    text_append(html, "<figcaption>");
    xml_append_escaped(html, entry->about);
    text_append(html, "</figcaption>\n</figure>\n");
    free(picture);
}

void report_history_append(const struct report_history *history, const char *folder,
                           struct text *html)
{
    if (history->count == 0)
        return;
    text_append(html, "<section id=\"history\" aria-labelledby=\"history-title\">\n"
                      "<h2 id=\"history-title\">Over time</h2>\n<p>Cases of this report that fail, "
                      "or whose error or time jumped.</p>\n<div class=\"plots\">\n");
    for (size_t i = 0; i < history->count; i++)
        append_entry(history, &history->entries[i], folder, html);
    text_append(html, "</div>\n");
    if (history->left_out > 0)
        text_append(html, "<p>and %zu more; <code>wavegauge history show</code> has them.</p>\n",
                    history->left_out);
    text_append(html, "</section>\n");
}

void report_history_free(struct report_history *history)
{
    for (size_t i = 0; i < history->count; i++) {
        free(history->entries[i].id);
        free(history->entries[i].name);
        free(history->entries[i].about);
    }
    *history = (struct report_history){0};
}
