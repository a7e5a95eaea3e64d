// Edits of whole statements: barriers, guards, starting values, order.
#include "kernel_edits.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_GUARDS = 40 };

static bool is_word(const struct kernel_text *kernel, size_t token, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (token_is(kernel, token, *words))
            return true;
    }
    return false;
}

static bool starts_control(const struct kernel_text *kernel, size_t token)
{
    static const char *const words[] = {"if",   "for",     "while",  "do", "else", "switch",
                                        "case", "default", "return", "{",  NULL};
    return is_word(kernel, token, words);
}

// The last token of the statement that starts at `start`.
static size_t statement_end(const struct kernel_text *kernel, size_t start, size_t limit)
{
    size_t i = start;
    if (token_is(kernel, i, "{"))
        return kernel->tokens[i].partner;
    if (token_is(kernel, i, "if") || token_is(kernel, i, "for") || token_is(kernel, i, "while") ||
        token_is(kernel, i, "switch")) {
        if (!token_is(kernel, i + 1, "(") || kernel->tokens[i + 1].partner == SIZE_MAX)
            return i;
        size_t end = statement_end(kernel, kernel->tokens[i + 1].partner + 1, limit);
        if (token_is(kernel, start, "if") && token_is(kernel, end + 1, "else"))
            end = statement_end(kernel, end + 2, limit);
        return end;
    }
    for (; i < limit && !token_is(kernel, i, ";"); i++) {
        if (kernel->tokens[i].partner != SIZE_MAX && kernel->tokens[i].partner > i)
            i = kernel->tokens[i].partner;
    }
    return i;
}

static bool is_declaration(const struct kernel_text *kernel, size_t start, size_t end)
{
    for (size_t i = 0; i < kernel->variable_count; i++) {
        if (kernel->variables[i].token > start && kernel->variables[i].token <= end &&
            kernel->variables[i].token - start < 6)
            return true;
    }
    return token_is(kernel, start, "const") || token_is(kernel, start, "using") ||
           token_is(kernel, start, "__shared__") || token_is(kernel, start, "typedef");
}

static void edit_starting_value(const struct kernel_text *kernel, size_t variable,
                                struct edits *edits)
{
    const struct variable_name *name = &kernel->variables[variable];
    size_t after = name->token + 1;
    if (name->class == TYPE_OTHER && name->type[strlen(name->type) - 1] != ']')
        return;
    if (token_is(kernel, after, "[") && kernel->tokens[after].partner != SIZE_MAX) {
        size_t close = kernel->tokens[after].partner;
        edits_add(edits, close, close, "array size", 0.4, "+ 1");
        char *size = tokens_text(kernel, after + 1, close);
        if (size != NULL)
            edits_add(edits, after + 1, close, "array size", 0.45, "2 * (%s)", size);
        free(size);
        after = close + 1;
        if (token_is(kernel, after, ";"))
            edits_add(edits, after, after, "starting value", 0.6, "= {}");
        return;
    }
    if (token_is(kernel, after, ";") || token_is(kernel, after, ",")) {
        edits_add(edits, after, after, "starting value", 0.8, "= 0");
        edits_add(edits, after, after, "starting value", 0.4, "= 1");
        if (name->class == TYPE_FLOAT)
            edits_add(edits, after, after, "starting value", 0.6, "= -__builtin_inff()");
    } else if (token_is(kernel, after, "=") && name->class == TYPE_FLOAT) {
        size_t end = after + 1;
        while (end < kernel->token_count && !token_is(kernel, end, ";") &&
               !token_is(kernel, end, ",") && !token_is(kernel, end, ")")) {
            if (kernel->tokens[end].partner != SIZE_MAX && kernel->tokens[end].partner > end)
                end = kernel->tokens[end].partner;
            end++;
        }
        edits_add(edits, after + 1, end, "starting value", 0.5, "-__builtin_inff()");
        edits_add(edits, after + 1, end, "starting value", 0.45, "0");
        edits_add(edits, after + 1, end, "starting value", 0.3, "1");
    }
}

