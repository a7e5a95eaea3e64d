// Kinds of mistake in what is computed: addresses, and values.
#include "mistake_rules.h"

#include "kernel_edits.h"

#include <stdint.h>
#include <string.h>

static bool is_in_kernel(const struct source_change *change)
{
    return change->place.function != SIZE_MAX &&
           change->text->functions[change->place.function].is_kernel;
}

// Is what changes part of where a row, a head or a batch begins: the same for all threads of a
// block, and for all rounds of a loop?
static bool is_base(const struct source_change *change)
{
    const struct code_place *place = &change->place;
    const struct kernel_text *text = change->text;
    size_t first, end;
    unsigned varies = USES_THREAD | USES_LOOP | USES_ARGUMENT;
    unsigned here = range_uses(change, &change->new) | range_uses(change, &change->old);
    if ((here & varies) != 0)
        return false;
    if (place->subscript != SIZE_MAX) {
        size_t close = text->tokens[place->subscript].partner;
        unsigned used = close == SIZE_MAX
                            ? varies
                            : code_uses(text, place->function, place->subscript + 1, close);
        return ((used | here) & USES_BLOCK) != 0 && (used & varies) == 0;
    }
    if (code_is_offset(place, &first, &end)) {
        unsigned used = code_uses(text, place->function, first, end);
        bool moves_pointer = place->mark != SIZE_MAX && first > place->mark &&
                             (place->declares || !token_is(text, place->mark, "="));
        return (used & varies) == 0 &&
               (((used | here) & USES_BLOCK) != 0 || moves_pointer || is_in_kernel(change));
    }
    if (place->mark == SIZE_MAX || place->in_target)
        return false;
    unsigned used = code_uses(text, place->function, place->mark + 1, place->stop);
    return (used & USES_BLOCK) != 0 && (used & varies) == 0;
}

// `n - 1 - i` for `i`.
static bool is_reversal(const struct source_change *change)
{
    struct term term;
    const struct token_range *range = range_is_empty(&change->new) ? &change->old : &change->new;
    return (range_is_empty(&change->old) || range_is_empty(&change->new)) &&
           token_is(range->text, range->end - 1, "-") && range_is_term(range, &term);
}

static bool is_term(const struct source_change *change, struct term *term)
{
    return (range_is_empty(&change->old) && range_is_term(&change->new, term)) ||
           (range_is_empty(&change->new) && range_is_term(&change->old, term));
}

static bool is_pointer(const struct source_change *change, const struct token_range *range)
{
    const struct variable_name *variable =
        range_is(range, NULL) ? variable_at(range->text, change->place.function, range->first)
                              : NULL;
    size_t length = variable != NULL ? strlen(variable->type) : 0;
    return length > 0 && (variable->type[length - 1] == '*' || variable->type[length - 1] == ']');
}

static bool is_mask(const struct source_change *change)
{
    struct term term;
    const struct token_range *range = range_is_empty(&change->new) ? &change->old : &change->new;
    if (is_term(change, &term))
        return term.mark == '&';
    return mark_before(range) == '&';
}

// The packed `value << 32 | (limit - index)`: which of two equal values wins.
static bool is_packed_place(const struct source_change *change)
{
    const struct code_place *place = &change->place;
    bool packs = false;
    for (size_t i = place->start; i + 1 < place->stop; i++)
        packs = packs || (token_is(change->text, i, "<<") && (token_is(change->text, i + 1, "32") ||
                                                              token_is(change->text, i + 1, "16")));
    return packs && is_reversal(change);
}

