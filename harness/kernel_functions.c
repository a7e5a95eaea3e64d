#include "kernel_functions.h"

#include "code_tokens.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Words before a bracket that name no function.
static bool is_no_name(const struct kernel_text *kernel, size_t index)
{
    static const char *const words[] = {"__attribute__", "alignas",    "decltype", "noexcept",
                                        "__declspec",    "sizeof",     "explicit", "if",
                                        "for",           "while",      "switch",   "return",
                                        "catch",         "__typeof__", NULL};
    return kernel->tokens[index].kind != TOKEN_WORD || token_is_one_of(kernel, index, words);
}

// The name before the bracket of parameters: `f`, `operator` of `operator float`, `operator+` and
// `operator()`, `f` of the specialisation `f<int>`; SIZE_MAX when there is none.
static size_t name_before(const struct kernel_text *kernel, size_t start, size_t bracket)
{
    enum { LONGEST_OPERATOR = 4 };
    for (size_t i = bracket; i > start && bracket - i < LONGEST_OPERATOR; i--) {
        // The first bracket of `operator()` is part of the name.
        if (token_is(kernel, i - 1, "operator"))
            return i == bracket ? SIZE_MAX : i - 1;
    }
    if (bracket == start)
        return SIZE_MAX;
    size_t name = bracket - 1;
    for (int depth = 0; token_is(kernel, bracket - 1, ">") && name > start; name--) {
        depth += token_is(kernel, name, ">") - token_is(kernel, name, "<");
        if (depth == 0) {
            name--;
            break;
        }
    }
    return is_no_name(kernel, name) ? SIZE_MAX : name;
}

// The bracket of `a{x}` in `Constructor(int x) : a{x} {`.
static bool is_initialiser(const struct kernel_text *kernel, size_t start, size_t brace)
{
    if (brace == 0 ||
        (kernel->tokens[brace - 1].kind != TOKEN_WORD && !token_is(kernel, brace - 1, ">")))
        return false;
    for (size_t i = start + 1; i < brace; i++) {
        if (token_is(kernel, i, ":") && token_is(kernel, i - 1, ")"))
            return true;
    }
    return false;
}

// A declaration from `start` up to the bracket `{` at `brace`: is it a function's?
static bool read_head(const struct kernel_text *kernel, size_t start, size_t brace,
                      struct function *function)
{
    static const char *const no_functions[] = {"namespace", "enum", "union", NULL};
    *function = (struct function){.start = start, .body = brace, .name = SIZE_MAX};
    size_t i = start;
    if (token_is(kernel, i, "template") && token_is(kernel, i + 1, "<")) {
        int depth = 0;
        function->is_template = true;
        for (i++; i < brace; i++) {
            depth += token_is(kernel, i, "<") - token_is(kernel, i, ">");
            if (depth == 0)
                break;
        }
        i++;
    }
    if (token_is_one_of(kernel, i, no_functions))
        return false;
    for (; i < brace; i++) {
        if (token_is(kernel, i, "global"))
            function->is_kernel = true;
        if (token_is(kernel, i, "=") && !(i > start && token_is(kernel, i - 1, "operator")))
            return false;
        if (!token_is(kernel, i, "(") || kernel->tokens[i].partner >= brace)
            continue;
        if (function->name == SIZE_MAX) {
            function->name = name_before(kernel, start, i);
            function->parameters = i;
        }
        // Attributes are looked into for `global`.
        for (size_t j = i; j < kernel->tokens[i].partner; j++)
            function->is_kernel = function->is_kernel ||
                                  (function->name == SIZE_MAX && token_is(kernel, j, "global"));
        i = kernel->tokens[i].partner;
    }
    return function->name != SIZE_MAX;
}

static bool add_function(struct kernel_text *kernel, const struct function *function)
{
    struct function *functions =
        realloc(kernel->functions, (kernel->function_count + 1) * sizeof *functions);
    if (functions == NULL)
        return false;
    kernel->functions = functions;
    functions[kernel->function_count++] = *function;
    return true;
}

static bool find_functions(struct kernel_text *kernel)
{
    size_t start = 0;
    for (size_t i = 0; i < kernel->token_count; i++) {
        struct function function;
        if (kernel->tokens[i].kind == TOKEN_DIRECTIVE || token_is(kernel, i, ";") ||
            token_is(kernel, i, "}")) {
            start = i + 1;
        } else if (token_is(kernel, i, "(") && kernel->tokens[i].partner != SIZE_MAX) {
            i = kernel->tokens[i].partner;
        } else if (token_is(kernel, i, "{") && kernel->tokens[i].partner != SIZE_MAX) {
            if (is_initialiser(kernel, start, i)) {
                i = kernel->tokens[i].partner;
                continue;
            }
            if (read_head(kernel, start, i, &function)) {
                function.end = kernel->tokens[i].partner;
                if (!add_function(kernel, &function))
                    return false;
                i = function.end;
            }
            start = i + 1; // into a namespace, a structure or an enumeration
        }
    }
    return true;
}