// The target of `x = ...;` or `x += ...;`, from start; SIZE_MAX when it is none.
static size_t assignment_mark(const struct kernel_text *kernel, size_t start, size_t end)
{
    static const char *const marks[] = {"=", "+=", "-=", "*=", "/=", "|=", "&=", "^=", NULL};
    for (size_t i = start; i < end; i++) {
        if (is_word(kernel, i, marks))
            return i;
        if (kernel->tokens[i].partner != SIZE_MAX && kernel->tokens[i].partner > i)
            i = kernel->tokens[i].partner;
    }
    return SIZE_MAX;
}

// `x[i] += v;` by several threads at once.
static void edit_atomic(const struct kernel_text *kernel, size_t start, size_t mark, size_t end,
                        struct edits *edits)
{
    char *target = tokens_text(kernel, start, mark);
    char *value = tokens_text(kernel, mark + 1, end);
    bool adds = token_is(kernel, mark, "+=");
    if (target != NULL && value != NULL &&
        (strchr(target, '[') != NULL || strchr(target, '*') != NULL ||
         strchr(target, '.') != NULL)) {
        if (adds) {
            edits_add(edits, start, end, "atomic", 0.55, "atomicAdd(&(%s), %s)", target, value);
        } else if (token_is(kernel, mark, "|=")) {
            edits_add(edits, start, end, "atomic", 0.55, "atomicOr(&(%s), %s)", target, value);
        } else if (token_is(kernel, mark, "=")) {
            edits_add(edits, start, mark + 1, "operator", 0.35, "%s +=", target);
            // x = x + v, and x = max(x, v)
            if (strstr(value, target) == value && value[strlen(target)] == ' ' &&
                value[strlen(target) + 1] == '+')
                edits_add(edits, start, end, "atomic", 0.6, "atomicAdd(&(%s), %s)", target,
                          value + strlen(target) + 2);
            if (strncmp(value, "max", 3) == 0)
                edits_add(edits, start, end, "atomic", 0.6, "atomicMax(&(%s), %s)", target, value);
        }
    } else if (target != NULL && value != NULL && token_is(kernel, mark, "=")) {
        edits_add(edits, mark, mark + 1, "operator", 0.4, "+=");
        edits_add(edits, mark, mark + 1, "operator", 0.3, "*=");
    }
    free(target);
    free(value);
}

// `if (a < b)` around a statement, for names of whole numbers that the function's own comparisons
// set against each other, and for any local against any parameter.
static void edit_guard(const struct kernel_text *kernel, size_t function, size_t start, size_t end,
                       struct edits *edits)
{
    size_t added = 0;
    const struct function *body = &kernel->functions[function];
    for (size_t i = body->body; i < body->end && added < MAX_GUARDS; i++) {
        if (!token_is(kernel, i, "if") || !token_is(kernel, i + 1, "(") ||
            kernel->tokens[i + 1].partner == SIZE_MAX)
            continue;
        char *condition = tokens_text(kernel, i + 2, kernel->tokens[i + 1].partner);
        if (condition != NULL)
            edits_add(edits, start, start, "guard", 0.45, "if (%s)", condition);
        free(condition);
        added++;
    }
    for (size_t i = 0; i < kernel->variable_count && added < MAX_GUARDS; i++) {
        const struct variable_name *one = &kernel->variables[i];
        bool is_local = one->function == function && one->token > body->body;
        if (!is_local || one->class != TYPE_INTEGER || one->token > start)
            continue;
        for (size_t j = 0; j < kernel->variable_count && added < MAX_GUARDS; j++) {
            const struct variable_name *other = &kernel->variables[j];
            bool is_parameter = other->function == function && other->token < body->body;
            if (!is_parameter || other->class != TYPE_INTEGER)
                continue;
            edits_add(edits, start, start, "guard", 0.3, "if (%.*s < %.*s)",
                      (int)kernel->tokens[one->token].length, kernel->tokens[one->token].start,
                      (int)kernel->tokens[other->token].length, kernel->tokens[other->token].start);
            added++;
        }
    }
    (void)end;
}

