#include "edit_versions.h"

#include "code_tokens.h"
#include "edit_declaration.h"

#include <stdlib.h>
#include <string.h>

#define EDITED "__wavegauge_edited"

#define MOST 0.7

enum { MAX_VERSIONS = 64, SMALL = 30 };

// The end of the piece of a list that starts there: a comma outside brackets, or `end`.
static size_t piece_end(const struct kernel_text *kernel, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        if (token_is(kernel, i, ","))
            return i;
        if (token_opens(kernel, i) && token_has_partner(kernel, i))
            i = kernel->tokens[i].partner;
        size_t behind = token_is(kernel, i, "<") ? template_list_end(kernel, i, end) : SIZE_MAX;
        if (behind != SIZE_MAX)
            i = behind - 1;
    }
    return end;
}

// The name that `const T *name`, `int name[4]` or `typename name = int` declares, or SIZE_MAX.
static size_t declared_name(const struct kernel_text *kernel, size_t first, size_t end)
{
    static const char *const no_names[] = {"int",      "unsigned", "signed", "long",     "short",
                                           "char",     "bool",     "float",  "double",   "const",
                                           "volatile", "typename", "class",  "_Float16", NULL};
    size_t behind = first;
    while (behind < end && !token_is(kernel, behind, "=")) {
        if (token_is(kernel, behind, "(") || token_is(kernel, behind, "..."))
            return SIZE_MAX;
        behind++;
    }
    while (behind > first && token_is(kernel, behind - 1, "]") &&
           token_has_partner(kernel, behind - 1))
        behind = kernel->tokens[behind - 1].partner;
    bool named = behind > first + 1 && kernel->tokens[behind - 1].kind == TOKEN_WORD &&
                 !token_is(kernel, behind - 2, "::") &&
                 !token_is_one_of(kernel, behind - 1, no_names);
    return named ? behind - 1 : SIZE_MAX;
}

// Appends the names that a list declares, with commas; out may be NULL. False when one has none.
static bool append_names(const struct kernel_text *kernel, size_t first, size_t end,
                         struct text *out)
{
    for (size_t i = first, last; i < end; i = last + 1) {
        last = piece_end(kernel, i, end);
        size_t name = declared_name(kernel, i, last);
        if (name == SIZE_MAX)
            return false;
        if (out != NULL)
            text_append(out, "%s%.*s", i > first ? ", " : "", (int)kernel->tokens[name].length,
                        kernel->tokens[name].start);
    }
    return true;
}

// Where the list of a template's parameters ends, behind `>`; `start` when it is none.
static size_t template_end(const struct kernel_text *kernel, const struct function *function)
{
    if (!token_is(kernel, function->start, "template"))
        return function->start;
    return template_list_end(kernel, function->start + 1, function->name);
}

static bool has_readable_head(const struct kernel_text *kernel, const struct function *function)
{
    static const char *const odd[] = {"auto", "decltype", "&&", "...", "->", "requires", NULL};
    size_t open = function->parameters, close = kernel->tokens[open].partner;
    size_t behind = template_end(kernel, function);
    for (size_t i = function->start; i < function->body; i++) {
        bool second_template = i > function->start && token_is(kernel, i, "template");
        if (second_template || kernel->tokens[i].kind == TOKEN_DIRECTIVE ||
            token_is_one_of(kernel, i, odd))
            return false;
    }
    return close != SIZE_MAX && behind != SIZE_MAX && append_names(kernel, open + 1, close, NULL) &&
           (behind == function->start ||
            append_names(kernel, function->start + 2, behind - 1, NULL));
}

// Inside of a structure: the bracket around it is not that of a namespace or of extern "C".
static bool is_method(const struct kernel_text *kernel, const struct function *function)
{
    for (size_t i = 0; i < function->start; i++) {
        if (!token_is(kernel, i, "{") || !token_has_partner(kernel, i) ||
            kernel->tokens[i].partner < function->start)
            continue;
        bool space =
            i > 0 &&
            (token_is(kernel, i - 1, "namespace") || kernel->tokens[i - 1].kind == TOKEN_STRING ||
             (i > 1 && (token_is(kernel, i - 2, "namespace") || token_is(kernel, i - 2, "::"))));
        if (!space)
            return true;
    }
    return false;
}

// Shared memory outside functions is for those that are inlined only.
static bool has_shared_outside(const struct kernel_text *kernel)
{
    size_t next = 0;
    for (size_t i = 0; i < kernel->token_count; i++) {
        while (next < kernel->function_count && kernel->functions[next].end < i)
            next++;
        if (next < kernel->function_count && i >= kernel->functions[next].start)
            i = kernel->functions[next].end;
        else if (token_is_shared_attribute(kernel, i))
            return true;
    }
    return false;
}

static bool names(const struct kernel_text *kernel, const struct function *caller,
                  const struct function *function)
{
    for (size_t i = caller->body; i < caller->end; i++) {
        if (token_same(kernel, i, function->name))
            return true;
    }
    return false;
}

