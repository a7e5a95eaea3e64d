// Edits of types that are written out: casts that should not be, and types that are too narrow.
#include "code_tokens.h"
#include "kernel_edits.h"

static const char *const words[] = {"unsigned", "signed", "long", "short", "int", "char", NULL};

static bool is_integer_word(const struct kernel_text *kernel, size_t token)
{
    return token_is_one_of(kernel, token, words);
}

static bool is_number_type(const struct kernel_text *kernel, size_t token)
{
    static const char *const types[] = {"float",   "double",   "_Float16", "float16",  "uint64_t",
                                        "int64_t", "uint32_t", "int32_t",  "uint16_t", "int16_t",
                                        "uint8_t", "int8_t",   NULL};
    return token_is_one_of(kernel, token, types);
}

// `(unsigned char)x`: x.
static void edit_cast(const struct kernel_text *kernel, size_t token, struct edits *edits)
{
    size_t end = token + 1;
    if (!token_is(kernel, token, "("))
        return;
    if (is_number_type(kernel, end))
        end++;
    else
        while (is_integer_word(kernel, end))
            end++;
    if (end > token + 1 && token_is(kernel, end, ")"))
        edits_add(edits, token, end + 1, "type", 0.4, " ");
}

// `unsigned char` and the like, of two words and more.
static void edit_wide_type(const struct kernel_text *kernel, size_t token, struct edits *edits)
{
    size_t end = token;
    bool is_unsigned = false;
    if (token > 0 && is_integer_word(kernel, token - 1))
        return;
    while (is_integer_word(kernel, end)) {
        is_unsigned = is_unsigned || token_is(kernel, end, "unsigned");
        end++;
    }
    if (end < token + 2 || end == token + 3) // the longest has three
        return;
    edits_add(edits, token, end, "type", 0.5, is_unsigned ? "unsigned long long" : "long long");
    edits_add(edits, token, end, "type", 0.4, is_unsigned ? "unsigned" : "int");
}

void edit_types(const struct kernel_text *kernel, size_t token, struct edits *edits)
{
    if (kernel->tokens[token].skipped)
        return;
    edit_cast(kernel, token, edits);
    edit_wide_type(kernel, token, edits);
}
