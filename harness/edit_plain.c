#include "edit_plain.h"

#include "code_tokens.h"

#include <stdint.h>
#include <stdlib.h>

// The name of a function that is declared in full where it is defined: no specialisation, no
// destructor, no member defined outside of its class.
static bool is_whole(const struct kernel_text *kernel, const struct function *function)
{
    size_t before = function->name > 0 ? function->name - 1 : 0;
    // A call may be meant for the function of the headers.
    if (function->overloads_header || function->is_kernel || !function->is_reached ||
        token_is(kernel, before, "~") || token_is(kernel, before, "::") ||
        token_is(kernel, function->name, "operator") || function->parameters != function->name + 1)
        return false;
    for (size_t i = function->start; i < function->end; i++) {
        bool in_body = i > function->body;
        // A variable that outlives the call would be there twice.
        if (in_body ? token_is_shared_attribute(kernel, i) || token_is(kernel, i, "static")
                    : token_is(kernel, i, "virtual") || token_is(kernel, i, "override") ||
                          token_is(kernel, i, "friend"))
            return false;
    }
    return true;
}

// Whether the word stands for nothing but functions that are whole.
static bool is_only_functions(const struct kernel_text *kernel, size_t name)
{
    for (size_t i = 0; i < kernel->variable_count; i++) {
        if (token_same(kernel, kernel->variables[i].token, name))
            return false;
    }
    for (size_t i = 0; i < kernel->token_count; i++) {
        if (kernel->tokens[i].kind != TOKEN_WORD || !token_same(kernel, i, name))
            continue;
        size_t around = token_function(kernel, i);
        // Outside functions, it is a declaration of one or the name of a type.
        if (around == SIZE_MAX ||
            (kernel->functions[around].name == i && !is_whole(kernel, &kernel->functions[around])))
            return false;
    }
    return true;
}

bool *edit_plain_functions(const struct kernel_text *kernel)
{
    bool *plain = calloc(kernel->function_count + 1, sizeof *plain);
    for (size_t i = 0; plain != NULL && i < kernel->function_count; i++)
        plain[i] = is_whole(kernel, &kernel->functions[i]) &&
                   is_only_functions(kernel, kernel->functions[i].name);
    return plain;
}
