// wavegauge report: results as a page, a comment and plots.
#include "commands.h"

#include "file_bytes.h"
#include "options.h"
#include "program_path.h"
#include "report_history.h"
#include "report_markdown.h"
#include "report_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OUTPUT, BASELINE, THRESHOLD, HISTORY, OPTION_COUNT };

static const struct option_entry table[OPTION_COUNT] = {
    [OUTPUT] = {"-o", "DIR", "the folder to write to; made when it is not there"},
    [BASELINE] = {"--baseline", "F", "an older result, to say what changed"},
    [THRESHOLD] = {"--threshold", "P", "times that differ by less are the same; 2% unless given"},
    [HISTORY] = {"--history", "F",
                 "of wavegauge history: show how cases that fail or jumped were before"},
};

static const char usage[] = "report RESULT.json... -o DIR [options]";
static const char about[] =
    "Makes of what run, bench, bisect and bench/peers.py wrote with --json: DIR/index.html, one "
    "page with all in it, to be opened from anywhere, with failures first, plots, and tables of "
    "the cases to sort and filter; DIR/report.md, for a comment under a pull request, below 65,536 "
    "characters; and DIR/plots, the plots as PNG and SVG, with their data and gnuplot scripts: "
    "edit one, then run gnuplot on it in that folder.\n\n"
    "Give the files of several devices, shards and commands together; those of one device are "
    "joined case by case, and what bisect found stands with its case's failure.";

static const struct command_example examples[] = {
    {"wavegauge report run.json bench.json torch.json -o report", "errors, times, and others'"},
    {"wavegauge report run.json bisect.json --baseline old.json -o report",
     "with what bisect found, and what changed since"},
    {NULL, NULL},
};

static const char exit_status[] =
    "0 the report is there, whatever it says, 1 it could not be written, 2 wrong usage or files "
    "that are no results, 3 the templates (the folder reports) are not there.";

// The page last: what it leads to is there when it is.
static bool write_report(const struct report *report, const char *folder, const char *history_path,
                         struct error *error)
{
    char reports[4096];
    struct report_pictures pictures;
    struct report_history history = {0};
    struct text page = {0}, comment = {0};
    if (!program_reports_folder(reports, sizeof reports))
        return error_set(error, EXIT_MISSING,
                         "the folder 'reports' with the templates is not beside the program; "
                         "WAVEGAUGE_REPORTS can say where it is");
    bool good = make_folders(folder, error) &&
                report_pictures_make(report, reports, folder, &pictures, error) &&
                (history_path == NULL ||
                 report_history_make(report, history_path, folder, &history, error)) &&
                report_markdown_append(report, MARKDOWN_LIMIT, &comment, error) &&
                file_write_text(format_text("%s/report.md", folder), &comment, error) &&
                report_page_append(report, &pictures, &history, reports, folder, &page, error) &&
                file_write_text(format_text("%s/index.html", folder), &page, error);
    if (good)
        printf("%s/index.html\n%s/report.md\n", folder, folder);
    report_history_free(&history);
    text_free(&page);
    text_free(&comment);
    return good;
}

static bool compare(struct report *report, struct report *baseline,
                    const struct option_values *values, struct error *error)
{
    const char *threshold_text = values->values[THRESHOLD];
    double threshold = 0.02;
    if (threshold_text != NULL && !share_parse("--threshold", threshold_text, 0, &threshold, error))
        return false;
    return values->values[BASELINE] == NULL ||
           (report_read(baseline, &values->values[BASELINE], 1, error) &&
            report_compare(report, baseline, threshold, error));
}

static int make_report(const struct option_values *values)
{
    struct error error;
    struct report report = {0}, baseline = {0};
    bool good = true;
    if (values->word_count == 0)
        good = error_set(&error, EXIT_USAGE, "report needs the files to report on: %s", usage);
    else if (values->values[OUTPUT] == NULL)
        good = error_set(&error, EXIT_USAGE, "report needs -o DIR: %s", usage);
    good = good && report_read(&report, values->words, values->word_count, &error) &&
           compare(&report, &baseline, values, &error) &&
           write_report(&report, values->values[OUTPUT], values->values[HISTORY], &error);
    report_free(&report);
    report_free(&baseline);
    return good ? EXIT_PASSED : report_error(&error);
}

const struct command command_report = {
    .name = "report",
    .brief = "make a page, a comment and plots of results",
    .usage = usage,
    .about = about,
    .table = table,
    .table_count = OPTION_COUNT,
    .examples = examples,
    .exit_status = exit_status,
    .run = make_report,
};
