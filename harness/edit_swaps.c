// Edits that exchange two things of one statement: names, members, comparisons, arguments.
#include "code_tokens.h"
#include "kernel_edits.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_WORDS = 40 };

static bool is_statement_border(const struct kernel_text *kernel, size_t token)
{
    return token_is(kernel, token, ";") || token_is(kernel, token, "{") ||
           token_is(kernel, token, "}");
}

// A name of a number or a pointer that is used, not declared.
static const struct variable_name *used_name(const struct kernel_text *kernel, size_t function,
                                             size_t token)
{
    const struct variable_name *variable = variable_at(kernel, function, token);
    bool declared = variable == NULL || is_declared_here(kernel, token);
    return declared || is_member(kernel, token) ? NULL : variable;
}

static bool is_comparison(const struct kernel_text *kernel, size_t token)
{
    static const char *const marks[] = {"<", "<=", ">", ">=", NULL};
    return token_is_one_of(kernel, token, marks);
}

static bool is_thread_index(const struct kernel_text *kernel, size_t token)
{
    static const char *const names[] = {"threadIdx", "blockIdx", "blockDim", "gridDim", NULL};
    return token_is_one_of(kernel, token, names);
}

// Two names fit each other's places when both are members of one thing or both are variables of one
// class.
static bool may_swap(const struct kernel_text *kernel, size_t function, size_t left, size_t right)
{
    if (token_same(kernel, left, right))
        return false;
    if (is_comparison(kernel, left) || is_comparison(kernel, right))
        return is_comparison(kernel, left) && is_comparison(kernel, right);
    if (is_member(kernel, left) || is_member(kernel, right))
        return is_member(kernel, left) && is_member(kernel, right) &&
               token_same(kernel, left - 1, right - 1) &&
               (token_same(kernel, left - 2, right - 2) ||
                (is_thread_index(kernel, left - 2) && is_thread_index(kernel, right - 2)));
    const struct variable_name *one = used_name(kernel, function, left);
    const struct variable_name *other = used_name(kernel, function, right);
    return one != NULL && other != NULL && one->class == other->class;
}

static void swap(const struct kernel_text *kernel, size_t left, size_t right, struct edits *edits)
{
    char *one = tokens_text(kernel, left, left + 1), *other = tokens_text(kernel, right, right + 1);
    if (one != NULL && other != NULL)
        edits_add_pair(edits, left, left + 1, other, right, right + 1, one, "swap", 0.5);
    free(one);
    free(other);
}

// f(a, b) and x[a][b] with two neighbours the other way round.
static void edit_neighbours(const struct kernel_text *kernel, size_t token, struct edits *edits)
{
    size_t first, middle, end, second;
    if (token_is(kernel, token, ",")) {
        // From the bracket or comma before to the one behind.
        size_t depth = 0;
        for (first = token; first > 0; first--) {
            size_t i = first - 1;
            if ((token_is(kernel, i, ")") || token_is(kernel, i, "]") ||
                 token_is(kernel, i, "}")) &&
                kernel->tokens[i].partner != SIZE_MAX)
                first = kernel->tokens[i].partner + 1;
            else if (token_is(kernel, i, "(") || token_is(kernel, i, ",") ||
                     token_is(kernel, i, "{") || token_is(kernel, i, ";"))
                break;
            if (++depth > 40)
                return;
        }
        for (end = token + 1; end < kernel->token_count; end++) {
            if ((token_is(kernel, end, "(") || token_is(kernel, end, "[") ||
                 token_is(kernel, end, "{")) &&
                kernel->tokens[end].partner != SIZE_MAX)
                end = kernel->tokens[end].partner;
            else if (token_is(kernel, end, ")") || token_is(kernel, end, ",") ||
                     token_is(kernel, end, ";") || token_is(kernel, end, "}"))
                break;
        }
        middle = token;
        second = token + 1;
    } else if (token_is(kernel, token, "]") && token_is(kernel, token + 1, "[") &&
               kernel->tokens[token].partner != SIZE_MAX &&
               kernel->tokens[token + 1].partner != SIZE_MAX) {
        first = kernel->tokens[token].partner + 1;
        middle = token;
        second = token + 2;
        end = kernel->tokens[token + 1].partner;
    } else {
        return;
    }
    if (first >= middle || second >= end || end - first > 60)
        return;
    char *left = tokens_text(kernel, first, middle);
    char *right = tokens_text(kernel, second, end);
    if (left != NULL && right != NULL && strcmp(left, right) != 0)
        edits_add_pair(edits, first, middle, right, second, end, left, "order", 0.5);
    free(left);
    free(right);
}

void edit_swaps(const struct kernel_text *kernel, size_t function, struct edits *edits)
{
    const struct function *body = &kernel->functions[function];
    size_t words[MAX_WORDS], count = 0;
    for (size_t i = body->body + 1; i < body->end; i++) {
        if (!kernel->tokens[i].skipped)
            edit_neighbours(kernel, i, edits);
        if (is_statement_border(kernel, i)) {
            count = 0;
            continue;
        }
        bool candidate = is_comparison(kernel, i) ||
                         (kernel->tokens[i].kind == TOKEN_WORD &&
                          (is_member(kernel, i) || used_name(kernel, function, i) != NULL));
        if (kernel->tokens[i].skipped || !candidate)
            continue;
        for (size_t j = 0; j < count; j++) {
            if (may_swap(kernel, function, words[j], i))
                swap(kernel, words[j], i, edits);
        }
        if (count < MAX_WORDS)
            words[count++] = i;
    }
}
