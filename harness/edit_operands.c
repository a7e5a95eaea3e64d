// Edits of what is computed with: other names, factors and terms that are missing or too many,
// order.
#include "code_tokens.h"
#include "kernel_edits.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ALTERNATIVES = 10 };

const struct variable_name *variable_at(const struct kernel_text *kernel, size_t function,
                                        size_t token)
{
    const struct variable_name *found = NULL;
    for (size_t i = 0; i < kernel->variable_count; i++) {
        const struct variable_name *variable = &kernel->variables[i];
        if ((variable->function == function || variable->function == SIZE_MAX) &&
            token_same(kernel, variable->token, token) &&
            (found == NULL || variable->token <= token))
            found = variable;
    }
    return found;
}

bool is_member(const struct kernel_text *kernel, size_t token)
{
    return token > 0 && (token_is(kernel, token - 1, ".") || token_is(kernel, token - 1, "->") ||
                         token_is(kernel, token - 1, "::"));
}

bool is_declared_here(const struct kernel_text *kernel, size_t token)
{
    for (size_t i = 0; i < kernel->variable_count; i++) {
        if (kernel->variables[i].token == token)
            return true;
    }
    return false;
}

bool is_usable(const struct kernel_text *kernel, const struct variable_name *variable,
               size_t function, size_t token)
{
    return (variable->function == function || variable->function == SIZE_MAX) &&
           variable->token < token && token <= variable->scope_end &&
           !kernel->tokens[variable->token].skipped;
}

bool is_choice(const struct kernel_text *kernel, size_t variable, size_t function, size_t token)
{
    if (!is_usable(kernel, &kernel->variables[variable], function, token))
        return false;
    for (size_t i = 0; i < variable; i++) {
        const struct variable_name *other = &kernel->variables[i];
        if (is_usable(kernel, other, function, token) &&
            token_same(kernel, other->token, kernel->variables[variable].token))
            return false;
    }
    return true;
}

bool are_names_usable(const struct kernel_text *kernel, size_t function, size_t first, size_t end,
                      size_t token)
{
    for (size_t i = first; i < end; i++) {
        bool known = false, usable = is_member(kernel, i);
        for (size_t j = 0; kernel->tokens[i].kind == TOKEN_WORD && j < kernel->variable_count;
             j++) {
            const struct variable_name *variable = &kernel->variables[j];
            if (variable->function != function || !token_same(kernel, variable->token, i))
                continue;
            known = true;
            usable = usable || is_usable(kernel, variable, function, token);
        }
        if (known && !usable)
            return false;
    }
    return true;
}

// seq_q and seq_k are taken for each other sooner than seq_q and matrix.
static bool is_alike(const struct kernel_text *kernel, size_t left, size_t right)
{
    const struct token *a = &kernel->tokens[left], *b = &kernel->tokens[right];
    unsigned shorter = a->length < b->length ? a->length : b->length, same = 0;
    while (same < shorter && a->start[same] == b->start[same])
        same++;
    unsigned tail = 0;
    while (tail < shorter && a->start[a->length - 1 - tail] == b->start[b->length - 1 - tail])
        tail++;
    return same >= 3 || tail >= 3 || (a->length == b->length && a->length <= 2);
}

// Outside functions, or a parameter of a template.
static bool is_constant(const struct kernel_text *kernel, const struct variable_name *variable)
{
    return variable->function == SIZE_MAX ||
           variable->token < kernel->functions[variable->function].name;
}

static void edit_name(const struct kernel_text *kernel, size_t function, size_t token,
                      const struct variable_name *variable, struct edits *edits)
{
    for (size_t i = 0; i < kernel->variable_count; i++) {
        const struct variable_name *other = &kernel->variables[i];
        bool fits = strcmp(other->type, variable->type) == 0 ||
                    (other->class != TYPE_OTHER && other->class == variable->class);
        if (!fits || !is_choice(kernel, i, function, token) ||
            token_same(kernel, other->token, token))
            continue;
        // A constant in place of a variable, or the other way, is rarer.
        bool alike = is_constant(kernel, other) == is_constant(kernel, variable);
        bool own = is_constant(kernel, variable) &&
                   (variable->function == function || other->function == function);
        double weight = !alike                                  ? 0.35
                        : is_alike(kernel, other->token, token) ? 0.95
                        : own                                   ? 0.7
                                                                : 0.65;
        edits_add(edits, token, token + 1, "name", weight, "%.*s",
                  (int)kernel->tokens[other->token].length, kernel->tokens[other->token].start);
    }
}

