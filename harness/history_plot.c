#include "history_plot.h"

#include "file_bytes.h"
#include "gnuplot.h"
#include "history_table.h"
#include "program_path.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

enum { MOST_LABELS = 24 };

static void append_number(struct text *text, bool there, double number)
{
    if (there && isfinite(number))
        text_append(text, " %.9g", number);
    else
        text_append(text, " NaN");
}

static void append_row(struct text *text, size_t index, size_t count,
                       const struct history_point *point, const struct history_jump *jump)
{
    const bool error = history_point_has_error(point, point), time = point->time.count > 0;
    const size_t step = (count + MOST_LABELS - 1) / MOST_LABELS;
    const bool labelled = (count - 1 - index) % step == 0;
    char commit[12];
    struct text mark = {0};
    history_jump_append(jump, point, &mark);
    history_commit_shown(point->run, commit);
    text_append(text, "%zu %s %s %s", index + 1, point->run->date, commit,
                status_name(point->status));
    append_number(text, error, point->tolerance_ratio);
    append_number(text, time, point->time.median);
    append_number(text, time, point->time.low);
    append_number(text, time, point->time.high);
    text_append(text, " %d %d %d", point->status == STATUS_PASS, jump->status || jump->has_error,
                jump->has_time);
    text_append(text, labelled ? " \"%.10s %s\"" : " \"\"", point->run->date, commit);
    text_append(text, " \"");
    gnuplot_append_quoted(text, text_get(&mark));
    text_append(text, "\"\n");
    text_free(&mark);
}

static bool write_data(const struct history_plot *plot, const char *name,
                       const struct history_series *series, const struct history_jump *jumps,
                       struct error *error)
{
    struct text data = {0};
    text_append(&data, "# run date commit status error median_us low_us high_us passed error_jump "
                       "time_jump label jump\n");
    for (size_t i = 0; i < series->count; i++)
        append_row(&data, i, series->count, &series->points[i], &jumps[i]);
    bool good = file_write_text(format_text("%s/%s.dat", plot->folder, name), &data, error);
    text_free(&data);
    return good;
}

static void append_entry(struct history_plot *plot, const char *name,
                         const struct history_series *series)
{
    const struct history_run *run = series->points[0].run;
    bool errors = false, times = false;
    for (size_t i = 0; i < series->count; i++) {
        const struct history_point *point = &series->points[i];
        errors =
            errors || (history_point_has_error(point, point) && isfinite(point->tolerance_ratio));
        times = times || point->time.count > 0;
    }
    text_append(&plot->list, "count = %zu\nname[count] = \"", plot->count);
    gnuplot_append_quoted(&plot->list, name);
    text_append(&plot->list, "\"\ntitle[count] = \"");
    gnuplot_append_quoted(&plot->list, series->id);
    text_append(&plot->list, "\\n");
    gnuplot_append_quoted(&plot->list, run->machine_name);
    text_append(&plot->list, ", %s\"\nhas_error[count] = %d\nhas_time[count] = %d\n", run->kind,
                errors, times);
}

// The same case has a picture for each machine and kind.
char *history_plot_name(const struct history_series *series)
{
    const struct history_run *run = series->points[0].run;
    char *cleaned = text_as_file_name(series->id);
    char *name = cleaned != NULL
                     ? format_text("%s.%s-%lld", cleaned, run->kind, (long long)run->machine)
                     : NULL;
    free(cleaned);
    return name;
}

bool history_plot_add(struct history_plot *plot, const struct history_series *series,
                      const struct history_jump *jumps, struct error *error)
{
    if (plot->count == HISTORY_MOST_PICTURES)
        return error_set(error, EXIT_USAGE,
                         "-o draws at most %d pictures; select fewer cases, or those with --jumps",
                         HISTORY_MOST_PICTURES);
    if (plot->count == 0 && !make_folders(plot->folder, error))
        return false;
    char *name = history_plot_name(series);
    bool good =
        name != NULL ? write_data(plot, name, series, jumps, error) : error_out_of_memory(error);
    if (good) {
        if (plot->count++ == 0)
            text_append(&plot->list,
                        "# What history.gnuplot draws.\narray name[%d]\narray title[%d]\n"
                        "array has_error[%d]\narray has_time[%d]\n",
                        HISTORY_MOST_PICTURES, HISTORY_MOST_PICTURES, HISTORY_MOST_PICTURES,
                        HISTORY_MOST_PICTURES);
        append_entry(plot, name, series);
    }
    free(name);
    return good;
}

static bool copy_script(const char *folder, const char *target, struct error *error)
{
    char reports[4096];
    struct text script = {0};
    if (access(target, F_OK) == 0)
        return true;
    if (!program_reports_folder(reports, sizeof reports))
        return error_set(error, EXIT_MISSING,
                         "the folder reports is not there; it belongs beside this program, or name "
                         "it by WAVEGAUGE_REPORTS");
    char *path = format_text("%s/plots/history.gnuplot", reports);
    bool good = path != NULL ? file_read(path, &script, error) : error_out_of_memory(error);
    good = good && file_write_text(format_text("%s/history.gnuplot", folder), &script, error);
    text_free(&script);
    free(path);
    return good;
}

bool history_plot_draw(struct history_plot *plot, struct error *error)
{
    if (plot->count == 0)
        return true;
    char *script = format_text("%s/history.gnuplot", plot->folder);
    bool good = script != NULL ? file_write_text(format_text("%s/cases.gnuplot", plot->folder),
                                                 &plot->list, error) &&
                                     copy_script(plot->folder, script, error) &&
                                     gnuplot_run(plot->folder, script, error)
                               : error_out_of_memory(error);
    free(script);
    return good;
}

void history_plot_free(struct history_plot *plot)
{
    text_free(&plot->list);
}
