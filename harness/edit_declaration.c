#include "edit_declaration.h"

#include "code_tokens.h"

#include <stdint.h>
#include <string.h>

static bool is_word(const struct kernel_text *kernel, size_t token)
{
    return token < kernel->token_count && kernel->tokens[token].kind == TOKEN_WORD;
}

static bool opens(const struct kernel_text *kernel, size_t token)
{
    return token < kernel->token_count && kernel->tokens[token].partner != SIZE_MAX &&
           kernel->tokens[token].partner > token;
}

size_t template_list_end(const struct kernel_text *kernel, size_t open, size_t end)
{
    static const char *const ends[] = {";", "{", "}", "&&", "||", NULL};
    int depth = 0;
    for (size_t i = open; i < end; i++) {
        if (token_is(kernel, i, "<"))
            depth++;
        else if (token_is(kernel, i, ">") && --depth == 0)
            return i + 1;
        else if (token_is_one_of(kernel, i, ends))
            return SIZE_MAX;
        else if (token_is(kernel, i, "(") && opens(kernel, i))
            i = kernel->tokens[i].partner;
    }
    return SIZE_MAX;
}

// Behind `__attribute__((...))` and `alignas(...)`, or the same token.
static size_t skip_attribute(const struct kernel_text *kernel, size_t i)
{
    bool attribute = token_is(kernel, i, "__attribute__") || token_is(kernel, i, "alignas");
    return attribute && opens(kernel, i + 1) ? kernel->tokens[i + 1].partner + 1 : i;
}

size_t declaration_skip_ornaments(const struct kernel_text *kernel, size_t i, size_t end)
{
    static const char *const ornaments[] = {
        "*", "&", "&&", "const", "volatile", "__restrict__", "__restrict", NULL};
    while (i < end && (token_is_one_of(kernel, i, ornaments) || skip_attribute(kernel, i) > i))
        i = skip_attribute(kernel, i) > i ? skip_attribute(kernel, i) : i + 1;
    return i;
}

// What comes before the type and belongs to the variable.
static size_t skip_storage(const struct kernel_text *kernel, size_t i, size_t end,
                           struct declaration *declaration)
{
    static const char *const storage[] = {"static", "constexpr", "extern", "inline", NULL};
    static const char *const qualifiers[] = {"register", "const",    "volatile", "union",
                                             "struct",   "typename", NULL};
    declaration->type_first = SIZE_MAX;
    while (i < end) {
        size_t behind = skip_attribute(kernel, i);
        if (token_is_one_of(kernel, i, storage) || behind > i) {
            declaration->fixed = true;
            i = behind > i ? behind : i + 1;
        } else if (token_is_one_of(kernel, i, qualifiers)) {
            if (declaration->type_first == SIZE_MAX && !token_is(kernel, i, "register"))
                declaration->type_first = i;
            i++;
        } else {
            break;
        }
    }
    if (declaration->type_first == SIZE_MAX)
        declaration->type_first = i;
    return i;
}

// Behind the name of a type, or SIZE_MAX.
static size_t skip_type(const struct kernel_text *kernel, size_t i, size_t end)
{
    static const char *const basic[] = {"unsigned", "signed", "long",   "short", "int",
                                        "char",     "float",  "double", "bool",  NULL};
    static const char *const of_expression[] = {"decltype", "__typeof__", "typeof", "__decltype",
                                                NULL};
    if (token_is_one_of(kernel, i, basic)) {
        while (i < end && (token_is_one_of(kernel, i, basic) || token_is(kernel, i, "const")))
            i++;
        return i;
    }
    if (token_is_one_of(kernel, i, of_expression) && opens(kernel, i + 1))
        return kernel->tokens[i + 1].partner + 1;
    i += token_is(kernel, i, "::");
    if (!is_word(kernel, i))
        return SIZE_MAX;
    for (i++; i < end;) {
        if (token_is(kernel, i, "::") && is_word(kernel, i + 1))
            i += 2;
        else if (token_is(kernel, i, "<"))
            i = template_list_end(kernel, i, end);
        else
            break;
    }
    return i;
}