// `.first` for `.second`: members that are used with the same kind of thing.
static void edit_member(const struct kernel_text *kernel, size_t function, size_t token,
                        struct edits *edits)
{
    size_t alternatives[MAX_ALTERNATIVES], count = 0;
    const struct function *body = &kernel->functions[function];
    for (size_t i = body->body; i < body->end && count < MAX_ALTERNATIVES; i++) {
        if (kernel->tokens[i].kind != TOKEN_WORD || !is_member(kernel, i) ||
            token_is(kernel, i - 1, "::") || token_same(kernel, i, token) ||
            !token_same(kernel, i - 1, token - 1) || !token_same(kernel, i - 2, token - 2))
            continue;
        bool known = false;
        for (size_t j = 0; j < count; j++)
            known = known || token_same(kernel, alternatives[j], i);
        if (known)
            continue;
        alternatives[count++] = i;
        edits_add(edits, token, token + 1, "name", 0.4, "%.*s", (int)kernel->tokens[i].length,
                  kernel->tokens[i].start);
    }
}

static bool is_binary(const struct kernel_text *kernel, size_t token, const char *marks)
{
    const struct token *here = &kernel->tokens[token];
    if (here->kind != TOKEN_MARK || here->length != 1 || strchr(marks, *here->start) == NULL ||
        token == 0)
        return false;
    const struct token *before = &kernel->tokens[token - 1];
    return before->kind == TOKEN_WORD || before->kind == TOKEN_NUMBER ||
           token_is(kernel, token - 1, ")") || token_is(kernel, token - 1, "]");
}

// a * b: either alone, and the two in the other order.
static void edit_product(const struct kernel_text *kernel, size_t token, struct edits *edits)
{
    if (!is_binary(kernel, token, "*+-/%<>") || token + 1 >= kernel->token_count)
        return;
    size_t first = operand_start(kernel, token - 1), last = operand_end(kernel, token + 1);
    const char mark = *kernel->tokens[token].start;
    if (strchr("*+-/%", mark) != NULL) {
        bool is_one = last == token + 1 && token_is(kernel, last, "1");
        edits_add(edits, token, last + 1, "term too many",
                  mark == '%' ? 0.35
                  : is_one    ? 0.8
                              : 0.55,
                  " ");
        if (mark != '%')
            edits_add(edits, first, token + 1, "term too many", 0.3, " ");
    }
    if (strchr("-/%<>", mark) != NULL) {
        char *left = tokens_text(kernel, first, token);
        char *right = tokens_text(kernel, token + 1, last + 1);
        if (left != NULL && right != NULL)
            edits_add_pair(edits, first, token, right, token + 1, last + 1, left, "order", 0.35);
        free(left);
        free(right);
    }
}

// A factor or divisor that is a number: small powers of two, and those of the lines around.
static void edit_missing_number(const struct kernel_text *kernel, size_t token, size_t last,
                                struct edits *edits)
{
    static const char *const factors[] = {"2", "4", "8", "16"};
    for (size_t i = 0; i < sizeof factors / sizeof *factors; i++)
        edits_add(edits, last + 1, last + 1, "missing number", i == 1 ? 0.5 : 0.4, "* %s",
                  factors[i]);
    for (size_t i = token; i-- > 0 && kernel->tokens[token].line - kernel->tokens[i].line < 6 &&
                           kernel->tokens[i].file == kernel->tokens[token].file;) {
        if (kernel->tokens[i].kind == TOKEN_NUMBER && kernel->tokens[i].length > 1) {
            edits_add(edits, last + 1, last + 1, "missing number", 0.3, "* %.*s",
                      (int)kernel->tokens[i].length, kernel->tokens[i].start);
            break;
        }
    }
}

