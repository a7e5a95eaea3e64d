#include "source_change.h"

#include "kernel_edits.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static bool same_token(const struct kernel_text *one, size_t i, const struct kernel_text *other,
                       size_t j)
{
    const struct token *a = &one->tokens[i], *b = &other->tokens[j];
    return a->length == b->length && memcmp(a->start, b->start, a->length) == 0;
}

// Where whole statements or conditions begin.
static bool begins_part(const struct kernel_text *text, size_t token)
{
    static const char *const before[] = {";", "{", "}", "&&", "||"};
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        if (token > 0 && token_is(text, token - 1, before[i]))
            return true;
    }
    return token_is(text, token, "&&") || token_is(text, token, "||") || token == 0 ||
           text->tokens[token - 1].kind == TOKEN_DIRECTIVE;
}

static bool ends_part(const struct token_range *range)
{
    return token_is(range->text, range->end - 1, ";") ||
           token_is(range->text, range->end - 1, "}") ||
           token_is(range->text, range->end - 1, "&&") ||
           token_is(range->text, range->end - 1, "||");
}

// Of `for (a) b; for (c) d;` the same tokens may have come in front of others as well: a whole
// statement says more than the end of one and the beginning of the next.
static void slide(struct token_range *range, struct token_range *empty)
{
    enum { FARTHEST = 40 };
    const struct kernel_text *text = range->text;
    struct token_range moved = *range;
    for (int i = 0; i < FARTHEST; i++) {
        if (begins_part(text, moved.first) &&
            (ends_part(&moved) || token_is(text, moved.first, "&&") ||
             token_is(text, moved.first, "||"))) {
            empty->first = empty->end = empty->first - (range->first - moved.first);
            *range = moved;
            return;
        }
        if (moved.first == 0 || !token_same(text, moved.first - 1, moved.end - 1))
            return;
        moved.first--;
        moved.end--;
    }
}

static void find_difference(const struct kernel_text *kernel, struct source_change *change)
{
    const struct kernel_text *edited = &change->edited;
    size_t first = 0, old_end = kernel->token_count, new_end = edited->token_count;
    while (first < old_end && first < new_end && same_token(kernel, first, edited, first))
        first++;
    while (old_end > first && new_end > first &&
           same_token(kernel, old_end - 1, edited, new_end - 1)) {
        old_end--;
        new_end--;
    }
    change->old = (struct token_range){kernel, first, old_end};
    change->new = (struct token_range){edited, first, new_end};
    if (range_is_empty(&change->old))
        slide(&change->new, &change->old);
    else if (range_is_empty(&change->new))
        slide(&change->old, &change->new);
}

static void note_exchange(const struct kernel_text *kernel, const struct edit *edit,
                          struct source_change *change)
{
    if (edit->text2 == NULL || edit->end <= edit->first || edit->end2 <= edit->first2)
        return;
    char *one = tokens_text(kernel, edit->first, edit->end);
    char *other = tokens_text(kernel, edit->first2, edit->end2);
    change->exchanges = one != NULL && other != NULL && strcmp(one, edit->text2) == 0 &&
                        strcmp(other, edit->text) == 0;
    free(one);
    free(other);
    change->has_swapped_subscripts = change->exchanges && token_is(kernel, edit->end, "]") &&
                                     token_is(kernel, edit->end + 1, "[") &&
                                     edit->first2 == edit->end + 2;
}

bool source_change_make(const struct kernel_text *kernel, const struct edit *edit,
                        struct source_change *change)
{
    *change = (struct source_change){0};
    if (!kernel_text_with_edit(kernel, edit, &change->edited))
        return false;
    find_difference(kernel, change);
    note_exchange(kernel, edit, change);
    struct token_range *range = range_is_empty(&change->new) ? &change->old : &change->new;
    change->text = range->text;
    if (!range_is_empty(range))
        code_place_find(range->text, range->first, range->end, &change->place);
    return true;
}

void source_change_free(struct source_change *change)
{
    kernel_text_free(&change->edited);
}

