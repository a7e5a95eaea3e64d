#include "gnuplot.h"

#include "subprocess.h"

bool gnuplot_is_there(void)
{
    char program[4096];
    return find_program("gnuplot", program, sizeof program);
}

void gnuplot_append_quoted(struct text *text, const char *raw)
{
    for (; *raw != '\0'; raw++) {
        if (*raw == '"' || *raw == '\\')
            text_append(text, "\\");
        text_append(text, "%c", (unsigned char)*raw < 0x20 ? ' ' : *raw);
    }
}

bool gnuplot_run(const char *folder, const char *script, struct error *error)
{
    int status = -1;
    struct text output = {0}, setting = {0};
    if (!gnuplot_is_there())
        return error_set(error, EXIT_MISSING,
                         "gnuplot is not installed (Debian: apt-get install gnuplot-nox); the data "
                         "and the script that draws it are in %s",
                         folder);
    text_append(&setting, "folder = \"");
    gnuplot_append_quoted(&setting, folder);
    text_append(&setting, "\"");
    const char *const arguments[] = {"gnuplot", "-e", text_get(&setting), script, NULL};
    bool good = subprocess_run(arguments, &output, &status, error);
    if (good && status != 0)
        good = error_set(error, EXIT_MISSING, "gnuplot %s ended with status %d: %s", script, status,
                         text_get(&output));
    text_free(&output);
    text_free(&setting);
    return good;
}
