// Guards that a statement may lack.
#include "code_tokens.h"
#include "kernel_edits.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_GUARDS = 40, MAX_SIDES = 8 };

// `if (a < b)` around a statement, for names of whole numbers that the function's own comparisons
// set against each other, and for any local against any parameter.
static void edit_guard_by_names(const struct kernel_text *kernel, size_t function, size_t start,
                                size_t end, struct edits *edits)
{
    size_t added = 0;
    const struct function *body = &kernel->functions[function];
    for (size_t i = body->body; i < body->end && added < MAX_GUARDS; i++) {
        size_t close = token_is(kernel, i + 1, "(") ? kernel->tokens[i + 1].partner : SIZE_MAX;
        if (!token_is(kernel, i, "if") || close == SIZE_MAX ||
            !are_names_usable(kernel, function, i + 2, close, start))
            continue;
        char *condition = tokens_text(kernel, i + 2, close);
        char *guard = condition != NULL ? format_text("if (%s)", condition) : NULL;
        if (guard != NULL)
            edits_add_before(kernel, start, end, "guard", 0.45, guard, edits);
        free(condition);
        free(guard);
        added++;
    }
    for (size_t i = 0; i < kernel->variable_count && added < MAX_GUARDS; i++) {
        const struct variable_name *one = &kernel->variables[i];
        bool is_local = one->function == function && one->token > body->body;
        if (!is_local || one->class != TYPE_INTEGER || !is_usable(kernel, one, function, start))
            continue;
        for (size_t j = 0; j < kernel->variable_count && added < MAX_GUARDS; j++) {
            const struct variable_name *other = &kernel->variables[j];
            bool is_parameter = other->function == function && other->token < body->body;
            if (!is_parameter || other->class != TYPE_INTEGER)
                continue;
            const struct token *left = &kernel->tokens[one->token];
            const struct token *right = &kernel->tokens[other->token];
            char *guard = format_text("if (%.*s < %.*s)", (int)left->length, left->start,
                                      (int)right->length, right->start);
            if (guard != NULL)
                edits_add_before(kernel, start, end, "guard", 0.3, guard, edits);
            free(guard);
            added++;
        }
    }
}

// What comparisons of the function compare, on their left: texts, at most MAX_SIDES of them.
static size_t find_left_sides(const struct kernel_text *kernel, size_t function, size_t place,
                              char *sides[MAX_SIDES])
{
    static const char *const comparisons[] = {"<", "<=", ">", ">=", "==", "!=", NULL};
    static const char *const borders[] = {"(", "&&", "||", ";", "{",      "}", "=",
                                          ",", "?",  ":",  "!", "return", NULL};
    const struct function *body = &kernel->functions[function];
    size_t count = 0;
    for (size_t i = body->body + 1; i < body->end && count < MAX_SIDES; i++) {
        size_t first = i;
        if (!token_is_one_of(kernel, i, comparisons))
            continue;
        while (first > body->body + 1 && !token_is_one_of(kernel, first - 1, borders))
            first = token_closes(kernel, first - 1) && token_has_partner(kernel, first - 1)
                        ? kernel->tokens[first - 1].partner
                        : first - 1;
        if (first == i || !are_names_usable(kernel, function, first, i, place))
            continue;
        char *side = tokens_text(kernel, first, i);
        for (size_t j = 0; side != NULL && j < count; j++) {
            if (strcmp(sides[j], side) != 0)
                continue;
            free(side);
            side = NULL;
        }
        if (side != NULL)
            sides[count++] = side;
    }
    return count;
}

static bool is_loop_counter(const struct kernel_text *kernel, size_t function, size_t variable,
                            size_t place)
{
    const struct variable_name *counter = &kernel->variables[variable];
    return counter->class == TYPE_INTEGER && counter->function == function &&
           is_usable(kernel, counter, function, place) && counter->token > 2 &&
           token_is(kernel, counter->token - 2, "(") && token_is(kernel, counter->token - 3, "for");
}

