// What a loop does for the next or the last turn, missing before or behind it: loops that load one
// turn ahead need the first load before them and the last use behind them.
#include "code_tokens.h"
#include "kernel_edits.h"

#include <stdint.h>
#include <stdlib.h>

// The body of the loop that starts at `token`, in braces; SIZE_MAX when it has none.
static size_t body_of_loop(const struct kernel_text *kernel, size_t token)
{
    static const char *const words[] = {"for", "while", NULL};
    if (!token_is_one_of(kernel, token, words) || !token_is(kernel, token + 1, "(") ||
        !token_has_partner(kernel, token + 1))
        return SIZE_MAX;
    size_t open = kernel->tokens[token + 1].partner + 1;
    return token_is(kernel, open, "{") && token_has_partner(kernel, open) ? open : SIZE_MAX;
}

static bool is_call_or_assignment(const struct kernel_text *kernel, size_t start)
{
    static const char *const words[] = {"if",     "for",           "while",    "do",
                                        "else",   "break",         "continue", "return",
                                        "switch", "__syncthreads", NULL};
    return kernel->tokens[start].kind == TOKEN_WORD && !token_is_one_of(kernel, start, words) &&
           !is_declaration(kernel, start);
}

void edit_epilogues(const struct kernel_text *kernel, size_t function, size_t token,
                    struct edits *edits)
{
    size_t open = body_of_loop(kernel, token);
    if (open == SIZE_MAX || kernel->tokens[token].skipped)
        return;
    size_t close = kernel->tokens[open].partner;
    for (size_t i = open + 1; i < close; i = statement_end(kernel, i, close) + 1) {
        size_t end = statement_end(kernel, i, close);
        if (!is_call_or_assignment(kernel, i) || end >= close)
            continue;
        char *text = tokens_text(kernel, i, end + 1);
        if (text != NULL && are_names_usable(kernel, function, i, end, close + 1))
            edits_add(edits, close + 1, close + 1, "missing statement", 0.45, "%s", text);
        if (text != NULL && are_names_usable(kernel, function, i, end, token))
            edits_add_before(kernel, token, close, "missing statement", 0.35, text, edits);
        edits->failed = edits->failed || text == NULL;
        free(text);
    }
}
