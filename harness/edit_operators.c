// Edits of operators, numbers and functions by another of the same family.
#include "kernel_edits.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct replacement {
    const char *from, *to;
    const char *kind;
    double weight;
};

static const struct replacement replacements[] = {
    {"<", "<=", "bound", 0.9},
    {"<=", "<", "bound", 0.95},
    {"<", ">", "bound", 0.35},
    {"<", ">=", "bound", 0.35},
    {"<", "!=", "bound", 0.2},
    {">", ">=", "bound", 0.8},
    {">=", ">", "bound", 0.9},
    {">", "<", "bound", 0.5},
    {">=", "<", "bound", 0.35},
    {">=", "<=", "bound", 0.35},
    {"<=", ">", "bound", 0.3},
    {"<=", ">=", "bound", 0.35},
    {"==", "!=", "condition", 0.5},
    {"!=", "==", "condition", 0.5},
    {"==", "<=", "condition", 0.3},
    {"==", ">=", "condition", 0.3},
    {"&&", "||", "condition", 0.6},
    {"||", "&&", "condition", 0.6},
    {"+", "-", "operator", 0.6},
    {"-", "+", "operator", 0.7},
    {"+", "*", "operator", 0.3},
    {"*", "+", "operator", 0.3},
    {"*", "/", "operator", 0.35},
    {"/", "*", "operator", 0.4},
    {"/", "%", "operator", 0.55},
    {"%", "/", "operator", 0.55},
    {"<<", ">>", "operator", 0.5},
    {"&", "|", "operator", 0.4},
    {"|", "&", "operator", 0.4},
    {"^", "|", "operator", 0.3},
    {"|", "^", "operator", 0.3},
    {"&", "&&", "operator", 0.2},
    {"+=", "=", "operator", 0.5},
    {"+=", "-=", "operator", 0.5},
    {"-=", "+=", "operator", 0.6},
    {"*=", "/=", "operator", 0.4},
    {"/=", "*=", "operator", 0.4},
    {"*=", "+=", "operator", 0.4},
    {"*=", "=", "operator", 0.25},
    {"|=", "&=", "operator", 0.4},
    {"&=", "|=", "operator", 0.4},
    {"|=", "=", "operator", 0.3},
    {"<<=", ">>=", "operator", 0.5},
    {">>=", "<<=", "operator", 0.5},
    {"++", "--", "operator", 0.2},
    {"--", "++", "operator", 0.4},
    {"fmaxf", "fminf", "function", 0.5},
    {"fminf", "fmaxf", "function", 0.7},
    {"max", "min", "function", 0.6},
    {"min", "max", "function", 0.6},
    {"fmax", "fmin", "function", 0.5},
    {"fmin", "fmax", "function", 0.5},
    {"expf", "exp2f", "function", 0.4},
    {"exp2f", "expf", "function", 0.7},
    {"__expf", "exp2f", "function", 0.4},
    {"exp", "exp2", "function", 0.3},
    {"exp2", "exp", "function", 0.6},
    {"log2f", "logf", "function", 0.6},
    {"logf", "log2f", "function", 0.4},
    {"sqrtf", "rsqrtf", "function", 0.5},
    {"rsqrtf", "sqrtf", "function", 0.5},
    {"sinf", "cosf", "function", 0.3},
    {"cosf", "sinf", "function", 0.3},
    {"floorf", "ceilf", "function", 0.5},
    {"ceilf", "floorf", "function", 0.5},
    {"truncf", "rintf", "function", 0.5},
    {"__shfl_up", "__shfl_down", "function", 0.6},
    {"__shfl_down", "__shfl_up", "function", 0.6},
    {"__shfl_down", "__shfl_xor", "function", 0.5},
    {"__shfl_up", "__shfl_xor", "function", 0.5},
    {"__shfl_xor", "__shfl_down", "function", 0.4},
    {"shuffle_up", "shuffle_down", "function", 0.6},
    {"shuffle_down", "shuffle_up", "function", 0.6},
    {"shuffle_down", "shuffle_xor", "function", 0.5},
    {"shuffle_up", "shuffle_xor", "function", 0.5},
    {"__ballot", "__any", "function", 0.1},
    {"__any", "__all", "function", 0.5},
    {"__all", "__any", "function", 0.5},
    {"__ffsll", "__clzll", "function", 0.2},
    {"__ffs", "__ffsll", "function", 0.4},
    {"__popc", "__popcll", "function", 0.5},
    {"atomicMax", "atomicMin", "function", 0.5},
    {"atomicMin", "atomicMax", "function", 0.5},
    {"atomicMax", "atomicAdd", "function", 0.3},
    {"atomicAdd", "atomicMax", "function", 0.3},
    {"atomicOr", "atomicAnd", "function", 0.3},
    {"atomicExch", "atomicAdd", "function", 0.5},
    {"true", "false", "constant", 0.4},
    {"false", "true", "constant", 0.5},
    {"int", "long long", "type", 0.45},
    {"unsigned", "unsigned long long", "type", 0.4},
    {"int", "unsigned", "type", 0.3},
    {"unsigned", "int", "type", 0.45},
    {"int64_t", "uint64_t", "type", 0.1},
    {"uint32_t", "uint64_t", "type", 0.45},
    {"uint32_t", "int", "type", 0.3},
    {"int32_t", "int64_t", "type", 0.45},
    {"short", "int", "type", 0.7},
    {"char", "int", "type", 0.6},
    {"int16_t", "int", "type", 0.7},
    {"uint16_t", "uint32_t", "type", 0.5},
    {"int8_t", "int", "type", 0.7},
    {"uint8_t", "uint32_t", "type", 0.6},
    {"_Float16", "float", "type", 0.7},
    {"float16", "float", "type", 0.6},
    {"T", "float", "type", 0.5},
    {"float", "double", "type", 0.2},
    {"float", "int", "type", 0.02},
    {"continue", "break", "statement", 0.3},
    {"break", "continue", "statement", 0.3},
};

