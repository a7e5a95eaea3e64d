// Kinds of mistake in lanes, loops and conditions.
#include "mistake_rules.h"

#include "code_tokens.h"
#include "kernel_edits.h"

#include <stdint.h>
#include <string.h>

static bool names_wave_size(const struct token_range *range)
{
    static const char *const names[] = {"warpSize",  "WARP_SIZE", "WAVE_SIZE", "WARPSIZE",
                                        "wavefront", "WAVESIZE",  "32",        "64"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (range_has(range, names[i]))
            return true;
    }
    return false;
}

static bool is_wave_size(const struct source_change *change)
{
    return (names_wave_size(&change->old) && names_wave_size(&change->new)) ||
           range_has(&change->old, "warpSize") || range_has(&change->new, "warpSize");
}

static bool is_lanes(const struct source_change *change, struct mistake *mistake)
{
    return is_wave_size(change) ? mistake_is(mistake, "wrong wave size", "wrong lane mask")
                                : mistake_is(mistake, "wrong lane mask", NULL);
}

// `thread % N`, `thread & N`: what stands on the left of the mark before `token` depends on the
// thread.
static bool is_of_thread(const struct source_change *change, const struct kernel_text *text,
                         size_t mark)
{
    if (mark == 0 || mark >= text->token_count)
        return false;
    size_t start = operand_start(text, mark - 1);
    return (code_uses(text, change->place.function, start, mark) & USES_THREAD) != 0;
}

// The mark `%` or `&` that a constant belongs to, SIZE_MAX: none.
static size_t lane_mark(const struct token_range *range)
{
    const struct kernel_text *text = range->text;
    if (range_is_empty(range))
        return SIZE_MAX;
    if (token_is(text, range->first, "%") || token_is(text, range->first, "&"))
        return range->first;
    if (range->first > 0 &&
        (token_is(text, range->first - 1, "%") || token_is(text, range->first - 1, "&")))
        return range->first - 1;
    // `thread & ~31`
    if (range->first > 1 && token_is(text, range->first - 1, "~") &&
        token_is(text, range->first - 2, "&"))
        return range->first - 2;
    return SIZE_MAX;
}

// `thread % N == lane`: the lane.
static bool is_chosen_lane(const struct source_change *change)
{
    const struct kernel_text *text = change->text;
    size_t first = change->place.first;
    for (size_t i = first; i-- > change->place.level;) {
        if (token_is(text, i, "&&") || token_is(text, i, "||"))
            return false;
        if (!token_is(text, i, "==") && !token_is(text, i, "!="))
            continue;
        bool folds = false;
        for (size_t j = i; j-- > change->place.level && !token_is(text, j, "&&");)
            folds = folds || token_is(text, j, "%") || token_is(text, j, "&");
        return folds &&
               (code_uses(text, change->place.function, change->place.level, i) & USES_THREAD) != 0;
    }
    return false;
}

bool mistake_rule_lanes(const struct source_change *change, struct mistake *mistake)
{
    const struct code_place *place = &change->place;
    const struct token_range *range = range_is_empty(&change->new) ? &change->old : &change->new;
    bool name_changes = (change->old.end == change->old.first + 1 &&
                         code_is_shuffle(change->old.text, change->old.first)) ||
                        (change->new.end == change->new.first + 1 &&
                         code_is_shuffle(change->new.text, change->new.first));
    if (name_changes)
        return mistake_is(mistake, "wrong lane mask", "wrong function");
    if (place->call != SIZE_MAX && code_is_shuffle(change->text, place->call)) {
        // Of the value itself there is nothing to say here.
        size_t comma = place->call + 1;
        while (comma < place->first && !token_is(change->text, comma, ","))
            comma++;
        if (comma < place->first)
            return is_lanes(change, mistake);
    }
    size_t mark = lane_mark(range);
    if (mark != SIZE_MAX && is_of_thread(change, range->text, mark) && place->head != place->first)
        return is_lanes(change, mistake);
    unsigned used = code_uses(change->text, place->function, place->level, place->stop) |
                    code_uses(change->text, place->function, place->start, place->stop);
    if (is_wave_size(change) && place->function != SIZE_MAX && (used & USES_THREAD) != 0)
        return mistake_is(mistake, "wrong wave size", "wrong lane mask");
    return is_chosen_lane(change) && is_lanes(change, mistake);
}

