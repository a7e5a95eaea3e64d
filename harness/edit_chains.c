// Edits of chains of operands: terms from the first one on, a shift that belongs to the other
// operand, what counts from the wrong end, and offsets of two factors.
#include "kernel_edits.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static bool is_one(const struct kernel_text *kernel, size_t token, const char *marks)
{
    const struct token *here = &kernel->tokens[token];
    return here->kind == TOKEN_MARK && here->length == 1 && strchr(marks, *here->start) != NULL;
}

static bool ends_operand(const struct kernel_text *kernel, size_t token)
{
    return kernel->tokens[token].kind == TOKEN_WORD || kernel->tokens[token].kind == TOKEN_NUMBER ||
           token_is(kernel, token, ")") || token_is(kernel, token, "]");
}

// (a - b - c), [a + b + c]: c alone, where one operator less would leave b.
static void edit_last_of_sum(const struct kernel_text *kernel, size_t token, struct edits *edits)
{
    if (!is_one(kernel, token, "+-") || token < 4 || !ends_operand(kernel, token - 1))
        return;
    size_t first = operand_start(kernel, token - 1);
    size_t terms = 1;
    while (first >= 2 && is_one(kernel, first - 1, "+-") && ends_operand(kernel, first - 2)) {
        first = operand_start(kernel, first - 2);
        terms++;
    }
    bool whole =
        first > 0 && (is_one(kernel, first - 1, "([,=?:") || token_is(kernel, first - 1, "return"));
    if (whole && terms > 1)
        edits_add(edits, first, token + 1, "term too many", 0.4, " ");
}

// a | b << 8 for a << 8 | b, and the other way.
static void edit_shift_of_other(const struct kernel_text *kernel, size_t token, struct edits *edits)
{
    if (!is_one(kernel, token, "|+^") || token < 2 || !ends_operand(kernel, token - 1))
        return;
    static const char *const shifts[] = {"<<", ">>", "*"};
    for (size_t i = 0; i < sizeof shifts / sizeof *shifts; i++) {
        // Behind the right operand, to the left one.
        size_t shift = operand_end(kernel, token + 1) + 1;
        if (token_is(kernel, shift, shifts[i])) {
            size_t end = operand_end(kernel, shift + 1) + 1;
            char *text = tokens_text(kernel, shift, end);
            if (text != NULL)
                edits_add_pair(edits, token, token, text, shift, end, " ", "swap", 0.5);
            free(text);
        }
        // Before the operator, to the right one.
        size_t amount = operand_start(kernel, token - 1);
        if (amount > 1 && token_is(kernel, amount - 1, shifts[i])) {
            char *text = tokens_text(kernel, amount - 1, token);
            size_t behind = operand_end(kernel, token + 1) + 1;
            if (text != NULL)
                edits_add_pair(edits, amount - 1, token, " ", behind, behind, text, "swap", 0.5);
            free(text);
        }
    }
}

// Numbers of three and more digits that something is subtracted from elsewhere: 0x7fffffff - i.
static void edit_other_end(const struct kernel_text *kernel, size_t token, struct edits *edits)
{
    enum { MOST = 4 };
    size_t known[MOST], count = 0;
    for (size_t i = 0; i + 1 < kernel->token_count && count < MOST; i++) {
        bool fits = kernel->tokens[i].kind == TOKEN_NUMBER && kernel->tokens[i].length > 2 &&
                    token_is(kernel, i + 1, "-") && !kernel->tokens[i].skipped &&
                    memchr(kernel->tokens[i].start, '.', kernel->tokens[i].length) == NULL;
        for (size_t j = 0; fits && j < count; j++)
            fits = !token_same(kernel, known[j], i);
        if (fits)
            known[count++] = i;
    }
    for (size_t i = 0; i < count; i++) {
        const struct token *number = &kernel->tokens[known[i]], *name = &kernel->tokens[token];
        edits_add(edits, token, token + 1, "direction", 0.5, "(%.*s - %.*s)", (int)number->length,
                  number->start, (int)name->length, name->start);
    }
}

