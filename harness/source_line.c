#include "source_line.h"

#include "file_bytes.h"

#include <string.h>

// A line without its blanks.
static void squeeze(const char *line, size_t length, char *text, size_t capacity)
{
    size_t used = 0;
    for (size_t i = 0; i < length && used + 1 < capacity; i++) {
        if (strchr(" \t\\\r", line[i]) == NULL)
            text[used++] = line[i];
    }
    text[used] = '\0';
}

static void join_tokens(const struct kernel_text *kernel, size_t first, size_t end, char *text,
                        size_t capacity)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = first; i < end && i < kernel->token_count; i++) {
        const struct token *token = &kernel->tokens[i];
        if (used + token->length + 1 >= capacity)
            return;
        memcpy(text + used, token->start, token->length);
        used += token->length;
        text[used] = '\0';
    }
}

// The first line inside a macro that holds the text, 0 for none; `line` when that line itself does.
static int find_line(const char *contents, const char *text, int line)
{
    char squeezed[2048];
    bool in_macro = false;
    int number = 1, found = 0;
    for (const char *next = contents; *next != '\0'; number++) {
        size_t length = strcspn(next, "\n");
        const char *start = next + strspn(next, " \t");
        bool begins =
            *start == '#' && strncmp(start + 1 + strspn(start + 1, " \t"), "define", 6) == 0;
        squeeze(next, length, squeezed, sizeof squeezed);
        bool holds = strstr(squeezed, text) != NULL;
        if (holds && number == line)
            return line;
        if (holds && found == 0 && (in_macro || begins))
            found = number;
        in_macro = (in_macro || begins) && length > 0 && next[length - 1] == '\\';
        next += length + (next[length] == '\n');
    }
    return found;
}

int source_line_of_tokens(const struct kernel_text *kernel, const struct edit *edit)
{
    const struct token *token = &kernel->tokens[edit->first];
    struct text contents = {0};
    char text[512];
    int found = 0;
    if (file_read(kernel->files[token->file], &contents, NULL)) {
        // The more neighbours agree, the surer; parameters of the macro do not.
        for (size_t around = 4; found == 0 && around > 0; around--) {
            size_t before = around / 2 < edit->first ? around / 2 : edit->first;
            join_tokens(kernel, edit->first - before, edit->first + around - around / 2, text,
                        sizeof text);
            found = find_line(text_get(&contents), text, token->line);
        }
        join_tokens(kernel, edit->first, edit->first + 1, text, sizeof text);
        if (find_line(text_get(&contents), text, token->line) == token->line)
            found = token->line;
    }
    text_free(&contents);
    return found > 0 ? found : token->line;
}
