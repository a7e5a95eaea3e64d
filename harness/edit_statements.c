// Edits of whole statements: barriers, guards, starting values, order.
#include "code_tokens.h"
#include "kernel_edits.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static bool starts_control(const struct kernel_text *kernel, size_t token)
{
    static const char *const words[] = {"if",   "for",     "while",  "do", "else", "switch",
                                        "case", "default", "return", "{",  NULL};
    return token_is_one_of(kernel, token, words);
}

size_t statement_end(const struct kernel_text *kernel, size_t start, size_t limit)
{
    size_t i = start;
    if (token_is(kernel, i, "{"))
        return kernel->tokens[i].partner < limit ? kernel->tokens[i].partner : limit;
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

bool is_declaration(const struct kernel_text *kernel, size_t start)
{
    if (starts_control(kernel, start))
        return false;
    for (size_t i = 0; i < kernel->variable_count; i++) {
        size_t name = kernel->variables[i].token;
        if (name > start && name - start < 6 && name <= statement_end(kernel, start, name))
            return true;
    }
    return token_is(kernel, start, "const") || token_is(kernel, start, "using") ||
           token_is(kernel, start, "__shared__") || token_is(kernel, start, "typedef");
}

static bool is_shared(const struct kernel_text *kernel, const struct variable_name *variable)
{
    for (size_t i = variable->token; i-- > 0;) {
        if (token_is(kernel, i, ";") || token_is(kernel, i, "{") || token_is(kernel, i, "}"))
            return false;
        if (token_is(kernel, i, "shared"))
            return true;
    }
    return false;
}

// `low = words[0]`: the first of what is gone through.
static void edit_first_element(const struct kernel_text *kernel, const struct variable_name *name,
                               size_t first, size_t end, struct edits *edits)
{
    size_t length = strlen(name->type);
    for (size_t i = 0; name->function != SIZE_MAX && i < kernel->variable_count; i++) {
        const struct variable_name *array = &kernel->variables[i];
        bool has_elements =
            strncmp(array->type, name->type, length) == 0 &&
            (strcmp(array->type + length, "*") == 0 || strcmp(array->type + length, "[]") == 0);
        if (has_elements && is_choice(kernel, i, name->function, name->token))
            edits_add(edits, first, end, "starting value", 0.45, "%.*s[0]",
                      (int)kernel->tokens[array->token].length, kernel->tokens[array->token].start);
    }
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
        if (token_is(kernel, after, ";") && !is_shared(kernel, name))
            edits_add(edits, after, after, "starting value", 0.6, "= {}");
        return;
    }
    if (is_shared(kernel, name)) // nothing can be said where it is declared
        return;
    if (token_is(kernel, after, ";") || token_is(kernel, after, ",")) {
        edits_add(edits, after, after, "starting value", 0.8, "= 0");
        edits_add(edits, after, after, "starting value", 0.4, "= 1");
        if (name->class == TYPE_FLOAT)
            edits_add(edits, after, after, "starting value", 0.6, "= -__builtin_inff()");
    } else if (token_is(kernel, after, "=")) {
        size_t end = after + 1;
        while (end < kernel->token_count && !token_is(kernel, end, ";") &&
               !token_is(kernel, end, ",") && !token_is(kernel, end, ")")) {
            if (kernel->tokens[end].partner != SIZE_MAX && kernel->tokens[end].partner > end)
                end = kernel->tokens[end].partner;
            end++;
        }
        if (name->class == TYPE_FLOAT)
            edits_add(edits, after + 1, end, "starting value", 0.5, "-__builtin_inff()");
        edits_add(edits, after + 1, end, "starting value", 0.45, "0");
        edits_add(edits, after + 1, end, "starting value", 0.3, "1");
        edit_first_element(kernel, name, after + 1, end, edits);
        edit_masks(kernel, name, name->token, after, end, edits);
    }
}