// An operand, by its last token.
static bool is_changed_or_called(const struct kernel_text *kernel, size_t last)
{
    static const char *const after[] = {"=", "+=", "-=", "*=", "++", "--", "/=", "(", NULL};
    return token_is_one_of(kernel, last + 1, after);
}

// Factors and terms that may be missing behind an operand.
static void edit_missing(const struct kernel_text *kernel, size_t function, size_t token,
                         const struct variable_name *variable, struct edits *edits)
{
    size_t last = operand_end(kernel, token);
    if (is_changed_or_called(kernel, last))
        return;
    if (token > 0 && (token_is(kernel, token - 1, "++") || token_is(kernel, token - 1, "--") ||
                      token_is(kernel, token - 1, "&")))
        return;
    bool is_integer = variable->class == TYPE_INTEGER;
    bool is_pointer = variable->type[strlen(variable->type) - 1] == '*' && last == token;
    size_t offered = 0;
    bool is_cast = token > 0 && token_is(kernel, token - 1, ")") && variable->class == TYPE_FLOAT;
    if (is_integer || is_cast) {
        edits_add(edits, last + 1, last + 1, "offset", 0.5, "+ 1");
        edits_add(edits, last + 1, last + 1, "offset", 0.5, "- 1");
    }
    if (is_integer)
        edit_missing_number(kernel, token, last, edits);
    for (size_t i = kernel->variable_count; i-- > 0 && offered < 2 * MAX_ALTERNATIVES;) {
        const struct variable_name *other = &kernel->variables[i];
        if (!is_choice(kernel, i, function, token) || token_same(kernel, other->token, token))
            continue;
        const char *name = kernel->tokens[other->token].start;
        int length = (int)kernel->tokens[other->token].length;
        bool local = other->function != SIZE_MAX;
        if (is_integer && other->class == TYPE_INTEGER) {
            edits_add(edits, last + 1, last + 1, "missing factor", local ? 0.45 : 0.25, "* %.*s",
                      length, name);
            edits_add(edits, last + 1, last + 1, "missing term", local ? 0.45 : 0.25, "+ %.*s",
                      length, name);
            edits_add(edits, last + 1, last + 1, "missing difference", 0.3, "- %.*s", length, name);
            if (!local) {
                edits_add(edits, last + 1, last + 1, "missing factor", 0.3, "%% %.*s", length,
                          name);
                edits_add(edits, last + 1, last + 1, "missing factor", 0.25, "/ %.*s", length,
                          name);
            }
            offered++;
        } else if (other->class == TYPE_FLOAT && !is_integer && !is_pointer) {
            edits_add(edits, last + 1, last + 1, "missing scale", 0.6, "* %.*s", length, name);
            edits_add(edits, last + 1, last + 1, "missing term", 0.4, "- %.*s", length, name);
            edits_add(edits, last + 1, last + 1, "missing term", 0.3, "+ %.*s", length, name);
            edits_add(edits, last + 1, last + 1, "missing scale", 0.4, "/ %.*s", length, name);
            offered++;
        } else if (is_pointer && other->class == TYPE_INTEGER && local) {
            edits_add(edits, last + 1, last + 1, "missing term", 0.4, "+ %.*s", length, name);
            offered++;
        }
    }
}

// A number where a name should be: x[0] for x[row], 64 for TILE.
static void edit_number_to_name(const struct kernel_text *kernel, size_t function, size_t token,
                                struct edits *edits)
{
    bool in_subscript =
        token > 0 && token_is(kernel, token - 1, "[") && token_is(kernel, token + 1, "]");
    bool is_small = token_is(kernel, token, "0") || token_is(kernel, token, "1");
    if (memchr(kernel->tokens[token].start, '.', kernel->tokens[token].length) != NULL ||
        (is_small && !in_subscript) || is_declared_here(kernel, token > 1 ? token - 2 : 0))
        return;
    for (size_t i = 0; i < kernel->variable_count; i++) {
        const struct variable_name *other = &kernel->variables[i];
        bool is_constant = other->function == SIZE_MAX;
        if (other->class != TYPE_INTEGER || !is_choice(kernel, i, function, token) ||
            (is_constant && in_subscript))
            continue;
        edits_add(edits, token, token + 1, "name",
                  in_subscript  ? 0.6
                  : is_constant ? 0.45
                                : 0.25,
                  "%.*s", (int)kernel->tokens[other->token].length,
                  kernel->tokens[other->token].start);
    }
}

