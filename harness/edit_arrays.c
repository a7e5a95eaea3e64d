// Statements on arrays that may be missing: sums that are not scaled by what was worked out for
// each row, as those of an online softmax, and shared counts that are not cleared.
#include "code_tokens.h"
#include "kernel_edits.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// Dimensions of a local array of real numbers; 0: it is none. A parameter's size is not known.
static int float_dimensions(const struct kernel_text *kernel, size_t function,
                            const struct variable_name *variable)
{
    bool local =
        variable->function == function && variable->token > kernel->functions[function].body;
    bool real = strcmp(variable->type, "float[]") == 0 || strcmp(variable->type, "double[]") == 0;
    int count = 0;
    for (size_t i = variable->token + 1;
         local && real && token_is(kernel, i, "[") && kernel->tokens[i].partner != SIZE_MAX;
         i = kernel->tokens[i].partner + 1)
        count++;
    return count;
}

static void add_statement(const struct kernel_text *kernel, size_t place,
                          const struct variable_name *sums, int dimensions,
                          const struct variable_name *factors, struct edits *edits)
{
    const struct token *to = &kernel->tokens[sums->token], *by = &kernel->tokens[factors->token];
    const int to_length = (int)to->length, by_length = (int)by->length;
    static const char *const marks[] = {"*=", "+=", "/="};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        double weight = i == 0 ? 0.7 : 0.3;
        if (dimensions == 2)
            edits_add(edits, place, place, "missing scale", weight,
                      "for (unsigned r = 0; r < sizeof %.*s / sizeof *%.*s; r++) "
                      "for (auto &x : %.*s[r]) x %s %.*s[r];",
                      by_length, by->start, by_length, by->start, to_length, to->start, marks[i],
                      by_length, by->start);
        else
            edits_add(edits, place, place, "missing scale", weight,
                      "for (unsigned r = 0; r < sizeof %.*s / sizeof *%.*s; r++) "
                      "%.*s[r] %s %.*s[r];",
                      by_length, by->start, by_length, by->start, to_length, to->start, marks[i],
                      by_length, by->start);
    }
}

static void edit_rescale(const struct kernel_text *kernel, size_t function, size_t place,
                         struct edits *edits)
{
    for (size_t i = 0; i < kernel->variable_count; i++) {
        const struct variable_name *factors = &kernel->variables[i];
        if (float_dimensions(kernel, function, factors) != 1 ||
            !is_usable(kernel, factors, function, place))
            continue;
        for (size_t j = 0; j < kernel->variable_count; j++) {
            const struct variable_name *sums = &kernel->variables[j];
            int dimensions = float_dimensions(kernel, function, sums);
            if (i != j && (dimensions == 1 || dimensions == 2) &&
                is_usable(kernel, sums, function, place))
                add_statement(kernel, place, sums, dimensions, factors, edits);
        }
    }
}

// `name[` or `shared.name[`, the target of an atomic addition or of `+=`; one past its last token
// before the subscript, or 0.
static size_t added_array(const struct kernel_text *kernel, size_t token)
{
    static const char *const marks[] = {"+=", "|=", "++", NULL};
    size_t last = token;
    if (kernel->tokens[token].kind != TOKEN_WORD || is_member(kernel, token))
        return 0;
    while (token_is(kernel, last + 1, ".") && kernel->tokens[last + 2].kind == TOKEN_WORD)
        last += 2;
    if (!token_is(kernel, last + 1, "[") || kernel->tokens[last + 1].partner == SIZE_MAX)
        return 0;
    size_t behind = kernel->tokens[last + 1].partner + 1;
    while (token_is(kernel, behind, "[") && token_has_partner(kernel, behind))
        behind = kernel->tokens[behind].partner + 1;
    bool atomic = token >= 3 && token_is(kernel, token - 1, "&") &&
                  token_is(kernel, token - 2, "(") && kernel->tokens[token - 3].length > 6 &&
                  memcmp(kernel->tokens[token - 3].start, "atomic", 6) == 0;
    return atomic || token_is_one_of(kernel, behind, marks) ? last + 1 : 0;
}

static bool is_array_named_before(const struct kernel_text *kernel, size_t first, size_t end,
                                  size_t from)
{
    for (size_t i = from; i < first; i++) {
        if (added_array(kernel, i) != i + (end - first))
            continue;
        bool same = true;
        for (size_t j = 0; j < end - first; j++)
            same = same && token_same(kernel, i + j, first + j);
        if (same)
            return true;
    }
    return false;
}

// Whether each thread has one of its own.
static bool is_private(const struct kernel_text *kernel, size_t function,
                       const struct variable_name *variable)
{
    static const char *const borders[] = {";", "{", "}", NULL};
    for (size_t i = variable->token; i-- > 0 && !token_is_one_of(kernel, i, borders);) {
        if (token_is_shared_attribute(kernel, i))
            return false;
    }
    return variable->token > kernel->functions[function].body &&
           variable->type[strlen(variable->type) - 1] == ']';
}

// By all threads of the workgroup, who wait for each other, or each thread its own.
static void edit_clearing(const struct kernel_text *kernel, size_t function, size_t place,
                          struct edits *edits)
{
    const struct function *body = &kernel->functions[function];
    for (size_t i = body->body; i < body->end; i++) {
        size_t end = added_array(kernel, i);
        const struct variable_name *variable = end > 0 ? variable_at(kernel, function, i) : NULL;
        // A parameter that is a pointer has no size.
        if (variable == NULL || !is_usable(kernel, variable, function, place) ||
            variable->type[strlen(variable->type) - 1] == '*' ||
            is_array_named_before(kernel, i, end, body->body))
            continue;
        char *name = tokens_text(kernel, i, end);
        if (name != NULL && is_private(kernel, function, variable))
            edits_add(edits, place, place, "starting value", 0.6,
                      "__builtin_memset(%s, 0, sizeof %s);", name, name);
        else if (name != NULL)
            edits_add(edits, place, place, "starting value", 0.6,
                      "for (unsigned i = threadIdx.x; i < sizeof %s / sizeof *%s; i += blockDim.x) "
                      "%s[i] = 0; __syncthreads();",
                      name, name, name);
        free(name);
    }
}

void edit_arrays(const struct kernel_text *kernel, size_t function, size_t place,
                 struct edits *edits)
{
    edit_rescale(kernel, function, place, edits);
    edit_clearing(kernel, function, place, edits);
}
