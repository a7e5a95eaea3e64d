// Edits of the numbers of threads and workgroups: another one, another axis, a part of it, or one
// that is missing.
#include "code_tokens.h"
#include "kernel_edits.h"

#include <stdint.h>

static const char *const bases[] = {"threadIdx", "blockIdx", "blockDim", "gridDim", NULL};
static const char *const axes[] = {"x", "y", "z"};
enum { BASES = 4, AXES = 3 };

static void edit_axis(const struct kernel_text *kernel, size_t token, struct edits *edits)
{
    for (size_t i = 0; i < BASES; i++) {
        if (!token_is(kernel, token, bases[i]))
            edits_add(edits, token, token + 1, "name", 0.5, "%s", bases[i]);
    }
    for (size_t i = 0; i < AXES; i++) {
        if (!token_is(kernel, token + 2, axes[i]))
            edits_add(edits, token + 2, token + 3, "name", 0.6, "%s", axes[i]);
    }
}

// `threadIdx.x % GROUP` for `threadIdx.x`, with the constants that are known.
static void edit_part_of_index(const struct kernel_text *kernel, size_t function, size_t token,
                               struct edits *edits)
{
    static const char *const marks[] = {"%", "/"};
    for (size_t i = 0; i < kernel->variable_count; i++) {
        const struct variable_name *constant = &kernel->variables[i];
        if (constant->function != SIZE_MAX || constant->class != TYPE_INTEGER ||
            !is_choice(kernel, i, function, token))
            continue;
        for (size_t j = 0; j < sizeof marks / sizeof *marks; j++)
            edits_add(edits, token + 3, token + 3, "part of index", 0.5, "%s %.*s", marks[j],
                      (int)kernel->tokens[constant->token].length,
                      kernel->tokens[constant->token].start);
    }
}

// `batch * heads` that should be `batch * heads + blockIdx.y`.
static void edit_missing_index(const struct kernel_text *kernel, size_t function, size_t token,
                               struct edits *edits)
{
    const struct variable_name *variable = variable_at(kernel, function, token);
    bool product = token > 0 && token_is(kernel, token - 1, "*");
    if (variable == NULL || variable->class != TYPE_INTEGER || !product ||
        is_declared_here(kernel, token) || is_member(kernel, token))
        return;
    for (size_t i = 0; i < AXES; i++) {
        edits_add(edits, token + 1, token + 1, "missing index", 0.5, "+ blockIdx.%s", axes[i]);
        edits_add(edits, token + 1, token + 1, "missing index", 0.4, "+ threadIdx.%s", axes[i]);
    }
}

void edit_indices(const struct kernel_text *kernel, size_t function, size_t token,
                  struct edits *edits)
{
    if (kernel->tokens[token].skipped || kernel->tokens[token].kind != TOKEN_WORD)
        return;
    if (token_is_one_of(kernel, token, bases) && token_is(kernel, token + 1, ".")) {
        edit_axis(kernel, token, edits);
        edit_part_of_index(kernel, function, token, edits);
    } else {
        edit_missing_index(kernel, function, token, edits);
    }
}