static bool is_name_wanted(const struct kernel_text *kernel, size_t token,
                           const char *const *wanted, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (token_is(kernel, token, wanted[i]))
            return true;
    }
    return false;
}

static void reach(struct kernel_text *kernel, size_t from)
{
    kernel->functions[from].is_reached = true;
    for (size_t i = kernel->functions[from].parameters; i < kernel->functions[from].end; i++) {
        for (size_t j = 0; kernel->tokens[i].kind == TOKEN_WORD && j < kernel->function_count;
             j++) {
            if (!kernel->functions[j].is_reached && !kernel->functions[j].is_kernel &&
                token_same(kernel, i, kernel->functions[j].name))
                reach(kernel, j);
        }
    }
}

// No call names an operator.
static void reach_operators(struct kernel_text *kernel)
{
    for (size_t i = 0; i < kernel->function_count; i++) {
        if (token_is(kernel, kernel->functions[i].name, "operator") &&
            !kernel->functions[i].is_reached)
            reach(kernel, i);
    }
}

static void leave_out_others(struct kernel_text *kernel, const char *const *wanted, size_t count)
{
    for (size_t i = 0; i < kernel->function_count; i++) {
        struct function *function = &kernel->functions[i];
        if (!function->is_kernel)
            continue;
        if (is_name_wanted(kernel, function->name, wanted, count)) {
            reach(kernel, i);
        } else if (!function->is_template) {
            for (size_t j = function->start; j <= function->end; j++)
                kernel->tokens[j].skipped = true;
        }
    }
    reach_operators(kernel);
}

static enum type_class class_of(const char *type)
{
    static const char *const integers[] = {
        "int",      "unsigned", "long",     "short",     "char",     "size_t",  "int64_t",
        "uint64_t", "int32_t",  "uint32_t", "int16_t",   "uint16_t", "uint8_t", "int8_t",
        "bool",     "auto",     "uint",     "uintptr_t", "ptrdiff_t"};
    static const char *const floats[] = {"float", "double", "_Float16", "T", "__half", "half"};
    for (size_t i = 0; i < sizeof integers / sizeof *integers; i++) {
        if (strcmp(type, integers[i]) == 0)
            return TYPE_INTEGER;
    }
    for (size_t i = 0; i < sizeof floats / sizeof *floats; i++) {
        if (strcmp(type, floats[i]) == 0)
            return TYPE_FLOAT;
    }
    return TYPE_OTHER;
}

// Up to where a name that is declared at a token is known.
static size_t scope_end(const struct kernel_text *kernel, size_t token)
{
    const struct token *tokens = kernel->tokens;
    size_t open = token;
    while (open-- > 0) {
        if (tokens[open].partner == SIZE_MAX)
            continue;
        if (tokens[open].partner > open)
            break;
        open = tokens[open].partner;
    }
    if (open == SIZE_MAX)
        return SIZE_MAX;
    size_t end = tokens[open].partner;
    // Parameters and what the head of a loop declares are known in the block behind it, too.
    for (size_t i = end + 1; token_is(kernel, open, "(") && i < kernel->token_count; i++) {
        if (token_is(kernel, i, ";"))
            return i;
        if (token_is(kernel, i, "{") && tokens[i].partner != SIZE_MAX)
            return tokens[i].partner;
        if (tokens[i].partner != SIZE_MAX && tokens[i].partner > i)
            i = tokens[i].partner;
    }
    return end;
}

static bool add_variable(struct kernel_text *kernel, size_t token, size_t function,
                         const char *base, const char *ornament)
{
    struct variable_name *variables =
        realloc(kernel->variables, (kernel->variable_count + 1) * sizeof *variables);
    if (variables == NULL)
        return false;
    kernel->variables = variables;
    struct variable_name *variable = &variables[kernel->variable_count++];
    *variable = (struct variable_name){
        .token = token,
        .function = function,
        .scope_end = function == SIZE_MAX ? SIZE_MAX : scope_end(kernel, token)};
    snprintf(variable->type, sizeof variable->type, "%.48s%s", base, ornament);
    variable->class = ornament[0] == '\0' ? class_of(base) : TYPE_OTHER;
    return true;
}

static bool ends_declarator(const struct kernel_text *kernel, size_t index)
{
    static const char *const marks[] = {"=", ";", ",", ")", "[", ":", "{", NULL};
    return token_is_one_of(kernel, index, marks);
}

static bool is_type_word(const struct kernel_text *kernel, size_t index)
{
    static const char *const no_types[] = {
        "return",    "else",   "const",        "static",        "case",
        "goto",      "new",    "delete",       "using",         "namespace",
        "struct",    "enum",   "typename",     "class",         "inline",
        "constexpr", "extern", "__restrict__", "__attribute__", "if",
        "for",       "while",  "do",           "operator",      NULL};
    return kernel->tokens[index].kind == TOKEN_WORD && !token_is_one_of(kernel, index, no_types);
}

static bool is_basic_type(const struct kernel_text *kernel, size_t index)
{
    static const char *const types[] = {"int",    "long",  "short",  "char", "unsigned",
                                        "signed", "float", "double", "bool", NULL};
    return token_is_one_of(kernel, index, types);
}