bool range_is_empty(const struct token_range *range)
{
    return range->first >= range->end;
}

bool range_has(const struct token_range *range, const char *word)
{
    for (size_t i = range->first; i < range->end; i++) {
        if (token_is(range->text, i, word))
            return true;
    }
    return false;
}

bool range_is(const struct token_range *range, const char *text)
{
    return range->end == range->first + 1 &&
           (text == NULL || token_is(range->text, range->first, text));
}

unsigned range_uses(const struct source_change *change, const struct token_range *range)
{
    return code_uses(range->text, change->place.function, range->first, range->end);
}

static bool is_operand_end(const struct kernel_text *text, size_t token)
{
    return text->tokens[token].kind == TOKEN_WORD || text->tokens[token].kind == TOKEN_NUMBER ||
           token_is(text, token, ")") || token_is(text, token, "]");
}

// The character of a binary operator, '\0' for everything else. > and > side by side are one.
static char binary_mark(const struct kernel_text *text, size_t token)
{
    if (token == 0 || token >= text->token_count || text->tokens[token].kind != TOKEN_MARK)
        return '\0';
    if (token_is(text, token, "<<"))
        return '<';
    if (token_is(text, token, ">") &&
        (token_is(text, token + 1, ">") || token_is(text, token - 1, ">")))
        return '>';
    const struct token *mark = &text->tokens[token];
    bool known = mark->length == 1 && strchr("+-*/%&|^", *mark->start) != NULL;
    if (!known || !is_operand_end(text, token - 1))
        return '\0';
    return *mark->start;
}

static size_t past_marks(const struct token_range *range)
{
    size_t i = range->first;
    while (i < range->end && binary_mark(range->text, i) != '\0')
        i++;
    return i;
}

bool range_is_term(const struct token_range *range, struct term *term)
{
    const struct kernel_text *text = range->text;
    if (range->end < range->first + 2)
        return false;
    char mark = binary_mark(text, range->first);
    if (mark != '\0') {
        *term = (struct term){mark, {text, past_marks(range), range->end}};
        return term->operand.first < term->operand.end;
    }
    mark = binary_mark(text, range->end - 1);
    *term = (struct term){mark, {text, range->first, range->end - 1}};
    return mark != '\0';
}

bool range_is_further_condition(const struct token_range *range)
{
    if (range->end < range->first + 2)
        return false;
    return token_is(range->text, range->first, "&&") || token_is(range->text, range->first, "||") ||
           token_is(range->text, range->end - 1, "&&") ||
           token_is(range->text, range->end - 1, "||");
}

static bool is_whole_number(const struct token_range *range, long long *value)
{
    char text[40], *end;
    size_t first = range->first;
    bool negative = range->end == first + 2 && token_is(range->text, first, "-");
    first += negative;
    if (range->end != first + 1 || range->text->tokens[first].kind != TOKEN_NUMBER ||
        range->text->tokens[first].length >= sizeof text)
        return false;
    const struct token *token = &range->text->tokens[first];
    memcpy(text, token->start, token->length);
    text[token->length] = '\0';
    bool hexadecimal = text[0] == '0' && (text[1] | 32) == 'x';
    if (strchr(text, '.') != NULL || strpbrk(text, hexadecimal ? "pP" : "eEfF") != NULL)
        return false;
    *value = (long long)strtoull(text, &end, 0);
    *value = negative ? -*value : *value;
    return end != text && strspn(end, "uUlL") == strlen(end);
}

bool change_is_number(const struct source_change *change, long long *old, long long *new)
{
    return is_whole_number(&change->old, old) && is_whole_number(&change->new, new);
}

static bool is_term_of_one(const struct token_range *range)
{
    struct term term;
    return range_is_term(range, &term) && (term.mark == '+' || term.mark == '-') &&
           range_is(&term.operand, "1");
}

bool change_is_by_one(const struct source_change *change)
{
    long long old, new;
    if (change_is_number(change, &old, &new))
        return old - new == 1 || new - old == 1;
    return (range_is_empty(&change->old) && is_term_of_one(&change->new)) ||
           (range_is_empty(&change->new) && is_term_of_one(&change->old));
}

