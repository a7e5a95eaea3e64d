#include "code_place.h"

#include "code_tokens.h"
#include "kernel_edits.h"

#include <stdint.h>
#include <string.h>

size_t enclosing_bracket(const struct kernel_text *text, size_t token)
{
    for (size_t i = token; i-- > 0;) {
        if (token_closes(text, i) && token_has_partner(text, i))
            i = text->tokens[i].partner;
        else if (token_opens(text, i))
            return i;
    }
    return SIZE_MAX;
}

// `= {0, 1}` and the brackets within it: values, not statements.
static bool is_value_list(const struct kernel_text *text, size_t brace)
{
    if (brace == 0 || token_is(text, brace - 1, "=") || token_is(text, brace - 1, "return"))
        return true;
    if (token_is(text, brace - 1, ",") || token_is(text, brace - 1, "{")) {
        size_t outer = enclosing_bracket(text, brace);
        return outer != SIZE_MAX && token_is(text, outer, "{") && is_value_list(text, outer);
    }
    return false;
}

static bool is_head_word(const struct kernel_text *text, size_t token)
{
    static const char *const words[] = {"for", "while", "if", "switch", NULL};
    return token_is_one_of(text, token, words);
}

// `]` or a name before `[` that is declared there.
static bool declares_array(const struct kernel_text *text, size_t bracket)
{
    size_t i = bracket;
    while (i > 0 && token_is(text, i - 1, "]") && token_has_partner(text, i - 1))
        i = text->tokens[i - 1].partner;
    if (i < 2 || text->tokens[i - 1].kind != TOKEN_WORD)
        return false;
    static const char *const no_types[] = {"return", "else", "case", "typename", NULL};
    return (text->tokens[i - 2].kind == TOKEN_WORD && !token_is_one_of(text, i - 2, no_types)) ||
           (token_is(text, i - 2, ">") && token_is(text, i, "[") && i >= 3 &&
            text->tokens[i - 3].kind == TOKEN_WORD && enclosing_bracket(text, i) != SIZE_MAX &&
            token_is(text, enclosing_bracket(text, i), "{"));
}

static bool is_call_name(const struct kernel_text *text, size_t token)
{
    static const char *const words[] = {"for",    "while",    "if",       "switch", "return",
                                        "sizeof", "decltype", "noexcept", NULL};
    return text->tokens[token].kind == TOKEN_WORD && !token_is_one_of(text, token, words);
}

// Of `f<int>(`, the name.
static size_t name_before(const struct kernel_text *text, size_t bracket)
{
    if (bracket == 0)
        return SIZE_MAX;
    size_t i = bracket - 1;
    if (token_is(text, i, ">")) {
        for (size_t steps = 0; i > 0 && steps < 8 && !token_is(text, i, "<"); steps++)
            i--;
        if (i == 0 || !token_is(text, i, "<"))
            return SIZE_MAX;
        i--;
    }
    return is_call_name(text, i) ? i : SIZE_MAX;
}

// One pair of brackets around the tokens, from the inside out.
static void note_bracket(struct code_place *place, size_t bracket, size_t inner)
{
    const struct kernel_text *text = place->text;
    if (token_is(text, bracket, "[")) {
        if (declares_array(text, bracket))
            place->array_size = bracket;
        else if (place->subscript == SIZE_MAX)
            place->subscript = bracket;
    } else if (token_is(text, bracket, "(") && bracket > 0 && is_head_word(text, bracket - 1)) {
        place->head = bracket - 1;
        place->part = HEAD_CONDITION;
        if (token_is(text, bracket - 1, "for")) {
            int semicolons = 0;
            for (size_t i = bracket + 1; i < inner; i++) {
                if (token_opens(text, i) && token_has_partner(text, i))
                    i = text->tokens[i].partner;
                semicolons += token_is(text, i, ";");
            }
            place->part = semicolons == 0   ? HEAD_START
                          : semicolons == 1 ? HEAD_CONDITION
                                            : HEAD_STEP;
        }
    } else if (token_is(text, bracket, "(") && place->call == SIZE_MAX) {
        place->call = name_before(text, bracket);
    }
}

