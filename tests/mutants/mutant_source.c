#include "mutant_source.h"

#include "harness/file_bytes.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_space(char c)
{
    return isspace((unsigned char)c) != 0;
}

// White space of a source: also where a line of a macro goes on.
static size_t space_length(const char *c)
{
    if (c[0] == '\\' && c[1] == '\n')
        return 2;
    return is_space(c[0]) ? 1 : 0;
}

// The length of the source at `place` that is `wanted`, or 0. White space in `wanted` stands for
// any amount of it, at least one. offsets[i], unless NULL, is where wanted[i] begins in the source.
static size_t match(const char *place, const char *wanted, size_t *offsets)
{
    const char *c = place;
    for (size_t i = 0; wanted[i] != '\0'; i++) {
        if (offsets != NULL)
            offsets[i] = (size_t)(c - place);
        if (!is_space(wanted[i])) {
            if (*c++ != wanted[i])
                return 0;
            continue;
        }
        if (is_space(wanted[i + 1]))
            continue;
        if (space_length(c) == 0)
            return 0;
        for (size_t step; (step = space_length(c)) > 0;)
            c += step;
    }
    return (size_t)(c - place);
}

// The one place where `wanted` stands.
static bool find_once(const struct mutant *mutant, const char *source, const char *wanted,
                      const char **found, struct error *error)
{
    size_t count = 0;
    for (const char *c = source; *c != '\0'; c++) {
        if (match(c, wanted, NULL) == 0)
            continue;
        *found = c;
        count++;
    }
    return count == 1 || case_file_error(mutant->kernel->file, mutant->position, error,
                                         "the mutant '%s' needs a text that stands in %s once, "
                                         "it stands there %zu times: %s",
                                         mutant->name, mutant->source, count, wanted);
}

static int line_of(const char *source, const char *place)
{
    int line = 1;
    for (const char *c = source; c < place; c++)
        line += *c == '\n';
    return line;
}

// How many characters two texts have in common at their start, and after it at their end.
static void common_ends(const char *a, const char *b, size_t *start, size_t *end)
{
    size_t a_length = strlen(a), b_length = strlen(b);
    *start = *end = 0;
    while (a[*start] != '\0' && a[*start] == b[*start])
        ++*start;
    while (*start + *end < a_length && *start + *end < b_length &&
           a[a_length - 1 - *end] == b[b_length - 1 - *end])
        ++*end;
}

// What stands between `from` and `to` becomes `replacement`; line ends that go away come after it.
static void splice(const char *source, const char *from, const char *to, const char *replacement,
                   size_t replacement_length, struct text *result)
{
    int lines = 0;
    text_append_bytes(result, source, (size_t)(from - source));
    text_append_bytes(result, replacement, replacement_length);
    for (const char *c = from; c < to; c++)
        lines += *c == '\n';
    for (size_t i = 0; i < replacement_length; i++)
        lines -= replacement[i] == '\n';
    // A line of a macro goes on after it.
    const char *line_end = memchr(from, '\n', (size_t)(to - from));
    const bool is_macro = line_end != NULL && line_end > source && line_end[-1] == '\\';
    for (; lines > 0; lines--)
        text_append(result, is_macro ? " \\\n" : "\n");
    text_append_bytes(result, to, strlen(to));
}

static bool replace(const struct mutant *mutant, const char *source, struct mutated *mutated,
                    struct error *error)
{
    const char *place = NULL;
    size_t start, end;
    if (!find_once(mutant, source, mutant->find, &place, error))
        return false;
    size_t length = strlen(mutant->find);
    size_t *offsets = calloc(length + 1, sizeof *offsets);
    if (offsets == NULL)
        return error_out_of_memory(error);
    offsets[length] = match(place, mutant->find, offsets);
    common_ends(mutant->find, mutant->replace, &start, &end);
    const char *from = place + offsets[start], *to = place + offsets[length - end];
    splice(source, from, to, mutant->replace + start, strlen(mutant->replace) - start - end,
           &mutated->source);
    // The mistake begins with the first thing that is to be seen.
    for (size_t step; from < to && (step = space_length(from)) > 0;)
        from += step;
    mutated->line = line_of(source, from);
    free(offsets);
    if (strcmp(mutant->find, mutant->replace) == 0)
        return case_file_error(mutant->kernel->file, mutant->position, error,
                               "the mutant '%s' replaces a text by itself", mutant->name);
    if (mutant->also_at == NULL)
        return true;
    if (!find_once(mutant, source, mutant->also_at, &place, error))
        return false;
    mutated->also_line = line_of(source, place);
    return true;
}

const char *mutant_host(const struct mutant *mutant, const struct mutant_hosts *hosts)
{
    return mutant != NULL && mutant->tuned ? hosts->tuned : hosts->simple;
}

bool mutant_apply(const struct mutant *mutant, const struct mutant_hosts *hosts,
                  struct mutated *mutated, struct error *error)
{
    char path[4400];
    struct text source = {0};
    *mutated = (struct mutated){0};
    snprintf(path, sizeof path, "%s/%s", mutant_host(mutant, hosts), mutant->source);
    if (access(path, F_OK) != 0)
        snprintf(path, sizeof path, "%s/%s", hosts->tuned, mutant->source);
    bool good =
        file_read(path, &source, error) && replace(mutant, text_get(&source), mutated, error);
    if (good && (source.failed || mutated->source.failed))
        good = error_out_of_memory(error);
    text_free(&source);
    if (!good)
        mutated_free(mutated);
    return good;
}

void mutated_free(struct mutated *mutated)
{
    text_free(&mutated->source);
}

void leave_out_dtypes(const struct mutant_kernel *kernel, struct text *source)
{
    for (size_t i = 0; source->length > 0 && i < kernel->dtype_line_count; i++) {
        const char *line = kernel->dtype_lines[i];
        for (char *c = source->data; (c = strstr(c, line)) != NULL;) {
            if (c == source->data || c[-1] == '\n')
                memset(c, ' ', strcspn(c, "\n"));
            else
                c++;
        }
    }
}
