// What values depend on, and what names are used for.
#include "code_place.h"

#include "code_tokens.h"
#include "kernel_edits.h"

#include <stdint.h>
#include <string.h>

enum { MAX_DEPTH = 6 };

static bool is_member_name(const struct kernel_text *text, size_t token)
{
    return token > 0 && (token_is(text, token - 1, ".") || token_is(text, token - 1, "->"));
}

// Declared in brackets within a function: in the head of `for`, or as a lambda's parameter. Its
// bracket, or SIZE_MAX.
static size_t bracket_of_name(const struct kernel_text *text, size_t function, size_t token)
{
    size_t bracket = enclosing_bracket(text, token);
    bool inside = bracket != SIZE_MAX && token_is(text, bracket, "(") && function != SIZE_MAX &&
                  bracket > text->functions[function].body;
    return inside ? bracket : SIZE_MAX;
}

static size_t value_end(const struct kernel_text *text, size_t from)
{
    size_t i = from;
    for (; i < text->token_count; i++) {
        if (token_opens(text, i) && token_has_partner(text, i))
            i = text->tokens[i].partner;
        else if (token_closes(text, i) || token_is(text, i, ";") || token_is(text, i, ","))
            break;
    }
    return i;
}

static unsigned uses(const struct kernel_text *text, size_t function, size_t first, size_t end,
                     int depth);

static unsigned uses_of_name(const struct kernel_text *text, size_t function, size_t token,
                             int depth)
{
    static const char *const thread_words[] = {
        "threadIdx",   "__lane_id",      "lane_id", "laneId",     "__lanemask_lt",  "lane",
        "thread_rank", "hipThreadIdx_x", "warp_id", "__mbcnt_hi", "hipThreadIdx_y", NULL};
    static const char *const block_words[] = {"blockIdx", "hipBlockIdx_x", "hipBlockIdx_y",
                                              "hipBlockIdx_z", NULL};
    const struct variable_name *variable = variable_at(text, function, token);
    if (variable == NULL)
        return token_is_one_of(text, token, thread_words)  ? USES_THREAD
               : token_is_one_of(text, token, block_words) ? USES_BLOCK
                                                           : 0;
    unsigned result = variable->class == TYPE_FLOAT ? USES_FLOAT : 0;
    size_t length = strlen(variable->type);
    if (length > 0 && (variable->type[length - 1] == '*' || variable->type[length - 1] == ']'))
        return result | (token_is(text, token + 1, "[") ? USES_MEMORY : USES_POINTER);
    size_t bracket = bracket_of_name(text, variable->function, variable->token);
    if (bracket != SIZE_MAX)
        return result | (token_is(text, bracket - 1, "for") ? USES_LOOP : USES_ARGUMENT);
    if (variable->function != SIZE_MAX &&
        variable->token < text->functions[variable->function].body)
        return result | USES_PARAMETER;
    if (depth < MAX_DEPTH && token_is(text, variable->token + 1, "="))
        result |= uses(text, function, variable->token + 2, value_end(text, variable->token + 2),
                       depth + 1);
    return result;
}

static unsigned uses(const struct kernel_text *text, size_t function, size_t first, size_t end,
                     int depth)
{
    unsigned result = 0;
    for (size_t i = first; i < end && i < text->token_count; i++) {
        const struct token *token = &text->tokens[i];
        if (token->kind == TOKEN_NUMBER && memchr(token->start, '.', token->length) != NULL)
            result |= USES_FLOAT;
        if (token->kind == TOKEN_WORD && !is_member_name(text, i))
            result |= uses_of_name(text, function, i, depth);
        // What the subscript depends on is not what the element depends on.
        if (token_is(text, i, "[") && i > first && token_has_partner(text, i)) {
            result |= USES_MEMORY;
            i = text->tokens[i].partner;
        }
    }
    return result;
}

unsigned code_uses(const struct kernel_text *text, size_t function, size_t first, size_t end)
{
    return uses(text, function, first, end, 0);
}

static bool is_pointer_name(const struct kernel_text *text, size_t function, size_t token)
{
    const struct variable_name *variable = variable_at(text, function, token);
    size_t length = variable != NULL ? strlen(variable->type) : 0;
    return length > 0 && !is_member_name(text, token) &&
           (variable->type[length - 1] == '*' || variable->type[length - 1] == ']');
}

static bool is_binary_after_operand(const struct kernel_text *text, size_t token)
{
    return token > 0 && (text->tokens[token - 1].kind != TOKEN_MARK ||
                         token_is(text, token - 1, ")") || token_is(text, token - 1, "]"));
}

// The sum around tokens at..after - 1, in their own brackets.
static void sum_around(const struct kernel_text *text, size_t at, size_t after, size_t floor,
                       size_t *first, size_t *end)
{
    static const char *const stops[] = {",",  ";",  "?",  ":",  "=",  "+=", "-=",     "<", ">",
                                        "<=", ">=", "==", "!=", "&&", "||", "return", NULL};
    size_t i = at;
    while (i > floor) {
        size_t before = i - 1;
        if (token_closes(text, before) && token_has_partner(text, before))
            before = text->tokens[before].partner;
        else if (token_opens(text, before) || token_is_one_of(text, before, stops))
            break;
        i = before;
    }
    *first = i;
    for (i = after; i < text->token_count; i++) {
        if (token_opens(text, i) && token_has_partner(text, i))
            i = text->tokens[i].partner;
        else if (token_closes(text, i) || token_is_one_of(text, i, stops))
            break;
    }
    *end = i;
}

