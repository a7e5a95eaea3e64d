#include "report_pictures.h"

#include "file_bytes.h"
#include "gnuplot.h"
#include "scratch_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char common_script[] = "style.gnuplot";
static const char *const kinds[] = {"png", "svg"};

// The folders that a picture goes through. It is drawn in `scratch`, so that one that is cut short
// never stands where it is looked for.
struct places {
    const char *reports;
    char folder[4096], scratch[4096];
    bool can_draw;
};

static char *path_of(const char *folder, const char *name, const char *ending)
{
    return format_text("%s/%s%s%s", folder, name, ending[0] != '\0' ? "." : "", ending);
}

static bool write_both(const struct places *places, const char *name, const char *ending,
                       const struct text *bytes, struct error *error)
{
    return file_write_text(path_of(places->folder, name, ending), bytes, error) &&
           file_write_text(path_of(places->scratch, name, ending), bytes, error);
}

static bool copy_script(const struct places *places, const char *name, const char *ending,
                        struct error *error)
{
    struct text script = {0};
    char *folder = format_text("%s/plots", places->reports);
    char *path = folder != NULL ? path_of(folder, name, ending) : NULL;
    bool good = path != NULL ? file_read(path, &script, error) : error_out_of_memory(error);
    good = good && write_both(places, name, ending, &script, error);
    text_free(&script);
    free(path);
    free(folder);
    return good;
}

static bool run_script(const struct places *places, const char *name)
{
    struct error error = {.text = ""};
    char *script = path_of(places->scratch, name, "gnuplot");
    bool good = script != NULL && gnuplot_run(places->scratch, script, &error);
    if (!good)
        fprintf(stderr, "wavegauge: there is no picture of %s: %s\n", name, error.text);
    free(script);
    return good;
}

static bool is_whole(const struct text *picture, const char *kind)
{
    const char *end = strcmp(kind, "png") == 0 ? "IEND" : "</svg>";
    for (size_t back = 6; back <= 16 && back <= picture->length; back++) {
        if (memcmp(picture->data + picture->length - back, end, strlen(end)) == 0)
            return true;
    }
    return picture->length >= 8 &&
           memcmp(picture->data + picture->length - 8, end, strlen(end)) == 0;
}

static bool keep_picture(const struct places *places, const char *name, const char *kind,
                         bool *whole, struct error *error)
{
    struct text picture = {0};
    char *path = path_of(places->scratch, name, kind);
    *whole = path != NULL && file_read(path, &picture, NULL) && is_whole(&picture, kind);
    bool good = !*whole || file_write_text(path_of(places->folder, name, kind), &picture, error);
    text_free(&picture);
    free(path);
    return good;
}

static bool draw(const struct places *places, const char *name, bool *drawn, struct error *error)
{
    bool whole = places->can_draw && run_script(places, name);
    bool good = true;
    for (size_t i = 0; whole && good && i < sizeof kinds / sizeof *kinds; i++)
        good = keep_picture(places, name, kinds[i], &whole, error);
    *drawn = whole;
    return good;
}

// Those of an older report in the same folder would show what is not in this one.
static void remove_file(const struct places *places, const char *name, const char *ending)
{
    char *path = path_of(places->folder, name, ending);
    if (path != NULL)
        unlink(path);
    free(path);
}

static void remove_old(const struct places *places, const struct report_plot *plot, bool has_data)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        remove_file(places, plot->name, kinds[i]);
    if (has_data)
        return;
    remove_file(places, plot->name, "dat");
    remove_file(places, plot->name, "gnuplot");
    if (plot->more_name != NULL)
        remove_file(places, plot->more_name, "dat");
}

static bool make_plot(const struct report *report, const struct report_plot *plot,
                      const struct places *places, struct report_pictures *pictures,
                      struct error *error)
{
    struct text data = {0}, more = {0};
    size_t number = (size_t)(plot - report_plots);
    plot->append_data(report, &data);
    if (plot->more_name != NULL)
        plot->append_more(report, &more);
    bool any = data.length > 0 || data.failed, good = true;
    if (any)
        good =
            write_both(places, plot->name, "dat", &data, error) &&
            (plot->more_name == NULL || write_both(places, plot->more_name, "dat", &more, error)) &&
            copy_script(places, plot->name, "gnuplot", error) &&
            draw(places, plot->name, &pictures->drawn[number], error);
    pictures->has_data[number] = any;
    if (good && !pictures->drawn[number])
        remove_old(places, plot, any);
    text_free(&data);
    text_free(&more);
    return good;
}

static bool make_plots(const struct report *report, struct places *places,
                       struct report_pictures *pictures, struct error *error)
{
    places->can_draw = gnuplot_is_there();
    bool good =
        make_folders(places->folder, error) && copy_script(places, common_script, "", error);
    for (size_t i = 0; good && i < REPORT_PLOT_COUNT; i++)
        good = make_plot(report, &report_plots[i], places, pictures, error);
    if (good && !places->can_draw)
        fprintf(stderr,
                "wavegauge: gnuplot is not installed, so there are no plots in the report; install "
                "it (gnuplot-nox on Debian) and make the report again\n");
    return good;
}

bool report_pictures_make(const struct report *report, const char *reports, const char *folder,
                          struct report_pictures *pictures, struct error *error)
{
    struct places places = {.reports = reports};
    *pictures = (struct report_pictures){0};
    snprintf(places.folder, sizeof places.folder, "%s/plots", folder);
    if (!scratch_tree_create("wavegauge-report", places.scratch, sizeof places.scratch, error))
        return false;
    bool good = make_plots(report, &places, pictures, error);
    scratch_tree_remove(places.scratch);
    return good;
}
