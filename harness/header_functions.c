#include "header_functions.h"

#include <ctype.h>
#include <string.h>

enum { MAX_DEPTH = 128 };

// Where in the headers the scan is.
struct scope {
    unsigned depth;                 // of brackets
    unsigned outer;                 // of them, those in which names are still global
    bool is_transparent[MAX_DEPTH]; // `extern "C" {`
};

static bool is_word_character(char character)
{
    return isalnum((unsigned char)character) || character == '_';
}

// Whether `extern "C"` stands before the bracket.
static bool is_linkage(const char *start, const char *bracket)
{
    while (bracket > start && isspace((unsigned char)bracket[-1]))
        bracket--;
    return bracket > start && bracket[-1] == '"';
}

static void open_bracket(struct scope *scope, const char *start, const char *bracket)
{
    bool transparent = *bracket == '{' && is_linkage(start, bracket);
    if (scope->depth < MAX_DEPTH)
        scope->is_transparent[scope->depth] = transparent;
    scope->depth++;
    scope->outer += transparent;
}

static void close_bracket(struct scope *scope)
{
    if (scope->depth == 0)
        return;
    scope->depth--;
    scope->outer -= scope->depth < MAX_DEPTH && scope->is_transparent[scope->depth];
}

static void mark(struct kernel_text *kernel, const char *word, size_t length)
{
    for (size_t i = 0; i < kernel->function_count; i++) {
        const struct token *name = &kernel->tokens[kernel->functions[i].name];
        if (name->length == length && memcmp(name->start, word, length) == 0)
            kernel->functions[i].overloads_header = true;
    }
}

static const char *skip_quoted(const char *text)
{
    const char quote = *text++;
    while (*text != '\0' && *text != quote && *text != '\n')
        text += *text == '\\' && text[1] != '\0' ? 2 : 1;
    return *text == quote ? text + 1 : text;
}

void header_functions_mark(struct kernel_text *kernel)
{
    struct scope scope = {.depth = 0};
    const char *start = text_get(&kernel->prefix);
    for (const char *next = start; *next != '\0';) {
        size_t length = 0;
        while (is_word_character(next[length]))
            length++;
        if (*next == '#' && (next == start || next[-1] == '\n')) {
            next += strcspn(next, "\n");
        } else if (*next == '"' || *next == '\'') {
            next = skip_quoted(next);
        } else if (length > 0) {
            size_t behind = length + strspn(next + length, " \n");
            if (next[behind] == '(' && scope.depth == scope.outer)
                mark(kernel, next, length);
            next += length;
        } else {
            if (strchr("({[", *next) != NULL)
                open_bracket(&scope, start, next);
            else if (strchr(")}]", *next) != NULL)
                close_bracket(&scope);
            next++;
        }
    }
}
