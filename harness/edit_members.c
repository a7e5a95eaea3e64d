// Factors and terms that may be missing behind an operand and are members of structures, such as
// the sum and the maximum of an online softmax.
#include "code_tokens.h"
#include "kernel_edits.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_MEMBERS = 6 };

// The token behind `name.member` or `name[i].member` at `token`, or 0.
static size_t member_end(const struct kernel_text *kernel, size_t token)
{
    size_t end = token + 1;
    if (kernel->tokens[token].kind != TOKEN_WORD || is_member(kernel, token))
        return 0;
    while (token_is(kernel, end, "[") && token_has_partner(kernel, end))
        end = kernel->tokens[end].partner + 1;
    if (!token_is(kernel, end, ".") || kernel->tokens[end + 1].kind != TOKEN_WORD)
        return 0;
    end += 2;
    return token_is(kernel, end, "(") || token_is(kernel, end, "[") ? 0 : end;
}

// Those that are used anywhere in the source and whose names are known at `place`.
static size_t find_members(const struct kernel_text *kernel, size_t function, size_t place,
                           char *members[MAX_MEMBERS])
{
    size_t count = 0;
    for (size_t i = 0; i < kernel->token_count && count < MAX_MEMBERS; i++) {
        size_t end = kernel->tokens[i].skipped ? 0 : member_end(kernel, i);
        const struct variable_name *variable = end > 0 ? variable_at(kernel, function, i) : NULL;
        if (variable == NULL || !is_usable(kernel, variable, function, place) ||
            !are_names_usable(kernel, function, i, end, place))
            continue;
        char *member = tokens_text(kernel, i, end);
        for (size_t j = 0; member != NULL && j < count; j++) {
            if (strcmp(members[j], member) != 0)
                continue;
            free(member);
            member = NULL;
        }
        if (member != NULL)
            members[count++] = member;
    }
    return count;
}

static bool is_real_operand(const struct kernel_text *kernel, size_t function, size_t token)
{
    static const char *const behind[] = {"=", "+=", "-=", "*=", "/=", "(", ".", "[", NULL};
    const struct variable_name *variable = variable_at(kernel, function, token);
    size_t last = operand_end(kernel, token);
    if (variable == NULL || is_member(kernel, token) || is_declared_here(kernel, token) ||
        token_is_one_of(kernel, last + 1, behind) || token_is(kernel, token - 1, "&"))
        return false;
    bool element = last > token && (strcmp(variable->type, "float[]") == 0 ||
                                    strcmp(variable->type, "double[]") == 0);
    return element || (last == token && variable->class == TYPE_FLOAT);
}

void edit_members(const struct kernel_text *kernel, size_t function, size_t token,
                  struct edits *edits)
{
    char *members[MAX_MEMBERS];
    if (kernel->tokens[token].skipped || kernel->tokens[token].kind != TOKEN_WORD ||
        !is_real_operand(kernel, function, token))
        return;
    size_t behind = operand_end(kernel, token) + 1;
    size_t count = find_members(kernel, function, token, members);
    for (size_t i = 0; i < count; i++) {
        edits_add(edits, behind, behind, "missing scale", 0.4, "/ %s", members[i]);
        edits_add(edits, behind, behind, "missing scale", 0.3, "* %s", members[i]);
        edits_add(edits, behind, behind, "missing term", 0.3, "- %s", members[i]);
        free(members[i]);
    }
}