// The first where the last should be: `i == 0` for `i == SIZE - 1`.
static void edit_first_to_last(const struct kernel_text *kernel, size_t function, size_t token,
                               struct edits *edits)
{
    if (!token_is(kernel, token, "0") || token == 0 || !token_is(kernel, token - 1, "=="))
        return;
    for (size_t i = 0; i < kernel->variable_count; i++) {
        const struct variable_name *other = &kernel->variables[i];
        if (other->class == TYPE_INTEGER && is_choice(kernel, i, function, token))
            edits_add(edits, token, token + 1, "constant", 0.5, "%.*s - 1",
                      (int)kernel->tokens[other->token].length, kernel->tokens[other->token].start);
    }
}

// x[i] that should be times, or plus, y[i].
static void edit_missing_element(const struct kernel_text *kernel, size_t function, size_t token,
                                 struct edits *edits)
{
    size_t last = operand_end(kernel, token), open = token + 1;
    if (is_changed_or_called(kernel, last))
        return;
    if (!token_is(kernel, open, "[") || kernel->tokens[open].partner == SIZE_MAX)
        return;
    char *subscript = tokens_text(kernel, open + 1, kernel->tokens[open].partner);
    for (size_t i = 0; subscript != NULL && i < kernel->variable_count; i++) {
        const struct variable_name *other = &kernel->variables[i];
        bool is_floats = strncmp(other->type, "float", 5) == 0 && strlen(other->type) > 5;
        if (!is_floats || other->function != function ||
            !is_usable(kernel, other, function, token) || token_same(kernel, other->token, token))
            continue;
        edits_add(edits, last + 1, last + 1, "missing scale", 0.55, "* %.*s[%s]",
                  (int)kernel->tokens[other->token].length, kernel->tokens[other->token].start,
                  subscript);
    }
    free(subscript);
}

// A real constant that should be scaled by a variable.
static void edit_unscaled(const struct kernel_text *kernel, size_t function, size_t token,
                          struct edits *edits)
{
    if (memchr(kernel->tokens[token].start, '.', kernel->tokens[token].length) == NULL)
        return;
    for (size_t i = 0; i < kernel->variable_count; i++) {
        const struct variable_name *other = &kernel->variables[i];
        if (other->class != TYPE_FLOAT || !is_choice(kernel, i, function, token))
            continue;
        const char *name = kernel->tokens[other->token].start;
        int length = (int)kernel->tokens[other->token].length;
        edits_add(edits, token + 1, token + 1, "missing scale", 0.6, "* %.*s", length, name);
        edits_add(edits, token + 1, token + 1, "missing scale", 0.6, "/ %.*s", length, name);
    }
}

void edit_operands(const struct kernel_text *kernel, size_t function, size_t token,
                   struct edits *edits)
{
    if (kernel->tokens[token].skipped)
        return;
    edit_product(kernel, token, edits);
    if (kernel->tokens[token].kind == TOKEN_NUMBER)
        edit_number_to_name(kernel, function, token, edits);
    if (kernel->tokens[token].kind == TOKEN_NUMBER) {
        edit_unscaled(kernel, function, token, edits);
        edit_first_to_last(kernel, function, token, edits);
    }
    if (kernel->tokens[token].kind != TOKEN_WORD)
        return;
    if (is_member(kernel, token)) {
        edit_member(kernel, function, token, edits);
        return;
    }
    const struct variable_name *variable = variable_at(kernel, function, token);
    if (variable == NULL || is_declared_here(kernel, token))
        return;
    edit_name(kernel, function, token, variable, edits);
    edit_missing(kernel, function, token, variable, edits);
    edit_missing_element(kernel, function, token, edits);
}