static void token_copy(const struct kernel_text *kernel, size_t index, char *text, size_t capacity)
{
    snprintf(text, capacity, "%.*s", (int)kernel->tokens[index].length,
             kernel->tokens[index].start);
}

// Is the word a variable of this function, declared before? Then `a * b;` is a product.
static bool is_known_variable(const struct kernel_text *kernel, size_t token, size_t function)
{
    for (size_t i = kernel->variable_count; i-- > 0;) {
        const struct variable_name *variable = &kernel->variables[i];
        if ((variable->function == function || variable->function == SIZE_MAX) &&
            token_same(kernel, variable->token, token))
            return true;
    }
    return false;
}

// "type name =", "type *name,", "type name[4]", and the further names of the same declaration.
static bool find_variables(struct kernel_text *kernel, size_t first, size_t end, size_t function)
{
    char base[64];
    for (size_t i = first; i + 1 < end; i++) {
        size_t name = i + 1;
        bool pointer = false;
        bool member = token_is(kernel, i - 1, ".") || token_is(kernel, i - 1, "->");
        if (!is_type_word(kernel, i) || member || is_known_variable(kernel, i, function))
            continue;
        while (name < end &&
               (token_is(kernel, name, "*") || token_is(kernel, name, "&") ||
                token_is(kernel, name, "const") || token_is(kernel, name, "__restrict__") ||
                token_is(kernel, name, "__restrict"))) {
            pointer = pointer || token_is(kernel, name, "*");
            name++;
        }
        if (name + 1 >= end || kernel->tokens[name].kind != TOKEN_WORD ||
            !is_type_word(kernel, name) || is_basic_type(kernel, name) ||
            !ends_declarator(kernel, name + 1))
            continue;
        token_copy(kernel, i, base, sizeof base);
        // A lambda expression is no number.
        if (token_is(kernel, i, "auto") && token_is(kernel, name + 1, "=") &&
            token_is(kernel, name + 2, "["))
            snprintf(base, sizeof base, "lambda");
        if (!add_variable(kernel, name, function, base,
                          pointer                           ? "*"
                          : token_is(kernel, name + 1, "[") ? "[]"
                                                            : ""))
            return false;
        bool in_list = false;
        for (size_t j = name + 1; j < end && !token_is(kernel, j, ";") && !token_is(kernel, j, ")");
             j++) {
            if (kernel->tokens[j].partner != SIZE_MAX && kernel->tokens[j].partner > j) {
                j = kernel->tokens[j].partner;
                continue;
            }
            in_list = token_is(kernel, j, ",");
            if (!in_list || j + 2 >= end || kernel->tokens[j + 1].kind != TOKEN_WORD ||
                !ends_declarator(kernel, j + 2) || is_type_word(kernel, j + 2))
                continue;
            if (!add_variable(kernel, j + 1, function, base,
                              token_is(kernel, j + 2, "[") ? "[]" : ""))
                return false;
        }
        i = name;
    }
    return true;
}

// The names of enumerations count as integers that every function knows.
static bool find_enumerators(struct kernel_text *kernel)
{
    for (size_t i = 0; i + 1 < kernel->token_count; i++) {
        if (!token_is(kernel, i, "enum"))
            continue;
        size_t brace = i;
        while (brace < kernel->token_count && !token_is(kernel, brace, "{") &&
               !token_is(kernel, brace, ";"))
            brace++;
        if (!token_is(kernel, brace, "{") || kernel->tokens[brace].partner == SIZE_MAX)
            continue;
        for (size_t j = brace + 1; j < kernel->tokens[brace].partner; j++) {
            bool starts = token_is(kernel, j - 1, "{") || token_is(kernel, j - 1, ",");
            if (starts && kernel->tokens[j].kind == TOKEN_WORD &&
                !add_variable(kernel, j, SIZE_MAX, "int", ""))
                return false;
        }
    }
    return true;
}

// `template <typename T, int COLUMNS>`: numbers that the body knows.
static bool find_template_numbers(struct kernel_text *kernel, size_t function)
{
    static const char *const types[] = {"int", "bool", "unsigned", "size_t", NULL};
    const struct function *head = &kernel->functions[function];
    for (size_t i = head->start; head->is_template && i + 2 < head->name; i++) {
        bool ends = token_is(kernel, i + 2, ",") || token_is(kernel, i + 2, ">") ||
                    token_is(kernel, i + 2, "=");
        if (token_is_one_of(kernel, i, types) && kernel->tokens[i + 1].kind == TOKEN_WORD && ends &&
            !add_variable(kernel, i + 1, function, "int", ""))
            return false;
    }
    return true;
}

bool kernel_functions_find(struct kernel_text *kernel, const char *const *wanted, size_t count)
{
    if (!find_functions(kernel))
        return false;
    leave_out_others(kernel, wanted, count);
    bool good = find_enumerators(kernel);
    for (size_t i = 0; good && i < kernel->function_count; i++)
        good = find_template_numbers(kernel, i) &&
               find_variables(kernel, kernel->functions[i].parameters + 1, kernel->functions[i].end,
                              i);
    return good;
}
