#include "heat_map.h"

#include "file_bytes.h"
#include "gnuplot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void heat_map_append_data(const struct extent *extent, struct text *text)
{
    size_t rows, columns, first = extent_worst_matrix(extent, &rows, &columns);
    // A picture has two rows and columns at least.
    size_t lines = rows == 1 ? 2 : rows, width = columns == 1 ? 2 : columns;
    text_append(text,
                "# %zu rows of %zu; 0 right, n: off by up to 10^n times what is allowed, %d: not "
                "written, NaN or infinity\n",
                rows, columns, LEVEL_OTHER_KIND);
    for (size_t row = 0; row < lines; row++) {
        for (size_t column = 0; column < width; column++) {
            size_t index = first + row % rows * columns + column % columns;
            text_append(text, "%s%d", column > 0 ? " " : "",
                        index < extent->view.count ? extent->levels[index] : LEVEL_RIGHT);
        }
        text_append(text, "\n");
    }
}

static void append_label(struct text *text, const char *axis, const struct tensor_view *view,
                         size_t from_last)
{
    text_append(text, "set %s \"", axis);
    gnuplot_append_quoted(text,
                          view->rank > from_last ? view->axes[view->rank - 1 - from_last] : "");
    text_append(text, "\" noenhanced\n");
}

void heat_map_append_script(const struct extent *extent, const char *name, const char *title,
                            struct text *text)
{
    text_append(text, "# gnuplot, run in this folder on this file, makes the pictures beside it.\n"
                      "if (!exists(\"folder\")) folder = \".\"\n"
                      "set title \"");
    gnuplot_append_quoted(text, title);
    text_append(text, "\" noenhanced\n");
    append_label(text, "xlabel", &extent->view, 0);
    append_label(text, "ylabel", &extent->view, 1);
    text_append(
        text,
        "set yrange [*:*] reverse\n"
        "set autoscale fix\n"
        "set tics out\n"
        "set cbrange [0:%d]\n"
        "set palette defined (0 \"#f4f4f4\", 1 \"#fff0b0\", 3 \"#fdae61\", 6 \"#d7301f\", 8 "
        "\"#7f0000\", 9 \"#3f007d\")\n"
        "set cbtics (\"right\" 0, \"10x\" 1, \"100x\" 2, \"1e3\" 3, \"1e4\" 4, \"1e5\" 5, "
        "\"1e6\" 6, \"1e7\" 7, \"more\" 8, \"no number\" 9)\n"
        "set rmargin at screen 0.76\n"
        "set cblabel \"times the allowed error\" offset 1\n",
        LEVEL_OTHER_KIND);
    for (int svg = 0; svg < 2; svg++)
        text_append(text,
                    "set terminal %s size 1000,700\n"
                    "set output folder.\"/%s.%s\"\n"
                    "plot folder.\"/%s.dat\" matrix with image notitle\n"
                    "unset output\n",
                    svg ? "svg" : "pngcairo", name, svg ? "svg" : "png", name);
}

static bool write_files(const struct extent *extent, const char *folder, const char *name,
                        const char *title, struct error *error)
{
    struct text data = {0}, script = {0};
    heat_map_append_data(extent, &data);
    heat_map_append_script(extent, name, title, &script);
    bool good = make_folders(folder, error) &&
                file_write_text(format_text("%s/%s.dat", folder, name), &data, error) &&
                file_write_text(format_text("%s/%s.gnuplot", folder, name), &script, error);
    text_free(&data);
    text_free(&script);
    return good;
}

// Whether there is a picture now.
static bool draw(const char *folder, const char *name)
{
    char *script = format_text("%s/%s.gnuplot", folder, name);
    bool good = script != NULL && gnuplot_run(folder, script, NULL);
    free(script);
    return good;
}

bool heat_map_write(const struct extent *extent, const char *folder, const char *case_id,
                    const char *title, char **path, struct error *error)
{
    char *name = text_as_file_name(case_id);
    *path = NULL;
    if (name == NULL)
        return error_out_of_memory(error);
    bool good = write_files(extent, folder, name, title, error);
    if (good)
        *path = format_text("%s/%s.%s", folder, name, draw(folder, name) ? "png" : "gnuplot");
    free(name);
    return good;
}
