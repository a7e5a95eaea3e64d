#include "annotations.h"

#include <stdlib.h>
#include <string.h>

bool annotations_wanted(void)
{
    const char *value = getenv("GITHUB_ACTIONS");
    return value != NULL && strcmp(value, "true") == 0;
}

// Text of a workflow command: `%` and line ends are written as %XX, in properties `:` and `,` too.
static void append_escaped(struct text *text, const char *raw, bool property)
{
    for (; *raw != '\0'; raw++) {
        bool special =
            *raw == '%' || *raw == '\r' || *raw == '\n' || (property && strchr(":,", *raw) != NULL);
        if (special)
            text_append(text, "%%%02X", (unsigned)*raw);
        else
            text_append_bytes(text, raw, 1);
    }
}

static const char *below(const char *path, const char *workspace)
{
    size_t length = workspace != NULL ? strlen(workspace) : 0;
    while (length > 0 && workspace[length - 1] == '/')
        length--;
    bool inside = length > 0 && strncmp(path, workspace, length) == 0 && path[length] == '/';
    return inside ? path + length + 1 : path;
}

void annotation_append(struct text *text, const struct result *result, const struct test_case *test,
                       const char *workspace)
{
    if (result->status == STATUS_PASS || result->status == STATUS_SKIP)
        return;
    const char *file = test->file->path;
    int line = test->position.line;
    const struct finding *finding = result_first_error(result);
    if (finding != NULL && finding->line > 0) {
        file = finding->file;
        line = finding->line;
    }
    char *resolved = realpath(file, NULL);
    text_append(text, "::error file=");
    append_escaped(text, below(resolved != NULL ? resolved : file, workspace), true);
    text_append(text, ",line=%d,title=", line);
    append_escaped(text, status_name(result->status), true);
    text_append(text, " ");
    append_escaped(text, result->id, true);
    text_append(text, "::");
    append_escaped(text, result->message, false);
    text_append(text, "%%0Aagain: ");
    append_escaped(text, result->repro, false);
    text_append(text, "\n");
    free(resolved);
}