// Past `a ? `, in the same brackets: is there a `?` behind, before the next comma or semicolon?
static void note_ternary(struct code_place *place, size_t from, size_t limit)
{
    const struct kernel_text *text = place->text;
    for (size_t i = from; place->ternary == SIZE_MAX && i < limit; i++) {
        if (token_opens(text, i) && token_has_partner(text, i))
            i = text->tokens[i].partner;
        else if (token_closes(text, i) || token_is(text, i, ";") || token_is(text, i, ",") ||
                 token_is(text, i, ":"))
            return;
        else if (token_is(text, i, "?"))
            place->ternary = i;
    }
}

static size_t statement_start(const struct kernel_text *text, size_t token, size_t floor)
{
    size_t i = token;
    while (i > floor) {
        size_t before = i - 1;
        if (token_is(text, before, ";") || token_is(text, before, "{") ||
            token_is(text, before, "else") || text->tokens[before].kind == TOKEN_DIRECTIVE)
            return i;
        if (token_closes(text, before) && token_has_partner(text, before)) {
            size_t open = text->tokens[before].partner;
            bool is_head = token_is(text, before, ")") && open > 0 && is_head_word(text, open - 1);
            bool is_block =
                token_is(text, before, "}") && !is_value_list(text, open) &&
                !(open > 0 && token_is(text, open - 1, ")") && token_has_partner(text, open - 1) &&
                  text->tokens[open - 1].partner > 0 &&
                  token_is(text, text->tokens[open - 1].partner - 1, "]"));
            if (is_head || is_block)
                return i;
            i = open;
            continue;
        }
        i = before;
    }
    return i;
}

static bool is_assignment(const struct kernel_text *text, size_t token)
{
    static const char *const marks[] = {
        "=", "+=", "-=", "*=", "/=", "%=", "|=", "&=", "^=", "<<=", ">>=", NULL};
    return token_is_one_of(text, token, marks);
}

static bool is_declared_at(const struct kernel_text *text, size_t token)
{
    for (size_t i = 0; i < text->variable_count; i++) {
        if (text->variables[i].token == token)
            return true;
    }
    return false;
}

// The mark and the name that is given a value. `at`: the tokens, in the brackets of the statement.
static void find_target(struct code_place *place, size_t at)
{
    const struct kernel_text *text = place->text;
    size_t first = place->start;
    // Of `int a = 1, b = 2;`, the part that the tokens are in.
    for (size_t i = place->start; i < at; i++) {
        if (token_opens(text, i) && token_has_partner(text, i) && text->tokens[i].partner < at)
            i = text->tokens[i].partner;
        else if (token_is(text, i, ","))
            first = i + 1;
    }
    for (size_t i = first; i < place->stop; i++) {
        if (is_assignment(text, i)) {
            place->mark = i;
            place->in_target = at < i;
            break;
        }
        if (token_is(text, i, ",") && i > at)
            break;
        if (token_opens(text, i) && token_has_partner(text, i))
            i = text->tokens[i].partner;
    }
    if (place->mark == SIZE_MAX) {
        for (size_t i = first; i < place->stop && i <= at + 1; i++) {
            if (is_declared_at(text, i)) {
                place->target = i;
                place->declares = true;
            }
        }
        return;
    }
    for (size_t i = first; i < place->mark; i++) {
        if (is_declared_at(text, i)) {
            place->target = i;
            place->declares = true;
            return;
        }
    }
    place->target = first;
    while (place->target < place->mark && text->tokens[place->target].kind != TOKEN_WORD)
        place->target++;
}