// The target of `x = ...;` or `x += ...;`, from start; SIZE_MAX when it is none.
static size_t assignment_mark(const struct kernel_text *kernel, size_t start, size_t end)
{
    static const char *const marks[] = {"=", "+=", "-=", "*=", "/=", "|=", "&=", "^=", NULL};
    for (size_t i = start; i < end; i++) {
        if (token_is_one_of(kernel, i, marks))
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

static void edit_statement(const struct kernel_text *kernel, size_t function, size_t start,
                           struct edits *edits)
{
    const struct function *body = &kernel->functions[function];
    size_t end = statement_end(kernel, start, body->end);
    bool declaration = is_declaration(kernel, start);
    if (token_is(kernel, start, "}"))
        edits_add(edits, start, start, "barrier", 0.5, "__syncthreads();");
    if (end >= body->end || token_is(kernel, start, "}"))
        return;
    if (!token_is(kernel, start, "else") && !token_is(kernel, start, "case"))
        edits_add_before(kernel, start, end, "barrier", 0.5, "__syncthreads();", edits);
    if (kernel->tokens[start].kind == TOKEN_DIRECTIVE)
        return;
    edit_early_returns(kernel, function, start, end, edits);
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
        if (mark != SIZE_MAX && token_is(kernel, mark, "=")) {
            edits_add(edits, mark + 1, end, "starting value", 0.4, "0");
            edit_masks(kernel, variable_at(kernel, function, start), start, mark, end, edits);
        }
        edit_guards(kernel, function, start, end, edits);
    }
    // With the next one, the other way round.
    size_t next = end + 1;
    if (next < body->end && !starts_control(kernel, start) && !token_is(kernel, next, "}") &&
        !token_is(kernel, next, "else") && kernel->tokens[next].kind != TOKEN_DIRECTIVE) {
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
        if (variable->function != function || !is_usable(kernel, variable, function, brace) ||
            variable->token < kernel->functions[function].body || variable->class == TYPE_OTHER ||
            !token_is(kernel, variable->token + 1, "="))
            continue;
        edits_add(edits, brace + 1, brace + 1, "starting value", 0.35, "%.*s = 0;",
                  (int)kernel->tokens[variable->token].length,
                  kernel->tokens[variable->token].start);
    }
}

// Behind the bracket of `if (...)`, `for (...)` or `while (...)`.
static bool is_controlled(const struct kernel_text *kernel, size_t token)
{
    static const char *const words[] = {"if", "for", "while", NULL};
    size_t open = kernel->tokens[token - 1].partner;
    return token_is(kernel, token - 1, ")") && open != SIZE_MAX && open > 0 &&
           token_is_one_of(kernel, open - 1, words);
}

size_t next_statement(const struct kernel_text *kernel, size_t function, size_t token)
{
    static const char *const ends[] = {";", "{", "}", "else", NULL}, *const none[] = {"{", ";",
                                                                                      NULL};
    const struct function *body = &kernel->functions[function];
    for (size_t i = token; i <= body->end;) {
        // Nothing in the head of `for` is a statement.
        bool is_loop = token_is(kernel, i, "for") && token_is(kernel, i + 1, "(") &&
                       kernel->tokens[i + 1].partner != SIZE_MAX;
        i = is_loop ? kernel->tokens[i + 1].partner + 1 : i + 1;
        if (i <= body->end && !kernel->tokens[i].skipped && !token_is_one_of(kernel, i, none) &&
            (token_is_one_of(kernel, i - 1, ends) || is_controlled(kernel, i)) &&
            !is_initialiser_element(kernel, i))
            return i;
    }
    return SIZE_MAX;
}

void edit_statements(const struct kernel_text *kernel, size_t function, struct edits *edits)
{
    const struct function *body = &kernel->functions[function];
    for (size_t i = next_statement(kernel, function, body->body); i != SIZE_MAX;
         i = next_statement(kernel, function, i))
        edit_statement(kernel, function, i, edits);
    for (size_t i = body->body + 1; i < body->end; i++) {
        if (token_is(kernel, i, "{") && is_controlled(kernel, i) && !kernel->tokens[i].skipped &&
            token_is(kernel, kernel->tokens[i - 1].partner - 1, "for"))
            edit_loop_start(kernel, function, i, edits);
    }
    for (size_t i = 0; i < kernel->variable_count; i++) {
        if (kernel->variables[i].function == function && kernel->variables[i].token > body->body)
            edit_starting_value(kernel, i, edits);
    }
}