// The parts of `for (start; condition; step)`.
static size_t step_of(const struct kernel_text *text, size_t head)
{
    size_t close = text->tokens[head + 1].partner, semicolons = 0;
    for (size_t i = head + 2; close != SIZE_MAX && i < close; i++) {
        if (text->tokens[i].partner != SIZE_MAX && text->tokens[i].partner > i)
            i = text->tokens[i].partner;
        else if (token_is(text, i, ";") && ++semicolons == 2)
            return i + 1;
    }
    return SIZE_MAX;
}

// `step /= 2`, `step *= 2`, `step >>= 1`: a tree of sums.
static bool is_tree(const struct kernel_text *text, size_t head)
{
    size_t step = token_is(text, head, "for") ? step_of(text, head) : SIZE_MAX;
    if (step == SIZE_MAX)
        return false;
    size_t close = text->tokens[head + 1].partner;
    bool sets = false;
    for (size_t i = step; i < close; i++) {
        sets = sets || token_is(text, i, "=");
        // >>= is read as two.
        if (token_is(text, i, "/=") || token_is(text, i, "*=") || token_is(text, i, "<<=") ||
            token_is(text, i, ">>=") || (token_is(text, i, ">") && token_is(text, i + 1, ">=")) ||
            (sets && (token_is(text, i, "/") || token_is(text, i, "*") || token_is(text, i, "<<") ||
                      token_is(text, i, ">"))))
            return true;
    }
    return false;
}

// Does the loop sum up?
static bool reduces(const struct kernel_text *text, size_t head)
{
    size_t end = code_body_end(text, head), close = text->tokens[head + 1].partner;
    for (size_t i = close != SIZE_MAX ? close : end; i < end; i++) {
        if (token_is(text, i, "+=") || token_is(text, i, "fmaxf") || token_is(text, i, "fmaf"))
            return true;
    }
    return false;
}

static bool is_equality(const struct kernel_text *text, size_t token)
{
    return token_is(text, token, "<=") || token_is(text, token, ">=");
}

// < for <=, or > for >=.
static bool is_inclusion(const struct source_change *change)
{
    const struct kernel_text *old = change->old.text, *new = change->new.text;
    size_t i = change->old.first, j = change->new.first;
    return (token_is(old, i, "<") && token_is(new, j, "<=")) ||
           (token_is(old, i, "<=") && token_is(new, j, "<")) ||
           (token_is(old, i, ">") && token_is(new, j, ">=")) ||
           (token_is(old, i, ">=") && token_is(new, j, ">"));
}

static bool is_comparison(const struct kernel_text *text, size_t token)
{
    return token_is(text, token, "<") || token_is(text, token, ">") || is_equality(text, token) ||
           token_is(text, token, "==") || token_is(text, token, "!=");
}

// `first + TILE <= n` and `n / TILE * TILE`: the last part is left out.
static bool leaves_tail_out(const struct source_change *change, size_t head)
{
    const struct token_range *old = &change->old;
    size_t step = step_of(old->text, head);
    if (range_is_empty(old) || (range_has(old, "/") && range_has(old, "*")) || range_has(old, "%"))
        return !range_is_empty(old);
    size_t close = old->text->tokens[head + 1].partner;
    for (size_t i = old->first; i < old->end && step != SIZE_MAX; i++) {
        for (size_t j = step; j < close; j++) {
            if (old->text->tokens[i].kind == TOKEN_WORD && token_same(old->text, i, j) &&
                token_is(old->text, j - 1, "+="))
                return true;
        }
    }
    return false;
}