// In the head of `for`, its parts count as statements.
static void find_statement(struct code_place *place, size_t at)
{
    const struct kernel_text *text = place->text;
    size_t limit = text->token_count;
    if (place->head != SIZE_MAX && place->head + 1 < at) {
        size_t open = place->head + 1;
        place->start = open + 1;
        place->stop = text->tokens[open].partner;
        if (place->stop == SIZE_MAX)
            place->stop = limit;
        for (size_t i = open + 1; i < place->stop; i++) {
            if (token_opens(text, i) && token_has_partner(text, i))
                i = text->tokens[i].partner;
            if (!token_is(text, i, ";"))
                continue;
            if (i < at)
                place->start = i + 1;
            else
                place->stop = i;
        }
        return;
    }
    size_t floor = place->block == SIZE_MAX ? 0 : place->block + 1;
    place->start = statement_start(text, at, floor);
    if (place->block != SIZE_MAX && token_has_partner(text, place->block))
        limit = text->tokens[place->block].partner;
    place->stop = statement_end(text, place->start, limit);
    place->stop += place->stop < limit;
}

void code_place_find(const struct kernel_text *text, size_t first, size_t end,
                     struct code_place *place)
{
    *place = (struct code_place){.text = text,
                                 .first = first,
                                 .end = end,
                                 .block = SIZE_MAX,
                                 .head = SIZE_MAX,
                                 .ternary = SIZE_MAX,
                                 .subscript = SIZE_MAX,
                                 .array_size = SIZE_MAX,
                                 .call = SIZE_MAX,
                                 .mark = SIZE_MAX,
                                 .target = SIZE_MAX,
                                 .level = SIZE_MAX};
    place->function = token_function(text, first);
    size_t at = first, from = end;
    for (;;) {
        note_ternary(place, from, text->token_count);
        size_t bracket = enclosing_bracket(text, at);
        if (place->level == SIZE_MAX && bracket != SIZE_MAX && !token_is(text, bracket, "{"))
            place->level = bracket + 1;
        if (bracket == SIZE_MAX ||
            (token_is(text, bracket, "{") && !is_value_list(text, bracket))) {
            place->block = bracket;
            break;
        }
        note_bracket(place, bracket, at);
        if (place->head != SIZE_MAX)
            break;
        from = token_has_partner(text, bracket) ? text->tokens[bracket].partner + 1
                                                : text->token_count;
        at = bracket;
    }
    find_statement(place, at);
    find_target(place, at);
    if (place->level == SIZE_MAX)
        place->level = place->start;
}

size_t code_body_end(const struct kernel_text *text, size_t head)
{
    return statement_end(text, head, text->token_count);
}

bool code_is_barrier(const struct kernel_text *text, size_t token)
{
    static const char *const names[] = {"__syncthreads",
                                        "__syncthreads_or",
                                        "__syncthreads_and",
                                        "__syncthreads_count",
                                        "__builtin_amdgcn_s_barrier",
                                        "__syncwarp",
                                        "barrier",
                                        "__threadfence_block",
                                        "__builtin_amdgcn_wave_barrier",
                                        NULL};
    return token_is_one_of(text, token, names);
}

static bool starts_with(const struct kernel_text *text, size_t token, const char *prefix)
{
    const struct token *here = &text->tokens[token];
    return here->kind == TOKEN_WORD && here->length >= strlen(prefix) &&
           memcmp(here->start, prefix, strlen(prefix)) == 0;
}

bool code_is_shuffle(const struct kernel_text *text, size_t token)
{
    static const char *const names[] = {"__ballot",     "__any",         "__all",
                                        "__activemask", "__ballot_sync", NULL};
    return starts_with(text, token, "__shfl") || starts_with(text, token, "shuffle") ||
           starts_with(text, token, "__builtin_amdgcn_ds_bpermute") ||
           starts_with(text, token, "__builtin_amdgcn_readlane") ||
           token_is_one_of(text, token, names);
}

bool code_is_atomic(const struct kernel_text *text, size_t token)
{
    return starts_with(text, token, "atomic") || starts_with(text, token, "__hip_atomic") ||
           starts_with(text, token, "__atomic");
}

bool code_has_barrier(const struct kernel_text *text, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        if (code_is_barrier(text, i))
            return true;
    }
    return false;
}

bool code_has_shuffle(const struct kernel_text *text, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        if (code_is_shuffle(text, i))
            return true;
    }
    return false;
}