bool mistake_rule_index(const struct source_change *change, struct mistake *mistake)
{
    const struct code_place *place = &change->place;
    struct term term;
    if (is_packed_place(change))
        return mistake_is(mistake, "wrong tie rule", "swapped index");
    if (is_pointer(change, &change->new) || is_pointer(change, &change->old) ||
        place->function == SIZE_MAX)
        return false;
    bool bounds = place->subscript == SIZE_MAX && place->target != SIZE_MAX && !place->in_target &&
                  code_is_bound_name(change->text, place->function, place->target);
    if (!bounds && !code_is_index(place))
        return false;
    bool comes = range_is_empty(&change->old), factor = change_is_factor(change);
    bool base = is_base(change);
    const char *at_base = base ? "wrong batch offset" : NULL;
    if (change->exchanges)
        return mistake_is(mistake,
                          change->has_swapped_subscripts ? "transposed operand" : "swapped index",
                          change->has_swapped_subscripts ? "swapped index" : at_base);
    if (factor && base)
        return mistake_is(mistake, "wrong batch offset", "wrong stride");
    if (factor && bounds)
        return mistake_is(mistake, comes ? "missing scale" : "wrong bound",
                          comes ? "wrong bound" : "wrong stride");
    if (factor)
        return mistake_is(mistake, "wrong stride",
                          comes                      ? "missing scale"
                          : change_is_by_one(change) ? "off by one"
                                                     : NULL);
    if (change_is_by_one(change))
        return mistake_is(mistake, "off by one", base ? at_base : bounds ? "wrong bound" : NULL);
    if (change_is_operator(change))
        return mistake_is(mistake, bounds ? "wrong bound" : "wrong operator",
                          base ? at_base : "swapped index");
    if (is_mask(change))
        return mistake_is(mistake, "wrong bit mask", bounds ? "wrong reduction tail" : at_base);
    if (bounds)
        return mistake_is(mistake, "wrong bound", NULL);
    if (is_reversal(change))
        return mistake_is(mistake, "swapped index", NULL);
    if (is_term(change, &term))
        return base ? mistake_is(mistake, "wrong batch offset", comes ? "missing term" : NULL)
                    : mistake_is(mistake, comes ? "missing term" : "swapped index",
                                 comes ? "swapped index" : NULL);
    if (change_is_operand(change))
        return base && !range_has(&change->new, ".")
                   ? mistake_is(mistake, "wrong batch offset", "swapped index")
                   : mistake_is(mistake, "swapped index", at_base);
    bool strides = range_has(&change->old, "*") && range_has(&change->new, "*");
    return mistake_is(mistake, "swapped index", strides && !base ? "wrong stride" : at_base);
}

// `x = x * factor + y` and `x *= factor`.
static bool updates_itself(const struct source_change *change)
{
    const struct code_place *place = &change->place;
    const struct kernel_text *text = change->text;
    if (place->mark == SIZE_MAX || place->declares || place->in_target)
        return false;
    if (!token_is(text, place->mark, "="))
        return true;
    size_t length = place->mark - place->start;
    for (size_t i = place->mark + 1; i + length <= place->stop; i++) {
        size_t same = 0;
        while (same < length && token_same(text, place->start + same, i + same))
            same++;
        if (same == length)
            return true;
    }
    return false;
}

static bool is_changed_operator(const struct source_change *change, struct mistake *mistake)
{
    const struct token_range *old = &change->old, *new = &change->new;
    bool sign =
        (range_is(old, "+") || range_is(old, "-")) && (range_is(new, "+") || range_is(new, "-"));
    return mistake_is(mistake, sign ? "wrong sign" : "wrong operator", NULL);
}

static bool is_changed_factor(const struct source_change *change, struct mistake *mistake)
{
    bool comes = range_is_empty(&change->old), goes = range_is_empty(&change->new);
    struct token_range left = {change->text, change->place.first, change->place.end};
    bool constant = range_is(&left, NULL) && change->text->tokens[left.first].kind == TOKEN_NUMBER;
    if (comes && updates_itself(change) && token_is(change->text, change->place.mark, "="))
        return mistake_is(mistake, "stale accumulator", "missing scale");
    if (comes)
        return mistake_is(mistake, "missing scale", NULL);
    if (goes)
        return mistake_is(mistake, "wrong scale", NULL);
    return mistake_is(mistake, constant ? "wrong constant" : "wrong operand", "missing scale");
}

static bool is_function_name(const struct token_range *range)
{
    return range_is(range, NULL) && range->text->tokens[range->first].kind == TOKEN_WORD &&
           token_is(range->text, range->first + 1, "(");
}

bool mistake_rule_value(const struct source_change *change, struct mistake *mistake)
{
    struct term term;
    long long old, new;
    const struct code_place *place = &change->place;
    if (change->exchanges)
        return mistake_is(mistake, "transposed operand", "wrong operand");
    if (change_is_operator(change))
        return is_changed_operator(change, mistake);
    if (is_function_name(&change->old) && is_function_name(&change->new))
        return mistake_is(mistake, "wrong function",
                          range_has(&change->old, "expf") || range_has(&change->old, "exp2f")
                              ? "missing scale"
                              : NULL);
    if (change_is_factor(change))
        return is_changed_factor(change, mistake);
    if (is_mask(change))
        return mistake_is(mistake, "wrong bit mask", NULL);
    if (change_is_by_one(change))
        return mistake_is(mistake, "off by one",
                          change_is_number(change, &old, &new) ? "wrong constant" : NULL);
    if (is_term(change, &term))
        return mistake_is(mistake, range_is_empty(&change->old) ? "missing term" : "extra term",
                          NULL);
    if (range_is(&change->old, "-") || range_is(&change->new, "-"))
        return mistake_is(mistake, "wrong sign", NULL);
    if (!change_is_operand(change))
        return false;
    bool constant = change->text->tokens[place->first].kind == TOKEN_NUMBER &&
                    change->old.text->tokens[change->old.first].kind == TOKEN_NUMBER;
    return mistake_is(mistake, constant ? "wrong constant" : "wrong operand", NULL);
}