static bool is_address_sum(const struct kernel_text *text, size_t function, size_t first,
                           size_t end)
{
    bool adds = false, points = false;
    for (size_t i = first; i < end; i++) {
        if (token_opens(text, i) && token_has_partner(text, i)) {
            i = text->tokens[i].partner;
            continue;
        }
        adds = adds || ((token_is(text, i, "+") || token_is(text, i, "-")) &&
                        is_binary_after_operand(text, i));
        points = points || (text->tokens[i].kind == TOKEN_WORD && !token_is(text, i + 1, "[") &&
                            is_pointer_name(text, function, i));
    }
    return adds && points;
}

bool code_is_offset(const struct code_place *place, size_t *first, size_t *end)
{
    const struct kernel_text *text = place->text;
    size_t at = place->first, after = place->end;
    bool target_points = place->target != SIZE_MAX && !place->in_target &&
                         place->mark != SIZE_MAX && place->target + 1 <= place->mark &&
                         !token_is(text, place->target + 1, "[") &&
                         is_pointer_name(text, place->function, place->target);
    // `*p = value` is no address.
    target_points = target_points && !(place->target > place->start && !place->declares &&
                                       token_is(text, place->target - 1, "*"));
    if (target_points && (token_is(text, place->mark, "+=") || token_is(text, place->mark, "-="))) {
        *first = place->mark + 1;
        *end = place->stop;
        return true;
    }
    for (;;) {
        sum_around(text, at, after, place->start, first, end);
        if (is_address_sum(text, place->function, *first, *end))
            return true;
        size_t bracket = enclosing_bracket(text, at);
        if (bracket == SIZE_MAX || bracket < place->start || token_is(text, bracket, "{"))
            return false;
        // A subscript's element, and what a function makes of it, is no address any more.
        if (token_is(text, bracket, "["))
            return false;
        at = bracket;
        after = token_has_partner(text, bracket) ? text->tokens[bracket].partner + 1 : after;
    }
}

static bool is_index_name(const struct kernel_text *text, size_t function, size_t name, int depth);

// An argument that is a place: whole numbers, made of a thread's number or a counter.
static bool is_passed(const struct code_place *place)
{
    const struct kernel_text *text = place->text;
    size_t first, end;
    if (place->call == SIZE_MAX || code_is_shuffle(text, place->call))
        return false;
    sum_around(text, place->first, place->end, place->start, &first, &end);
    unsigned used = code_uses(text, place->function, first, end);
    unsigned here = uses(text, place->function, first, end, MAX_DEPTH);
    return (used & (USES_THREAD | USES_LOOP)) != 0 &&
           (here & (USES_FLOAT | USES_MEMORY | USES_POINTER)) == 0;
}

static bool is_index(const struct code_place *place, int depth)
{
    size_t first, end;
    if (place->subscript != SIZE_MAX || code_is_offset(place, &first, &end) || is_passed(place))
        return true;
    return depth < 3 && place->target != SIZE_MAX && !place->in_target &&
           !token_is(place->text, place->target + 1, "[") &&
           (place->head == SIZE_MAX || place->part != HEAD_CONDITION) &&
           is_index_name(place->text, place->function, place->target, depth + 1);
}

static bool is_index_name(const struct kernel_text *text, size_t function, size_t name, int depth)
{
    const struct variable_name *variable = variable_at(text, function, name);
    if (variable == NULL || variable->class != TYPE_INTEGER || function == SIZE_MAX)
        return false;
    const struct function *body = &text->functions[function];
    for (size_t i = body->body; i < body->end; i++) {
        if (i == name || i == variable->token || !token_same(text, i, name) ||
            is_member_name(text, i))
            continue;
        struct code_place place;
        code_place_find(text, i, i + 1, &place);
        if (place.target != name && place.target != i && is_index(&place, depth))
            return true;
    }
    return false;
}

bool code_is_index(const struct code_place *place)
{
    return is_index(place, 0);
}

bool code_is_index_name(const struct kernel_text *text, size_t function, size_t name)
{
    return is_index_name(text, function, name, 0);
}

bool code_is_bound_name(const struct kernel_text *text, size_t function, size_t name)
{
    if (function == SIZE_MAX)
        return false;
    const struct function *body = &text->functions[function];
    for (size_t i = body->body + 1; i < body->end; i++) {
        if (!token_same(text, i, name) || is_member_name(text, i))
            continue;
        // The limit is on the right of < and on the left of >.
        size_t next = i + 1;
        bool right = token_is(text, i - 1, "<") || token_is(text, i - 1, "<=");
        bool left = (token_is(text, next, ">") || token_is(text, next, ">=")) &&
                    !token_is(text, i - 1, "-") && !token_is(text, i - 1, "+");
        if ((right || left) && !token_is(text, next, "?"))
            return true;
    }
    return false;
}
