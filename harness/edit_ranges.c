// Edits of what limits a value: masks, rounding, the direction in which an index runs, and the
// parts of a condition.
#include "kernel_edits.h"

#include "code_tokens.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_CONDITIONS = 12 };

// `x & 0xff`, `x << 8`: without what comes behind.
static void edit_mask(const struct kernel_text *kernel, size_t token, struct edits *edits)
{
    bool single = token_is(kernel, token, "&") || token_is(kernel, token, "|") ||
                  token_is(kernel, token, "^") || token_is(kernel, token, "<<");
    bool shifts_right = token_is(kernel, token, ">") && token_is(kernel, token + 1, ">");
    if (token == 0 || !(single || shifts_right) || is_unary(kernel, token))
        return;
    size_t operand = token + 1 + shifts_right;
    operand += token_is(kernel, operand, "~") || token_is(kernel, operand, "-");
    size_t last = operand_end(kernel, operand);
    if (last < kernel->token_count)
        edits_add(edits, token, last + 1, "term too many", 0.5, " ");
}

// `x / 8 * 8`: rounding that should not be.
static void edit_rounding(const struct kernel_text *kernel, size_t token, struct edits *edits)
{
    if (!token_is(kernel, token, "/"))
        return;
    size_t middle = operand_end(kernel, token + 1) + 1;
    if (token_is(kernel, middle, "*"))
        edits_add(edits, token, operand_end(kernel, middle + 1) + 1, "term too many", 0.55, " ");
}

// `(n - 1 - i)` for `i`, and the other way round.
static void edit_direction(const struct kernel_text *kernel, size_t function, size_t token,
                           struct edits *edits)
{
    size_t close = kernel->tokens[token].partner;
    if (token_is(kernel, token, "(") && close != SIZE_MAX && close > token + 5) {
        size_t minus = operand_end(kernel, token + 1) + 1;
        if (token_is(kernel, minus, "-") && token_is(kernel, minus + 1, "1") &&
            token_is(kernel, minus + 2, "-") && operand_end(kernel, minus + 3) + 1 == close)
            edits_add(edits, token + 1, minus + 3, "direction", 0.5, " ");
        return;
    }
    bool opened =
        token > 0 && (token_is(kernel, token - 1, "[") || token_is(kernel, token - 1, "(") ||
                      token_is(kernel, token - 1, ")"));
    const struct variable_name *variable = variable_at(kernel, function, token);
    if (!opened || variable == NULL || is_declared_here(kernel, token) ||
        (variable->class != TYPE_INTEGER && !token_is(kernel, token + 1, ".")))
        return;
    size_t last = operand_end(kernel, token);
    char *operand = tokens_text(kernel, token, last + 1);
    for (size_t i = 0; operand != NULL && i < kernel->variable_count; i++) {
        const struct variable_name *other = &kernel->variables[i];
        if (other->class == TYPE_INTEGER && is_choice(kernel, i, function, token) &&
            !token_same(kernel, other->token, token))
            edits_add(edits, token, last + 1, "direction", other->function == SIZE_MAX ? 0.35 : 0.3,
                      "(%.*s - 1 - %s)", (int)kernel->tokens[other->token].length,
                      kernel->tokens[other->token].start, operand);
    }
    // Counted down from a large number that the function has.
    const struct function *body = &kernel->functions[function];
    for (size_t i = body->body; operand != NULL && i < body->end; i++) {
        if (kernel->tokens[i].kind == TOKEN_NUMBER && kernel->tokens[i].length > 4 &&
            memchr(kernel->tokens[i].start, '.', kernel->tokens[i].length) == NULL)
            edits_add(edits, token, last + 1, "direction", 0.3, "(%.*s - %s)",
                      (int)kernel->tokens[i].length, kernel->tokens[i].start, operand);
    }
    free(operand);
}

// The bracket, or the other `&&`, up to which a part of a condition reaches.
static bool ends_part(const struct kernel_text *kernel, size_t token)
{
    static const char *const ends[] = {"&&", "||", "?",  ":",  ";",   ",",   "=",      "+=", "-=",
                                       "*=", "/=", "|=", "&=", "<<=", ">>=", "return", NULL};
    return token_is_one_of(kernel, token, ends);
}

