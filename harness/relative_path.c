#include "relative_path.h"

#include "text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

// How much of both paths are folders that they share, with the slash at the end.
static size_t shared_length(const char *folder, const char *file)
{
    size_t length = 0;
    for (size_t i = 0; folder[i] == file[i] && file[i] != '\0'; i++) {
        if (file[i] == '/')
            length = i + 1;
    }
    return length;
}

static char *make_relative(const char *folder, const char *file)
{
    struct text text = {0};
    char *slashed = format_text("%s%s", folder, folder[1] != '\0' ? "/" : "");
    if (slashed == NULL)
        return NULL;
    size_t shared = shared_length(slashed, file);
    for (const char *rest = slashed + shared; shared > 1 && *rest != '\0'; rest++) {
        if (*rest == '/')
            text_append(&text, "../");
    }
    text_append(&text, "%s", shared > 1 ? file + shared : file);
    free(slashed);
    if (text.failed)
        text_free(&text);
    return text.data;
}

char *relative_path(const char *folder, const char *file, struct error *error)
{
    char *from = realpath(folder, NULL), *path = NULL, *result = NULL;
    if (from == NULL)
        error_set(error, EXIT_USAGE, "cannot write to the folder %s: %s", folder, strerror(errno));
    else if ((path = realpath(file, NULL)) == NULL)
        error_set(error, EXIT_USAGE, "cannot read %s: %s", file, strerror(errno));
    else if ((result = make_relative(from, path)) == NULL)
        error_out_of_memory(error);
    free(from);
    free(path);
    return result;
}
