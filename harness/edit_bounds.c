// Conditions that an index is inside, and what may lack them: statements and values.
#include "code_tokens.h"
#include "kernel_edits.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_BOUNDS = 6, MAX_SUMS = 10, LONGEST_SUM = 7, MAX_CONDITIONS = 16 };

// Where something starts and how much there is, as `first_key, seq_k` between arguments and
// `first_key < seq_k` in a loop say: tokens.
struct bound {
    size_t start, limit;
};

// A sum of whole numbers that an index is made of: tokens.
struct sum {
    size_t first, end;
};

static const struct variable_name *integer_at(const struct kernel_text *kernel, size_t function,
                                              size_t token)
{
    if (kernel->tokens[token].kind != TOKEN_WORD || is_member(kernel, token))
        return NULL;
    const struct variable_name *variable = variable_at(kernel, function, token);
    return variable != NULL && variable->class == TYPE_INTEGER ? variable : NULL;
}

static bool is_parameter(const struct kernel_text *kernel, size_t function,
                         const struct variable_name *variable)
{
    return variable->function == function && variable->token < kernel->functions[function].body;
}

// `seq_k, head_dim` are two limits, one beside the other.
static size_t without_limits(const struct kernel_text *kernel, struct bound *bounds, size_t count)
{
    bool is_limit[MAX_BOUNDS] = {false};
    size_t kept = 0;
    for (size_t i = 0; i < count * count; i++)
        is_limit[i / count] |= token_same(kernel, bounds[i / count].start, bounds[i % count].limit);
    for (size_t i = 0; i < count; i++) {
        if (!is_limit[i])
            bounds[kept++] = bounds[i];
    }
    return kept;
}

static size_t find_bounds(const struct kernel_text *kernel, size_t function,
                          struct bound bounds[MAX_BOUNDS])
{
    static const char *const before[] = {",", "(", ";", "&&", NULL};
    static const char *const behind[] = {",", ")", ";", "&&", NULL};
    const struct function *body = &kernel->functions[function];
    size_t count = 0;
    for (size_t i = body->body + 2; i + 3 < body->end && count < MAX_BOUNDS; i++) {
        const struct variable_name *limit = integer_at(kernel, function, i + 2);
        bool follows = token_is(kernel, i + 1, ",") ? !token_is(kernel, i - 1, ";")
                                                    : token_is(kernel, i + 1, "<");
        if (!follows || limit == NULL || !is_parameter(kernel, function, limit) ||
            integer_at(kernel, function, i) == NULL || token_same(kernel, i, i + 2) ||
            !token_is_one_of(kernel, i - 1, before) || !token_is_one_of(kernel, i + 3, behind))
            continue;
        bool known = false;
        for (size_t j = 0; j < count; j++)
            known = known || (token_same(kernel, bounds[j].start, i) &&
                              token_same(kernel, bounds[j].limit, i + 2));
        if (!known)
            bounds[count++] = (struct bound){i, i + 2};
    }
    return without_limits(kernel, bounds, count);
}

// `x + j`, `row`: names and numbers with `+` and `-` between.
static bool is_sum(const struct kernel_text *kernel, size_t function, size_t first, size_t end)
{
    bool has_name = false;
    if (end - first > LONGEST_SUM || (end - first) % 2 == 0)
        return false;
    for (size_t i = first; i < end; i++) {
        bool is_name = integer_at(kernel, function, i) != NULL;
        bool is_operand = is_name || kernel->tokens[i].kind == TOKEN_NUMBER;
        bool is_operator = token_is(kernel, i, "+") || token_is(kernel, i, "-");
        if ((i - first) % 2 == 0 ? !is_operand : !is_operator)
            return false;
        has_name = has_name || is_name;
    }
    return has_name;
}

static bool is_same_text(const struct kernel_text *kernel, struct sum one, struct sum other)
{
    if (one.end - one.first != other.end - other.first)
        return false;
    for (size_t i = 0; i < one.end - one.first; i++) {
        if (!token_same(kernel, one.first + i, other.first + i))
            return false;
    }
    return true;
}

// Subscripts, and what is in brackets beside a `*`: the index of a row.
static size_t find_sums(const struct kernel_text *kernel, size_t function,
                        struct sum sums[MAX_SUMS])
{
    const struct function *body = &kernel->functions[function];
    size_t count = 0;
    for (size_t i = body->body + 1; i < body->end && count < MAX_SUMS; i++) {
        size_t close = kernel->tokens[i].partner;
        if (close == SIZE_MAX || close < i || close > body->end)
            continue;
        bool is_index = token_is(kernel, i, "[") ||
                        (token_is(kernel, i, "(") &&
                         (token_is(kernel, i - 1, "*") || token_is(kernel, close + 1, "*")));
        struct sum sum = {i + 1, close};
        if (!is_index || !is_sum(kernel, function, sum.first, sum.end))
            continue;
        bool known = false;
        for (size_t j = 0; j < count; j++)
            known = known || is_same_text(kernel, sums[j], sum);
        if (!known)
            sums[count++] = sum;
    }
    return count;
}

