// Edits of what is computed with: other names, factors and terms that are missing or too many,
// order.
#include "kernel_edits.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ALTERNATIVES = 10 };

static const struct variable_name *find_variable(const struct kernel_text *kernel, size_t function,
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

static bool is_member(const struct kernel_text *kernel, size_t token)
{
    return token > 0 && (token_is(kernel, token - 1, ".") || token_is(kernel, token - 1, "->") ||
                         token_is(kernel, token - 1, "::"));
}

static bool is_declared_here(const struct kernel_text *kernel, size_t token)
{
    for (size_t i = 0; i < kernel->variable_count; i++) {
        if (kernel->variables[i].token == token)
            return true;
    }
    return false;
}

// May a name of this variable stand there? Declared before, in the same function or outside.
static bool is_usable(const struct kernel_text *kernel, const struct variable_name *variable,
                      size_t function, size_t token)
{
    return (variable->function == function || variable->function == SIZE_MAX) &&
           variable->token < token && !kernel->tokens[variable->token].skipped;
}

static bool is_named_before(const struct kernel_text *kernel, size_t variable, size_t function)
{
    for (size_t i = 0; i < variable; i++) {
        const struct variable_name *other = &kernel->variables[i];
        if ((other->function == function || other->function == SIZE_MAX) &&
            token_same(kernel, other->token, kernel->variables[variable].token))
            return true;
    }
    return false;
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

static void edit_name(const struct kernel_text *kernel, size_t function, size_t token,
                      const struct variable_name *variable, struct edits *edits)
{
    for (size_t i = 0; i < kernel->variable_count; i++) {
        const struct variable_name *other = &kernel->variables[i];
        bool fits = strcmp(other->type, variable->type) == 0 ||
                    (other->class != TYPE_OTHER && other->class == variable->class);
        if (!fits || !is_usable(kernel, other, function, token) ||
            token_same(kernel, other->token, token) || is_named_before(kernel, i, function))
            continue;
        // A constant of an enumeration in place of a variable, or the other way, is rarer.
        bool alike = (other->function == SIZE_MAX) == (variable->function == SIZE_MAX);
        double weight = !alike ? 0.35 : is_alike(kernel, other->token, token) ? 0.95 : 0.65;
        edits_add(edits, token, token + 1, "name", weight, "%.*s",
                  (int)kernel->tokens[other->token].length, kernel->tokens[other->token].start);
    }
}

static void edit_axis(const struct kernel_text *kernel, size_t token, struct edits *edits)
{
    static const char *const bases[] = {"threadIdx", "blockIdx", "blockDim", "gridDim"};
    static const char *const axes[] = {"x", "y", "z"};
    bool is_base = false;
    for (size_t i = 0; i < 4; i++)
        is_base = is_base || token_is(kernel, token, bases[i]);
    if (!is_base || !token_is(kernel, token + 1, "."))
        return;
    for (size_t i = 0; i < 4; i++) {
        if (!token_is(kernel, token, bases[i]))
            edits_add(edits, token, token + 1, "name", 0.5, "%s", bases[i]);
    }
    for (size_t i = 0; i < 3; i++) {
        if (!token_is(kernel, token + 2, axes[i]))
            edits_add(edits, token + 2, token + 3, "name", 0.6, "%s", axes[i]);
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
            !token_same(kernel, i - 1, token - 1))
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

// Factors and terms that may be missing behind an operand.
static void edit_missing(const struct kernel_text *kernel, size_t function, size_t token,
                         const struct variable_name *variable, struct edits *edits)
{
    size_t last = operand_end(kernel, token);
    static const char *const after[] = {"=", "+=", "-=", "*=", "++", "--", "/=", "("};
    for (size_t i = 0; i < sizeof after / sizeof *after; i++) {
        if (token_is(kernel, last + 1, after[i]))
            return;
    }
    if (token > 0 && (token_is(kernel, token - 1, "++") || token_is(kernel, token - 1, "--") ||
                      token_is(kernel, token - 1, "&")))
        return;
    bool is_integer = variable->class == TYPE_INTEGER;
    bool is_pointer = variable->type[strlen(variable->type) - 1] == '*' && last == token;
    size_t offered = 0;
    if (is_integer) {
        edits_add(edits, last + 1, last + 1, "offset", 0.5, "+ 1");
        edits_add(edits, last + 1, last + 1, "offset", 0.5, "- 1");
    }
    for (size_t i = kernel->variable_count; i-- > 0 && offered < 2 * MAX_ALTERNATIVES;) {
        const struct variable_name *other = &kernel->variables[i];
        if (!is_usable(kernel, other, function, token) || is_named_before(kernel, i, function) ||
            token_same(kernel, other->token, token))
            continue;
        const char *name = kernel->tokens[other->token].start;
        int length = (int)kernel->tokens[other->token].length;
        bool local = other->function != SIZE_MAX;
        if (is_integer && other->class == TYPE_INTEGER) {
            edits_add(edits, last + 1, last + 1, "missing factor", local ? 0.45 : 0.25, "* %.*s",
                      length, name);
            edits_add(edits, last + 1, last + 1, "missing term", local ? 0.45 : 0.25, "+ %.*s",
                      length, name);
            offered++;
        } else if (other->class == TYPE_FLOAT && !is_integer && !is_pointer) {
            edits_add(edits, last + 1, last + 1, "missing factor", 0.6, "* %.*s", length, name);
            edits_add(edits, last + 1, last + 1, "missing term", 0.4, "- %.*s", length, name);
            edits_add(edits, last + 1, last + 1, "missing term", 0.3, "+ %.*s", length, name);
            edits_add(edits, last + 1, last + 1, "missing factor", 0.4, "/ %.*s", length, name);
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
        if (other->class != TYPE_INTEGER || !is_usable(kernel, other, function, token) ||
            is_named_before(kernel, i, function) || (is_constant && in_subscript))
            continue;
        edits_add(edits, token, token + 1, "name",
                  in_subscript  ? 0.6
                  : is_constant ? 0.45
                                : 0.25,
                  "%.*s", (int)kernel->tokens[other->token].length,
                  kernel->tokens[other->token].start);
    }
}

// x[i] that should be times, or plus, y[i].
static void edit_missing_element(const struct kernel_text *kernel, size_t function, size_t token,
                                 struct edits *edits)
{
    static const char *const after[] = {"=", "+=", "-=", "*=", "++", "--", "/=", "("};
    size_t last = operand_end(kernel, token), open = token + 1;
    for (size_t i = 0; i < sizeof after / sizeof *after; i++) {
        if (token_is(kernel, last + 1, after[i]))
            return;
    }
    if (!token_is(kernel, open, "[") || kernel->tokens[open].partner == SIZE_MAX)
        return;
    char *subscript = tokens_text(kernel, open + 1, kernel->tokens[open].partner);
    for (size_t i = 0; subscript != NULL && i < kernel->variable_count; i++) {
        const struct variable_name *other = &kernel->variables[i];
        bool is_floats = strncmp(other->type, "float", 5) == 0 && strlen(other->type) > 5;
        if (!is_floats || other->function != function || other->token >= token ||
            token_same(kernel, other->token, token))
            continue;
        edits_add(edits, last + 1, last + 1, "missing factor", 0.55, "* %.*s[%s]",
                  (int)kernel->tokens[other->token].length, kernel->tokens[other->token].start,
                  subscript);
    }
    free(subscript);
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

static void edit_cast(const struct kernel_text *kernel, size_t token, struct edits *edits)
{
    static const char *const types[] = {"int",      "float",    "unsigned", "int64_t", "uint32_t",
                                        "double",   "_Float16", "float16",  "short",   "char",
                                        "uint16_t", "uint8_t",  "int16_t",  "int8_t"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (token_is(kernel, token, "(") && token_is(kernel, token + 1, types[i]) &&
            token_is(kernel, token + 2, ")"))
            edits_add(edits, token, token + 3, "type", 0.4, " ");
    }
}

void edit_operands(const struct kernel_text *kernel, size_t function, size_t token,
                   struct edits *edits)
{
    if (kernel->tokens[token].skipped)
        return;
    edit_product(kernel, token, edits);
    edit_neighbours(kernel, token, edits);
    edit_cast(kernel, token, edits);
    if (kernel->tokens[token].kind == TOKEN_NUMBER)
        edit_number_to_name(kernel, function, token, edits);
    if (kernel->tokens[token].kind != TOKEN_WORD)
        return;
    edit_axis(kernel, token, edits);
    if (is_member(kernel, token)) {
        edit_member(kernel, function, token, edits);
        return;
    }
    const struct variable_name *variable = find_variable(kernel, function, token);
    if (variable == NULL || is_declared_here(kernel, token))
        return;
    edit_name(kernel, function, token, variable, edits);
    edit_missing(kernel, function, token, variable, edits);
    edit_missing_element(kernel, function, token, edits);
}