// `load<float>(x)`: a template list, as far as one line tells.
static bool is_template_bracket(const struct kernel_text *kernel, size_t token)
{
    static const char *const types[] = {"float", "int",  "double", "T",        "unsigned", "bool",
                                        "true",  "char", "false",  "uint32_t", "int64_t"};
    if (token_is(kernel, token, "<") && token + 1 < kernel->token_count) {
        for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
            if (token_is(kernel, token + 1, types[i]))
                return true;
        }
        for (size_t i = token + 1; i < token + 8 && i + 1 < kernel->token_count; i++) {
            if (token_is(kernel, i, ">"))
                return token_is(kernel, i + 1, "(") || token_is(kernel, i + 1, "::");
            if (kernel->tokens[i].kind == TOKEN_MARK && !token_is(kernel, i, ","))
                return false;
        }
    }
    if (token_is(kernel, token, ">") && token + 1 < kernel->token_count &&
        (token_is(kernel, token + 1, "(") || token_is(kernel, token + 1, "::"))) {
        for (size_t i = token; i-- > 0 && i + 8 > token;) {
            if (token_is(kernel, i, "<"))
                return true;
            if (kernel->tokens[i].kind == TOKEN_MARK && !token_is(kernel, i, ","))
                return false;
        }
    }
    // The halves of >>.
    return token_is(kernel, token, ">") &&
           ((token > 0 && token_is(kernel, token - 1, ">")) || token_is(kernel, token + 1, ">"));
}

bool is_unary(const struct kernel_text *kernel, size_t token)
{
    const struct token *before = token > 0 ? &kernel->tokens[token - 1] : NULL;
    return before == NULL || token_is(kernel, token - 1, "return") ||
           (before->kind == TOKEN_MARK && !token_is(kernel, token - 1, ")") &&
            !token_is(kernel, token - 1, "]"));
}

