// Small questions about tokens, for those who look at where something stands.
#ifndef WAVEGAUGE_CODE_TOKENS_H
#define WAVEGAUGE_CODE_TOKENS_H

#include "kernel_text.h"

#include <stdint.h>
#include <string.h>

// words: NULL at the end.
static inline bool token_is_one_of(const struct kernel_text *text, size_t token,
                                   const char *const *words)
{
    for (; *words != NULL; words++) {
        if (token_is(text, token, *words))
            return true;
    }
    return false;
}

// A directive about a loop, such as `#pragma unroll`.
static inline bool token_is_unroll(const struct kernel_text *text, size_t token)
{
    return text->tokens[token].kind == TOKEN_DIRECTIVE &&
           memmem(text->tokens[token].start, text->tokens[token].length, "unroll", 6) != NULL;
}

static inline bool token_opens(const struct kernel_text *text, size_t token)
{
    return token_is(text, token, "(") || token_is(text, token, "[") || token_is(text, token, "{");
}

static inline bool token_closes(const struct kernel_text *text, size_t token)
{
    return token_is(text, token, ")") || token_is(text, token, "]") || token_is(text, token, "}");
}

static inline bool token_has_partner(const struct kernel_text *text, size_t token)
{
    return text->tokens[token].partner != SIZE_MAX;
}

// `shared` as in __attribute__((shared)), not as a name.
static inline bool token_is_shared_attribute(const struct kernel_text *text, size_t token)
{
    return token > 2 && token_is(text, token, "shared") && token_is(text, token - 1, "(") &&
           token_is(text, token - 2, "(") && token_is(text, token - 3, "__attribute__");
}

#endif