static size_t part_end(const struct kernel_text *kernel, size_t end)
{
    for (; end < kernel->token_count && !ends_part(kernel, end); end++) {
        size_t partner = kernel->tokens[end].partner;
        if (partner != SIZE_MAX && partner < end)
            break;
        if (partner != SIZE_MAX)
            end = partner;
    }
    return end;
}

static size_t part_start(const struct kernel_text *kernel, size_t first)
{
    for (; first > 0 && !ends_part(kernel, first - 1); first--) {
        size_t partner = kernel->tokens[first - 1].partner;
        if (partner != SIZE_MAX && partner > first - 1)
            break;
        if (partner != SIZE_MAX)
            first = partner + 1;
    }
    return first;
}

// A comparison of which one side is a real number, or an element of an array of them.
static bool compares_reals(const struct kernel_text *kernel, size_t function, size_t first,
                           size_t token, size_t end)
{
    static const char *const comparisons[] = {"<", "<=", ">", ">=", "==", "!=", NULL};
    bool real = false;
    for (size_t i = first; i < end; i++) {
        const struct variable_name *variable = variable_at(kernel, function, i);
        if (i != token && token_is_one_of(kernel, i, comparisons))
            return false;
        real =
            real || (variable != NULL && !is_member(kernel, i) &&
                     (variable->class == TYPE_FLOAT ||
                      (strncmp(variable->type, "float", 5) == 0 && token_is(kernel, i + 1, "["))));
        // What an element is found with is no part of its type.
        if (token_is(kernel, i, "[") && token_has_partner(kernel, i))
            i = kernel->tokens[i].partner;
    }
    return real;
}

// `a < b` that should be `!(a >= b)`, and the other way round: they differ for NaN.
static void edit_unordered(const struct kernel_text *kernel, size_t function, size_t token,
                           struct edits *edits)
{
    static const char *const pairs[][2] = {{"<", ">="}, {"<=", ">"}, {">", "<="}, {">=", "<"}};
    for (size_t i = 0; token > 0 && i < 4; i++) {
        if (!token_is(kernel, token, pairs[i][0]))
            continue;
        size_t first = part_start(kernel, token), end = part_end(kernel, token + 1);
        if (first == token || end == token + 1 ||
            !compares_reals(kernel, function, first, token, end))
            return;
        char *one = tokens_text(kernel, first, token);
        char *other = tokens_text(kernel, token + 1, end);
        if (one != NULL && other != NULL)
            edits_add(edits, first, end, "condition", 0.35, "!(%s %s %s)", one, pairs[i][1], other);
        free(one);
        free(other);
    }
}

// `a && b`: either alone.
static void edit_conjunction(const struct kernel_text *kernel, size_t token, struct edits *edits)
{
    if (!token_is(kernel, token, "&&") && !token_is(kernel, token, "||"))
        return;
    edits_add(edits, token, part_end(kernel, token + 1), "condition", 0.5, " ");
    edits_add(edits, part_start(kernel, token), token + 1, "condition", 0.5, " ");
}

// `if (a)` that should be `if (a && b)`; `(a || c)` gets brackets.
static void add_condition(const struct kernel_text *kernel, size_t open, double weight, char *text,
                          struct edits *edits)
{
    size_t close = kernel->tokens[open].partner;
    bool binds_less = false;
    for (size_t i = open + 1; i < close; i++) {
        binds_less = binds_less || token_is(kernel, i, "||") || token_is(kernel, i, "?");
        if (token_has_partner(kernel, i) && kernel->tokens[i].partner > i)
            i = kernel->tokens[i].partner;
    }
    char *behind = text != NULL ? format_text("%s&& %s", binds_less ? ") " : "", text) : NULL;
    if (behind != NULL && binds_less)
        edits_add_pair(edits, open + 1, open + 1, "(", close, close, behind, "condition", weight);
    else if (behind != NULL)
        edits_add(edits, close, close, "condition", weight, "%s", behind);
    edits->failed = edits->failed || behind == NULL;
    free(behind);
    free(text);
}

