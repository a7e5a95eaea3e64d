#include "edit_units.h"

#include "code_tokens.h"
#include "edit_declaration.h"
#include "edit_plain.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// Longer statements get alternatives for the arguments of their calls, too: a statement may hold
// a whole function in a lambda expression.
enum { LONG_STATEMENT = 60 };

struct parser {
    const struct kernel_text *kernel;
    struct edit_units *units;
    size_t parent;
};

static size_t parse_statement(struct parser *parser, size_t start, size_t limit);
static void parse_expression(struct parser *parser, size_t first, size_t end, bool arguments);

static bool is(const struct parser *parser, size_t token, const char *text)
{
    return token_is(parser->kernel, token, text);
}

static size_t partner(const struct parser *parser, size_t token)
{
    return parser->kernel->tokens[token].partner;
}

// An opening bracket of any kind.
static bool opens(const struct parser *parser, size_t token)
{
    return partner(parser, token) != SIZE_MAX && partner(parser, token) > token;
}

static bool is_word(const struct parser *parser, size_t token)
{
    return token < parser->kernel->token_count && parser->kernel->tokens[token].kind == TOKEN_WORD;
}

static struct edit_unit *add_unit(struct parser *parser, enum unit_kind kind, size_t first,
                                  size_t end)
{
    struct edit_units *units = parser->units;
    static struct edit_unit none;
    if (first >= end || units->failed)
        return &none;
    if (units->count == units->capacity) {
        size_t capacity = units->capacity > 0 ? 2 * units->capacity : 512;
        struct edit_unit *list = realloc(units->list, capacity * sizeof *list);
        units->failed = list == NULL;
        if (list == NULL)
            return &none;
        units->list = list;
        units->capacity = capacity;
    }
    struct edit_unit *unit = &units->list[units->count++];
    *unit = (struct edit_unit){.kind = kind, .first = first, .end = end, .parent = parser->parent};
    return unit;
}

// The first `mark` at or after `first` outside brackets, or `end`.
static size_t find_mark(const struct parser *parser, size_t first, size_t end, const char *mark)
{
    for (size_t i = first; i < end; i++) {
        if (is(parser, i, mark))
            return i;
        if (opens(parser, i))
            i = partner(parser, i);
        // `name<a, b>(...)` is one thing.
        size_t behind = i > first && is(parser, i, "<") && is_word(parser, i - 1)
                            ? template_list_end(parser->kernel, i, end)
                            : SIZE_MAX;
        if (behind != SIZE_MAX && (is(parser, behind, "(") || is(parser, behind, "::")))
            i = behind - 1;
    }
    return end;
}

// Some directives have to stand before all statements of a block; those of loops need not.
static bool may_follow_statement(const struct parser *parser, size_t token)
{
    return parser->kernel->tokens[token].kind != TOKEN_DIRECTIVE ||
           token_is_unroll(parser->kernel, token);
}

static void parse_block(struct parser *parser, size_t open)
{
    size_t close = partner(parser, open);
    if (close == SIZE_MAX)
        return;
    for (size_t i = open + 1; i < close;) {
        parser->units->starts[i] = may_follow_statement(parser, i);
        i = parse_statement(parser, i, close);
    }
    parser->units->starts[close] = true;
}

static bool is_open(const struct kernel_text *kernel, size_t token)
{
    return token_has_partner(kernel, token) && kernel->tokens[token].partner > token;
}

size_t edit_units_lambda_body(const struct kernel_text *kernel, size_t open, size_t end)
{
    if (!token_is(kernel, open, "[") || !is_open(kernel, open))
        return SIZE_MAX;
    if (open > 0) {
        const struct token *before = &kernel->tokens[open - 1];
        bool operand = before->kind == TOKEN_WORD || before->kind == TOKEN_NUMBER ||
                       token_is(kernel, open - 1, ")") || token_is(kernel, open - 1, "]");
        if (operand && !token_is(kernel, open - 1, "return"))
            return SIZE_MAX;
    }
    size_t i = kernel->tokens[open].partner + 1;
    if (i < end && token_is(kernel, i, "(") && is_open(kernel, i))
        i = kernel->tokens[i].partner + 1;
    while (i < end && !token_is(kernel, i, "{") && !token_is(kernel, i, ";") &&
           !token_is(kernel, i, ")") && !token_is(kernel, i, ","))
        i++;
    return i < end && token_is(kernel, i, "{") && is_open(kernel, i) ? i : SIZE_MAX;
}

static bool holds_lambda(const struct parser *parser, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        if (edit_units_lambda_body(parser->kernel, i, end) != SIZE_MAX)
            return true;
    }
    return false;
}

// `name(a, b)`: its arguments as units.
static void parse_arguments(struct parser *parser, size_t open)
{
    size_t close = partner(parser, open);
    for (size_t i = open + 1; i < close;) {
        size_t end = find_mark(parser, i, close, ",");
        if (!holds_lambda(parser, i, end) && end > i)
            add_unit(parser, UNIT_ARGUMENT, i, end);
        i = end + 1;
    }
}