static void edit_number(const struct kernel_text *kernel, size_t token, struct edits *edits)
{
    const struct token *number = &kernel->tokens[token];
    char text[64];
    if (number->length >= sizeof text)
        return;
    memcpy(text, number->start, number->length);
    text[number->length] = '\0';
    bool is_hexadecimal = text[0] == '0' && (text[1] | 32) == 'x';
    // The maximum of nothing.
    if (strcmp(text, "0") == 0 && is_initialiser_element(kernel, token))
        edits_add(edits, token, token + 1, "starting value", 0.4, "-__builtin_inff()");
    if (!is_hexadecimal && strpbrk(text, ".eE") != NULL) {
        double value = strtod(text, NULL);
        edits_add(edits, token, token + 1, "constant", 0.3, "%s", value == 0 ? "1.0f" : "0.0f");
        if (value != 1)
            edits_add(edits, token, token + 1, "constant", 0.3, "(-__builtin_inff())");
        // Powers of e are made from powers of 2.
        if (fabs(value - M_LOG2E) > 1e-3)
            edits_add(edits, token, token + 1, "constant", 0.3, "1.44269504f");
        if (value != 1)
            edits_add(edits, token, token + 1, "constant", 0.3, "1.0f");
        if (value != 0) {
            edits_add(edits, token, token + 1, "constant", 0.3, "(%s * 2)", text);
            edits_add(edits, token, token + 1, "constant", 0.3, "(%s / 2)", text);
            edits_add(edits, token, token + 1, "constant", 0.3, "(1 / %s)", text);
            edits_add(edits, token, token + 1, "constant", 0.3, "(-%s)", text);
        }
        return;
    }
    char *end;
    unsigned long long value = strtoull(text, &end, 0);
    edits_add(edits, token, token + 1, "constant", value < 2 ? 0.6 : 0.65, "%llu%s", value + 1,
              end);
    if (value > 0)
        edits_add(edits, token, token + 1, "constant", 0.6, "%llu%s", value - 1, end);
    if (value > 1) {
        edits_add(edits, token, token + 1, "constant", 0.55, "%llu%s", 2 * value, end);
        edits_add(edits, token, token + 1, "constant", 0.5, "%llu%s", value / 2, end);
    }
    if (value > 2 && (value & (value + 1)) == 0)
        edits_add(edits, token, token + 1, "constant", 0.55, "%llu%s", 2 * value + 1, end);
    // 12 for 16: the nearest powers of two.
    if (value > 4 && value < 4096 && (value & (value - 1)) != 0) {
        unsigned long long power = 1;
        while (power < value)
            power *= 2;
        edits_add(edits, token, token + 1, "constant", 0.45, "%llu%s", power, end);
        edits_add(edits, token, token + 1, "constant", 0.35, "%llu%s", power / 2, end);
    }
    if (value >= 32 && value <= 64)
        edits_add(edits, token, token + 1, "constant", 0.6, "warpSize");
    if (value > 2)
        edits_add(edits, token, token + 1, "constant", 0.3, "0");
    if (value > 2)
        edits_add(edits, token, token + 1, "constant", 0.3, "1");
    if (value == 0)
        edits_add(edits, token, token + 1, "constant", 0.3, "-1");
    if (is_hexadecimal && value > 1)
        edits_add(edits, token, token + 1, "constant", 0.4, "0x%llx%s", value << 4 | 0xf, end);
    if (end[0] == '\0' && value == 1)
        edits_add(edits, token, token + 1, "type", 0.3, "1ull");
}

// `unsigned` in `unsigned long`.
static bool is_part_of_type(const struct kernel_text *kernel, size_t token)
{
    static const char *const words[] = {"int", "long", "short", "char", "unsigned", "signed"};
    bool here = false, beside = false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        here = here || token_is(kernel, token, words[i]);
        beside = beside || token_is(kernel, token + 1, words[i]) ||
                 (token > 0 && token_is(kernel, token - 1, words[i]));
    }
    return here && beside;
}

// A number that the source has elsewhere, of the same kind.
static void edit_other_numbers(const struct kernel_text *kernel, size_t token, struct edits *edits)
{
    enum { MAX_NUMBERS = 6 };
    const struct token *here = &kernel->tokens[token];
    size_t offered[MAX_NUMBERS], count = 0;
    bool real = memchr(here->start, '.', here->length) != NULL ||
                memchr(here->start, 'p', here->length) != NULL;
    for (size_t distance = 1; distance < kernel->token_count && count < MAX_NUMBERS; distance++) {
        for (int side = 0; side < 2 && count < MAX_NUMBERS; side++) {
            size_t other = side == 0 ? token - distance : token + distance;
            if (other >= kernel->token_count || kernel->tokens[other].kind != TOKEN_NUMBER ||
                kernel->tokens[other].length < 2 || token_same(kernel, other, token))
                continue;
            const struct token *there = &kernel->tokens[other];
            bool known = real != (memchr(there->start, '.', there->length) != NULL ||
                                  memchr(there->start, 'p', there->length) != NULL);
            for (size_t i = 0; i < count; i++)
                known = known || token_same(kernel, offered[i], other);
            if (known)
                continue;
            offered[count++] = other;
            edits_add(edits, token, token + 1, "constant", 0.3, "%.*s", (int)there->length,
                      there->start);
        }
    }
}

void edit_operators(const struct kernel_text *kernel, size_t token, struct edits *edits)
{
    const struct token *here = &kernel->tokens[token];
    if (here->skipped)
        return;
    if (here->kind == TOKEN_NUMBER) {
        edit_number(kernel, token, edits);
        edit_other_numbers(kernel, token, edits);
        return;
    }
    if (here->kind == TOKEN_MARK && here->length == 1 &&
        ((strchr("<>", *here->start) != NULL && is_template_bracket(kernel, token)) ||
         (strchr("+-*&", *here->start) != NULL && is_unary(kernel, token)))) {
        if (*here->start == '-')
            edits_add(edits, token, token + 1, "sign", 0.6, "+");
        return;
    }
    for (size_t i = 0; i < sizeof replacements / sizeof *replacements; i++) {
        const struct replacement *replacement = &replacements[i];
        if (token_is(kernel, token, replacement->from) && !is_part_of_type(kernel, token))
            edits_add(edits, token, token + 1, replacement->kind, replacement->weight, "%s",
                      replacement->to);
    }
    // >> is read as two.
    if (token_is(kernel, token, "!"))
        edits_add(edits, token, token + 1, "condition", 0.5, " ");
}