static void edit_statement(const struct kernel_text *kernel, size_t function, size_t start,
                           struct edits *edits)
{
    const struct function *body = &kernel->functions[function];
    size_t end = statement_end(kernel, start, body->end);
    bool declaration = is_declaration(kernel, start, end);
    if (end >= body->end || token_is(kernel, start, "}"))
        return;
    if (!token_is(kernel, start, "else") && !token_is(kernel, start, "case"))
        edits_add(edits, start, start, "barrier", 0.5, "__syncthreads();");
    if (token_is(kernel, start, "__syncthreads")) {
        edits_add(edits, start, end, "barrier", 0.6, " ");
    } else if (token_is(kernel, start, "if") && token_is(kernel, start + 1, "(")) {
        size_t close = kernel->tokens[start + 1].partner;
        if (close == SIZE_MAX)
            return;
        edits_add(edits, start + 2, close, "condition", 0.5, "true");
        edits_add(edits, start + 2, close, "condition", 0.3, "false");
        char *condition = tokens_text(kernel, start + 2, close);
        if (condition != NULL)
            edits_add(edits, start + 2, close, "condition", 0.4, "!(%s)", condition);
        free(condition);
    } else if (!starts_control(kernel, start) && !declaration) {
        edits_add(edits, start, end, "statement", 0.4, " ");
        size_t mark = assignment_mark(kernel, start, end);
        if (mark != SIZE_MAX)
            edit_atomic(kernel, start, mark, end, edits);
        edit_guard(kernel, function, start, end, edits);
    }
    // With the next one, the other way round.
    size_t next = end + 1;
    if (next < body->end && !starts_control(kernel, start) && !token_is(kernel, next, "}") &&
        !token_is(kernel, next, "else")) {
        size_t next_end = statement_end(kernel, next, body->end);
        char *one = tokens_text(kernel, start, end + 1);
        char *other = next_end < body->end ? tokens_text(kernel, next, next_end + 1) : NULL;
        if (one != NULL && other != NULL && strcmp(one, other) != 0 && next_end - next < 80)
            edits_add_pair(edits, start, end + 1, other, next, next_end + 1, one, "order", 0.3);
        free(one);
        free(other);
    }
}

// Names of the function's variables set anew where a loop's body starts.
static void edit_loop_start(const struct kernel_text *kernel, size_t function, size_t brace,
                            struct edits *edits)
{
    for (size_t i = 0; i < kernel->variable_count; i++) {
        const struct variable_name *variable = &kernel->variables[i];
        if (variable->function != function || variable->token > brace ||
            variable->token < kernel->functions[function].body || variable->class == TYPE_OTHER ||
            !token_is(kernel, variable->token + 1, "="))
            continue;
        edits_add(edits, brace + 1, brace + 1, "starting value", 0.35, "%.*s = 0;",
                  (int)kernel->tokens[variable->token].length,
                  kernel->tokens[variable->token].start);
    }
}

void edit_statements(const struct kernel_text *kernel, size_t function, struct edits *edits)
{
    const struct function *body = &kernel->functions[function];
    for (size_t i = body->body + 1; i < body->end; i++) {
        const struct token *before = &kernel->tokens[i - 1];
        if (kernel->tokens[i].skipped)
            continue;
        bool follows = token_is(kernel, i - 1, ";") || token_is(kernel, i - 1, "{") ||
                       token_is(kernel, i - 1, "}") || token_is(kernel, i - 1, "else");
        // Of `if (...)`, `for (...)` and `while (...)`.
        bool closes = token_is(kernel, i - 1, ")") && before->partner != SIZE_MAX &&
                      before->partner > 0 &&
                      (token_is(kernel, before->partner - 1, "if") ||
                       token_is(kernel, before->partner - 1, "for") ||
                       token_is(kernel, before->partner - 1, "while"));
        if ((follows || closes) && !token_is(kernel, i, "{"))
            edit_statement(kernel, function, i, edits);
        if (token_is(kernel, i, "{") && closes && token_is(kernel, before->partner - 1, "for"))
            edit_loop_start(kernel, function, i, edits);
        // Nothing in the head of `for` is a statement.
        if (token_is(kernel, i, "for") && token_is(kernel, i + 1, "(") &&
            kernel->tokens[i + 1].partner != SIZE_MAX)
            i = kernel->tokens[i + 1].partner - 1;
    }
    for (size_t i = 0; i < kernel->variable_count; i++) {
        if (kernel->variables[i].function == function && kernel->variables[i].token > body->body)
            edit_starting_value(kernel, i, edits);
    }
}