// Statements within lambda expressions and, if asked for, arguments of calls.
static void parse_expression(struct parser *parser, size_t first, size_t end, bool arguments)
{
    for (size_t i = first; i < end; i++) {
        size_t body = edit_units_lambda_body(parser->kernel, i, end);
        if (body != SIZE_MAX) {
            parse_block(parser, body);
            i = partner(parser, body);
        } else if (arguments && is(parser, i, "(") && opens(parser, i) && i > first &&
                   is_word(parser, i - 1)) {
            parse_arguments(parser, i);
        }
    }
}

// What a value is computed into is another object than the one that a reference is to name.
static bool holds_reference(const struct parser *parser, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        if (is(parser, i, "&") || is(parser, i, "&&"))
            return true;
    }
    return false;
}

// `{a, {b, c}}`: its elements as units, which are numbers of an array's type where it is one.
static void parse_elements(struct parser *parser, size_t open,
                           const struct declaration *declaration, bool numbers)
{
    size_t close = partner(parser, open);
    for (size_t i = open + 1; i < close;) {
        size_t end = find_mark(parser, i, close, ",");
        struct edit_unit *unit = NULL;
        if (is(parser, i, "{") && opens(parser, i))
            parse_elements(parser, i, declaration, numbers);
        else if (!holds_lambda(parser, i, end) && end > i && !is(parser, i, "."))
            unit = add_unit(parser, UNIT_ARGUMENT, i, end);
        if (unit != NULL && numbers) {
            unit->type_first = declaration->type_first;
            unit->type_end = declaration->type_end;
        }
        i = end + 1;
    }
}

static bool is_number_type(const struct parser *parser, size_t token)
{
    static const char *const types[] = {"int",     "long",     "unsigned", "float",    "double",
                                        "int32_t", "uint32_t", "int64_t",  "uint64_t", NULL};
    return token_is_one_of(parser->kernel, token, types);
}

static void parse_declarators(struct parser *parser, const struct declaration *declaration,
                              size_t end)
{
    const struct kernel_text *kernel = parser->kernel;
    for (size_t i = declaration->declarator; i < end;) {
        size_t name = declaration_skip_ornaments(kernel, i, end);
        size_t next = find_mark(parser, i, end, ",");
        size_t value = name + 2;
        bool simple = is(parser, name + 1, "=") && !is(parser, value, "{") && value < next;
        if (simple && !declaration->fixed && !holds_lambda(parser, value, next) &&
            !holds_reference(parser, i, name) &&
            !declaration_is_constant(kernel, declaration, i, name, value, next)) {
            struct edit_unit *unit = add_unit(parser, UNIT_VALUE, value, next);
            bool is_auto = is(parser, declaration->type_end - 1, "auto");
            unit->type_first = is_auto ? 0 : declaration->type_first;
            unit->type_end = is_auto ? 0 : declaration->type_end;
            unit->ornament_first = i;
            unit->ornament_end = name;
        }
        size_t assigned = find_mark(parser, name, next, "=");
        if (!declaration->fixed && is(parser, assigned + 1, "{") && opens(parser, assigned + 1))
            parse_elements(parser, assigned + 1, declaration,
                           is(parser, name + 1, "[") &&
                               is_number_type(parser, declaration->type_end - 1));
        parse_expression(parser, name, next, false);
        i = next + 1;
    }
}

// `if (...)`, `while (...)`.
static void parse_condition(struct parser *parser, size_t open)
{
    struct declaration declaration;
    size_t close = partner(parser, open);
    bool has_start = find_mark(parser, open + 1, close, ";") < close; // if (start; condition)
    if (!has_start && !declaration_read(parser->kernel, open + 1, close, &declaration))
        add_unit(parser, UNIT_CONDITION, open + 1, close);
}

static void parse_loop_head(struct parser *parser, size_t open)
{
    struct declaration declaration;
    size_t close = partner(parser, open);
    size_t first = find_mark(parser, open + 1, close, ";");
    if (first == close) // for (x : list)
        return;
    size_t second = find_mark(parser, first + 1, close, ";");
    if (declaration_read(parser->kernel, open + 1, first, &declaration))
        parse_declarators(parser, &declaration, first);
    else
        add_unit(parser, UNIT_STEP, open + 1, first);
    add_unit(parser, UNIT_CONDITION, first + 1, second);
    add_unit(parser, UNIT_STEP, second + 1, close);
}

// The part of a statement behind its head; `unit` covers it in the end.
static size_t parse_control(struct parser *parser, size_t start, size_t limit)
{
    size_t open = start + 1, outer = parser->parent, end;
    bool constant = is(parser, open, "constexpr");
    open += constant;
    if (!is(parser, open, "(") || !opens(parser, open))
        return limit;
    size_t unit = parser->units->count;
    add_unit(parser, UNIT_STATEMENT, start, limit); // its end is set below
    if (unit < parser->units->count)
        parser->parent = unit;
    if (is(parser, start, "for"))
        parse_loop_head(parser, open);
    else if (!constant && !is(parser, start, "switch"))
        parse_condition(parser, open);
    end = parse_statement(parser, partner(parser, open) + 1, limit);
    if (is(parser, start, "if") && end < limit && is(parser, end, "else"))
        end = parse_statement(parser, end + 1, limit);
    if (unit < parser->units->count)
        parser->units->list[unit].end = end;
    parser->parent = outer;
    return end;
}