static bool is_bare_argument(const struct kernel_text *kernel, size_t token)
{
    return token > 0 && is_one(kernel, token - 1, "(,=") && is_one(kernel, token + 1, ",);");
}

// f(in) for f(in + row * columns).
static void edit_missing_offset(const struct kernel_text *kernel, size_t function, size_t token,
                                const struct variable_name *variable, struct edits *edits)
{
    static const char *const blocks[] = {"blockIdx.x", "blockIdx.y", "blockIdx.z"};
    if (variable->type[strlen(variable->type) - 1] != '*' || !is_bare_argument(kernel, token))
        return;
    for (size_t i = 0; i < kernel->variable_count; i++) {
        const struct variable_name *size = &kernel->variables[i];
        if (size->class != TYPE_INTEGER || size->function != function ||
            !is_choice(kernel, i, function, token))
            continue;
        const struct token *by = &kernel->tokens[size->token];
        for (size_t j = 0; j < sizeof blocks / sizeof *blocks; j++)
            edits_add(edits, token + 1, token + 1, "missing offset", 0.4, "+ (long)%s * %.*s",
                      blocks[j], (int)by->length, by->start);
        for (size_t j = 0; j < kernel->variable_count; j++) {
            const struct variable_name *row = &kernel->variables[j];
            const struct token *name = &kernel->tokens[row->token];
            if (i != j && row->class == TYPE_INTEGER && row->function == function &&
                is_choice(kernel, j, function, token))
                edits_add(edits, token + 1, token + 1, "missing offset", 0.5, "+ (long)%.*s * %.*s",
                          (int)name->length, name->start, (int)by->length, by->start);
        }
    }
}

static size_t usable_integers(const struct kernel_text *kernel, size_t function, size_t token,
                              size_t *list, size_t most)
{
    size_t count = 0;
    for (size_t i = 0; i < kernel->variable_count; i++) {
        const struct variable_name *variable = &kernel->variables[i];
        if (variable->class != TYPE_INTEGER || variable->function != function ||
            !is_choice(kernel, i, function, token))
            continue;
        if (count < most)
            list[count] = variable->token;
        count++;
    }
    return count;
}

// x[thread] for x[count - tail + thread]. Among many names there are too many pairs.
static void edit_missing_start(const struct kernel_text *kernel, size_t function, size_t token,
                               struct edits *edits)
{
    enum { MOST = 12 };
    size_t names[MOST];
    if (!token_is(kernel, token, "[") || token == 0 || !ends_operand(kernel, token - 1) ||
        is_declared_here(kernel, token - 1))
        return;
    size_t count = usable_integers(kernel, function, token, names, MOST);
    for (size_t i = 0; i < count && count <= MOST; i++) {
        for (size_t j = 0; j < count; j++) {
            const struct token *from = &kernel->tokens[names[i]], *less = &kernel->tokens[names[j]];
            if (i != j)
                edits_add(edits, token + 1, token + 1, "missing offset", 0.35, "%.*s - %.*s +",
                          (int)from->length, from->start, (int)less->length, less->start);
        }
    }
}

void edit_chains(const struct kernel_text *kernel, size_t function, size_t token,
                 struct edits *edits)
{
    if (kernel->tokens[token].skipped)
        return;
    edit_last_of_sum(kernel, token, edits);
    edit_shift_of_other(kernel, token, edits);
    edit_missing_start(kernel, function, token, edits);
    if (kernel->tokens[token].kind != TOKEN_WORD || is_member(kernel, token) ||
        is_declared_here(kernel, token))
        return;
    const struct variable_name *variable = variable_at(kernel, function, token);
    if (variable == NULL)
        return;
    if (variable->class == TYPE_INTEGER && variable->function == function &&
        !is_one(kernel, token + 1, "=["))
        edit_other_end(kernel, token, edits);
    edit_missing_offset(kernel, function, token, variable, edits);
}