static bool can_have_two(const struct kernel_text *kernel, const struct edit_units *units,
                         size_t index)
{
    const struct function *function = &kernel->functions[index];
    return units->plain[index] && has_readable_head(kernel, function) &&
           !is_method(kernel, function) && !names(kernel, function, function);
}

// Marks what `from` calls, and what that calls, with a bit.
static void mark_called(struct edit_versions *versions, const bool *plain, size_t from,
                        uint64_t bit)
{
    const struct kernel_text *kernel = versions->kernel;
    versions->paths[from] |= bit;
    for (size_t i = 0; i < kernel->function_count; i++) {
        // Others are called in the only version that they have, from wherever.
        if ((versions->paths[i] & bit) == 0 && plain[i] &&
            names(kernel, &kernel->functions[from], &kernel->functions[i]))
            mark_called(versions, plain, i, bit);
    }
}

// Most of the edits are in it or below: without them it would hardly ever run.
static bool is_on_most_paths(const struct edit_versions *versions, const size_t *edits,
                             uint64_t bit)
{
    size_t all = 0, below = 0;
    for (size_t i = 0; i < versions->kernel->function_count; i++) {
        all += edits[i];
        below += (versions->paths[i] & bit) != 0 ? edits[i] : 0;
    }
    return (double)below > MOST * (double)all;
}

static void forget(struct edit_versions *versions, size_t index)
{
    for (size_t i = 0; i < versions->kernel->function_count; i++)
        versions->paths[i] &= ~versions->bits[index];
    versions->bits[index] = 0;
}

void edit_versions_find(const struct kernel_text *kernel, const struct edit_units *units,
                        const size_t *edits, struct edit_versions *versions)
{
    size_t count = 0;
    *versions = (struct edit_versions){
        .kernel = kernel,
        .bits = calloc(kernel->function_count + 1, sizeof *versions->bits),
        .paths = calloc(kernel->function_count + 1, sizeof *versions->paths)};
    versions->failed = versions->bits == NULL || versions->paths == NULL;
    if (versions->failed || has_shared_outside(kernel))
        return;
    for (size_t i = 0; i < kernel->function_count && count < MAX_VERSIONS; i++) {
        if (edits[i] == 0 || !can_have_two(kernel, units, i))
            continue;
        versions->bits[i] = UINT64_C(1) << count++;
        mark_called(versions, units->plain, i, versions->bits[i]);
        if (is_on_most_paths(versions, edits, versions->bits[i]))
            forget(versions, i);
    }
}

void edit_versions_free(struct edit_versions *versions)
{
    free(versions->bits);
    free(versions->paths);
    *versions = (struct edit_versions){0};
}

static void append_head(const struct kernel_text *kernel, const struct function *function,
                        const char *version, bool inlined, struct text *out)
{
    static const char *const forced[] = {"always_inline", "__always_inline__", NULL};
    size_t behind = template_end(kernel, function);
    for (size_t i = function->start; i < function->body; i++) {
        const struct token *token = &kernel->tokens[i];
        text_append(out, "%s", i == behind && !inlined ? " __attribute__((noinline)) " : " ");
        if (!inlined && token_is_one_of(kernel, i, forced))
            text_append(out, "noinline");
        else
            text_append_bytes(out, token->start, token->length);
        if (i == function->name)
            text_append(out, "%s", version);
    }
}

void edit_versions_append_edited_head(const struct edit_versions *versions, size_t index,
                                      struct text *out)
{
    text_append(out, "\n");
    append_head(versions->kernel, &versions->kernel->functions[index], EDITED, false, out);
}

void edit_versions_append_plain_head(const struct edit_versions *versions, size_t index,
                                     const char *plain, struct text *out)
{
    const struct function *function = &versions->kernel->functions[index];
    text_append(out, "\n");
    append_head(versions->kernel, function, plain, function->end - function->body < SMALL, out);
}

static void append_call(const struct kernel_text *kernel, const struct function *function,
                        const char *version, struct text *out)
{
    const struct token *name = &kernel->tokens[function->name];
    size_t open = function->parameters, behind = template_end(kernel, function);
    text_append(out, "return %.*s%s", (int)name->length, name->start, version);
    if (behind > function->start) {
        text_append(out, "<");
        append_names(kernel, function->start + 2, behind - 1, out);
        text_append(out, ">");
    }
    text_append(out, "(");
    append_names(kernel, open + 1, kernel->tokens[open].partner, out);
    text_append(out, ");");
}

void edit_versions_append_choice(const struct edit_versions *versions, size_t index,
                                 const char *condition, const char *plain, struct text *out)
{
    const struct function *function = &versions->kernel->functions[index];
    text_append(out, "\n");
    append_head(versions->kernel, function, "", true, out);
    text_append(out, "{ if (%s(%lluull)) ", condition, (unsigned long long)versions->bits[index]);
    append_call(versions->kernel, function, EDITED, out);
    append_call(versions->kernel, function, plain, out);
    text_append(out, " }\n");
}
