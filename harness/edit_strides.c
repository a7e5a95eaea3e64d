// Rows and columns taken for each other: `i + j * n` that should be `i * m + j`.
#include "code_tokens.h"
#include "kernel_edits.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LIMITS = 6 };

// Tokens first to last.
struct operand {
    size_t first, last;
};

static bool is_integer(const struct kernel_text *kernel, size_t function, size_t token)
{
    const struct variable_name *variable = variable_at(kernel, function, token);
    return variable != NULL && variable->class == TYPE_INTEGER && !is_member(kernel, token);
}

// What is added to the product of tokens first to last; false when nothing is.
static bool other_term(const struct kernel_text *kernel, size_t first, size_t last,
                       struct operand *term)
{
    static const char *const stronger[] = {"*", "/", "%", NULL};
    if (token_is(kernel, last + 1, "+")) {
        *term = (struct operand){last + 2, operand_end(kernel, last + 2)};
        return !token_is_one_of(kernel, term->last + 1, stronger);
    }
    if (first < 3 || !token_is(kernel, first - 1, "+"))
        return false;
    *term = (struct operand){operand_start(kernel, first - 2), first - 2};
    return !token_is_one_of(kernel, term->first - 1, stronger);
}

// `TILE` of `for (int j = 0; j < TILE; j++)`, for the counter `j` that stands at `token`; tokens
// first to last.
static bool limit_of_counter(const struct kernel_text *kernel, size_t function, size_t token,
                             struct operand *limit)
{
    const struct variable_name *counter = variable_at(kernel, function, token);
    const struct function *body = &kernel->functions[function];
    if (counter == NULL || counter->function != function || counter->token < body->body)
        return false;
    for (size_t i = counter->token + 1; i < token; i++) {
        if (!token_same(kernel, i, token) || !token_is(kernel, i - 1, ";") ||
            !token_is(kernel, i + 1, "<"))
            continue;
        *limit = (struct operand){i + 2, operand_end(kernel, i + 2)};
        return token_is(kernel, limit->last + 1, ";");
    }
    return false;
}

// The product is of `index` and its stride; the term beside it gets a stride and the index none.
static void exchange(const struct kernel_text *kernel, size_t function, struct operand whole,
                     struct operand index, struct operand term, struct edits *edits)
{
    struct operand limit;
    char *one = tokens_text(kernel, index.first, index.last + 1);
    char *other = tokens_text(kernel, term.first, term.last + 1);
    size_t added = 0;
    bool good = one != NULL && other != NULL;
    if (good && index.first == index.last &&
        limit_of_counter(kernel, function, index.first, &limit)) {
        char *stride = tokens_text(kernel, limit.first, limit.last + 1);
        if (stride != NULL)
            edits_add(edits, whole.first, whole.last + 1, "swap", 0.5, "%s * (%s) + %s", other,
                      stride, one);
        free(stride);
    }
    for (size_t i = 0; good && i < kernel->variable_count && added < MAX_LIMITS; i++) {
        const struct variable_name *parameter = &kernel->variables[i];
        const struct token *name = &kernel->tokens[parameter->token];
        if (parameter->function != function || parameter->class != TYPE_INTEGER ||
            parameter->token > kernel->functions[function].body ||
            token_same(kernel, parameter->token, index.first) ||
            token_same(kernel, parameter->token, term.first))
            continue;
        edits_add(edits, whole.first, whole.last + 1, "swap", 0.3, "%s * %.*s + %s", other,
                  (int)name->length, name->start, one);
        added++;
    }
    edits->failed = edits->failed || !good;
    free(one);
    free(other);
}

void edit_strides(const struct kernel_text *kernel, size_t function, size_t token,
                  struct edits *edits)
{
    static const char *const stronger[] = {"*", "/", "%", NULL};
    struct operand term;
    if (token < 3 || kernel->tokens[token].skipped || !token_is(kernel, token, "*") ||
        is_unary(kernel, token))
        return;
    struct operand left = {operand_start(kernel, token - 1), token - 1};
    struct operand right = {token + 1, operand_end(kernel, token + 1)};
    if (token_is_one_of(kernel, left.first - 1, stronger) ||
        token_is_one_of(kernel, right.last + 1, stronger) ||
        !other_term(kernel, left.first, right.last, &term))
        return;
    struct operand whole = {left.first < term.first ? left.first : term.first,
                            right.last > term.last ? right.last : term.last};
    if (is_integer(kernel, function, left.last))
        exchange(kernel, function, whole, left, term, edits);
    if (is_integer(kernel, function, right.last))
        exchange(kernel, function, whole, right, term, edits);
}