// `[a, b]` behind auto, `(&name)[4]` and `(*name)(int)`: names, but not plain ones.
static bool is_compound(const struct kernel_text *kernel, size_t type_end, size_t i)
{
    if (token_is(kernel, i, "[") && token_is(kernel, type_end - 1, "auto"))
        return true;
    if (!token_is(kernel, i, "(") || !opens(kernel, i) ||
        !(token_is(kernel, i + 1, "*") || token_is(kernel, i + 1, "&") ||
          token_is(kernel, i + 1, "&&")))
        return false;
    size_t behind = kernel->tokens[i].partner + 1;
    return token_is(kernel, behind, "[") || token_is(kernel, behind, "(");
}

bool declaration_read(const struct kernel_text *kernel, size_t start, size_t end,
                      struct declaration *declaration)
{
    static const char *const behind_name[] = {"=", ";", ",", "[", "{", "(", ":", ")", NULL};
    static const char *const no_types[] = {"return", "delete", "throw", "goto", "else", NULL};
    *declaration = (struct declaration){0};
    if (token_is_one_of(kernel, start, no_types))
        return false;
    size_t i = skip_type(kernel, skip_storage(kernel, start, end, declaration), end);
    if (i > end)
        return false;
    declaration->type_end = declaration->declarator = i;
    i = declaration_skip_ornaments(kernel, i, end);
    for (size_t j = declaration->declarator; j < i; j++)
        declaration->fixed = declaration->fixed || skip_attribute(kernel, j) > j;
    if (i < end && is_compound(kernel, declaration->type_end, i)) {
        declaration->fixed = true;
        return true;
    }
    return i < end && is_word(kernel, i) && token_is_one_of(kernel, i + 1, behind_name);
}

// A word whose value is only known when the kernel runs.
static bool is_known_late(const struct kernel_text *kernel, size_t token)
{
    static const char *const places[] = {"threadIdx", "blockIdx", "blockDim", "gridDim", NULL};
    if (token_is_one_of(kernel, token, places))
        return true;
    for (size_t i = 0; i < kernel->variable_count; i++) {
        const struct variable_name *variable = &kernel->variables[i];
        bool is_template_number = variable->function != SIZE_MAX &&
                                  variable->token < kernel->functions[variable->function].name;
        if (variable->function != SIZE_MAX && !is_template_number &&
            token_same(kernel, variable->token, token))
            return true;
    }
    // A call of a function that is not constexpr.
    for (size_t i = 0; token_is(kernel, token + 1, "(") && i < kernel->function_count; i++) {
        const struct function *function = &kernel->functions[i];
        bool found = token_same(kernel, function->name, token);
        for (size_t j = function->start; found && j < function->name; j++)
            found = !token_is(kernel, j, "constexpr");
        if (found)
            return true;
    }
    return false;
}

static bool holds(const struct kernel_text *kernel, size_t first, size_t end,
                  const char *const *words)
{
    for (size_t i = first; i < end; i++) {
        if (token_is_one_of(kernel, i, words))
            return true;
    }
    return false;
}

bool declaration_is_constant(const struct kernel_text *kernel,
                             const struct declaration *declaration, size_t ornament_first,
                             size_t ornament_end, size_t first, size_t end)
{
    static const char *const reals[] = {"float", "double", "_Float16", NULL};
    static const char *const constants[] = {"const", NULL};
    size_t type_first = declaration->type_first, type_end = declaration->type_end;
    if (holds(kernel, type_first, type_end, reals) ||
        !(holds(kernel, type_first, type_end, constants) ||
          holds(kernel, ornament_first, ornament_end, constants)))
        return false;
    for (size_t i = first; i < end; i++) {
        if (is_word(kernel, i) && is_known_late(kernel, i))
            return false;
    }
    return true;
}