static bool is_operator(const struct token_range *range)
{
    if (range_is_empty(range) || range->end > range->first + 2)
        return false;
    for (size_t i = range->first; i < range->end; i++) {
        const struct token *token = &range->text->tokens[i];
        if (token->kind != TOKEN_MARK || strchr("()[]{};,.", *token->start) != NULL)
            return false;
    }
    return true;
}

bool change_is_operator(const struct source_change *change)
{
    return is_operator(&change->old) && is_operator(&change->new);
}

bool change_is_operand(const struct source_change *change)
{
    if (range_is_empty(&change->old) || range_is_empty(&change->new))
        return false;
    const struct token *old = &change->old.text->tokens[change->old.first];
    const struct token *new = &change->new.text->tokens[change->new.first];
    return old->kind != TOKEN_MARK &&
           (new->kind != TOKEN_MARK || *new->start == '(' || *new->start == '-');
}

// Before `(int64_t)`, when the token is behind a cast.
static size_t before_cast(const struct kernel_text *text, size_t first)
{
    if (first == 0)
        return SIZE_MAX;
    size_t before = first - 1;
    if (!token_is(text, before, ")") || text->tokens[before].partner == SIZE_MAX)
        return before;
    size_t open = text->tokens[before].partner;
    for (size_t i = open + 1; i < before; i++) {
        if (text->tokens[i].kind != TOKEN_WORD && !token_is(text, i, "*"))
            return before;
    }
    bool is_call = open > 0 && text->tokens[open - 1].kind == TOKEN_WORD;
    return is_call || open == 0 ? before : open - 1;
}

char mark_before(const struct token_range *range)
{
    const struct kernel_text *text = range->text;
    size_t first = range->first;
    // Of `threadIdx.y` or `x[i]`, where only the last part is in the range.
    if (first < text->token_count && text->tokens[first].kind == TOKEN_WORD)
        first = operand_start(text, first);
    size_t before = before_cast(text, first);
    if (before == SIZE_MAX)
        return '\0';
    return binary_mark(text, before);
}

char mark_after(const struct token_range *range)
{
    const struct kernel_text *text = range->text;
    if (range_is_empty(range))
        return '\0';
    size_t last = range->end - 1;
    if (text->tokens[last].kind == TOKEN_WORD)
        last = operand_end(text, last);
    if (last + 1 >= text->token_count)
        return '\0';
    return binary_mark(text, last + 1);
}

static bool is_factor_mark(char mark)
{
    return mark == '*' || mark == '/' || mark == '%';
}

// `(a - 1)` of `b * (a - 1)`.
static bool is_whole_factor(const struct token_range *range)
{
    size_t open = enclosing_bracket(range->text, range->first);
    if (open == SIZE_MAX || !token_is(range->text, open, "(") ||
        range->text->tokens[open].partner == SIZE_MAX ||
        (open > 0 && range->text->tokens[open - 1].kind == TOKEN_WORD))
        return false;
    // The rest of the brackets is one operand.
    size_t close = range->text->tokens[open].partner;
    struct token_range group = {range->text, open, close + 1};
    bool is_one = operand_end(range->text, open + 1) + 1 == range->first && range->end == close;
    return is_one && (is_factor_mark(mark_before(&group)) || is_factor_mark(mark_after(&group)));
}

bool change_is_factor(const struct source_change *change)
{
    struct term term;
    const struct token_range *range = range_is_empty(&change->new) ? &change->old : &change->new;
    if ((range_is_empty(&change->old) || range_is_empty(&change->new)) &&
        range_is_term(range, &term))
        return is_factor_mark(term.mark) || is_whole_factor(range);
    struct term other;
    if (range_is_term(&change->old, &other) && range_is_term(&change->new, &term))
        return is_factor_mark(term.mark) && is_factor_mark(other.mark);
    if (!change_is_operand(change))
        return false;
    return is_factor_mark(mark_before(range)) || is_factor_mark(mark_after(range)) ||
           is_whole_factor(range);
}