static bool holds_name(const struct kernel_text *kernel, size_t first, size_t end, size_t name)
{
    for (size_t i = first; i < end; i++) {
        if (token_same(kernel, i, name) && !is_member(kernel, i))
            return true;
    }
    return false;
}

// `first_key + x + j < seq_k`; NULL where a name is not known at `place`.
static char *condition_text(const struct kernel_text *kernel, size_t function, struct bound bound,
                            struct sum sum, size_t place)
{
    const struct token *start = &kernel->tokens[bound.start], *limit = &kernel->tokens[bound.limit];
    if (!are_names_usable(kernel, function, bound.start, bound.start + 1, place) ||
        !are_names_usable(kernel, function, sum.first, sum.end, place) ||
        holds_name(kernel, sum.first, sum.end, bound.limit))
        return NULL;
    char *text = tokens_text(kernel, sum.first, sum.end);
    bool from_start = holds_name(kernel, sum.first, sum.end, bound.start);
    char *condition = text == NULL ? NULL
                      : from_start
                          ? format_text("%s < %.*s", text, (int)limit->length, limit->start)
                          : format_text("%.*s + %s < %.*s", (int)start->length, start->start, text,
                                        (int)limit->length, limit->start);
    free(text);
    return condition;
}

// The value of an assignment where an index is inside, and what counts for nothing elsewhere.
void edit_masks(const struct kernel_text *kernel, const struct variable_name *target, size_t start,
                size_t mark, size_t end, struct edits *edits)
{
    struct bound bounds[MAX_BOUNDS];
    struct sum sums[MAX_SUMS];
    bool is_element = token_is(kernel, start + 1, "[");
    if (target == NULL || target->function == SIZE_MAX || end - mark <= 2 || // a mere name
        strncmp(target->type, "float", strlen("float")) != 0)
        return;
    size_t function = target->function;
    char *value = tokens_text(kernel, mark + 1, end);
    size_t bound_count = find_bounds(kernel, function, bounds);
    size_t sum_count = find_sums(kernel, function, sums);
    size_t added = 0;
    for (size_t i = 0; value != NULL && i < bound_count * sum_count; i++) {
        struct sum sum = sums[i % sum_count];
        bool shared = !is_element;
        for (size_t j = start + 1; j < mark; j++)
            shared = shared || (integer_at(kernel, function, j) != NULL &&
                                holds_name(kernel, sum.first, sum.end, j));
        char *condition = shared && added < MAX_CONDITIONS
                              ? condition_text(kernel, function, bounds[i / sum_count], sum, start)
                              : NULL;
        if (condition == NULL)
            continue;
        edits_add(edits, mark + 1, end, "mask", 0.45, "%s ? %s : -__builtin_inff()", condition,
                  value);
        edits_add(edits, mark + 1, end, "mask", 0.35, "%s ? %s : 0", condition, value);
        added++;
        free(condition);
    }
    edits->failed = edits->failed || value == NULL;
    free(value);
}

// The outermost statement around a sum in which all its names are known.
static size_t statement_of_sum(const struct kernel_text *kernel, size_t function, struct sum sum)
{
    const struct function *body = &kernel->functions[function];
    for (size_t i = next_statement(kernel, function, body->body); i < sum.first;
         i = next_statement(kernel, function, i)) {
        if (statement_end(kernel, i, body->end) >= sum.end &&
            are_names_usable(kernel, function, sum.first, sum.end, i))
            return i;
    }
    return SIZE_MAX;
}

// `if (first_row + row < seq_q)` around the statement that an index belongs to.
void edit_bounds(const struct kernel_text *kernel, size_t function, struct edits *edits)
{
    const struct function *body = &kernel->functions[function];
    struct bound bounds[MAX_BOUNDS];
    struct sum sums[MAX_SUMS];
    size_t bound_count = find_bounds(kernel, function, bounds);
    size_t sum_count = find_sums(kernel, function, sums);
    for (size_t i = 0; i < sum_count; i++) {
        size_t start = statement_of_sum(kernel, function, sums[i]);
        if (start == SIZE_MAX || is_declaration(kernel, start))
            continue;
        size_t end = statement_end(kernel, start, body->end);
        for (size_t j = 0; j < bound_count; j++) {
            char *condition = condition_text(kernel, function, bounds[j], sums[i], start);
            char *guard = condition != NULL ? format_text("if (%s)", condition) : NULL;
            if (guard != NULL)
                edits_add_before(kernel, start, end, "guard", 0.5, guard, edits);
            free(guard);
            free(condition);
        }
    }
}