// `if (lane % GROUP >= step)` around a statement of a loop, with what the function compares
// elsewhere: scans and reductions need it.
static void edit_guard_by_counter(const struct kernel_text *kernel, size_t function, size_t start,
                                  size_t end, struct edits *edits)
{
    static const char *const marks[] = {">=", "<"};
    char *sides[MAX_SIDES];
    size_t count = find_left_sides(kernel, function, start, sides);
    for (size_t i = 0; i < kernel->variable_count; i++) {
        if (!is_loop_counter(kernel, function, i, start))
            continue;
        const struct token *counter = &kernel->tokens[kernel->variables[i].token];
        for (size_t j = 0; j < 2 * count; j++) {
            bool itself = strlen(sides[j / 2]) == counter->length &&
                          memcmp(sides[j / 2], counter->start, counter->length) == 0;
            char *guard = itself ? NULL
                                 : format_text("if (%s %s %.*s)", sides[j / 2], marks[j % 2],
                                               (int)counter->length, counter->start);
            if (guard != NULL)
                edits_add_before(kernel, start, end, "guard", 0.4, guard, edits);
            free(guard);
        }
    }
    for (size_t i = 0; i < count; i++)
        free(sides[i]);
}

// Against infinities and NaNs.
static void edit_guard_by_value(const struct kernel_text *kernel, size_t function, size_t start,
                                size_t end, struct edits *edits)
{
    for (size_t i = 0; i < kernel->variable_count; i++) {
        const struct variable_name *variable = &kernel->variables[i];
        if (variable->class != TYPE_FLOAT || variable->function != function ||
            !is_choice(kernel, i, function, start))
            continue;
        const struct token *name = &kernel->tokens[variable->token];
        int length = (int)name->length;
        char *finite =
            format_text("if (%.*s - %.*s == 0)", length, name->start, length, name->start);
        char *number = format_text("if (%.*s == %.*s)", length, name->start, length, name->start);
        if (finite != NULL && number != NULL) {
            edits_add_before(kernel, start, end, "guard", 0.35, finite, edits);
            edits_add_before(kernel, start, end, "guard", 0.3, number, edits);
        }
        free(finite);
        free(number);
    }
}

// What a lambda expression returns is another thing.
static bool is_in_lambda(const struct kernel_text *kernel, const struct function *body,
                         size_t place)
{
    for (size_t i = place; i-- > body->body + 1;) {
        if (token_closes(kernel, i) && token_has_partner(kernel, i)) {
            i = kernel->tokens[i].partner;
            continue;
        }
        size_t head = i - 1;
        if (!token_is(kernel, i, "{"))
            continue;
        if (token_is(kernel, head, ")") && token_has_partner(kernel, head))
            head = kernel->tokens[head].partner - 1;
        if (token_is(kernel, head, "]"))
            return true;
    }
    return false;
}

// `if (temperature == 0) return largest;`: a parameter of 0 that wants an answer of its own.
void edit_early_returns(const struct kernel_text *kernel, size_t function, size_t start, size_t end,
                        struct edits *edits)
{
    const struct function *body = &kernel->functions[function];
    bool returns = false;
    for (size_t i = body->body; i < body->end && !is_in_lambda(kernel, body, start); i++)
        returns = returns || (token_is(kernel, i, "return") && !token_is(kernel, i + 1, ";"));
    for (size_t i = 0; returns && i < kernel->variable_count; i++) {
        const struct variable_name *parameter = &kernel->variables[i];
        if (parameter->function != function || parameter->token > body->body ||
            parameter->token < body->name || parameter->class == TYPE_OTHER)
            continue;
        for (size_t j = 0; j < kernel->variable_count; j++) {
            const struct variable_name *answer = &kernel->variables[j];
            if (answer->function != function || answer->token < body->body ||
                answer->class != TYPE_INTEGER || !is_usable(kernel, answer, function, start))
                continue;
            const struct token *zero = &kernel->tokens[parameter->token];
            const struct token *result = &kernel->tokens[answer->token];
            char *early = format_text("if (%.*s == 0) return %.*s;", (int)zero->length, zero->start,
                                      (int)result->length, result->start);
            if (early != NULL)
                edits_add_before(kernel, start, end, "guard", 0.3, early, edits);
            free(early);
        }
    }
}

void edit_guards(const struct kernel_text *kernel, size_t function, size_t start, size_t end,
                 struct edits *edits)
{
    edit_guard_by_names(kernel, function, start, end, edits);
    edit_guard_by_counter(kernel, function, start, end, edits);
    edit_guard_by_value(kernel, function, start, end, edits);
}