static size_t parse_do(struct parser *parser, size_t start, size_t limit)
{
    size_t outer = parser->parent, unit = parser->units->count;
    add_unit(parser, UNIT_STATEMENT, start, limit);
    if (unit < parser->units->count)
        parser->parent = unit;
    size_t end = parse_statement(parser, start + 1, limit);
    if (end < limit && is(parser, end, "while") && is(parser, end + 1, "(") &&
        opens(parser, end + 1)) {
        parse_condition(parser, end + 1);
        end = partner(parser, end + 1) + 2;
    }
    end = end < limit ? end : limit;
    if (unit < parser->units->count)
        parser->units->list[unit].end = end;
    parser->parent = outer;
    return end;
}

static size_t parse_simple(struct parser *parser, size_t start, size_t limit)
{
    static const char *const left_alone[] = {
        "using", "typedef", "static_assert", "enum", "union", "struct",
        "class", "goto",    "template",      "asm",  NULL};
    struct declaration declaration;
    size_t end = find_mark(parser, start, limit, ";");
    size_t after = end < limit ? end + 1 : limit;
    if (token_is_one_of(parser->kernel, start, left_alone) || end == limit)
        return after;
    bool is_return = is(parser, start, "return");
    if (!is_return && declaration_read(parser->kernel, start, end, &declaration)) {
        parse_declarators(parser, &declaration, end);
        return after;
    }
    if (end == start) // `;` alone
        return after;
    size_t outer = parser->parent, unit = parser->units->count;
    add_unit(parser, UNIT_STATEMENT, start, after);
    if (unit < parser->units->count)
        parser->parent = unit;
    parse_expression(parser, start, end,
                     end - start > LONG_STATEMENT || holds_lambda(parser, start, end));
    parser->parent = outer;
    return after;
}

// Gives the token behind it.
static size_t parse_statement(struct parser *parser, size_t start, size_t limit)
{
    if (start >= limit)
        return limit;
    if (parser->kernel->tokens[start].kind == TOKEN_DIRECTIVE)
        return start + 1;
    // [[likely]]
    if (is(parser, start, "[") && is(parser, start + 1, "[") && opens(parser, start))
        return parse_statement(parser, partner(parser, start) + 1, limit);
    if (is(parser, start, "{")) {
        parse_block(parser, start);
        return opens(parser, start) ? partner(parser, start) + 1 : limit;
    }
    if (is(parser, start, "if") || is(parser, start, "for") || is(parser, start, "while") ||
        is(parser, start, "switch"))
        return parse_control(parser, start, limit);
    if (is(parser, start, "do"))
        return parse_do(parser, start, limit);
    if (is(parser, start, "case") || is(parser, start, "default")) {
        size_t colon = find_mark(parser, start, limit, ":");
        return colon < limit ? colon + 1 : limit;
    }
    return parse_simple(parser, start, limit);
}

// The compiler may have to call it, and cannot when it looks at a variable.
static bool is_constexpr(const struct parser *parser, const struct function *function)
{
    for (size_t i = function->start; i < function->parameters; i++) {
        if (is(parser, i, "constexpr"))
            return true;
    }
    return false;
}

bool edit_units_find(const struct kernel_text *kernel, struct edit_units *units)
{
    struct parser parser = {.kernel = kernel, .units = units, .parent = SIZE_MAX};
    *units = (struct edit_units){.starts = calloc(kernel->token_count + 1, sizeof(bool)),
                                 .plain = edit_plain_functions(kernel)};
    units->failed = units->starts == NULL || units->plain == NULL;
    for (size_t i = 0; !units->failed && i < kernel->function_count; i++) {
        const struct function *function = &kernel->functions[i];
        if (function->is_reached && !kernel->tokens[function->name].skipped &&
            !is_constexpr(&parser, function))
            parse_block(&parser, function->body);
    }
    return !units->failed;
}

void edit_units_free(struct edit_units *units)
{
    free(units->list);
    free(units->starts);
    free(units->plain);
    *units = (struct edit_units){0};
}

size_t edit_units_around(const struct edit_units *units, size_t first, size_t end)
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < units->count; i++) {
        const struct edit_unit *unit = &units->list[i];
        if (unit->first <= first && end <= unit->end &&
            (best == SIZE_MAX ||
             unit->end - unit->first <= units->list[best].end - units->list[best].first))
            best = i;
    }
    return best;
}

size_t edit_units_statement_at(const struct edit_units *units, size_t first)
{
    for (size_t i = 0; i < units->count; i++) {
        if (units->list[i].kind == UNIT_STATEMENT && units->list[i].first == first)
            return i;
    }
    return SIZE_MAX;
}