static bool is_loop_bound(const struct source_change *change, struct mistake *mistake)
{
    const struct kernel_text *text = change->text;
    size_t head = change->place.head;
    bool sums = reduces(text, head);
    if (token_is(text, head, "for") &&
        (is_tree(text, head) || code_has_shuffle(text, head, code_body_end(text, head))))
        return mistake_is(mistake, "wrong reduction tail",
                          change_is_by_one(change) ||
                                  (change_is_operator(change) && is_inclusion(change))
                              ? "off by one"
                              : "wrong bound");
    if (change_is_operator(change) && is_inclusion(change))
        return mistake_is(mistake, "off by one", "wrong bound");
    if (change_is_by_one(change))
        return mistake_is(mistake, "off by one", sums ? "wrong reduction tail" : "wrong bound");
    if (token_is(text, head, "for") && leaves_tail_out(change, head))
        return mistake_is(mistake, "wrong reduction tail", "wrong bound");
    return mistake_is(mistake, "wrong bound", sums ? "wrong reduction tail" : NULL);
}

bool mistake_rule_loop(const struct source_change *change, struct mistake *mistake)
{
    const struct kernel_text *text = change->text;
    size_t head = change->place.head;
    if (head == SIZE_MAX || (!token_is(text, head, "for") && !token_is(text, head, "while")))
        return false;
    bool lanes = token_is(text, head, "for") &&
                 (is_tree(text, head) || code_has_shuffle(text, head, code_body_end(text, head)));
    switch (change->place.part) {
    case HEAD_START:
        if (lanes)
            return mistake_is(mistake, "wrong reduction tail", "wrong lane mask");
        if (change_is_by_one(change))
            return mistake_is(mistake, "off by one", "wrong initial value");
        return mistake_is(mistake, "wrong initial value", NULL);
    case HEAD_STEP:
        return mistake_is(mistake, lanes ? "wrong reduction tail" : "wrong stride",
                          lanes ? "wrong stride" : NULL);
    case HEAD_CONDITION:
        break;
    }
    return is_loop_bound(change, mistake);
}

// A comparison: its mark and its sides.
struct comparison {
    size_t mark, left, end;
};

static bool ends_condition(const struct kernel_text *text, size_t token)
{
    static const char *const stops[] = {"&&", "||", ",", ";", "?", ":", "=", "return", "!", NULL};
    return token_is_one_of(text, token, stops);
}

static bool find_comparison(const struct source_change *change, struct comparison *comparison)
{
    const struct kernel_text *text = change->text;
    size_t left = change->place.first, end = change->place.end;
    *comparison = (struct comparison){.mark = SIZE_MAX};
    while (left > change->place.level && !ends_condition(text, left - 1)) {
        left--;
        if ((token_is(text, left, ")") || token_is(text, left, "]")) &&
            text->tokens[left].partner != SIZE_MAX)
            left = text->tokens[left].partner;
    }
    while (end < text->token_count && !ends_condition(text, end) && !token_is(text, end, ")") &&
           !token_is(text, end, "]")) {
        if (text->tokens[end].partner != SIZE_MAX && text->tokens[end].partner > end)
            end = text->tokens[end].partner;
        end++;
    }
    for (size_t i = left; i < end; i++) {
        if (is_comparison(text, i))
            comparison->mark = i;
        if (text->tokens[i].partner != SIZE_MAX && text->tokens[i].partner > i)
            i = text->tokens[i].partner;
    }
    comparison->left = left;
    comparison->end = end;
    return comparison->mark != SIZE_MAX;
}

// `key` and `lowest_key`, `best` and `best_value`: values of one kind.
static bool share_a_word(const struct kernel_text *text, size_t left, size_t mark, size_t end)
{
    for (size_t i = left; i < mark; i++) {
        for (size_t j = mark + 1; j < end; j++) {
            const struct token *a = &text->tokens[i], *b = &text->tokens[j];
            const struct token *shorter = a->length < b->length ? a : b;
            const struct token *longer = shorter == a ? b : a;
            if (a->kind != TOKEN_WORD || b->kind != TOKEN_WORD || shorter->length < 3)
                continue;
            unsigned rest = longer->length - shorter->length;
            if (memcmp(longer->start, shorter->start, shorter->length) == 0 ||
                memcmp(longer->start + rest, shorter->start, shorter->length) == 0)
                return true;
        }
    }
    return false;
}

static bool is_literal(const struct kernel_text *text, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        if (text->tokens[i].kind == TOKEN_WORD)
            return false;
    }
    return true;
}

