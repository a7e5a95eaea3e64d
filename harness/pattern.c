#include "pattern.h"

#include <stdlib.h>
#include <string.h>

static bool complete(char **text)
{
    if (*text == NULL)
        *text = strdup("");
    return *text != NULL;
}

bool pattern_complete(struct pattern *pattern)
{
    return complete(&pattern->class_name) && complete(&pattern->detail) &&
           complete(&pattern->probe) && complete(&pattern->extent) && complete(&pattern->map) &&
           complete(&pattern->heat_map);
}

void pattern_free(struct pattern *pattern)
{
    free(pattern->class_name);
    free(pattern->detail);
    free(pattern->probe);
    free(pattern->extent);
    free(pattern->map);
    free(pattern->heat_map);
    *pattern = (struct pattern){0};
}

static void append_line(struct text *text, const char *before, const char *line)
{
    if (line != NULL && line[0] != '\0')
        text_append(text, "%s%s%s", text->length > 0 ? "\n" : "", before, line);
}

static void append_class(const struct pattern *pattern, struct text *text)
{
    const char *class_name = pattern->class_name != NULL ? pattern->class_name : "";
    const bool known = strcmp(class_name, "unknown") != 0;
    if (class_name[0] == '\0') {
        append_line(text, "", pattern->detail);
        return;
    }
    append_line(text, "looks like: ", known ? class_name : "none of the known patterns");
    if (pattern->detail != NULL && pattern->detail[0] != '\0')
        text_append(text, " (%s%s)",
                    !known               ? ""
                    : pattern->confirmed ? "confirmed: "
                                         : "not confirmed: ",
                    pattern->detail);
}

void pattern_describe(const struct pattern *pattern, bool with_map, struct text *text)
{
    append_class(pattern, text);
    append_line(text, "", pattern->probe);
    append_line(text, "", pattern->extent);
    if (with_map)
        append_line(text, "", pattern->map);
    append_line(text, "heat map: ", pattern->heat_map);
    const char *ending = pattern->heat_map != NULL ? strrchr(pattern->heat_map, '.') : NULL;
    if (ending != NULL && strcmp(ending, ".gnuplot") == 0)
        text_append(text, " (a script: gnuplot, which draws it, is not installed or failed)");
}
