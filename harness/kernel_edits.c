#include "kernel_edits.h"

#include "code_tokens.h"
#include "edit_filter.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct edit *reserve(struct edits *edits)
{
    if (edits->count == edits->capacity && !edits->failed) {
        size_t capacity = edits->capacity > 0 ? 2 * edits->capacity : 1024;
        struct edit *list = realloc(edits->list, capacity * sizeof *list);
        edits->failed = list == NULL;
        if (list != NULL) {
            edits->list = list;
            edits->capacity = capacity;
        }
    }
    return edits->failed ? NULL : &edits->list[edits->count];
}

void edits_add(struct edits *edits, size_t first, size_t end, const char *kind, double weight,
               const char *format, ...)
{
    struct edit *edit = reserve(edits);
    char *text = NULL;
    va_list arguments;
    if (edit == NULL)
        return;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0)
        text = NULL;
    va_end(arguments);
    edits->failed = text == NULL;
    if (text == NULL)
        return;
    *edit = (struct edit){.first = first, .end = end, .text = text, .kind = kind, .weight = weight};
    edits->count++;
}

void edits_add_pair(struct edits *edits, size_t first, size_t end, const char *text, size_t first2,
                    size_t end2, const char *text2, const char *kind, double weight)
{
    size_t before = edits->count;
    edits_add(edits, first, end, kind, weight, "%s", text);
    if (edits->count == before)
        return;
    struct edit *edit = &edits->list[before];
    edit->first2 = first2;
    edit->end2 = end2;
    edit->text2 = strdup(text2);
    edits->failed = edits->failed || edit->text2 == NULL;
}

void edits_add_before(const struct kernel_text *kernel, size_t start, size_t end, const char *kind,
                      double weight, const char *text, struct edits *edits)
{
    bool is_only = !token_is(kernel, start - 1, ";") && !token_is(kernel, start - 1, "{") &&
                   !token_is(kernel, start - 1, "}");
    bool is_guard = text[strlen(text) - 1] != ';';
    if (!is_only || (is_guard && !token_is(kernel, end + 1, "else"))) {
        edits_add(edits, start, start, kind, weight, "%s", text);
        return;
    }
    char *braced = format_text("{ %s", text);
    if (braced != NULL)
        edits_add_pair(edits, start, start, braced, end + 1, end + 1, "}", kind, weight);
    edits->failed = edits->failed || braced == NULL;
    free(braced);
}

void edits_free(struct edits *edits)
{
    for (size_t i = 0; i < edits->count; i++) {
        free(edits->list[i].text);
        free(edits->list[i].text2);
    }
    free(edits->list);
    *edits = (struct edits){0};
}

char *tokens_text(const struct kernel_text *kernel, size_t first, size_t end)
{
    struct text text = {0};
    for (size_t i = first; i < end; i++)
        text_append(&text, "%s%.*s", i > first && kernel->tokens[i].blanks > 0 ? " " : "",
                    (int)kernel->tokens[i].length, kernel->tokens[i].start);
    if (text.data == NULL)
        return strdup("");
    return text.data;
}

static bool is_operand_word(const struct kernel_text *kernel, size_t index)
{
    return kernel->tokens[index].kind == TOKEN_WORD || kernel->tokens[index].kind == TOKEN_NUMBER;
}

size_t operand_start(const struct kernel_text *kernel, size_t last)
{
    size_t i = last;
    for (;;) {
        if (token_is(kernel, i, ")") || token_is(kernel, i, "]")) {
            if (kernel->tokens[i].partner == SIZE_MAX)
                return i;
            i = kernel->tokens[i].partner;
            bool follows = i > 0 && (kernel->tokens[i - 1].kind == TOKEN_WORD ||
                                     token_is(kernel, i - 1, ")") || token_is(kernel, i - 1, "]"));
            if (!follows || token_is(kernel, i - 1, "return"))
                return i;
            i--;
            continue;
        }
        if (i >= 2 && is_operand_word(kernel, i) &&
            (token_is(kernel, i - 1, ".") || token_is(kernel, i - 1, "->") ||
             token_is(kernel, i - 1, "::"))) {
            i -= 2;
            continue;
        }
        return i;
    }
}

size_t operand_end(const struct kernel_text *kernel, size_t first)
{
    size_t i = first;
    if (token_is(kernel, i, "(") && kernel->tokens[i].partner != SIZE_MAX) {
        i = kernel->tokens[i].partner;
        // A cast goes with what it casts.
        if (i + 1 < kernel->token_count && i - first <= 4 && is_operand_word(kernel, i + 1))
            return operand_end(kernel, i + 1);
    }
    while (i + 1 < kernel->token_count) {
        if ((token_is(kernel, i + 1, "(") || token_is(kernel, i + 1, "[")) &&
            kernel->tokens[i + 1].partner != SIZE_MAX)
            i = kernel->tokens[i + 1].partner;
        else if (i + 2 < kernel->token_count &&
                 (token_is(kernel, i + 1, ".") || token_is(kernel, i + 1, "->") ||
                  token_is(kernel, i + 1, "::")))
            i += 2;
        else
            break;
    }
    return i;
}

bool is_initialiser_element(const struct kernel_text *kernel, size_t token)
{
    static const char *const before[] = {"=", ",", "{", "]", "(", NULL};
    for (size_t i = token; i-- > 0;) {
        if (token_closes(kernel, i) && token_has_partner(kernel, i))
            i = kernel->tokens[i].partner;
        else if (token_is(kernel, i, ";"))
            return false;
        else if (token_is(kernel, i, "{"))
            return i > 0 && token_is_one_of(kernel, i - 1, before);
    }
    return false;
}

// Constants of enumerations, sizes of arrays and the like outside functions.
static void edit_constants(const struct kernel_text *kernel, struct edits *edits)
{
    size_t next_function = 0;
    for (size_t i = 0; i < kernel->token_count; i++) {
        while (next_function < kernel->function_count && kernel->functions[next_function].end < i)
            next_function++;
        if (next_function < kernel->function_count && i >= kernel->functions[next_function].start) {
            i = kernel->functions[next_function].end;
            continue;
        }
        if (kernel->tokens[i].kind == TOKEN_NUMBER)
            edit_operators(kernel, i, edits);
    }
}

bool kernel_edits_make(const struct kernel_text *kernel, struct edits *edits)
{
    for (size_t i = 0; i < kernel->function_count; i++) {
        const struct function *function = &kernel->functions[i];
        if (!function->is_reached)
            continue;
        for (size_t j = function->body + 1; j < function->end; j++) {
            edit_operators(kernel, j, edits);
            edit_operands(kernel, i, j, edits);
            edit_chains(kernel, i, j, edits);
            edit_indices(kernel, i, j, edits);
            edit_members(kernel, i, j, edits);
            edit_ranges(kernel, i, j, edits);
            edit_strides(kernel, i, j, edits);
            edit_epilogues(kernel, i, j, edits);
            edit_types(kernel, j, edits);
        }
        edit_statements(kernel, i, edits);
        edit_bounds(kernel, i, edits);
        edit_swaps(kernel, i, edits);
        edit_updates(kernel, i, edits);
    }
    edit_constants(kernel, edits);
    edit_filter(kernel, edits);
    return !edits->failed;
}