// Two values of the data, where equal ones need a rule: not a place and its limit.
static bool compares_values(const struct source_change *change, const struct comparison *comparison)
{
    const struct kernel_text *text = change->text;
    size_t function = change->place.function, mark = comparison->mark;
    unsigned left = code_uses(text, function, comparison->left, mark);
    unsigned right = code_uses(text, function, mark + 1, comparison->end);
    if (is_literal(text, comparison->left, mark) || is_literal(text, mark + 1, comparison->end))
        return false;
    if ((left & USES_FLOAT) != 0 || (right & USES_FLOAT) != 0)
        return true;
    if ((left & right & USES_MEMORY) != 0)
        return true;
    if (((left | right) & (USES_THREAD | USES_BLOCK | USES_LOOP)) != 0)
        return false;
    for (size_t i = comparison->left; i < comparison->end; i++) {
        if (text->tokens[i].kind == TOKEN_WORD && code_is_index_name(text, function, i))
            return false;
    }
    return share_a_word(text, comparison->left, mark, comparison->end);
}

// `value == best && index < best_index`
static bool is_tie_break(const struct source_change *change, const struct comparison *comparison)
{
    const struct kernel_text *text = change->text;
    bool equal = false;
    for (size_t i = change->place.level; i < change->place.stop && !token_is(text, i, "{"); i++)
        equal = equal || (token_is(text, i, "==") && i != comparison->mark);
    return equal && (token_is(text, comparison->mark, "<") ||
                     token_is(text, comparison->mark, ">") || is_equality(text, comparison->mark));
}

// A guard of what is left over after whole parts.
static bool is_tail_name(const struct kernel_text *text, size_t function, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        const struct variable_name *variable =
            text->tokens[i].kind == TOKEN_WORD ? variable_at(text, function, i) : NULL;
        if (variable == NULL || !token_is(text, variable->token + 1, "="))
            continue;
        for (size_t j = variable->token + 2;
             j < text->token_count && !token_is(text, j, ";") && !token_is(text, j, ","); j++) {
            bool rest = token_is(text, j, "%");
            for (size_t k = j; token_is(text, j, "-") && !rest && k < j + 8; k++)
                rest = token_is(text, k, "*");
            if (rest)
                return true;
        }
    }
    return false;
}

bool mistake_rule_condition(const struct source_change *change, struct mistake *mistake)
{
    const struct code_place *place = &change->place;
    const struct kernel_text *text = change->text;
    struct comparison comparison;
    bool is_if = place->head != SIZE_MAX && token_is(text, place->head, "if");
    if (place->subscript != SIZE_MAX || (!is_if && place->ternary == SIZE_MAX))
        return change_is_operator(change) && is_comparison(text, place->first) &&
               mistake_is(mistake, "wrong condition", NULL);
    if (range_is_further_condition(&change->new) && range_is_empty(&change->old))
        return mistake_is(mistake, "missing guard", NULL);
    if (!find_comparison(change, &comparison))
        return mistake_is(mistake, "wrong condition", NULL);
    bool values = compares_values(change, &comparison);
    bool breaks_tie = is_tie_break(change, &comparison);
    if (change_is_operator(change) && is_inclusion(change))
        return values || breaks_tie ? mistake_is(mistake, "wrong tie rule", "off by one")
                                    : mistake_is(mistake, "off by one", "wrong bound");
    if (change_is_operator(change))
        return mistake_is(mistake, "wrong condition",
                          breaks_tie ? "wrong tie rule"
                          : values   ? "wrong operator"
                                     : "wrong bound");
    bool tail = is_tail_name(text, place->function, comparison.left, comparison.end);
    if (values)
        return mistake_is(mistake, breaks_tie ? "wrong tie rule" : "wrong condition",
                          change_is_operand(change) ? "wrong operand" : NULL);
    if (change_is_by_one(change))
        return mistake_is(mistake, "off by one", tail ? "wrong reduction tail" : "wrong bound");
    if (range_is_further_condition(&change->old))
        return mistake_is(mistake, "wrong condition", "wrong bound");
    return mistake_is(mistake, tail ? "wrong reduction tail" : "wrong bound",
                      tail ? "wrong bound" : NULL);
}