// Only in the first round of the loop around.
static void edit_first_round(const struct kernel_text *kernel, size_t function, size_t token,
                             struct edits *edits)
{
    const struct function *body = &kernel->functions[function];
    for (size_t i = body->body; i < token; i++) {
        if (!token_is(kernel, i, "for") || !token_is(kernel, i + 1, "("))
            continue;
        size_t end = kernel->tokens[i + 1].partner, equals = i + 2;
        if (end == SIZE_MAX)
            continue;
        while (equals < end && !token_is(kernel, equals, "=") && !token_is(kernel, equals, ";"))
            equals++;
        size_t semicolon = equals;
        while (semicolon < end && !token_is(kernel, semicolon, ";") &&
               !token_is(kernel, semicolon, ","))
            semicolon++;
        bool around = token_is(kernel, end + 1, "{") && kernel->tokens[end + 1].partner > token;
        if (!around || !token_is(kernel, equals, "=") || semicolon == end)
            continue;
        char *value = tokens_text(kernel, equals + 1, semicolon);
        if (value != NULL)
            add_condition(kernel, token, 0.4,
                          format_text("%.*s == (%s)", (int)kernel->tokens[equals - 1].length,
                                      kernel->tokens[equals - 1].start, value),
                          edits);
        free(value);
    }
}

// `if (a)` that should be `if (a && b)`, where b is a condition of the same function or says that a
// number of it is above 0 or below another.
static void edit_missing_part(const struct kernel_text *kernel, size_t function, size_t token,
                              struct edits *edits)
{
    const struct function *body = &kernel->functions[function];
    size_t close = kernel->tokens[token].partner, added = 0;
    if (token == 0 || !token_is(kernel, token, "(") || close == SIZE_MAX ||
        !token_is(kernel, token - 1, "if"))
        return;
    for (size_t i = body->body; i < body->end && added < MAX_CONDITIONS; i++) {
        size_t end = token_is(kernel, i + 1, "(") ? kernel->tokens[i + 1].partner : SIZE_MAX;
        if (i == token - 1 || !token_is(kernel, i, "if") || end == SIZE_MAX ||
            !are_names_usable(kernel, function, i + 2, end, token))
            continue;
        char *condition = tokens_text(kernel, i + 2, end);
        if (condition != NULL)
            add_condition(kernel, token, 0.35, format_text("(%s)", condition), edits);
        free(condition);
        added++;
    }
    edit_first_round(kernel, function, token, edits);
    for (size_t i = token + 1; i < close; i++) {
        const struct variable_name *variable = variable_at(kernel, function, i);
        if (variable == NULL || variable->class != TYPE_INTEGER || is_member(kernel, i))
            continue;
        int length = (int)kernel->tokens[i].length;
        const char *name = kernel->tokens[i].start;
        add_condition(kernel, token, 0.4, format_text("%.*s > 0", length, name), edits);
        for (size_t j = 0; j < kernel->variable_count; j++) {
            const struct variable_name *other = &kernel->variables[j];
            if (other->class == TYPE_INTEGER && other->function == function &&
                is_usable(kernel, other, function, token) && !token_same(kernel, other->token, i))
                add_condition(kernel, token, 0.3,
                              format_text("%.*s <= %.*s", length, name,
                                          (int)kernel->tokens[other->token].length,
                                          kernel->tokens[other->token].start),
                              edits);
        }
    }
}

void edit_ranges(const struct kernel_text *kernel, size_t function, size_t token,
                 struct edits *edits)
{
    if (kernel->tokens[token].skipped)
        return;
    edit_mask(kernel, token, edits);
    edit_rounding(kernel, token, edits);
    edit_direction(kernel, function, token, edits);
    edit_unordered(kernel, function, token, edits);
    edit_conjunction(kernel, token, edits);
    edit_missing_part(kernel, function, token, edits);
}
