// Kinds of mistake by whole statements and declarations: barriers, atomics, guards, types, starting
// values.
#include "mistake_rules.h"

#include "code_tokens.h"
#include "kernel_edits.h"

#include <stdint.h>
#include <string.h>

static int count_if(const struct token_range *range,
                    bool (*matches)(const struct kernel_text *, size_t))
{
    int count = 0;
    for (size_t i = range->first; i < range->end; i++)
        count += matches(range->text, i);
    return count;
}

bool mistake_rule_barrier(const struct source_change *change, struct mistake *mistake)
{
    int old = count_if(&change->old, code_is_barrier);
    int new = count_if(&change->new, code_is_barrier);
    if (new > old)
        return mistake_is(mistake, "missing barrier", "race on shared");
    if (new < old)
        return mistake_is(mistake, "extra barrier", NULL);
    // It has changed places with a statement.
    return new > 0 && mistake_is(mistake, "missing barrier", "wrong order");
}

bool mistake_rule_atomic(const struct source_change *change, struct mistake *mistake)
{
    return count_if(&change->new, code_is_atomic) > count_if(&change->old, code_is_atomic) &&
           mistake_is(mistake, "non-atomic update", NULL);
}

// `x = x < n ? x : n;` and `x = min(x, n);`
static bool is_clamp(const struct kernel_text *text, const struct code_place *place)
{
    static const char *const names[] = {"min",  "max",  "fminf", "fmaxf",
                                        "fmin", "fmax", "clamp", NULL};
    if (place->mark == SIZE_MAX || place->target == SIZE_MAX || place->declares)
        return false;
    bool again = false, chooses = false;
    for (size_t i = place->mark + 1; i < place->stop; i++) {
        again = again || token_same(text, i, place->target);
        chooses = chooses || token_is(text, i, "?") || token_is_one_of(text, i, names);
    }
    return again && chooses;
}

bool mistake_rule_guard(const struct source_change *change, struct mistake *mistake)
{
    const struct token_range *new = &change->new;
    const struct kernel_text *text = new->text;
    if (range_has(new, "?") && range_has(new, ":") && !range_has(&change->old, "?"))
        return mistake_is(mistake, "missing guard", NULL);
    if (!range_is_empty(&change->old) || range_is_empty(new))
        return false;
    if (token_is(text, new->first, "if") && token_is(text, new->first + 1, "(")) {
        // `if (lane == 0)`: one thread of many may write.
        bool one_writes = (range_has(new, "==") && (range_uses(change, new) & USES_THREAD) != 0);
        return mistake_is(mistake, "missing guard", one_writes ? "race on shared" : NULL);
    }
    if (range_is_further_condition(new))
        return mistake_is(mistake, "missing guard", NULL);
    return change->place.start >= new->first &&
           change->place.start < new->end &&is_clamp(text, &change->place) &&
           mistake_is(mistake, "missing guard", NULL);
}

struct type {
    int bits; // 0: none
    bool is_float, is_unsigned;
};

static const struct {
    const char *name;
    struct type type;
} types[] = {
    {"char", {8, false, false}},         {"short", {16, false, false}},
    {"int", {32, false, false}},         {"long", {64, false, false}},
    {"int8_t", {8, false, false}},       {"int16_t", {16, false, false}},
    {"int32_t", {32, false, false}},     {"int64_t", {64, false, false}},
    {"uint8_t", {8, false, true}},       {"uint16_t", {16, false, true}},
    {"uint32_t", {32, false, true}},     {"uint64_t", {64, false, true}},
    {"size_t", {64, false, true}},       {"ptrdiff_t", {64, false, false}},
    {"intptr_t", {64, false, false}},    {"uintptr_t", {64, false, true}},
    {"uint", {32, false, true}},         {"ushort", {16, false, true}},
    {"uchar", {8, false, true}},         {"float", {32, true, false}},
    {"double", {64, true, false}},       {"_Float16", {16, true, false}},
    {"__half", {16, true, false}},       {"half", {16, true, false}},
    {"float16", {16, true, false}},      {"bfloat16", {16, true, false}},
    {"__bf16", {16, true, false}},       {"__hip_bfloat16", {16, true, false}},
    {"hip_bfloat16", {16, true, false}},
};

static bool read_type_word(const struct kernel_text *text, size_t token, struct type *type)
{
    if (token_is(text, token, "unsigned")) {
        type->is_unsigned = true;
        type->bits = type->bits == 0 ? 32 : type->bits;
        return true;
    }
    for (size_t j = 0; j < sizeof types / sizeof *types; j++) {
        if (!token_is(text, token, types[j].name))
            continue;
        bool keeps = token_is(text, token, "int") && type->bits > 0;
        type->bits = keeps ? type->bits : types[j].type.bits;
        type->is_float = types[j].type.is_float;
        type->is_unsigned = type->is_unsigned || types[j].type.is_unsigned;
        return true;
    }
    return token_is(text, token, "signed");
}

// The first type in a range, and the range's other tokens without brackets, at most `capacity`.
static size_t split_types(const struct token_range *range, struct type *type, size_t *others,
                          size_t capacity)
{
    size_t count = 0;
    struct type next = {0};
    *type = next;
    for (size_t i = range->first; i < range->end; i++) {
        if (read_type_word(range->text, i, &next)) {
            if (!read_type_word(range->text, i + 1, &(struct type){0})) {
                *type = type->bits == 0 ? next : *type;
                next = (struct type){0};
            }
        } else if (!token_is(range->text, i, "(") && !token_is(range->text, i, ")")) {
            if (count == capacity)
                return SIZE_MAX;
            others[count++] = i;
        }
    }
    return count;
}

// Do the two sides differ in nothing but types?
static bool differ_in_types(const struct source_change *change, struct type *old, struct type *new)
{
    enum { MOST = 64 };
    size_t left[MOST], right[MOST];
    const struct kernel_text *one = change->old.text, *other = change->new.text;
    size_t count = split_types(&change->old, old, left, MOST);
    if (count == SIZE_MAX || count != split_types(&change->new, new, right, MOST))
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct token *a = &one->tokens[left[i]], *b = &other->tokens[right[i]];
        if (a->length != b->length || memcmp(a->start, b->start, a->length) != 0)
            return false;
    }
    return old->bits != new->bits || old->is_unsigned != new->is_unsigned ||
           old->is_float != new->is_float;
}

// Whether what stands behind is a number of elements or a place, not a value of the data.
static bool counts_places(const struct source_change *change)
{
    const struct code_place *place = &change->place;
    if (code_is_index(place))
        return true;
    if (place->target == SIZE_MAX || place->in_target)
        return place->target != SIZE_MAX && place->declares &&
               code_is_bound_name(change->text, place->function, place->target);
    return code_is_bound_name(change->text, place->function, place->target);
}

static bool type_is_declared(const struct source_change *change, struct code_place *name)
{
    const struct code_place *place = &change->place;
    if (place->target == SIZE_MAX || !place->declares || change->old.end != change->old.first + 1 ||
        place->function == SIZE_MAX)
        return false;
    // What the name is used for.
    const struct function *body = &change->text->functions[place->function];
    for (size_t i = place->target + 1; i < body->end; i++) {
        if (!token_same(change->text, i, place->target))
            continue;
        code_place_find(change->text, i, i + 1, name);
        if (code_is_index(name))
            return true;
    }
    return false;
}

bool mistake_rule_type(const struct source_change *change, struct mistake *mistake)
{
    struct type old, new;
    struct code_place name;
    long long before, after;
    if (change_is_number(change, &before, &after) && before == after)
        return mistake_is(mistake, "int overflow", "wrong type width"); // 1 and 1ull
    if (!differ_in_types(change, &old, &new))
        return false;
    bool was = old.bits > 0, is = new.bits > 0;
    // A narrow cast that goes, or a wide one that comes: the type has been too narrow.
    bool wider = !is ? true : !was ? true : new.bits > old.bits;
    bool floats = (was && old.is_float) || (is && new.is_float);
    if (was && is && old.bits == new.bits && !floats)
        return mistake_is(mistake, "wrong signedness", "wrong type width");
    if (floats || !wider)
        return mistake_is(mistake, "wrong type width", NULL);
    if (counts_places(change) || type_is_declared(change, &name))
        return mistake_is(mistake, "int overflow", "wrong type width");
    return mistake_is(mistake, "wrong type width", "int overflow");
}

static bool declares_shared(const struct kernel_text *text, size_t first, size_t end)
{
    for (size_t i = first; i < end && i < text->token_count; i++) {
        if (token_is(text, i, "__shared__") || token_is(text, i, "shared"))
            return true;
    }
    return false;
}

// A member of a structure of which there is a variable in shared memory.
static bool is_shared_member(const struct kernel_text *text, size_t bracket)
{
    size_t brace = enclosing_bracket(text, bracket);
    if (brace == SIZE_MAX || brace == 0 || !token_is(text, brace, "{"))
        return false;
    // Of structures in structures, the outer one has the name.
    if (enclosing_bracket(text, brace) != SIZE_MAX && is_shared_member(text, brace))
        return true;
    size_t name = brace - 1;
    for (size_t i = 0; i + 1 < text->token_count; i++) {
        if (i == name || text->tokens[name].kind != TOKEN_WORD || !token_same(text, i, name))
            continue;
        size_t floor = i > 8 ? i - 8 : 0;
        for (size_t j = floor; j < i; j++) {
            if (declares_shared(text, j, j + 1) && !token_is(text, i - 1, ";"))
                return true;
        }
    }
    return false;
}

static bool grows(const struct source_change *change)
{
    struct term term;
    long long old, new;
    if (range_is_empty(&change->new) && range_is_term(&change->old, &term))
        return term.mark == '-' || term.mark == '/' || term.mark == '>';
    if (range_is_empty(&change->old) && range_is_term(&change->new, &term))
        return term.mark == '+' || term.mark == '*' || term.mark == '<';
    return !change_is_number(change, &old, &new) || new > old;
}

static bool too_small(bool shared, bool larger, struct mistake *mistake)
{
    return mistake_is(mistake, shared && larger ? "shared array too small" : "wrong array size",
                      "wrong bound");
}

bool mistake_rule_array_size(const struct source_change *change, struct mistake *mistake)
{
    const struct code_place *place = &change->place;
    if (place->array_size == SIZE_MAX)
        return false;
    bool shared = declares_shared(change->text, place->start, place->array_size) ||
                  is_shared_member(change->text, place->array_size);
    return too_small(shared, grows(change), mistake);
}

// What an enumerator or constant outside of functions is used for.
struct constant_uses {
    bool array, shared, lanes, bound, factor;
};

static void find_uses(const struct kernel_text *text, size_t name, struct constant_uses *uses)
{
    for (size_t i = name + 1; i < text->token_count; i++) {
        struct code_place place;
        if (!token_same(text, i, name))
            continue;
        code_place_find(text, i, i + 1, &place);
        struct token_range range = {text, i, i + 1};
        char before = mark_before(&range), after = mark_after(&range);
        uses->array = uses->array || place.array_size != SIZE_MAX;
        uses->shared = uses->shared ||
                       (place.array_size != SIZE_MAX && (declares_shared(text, place.start, i) ||
                                                         is_shared_member(text, place.array_size)));
        uses->lanes = uses->lanes || (place.call != SIZE_MAX && code_is_shuffle(text, place.call));
        uses->bound = uses->bound || place.head != SIZE_MAX;
        uses->factor = uses->factor || before == '*' || after == '*';
    }
}

static bool is_wave_size(long long value)
{
    return value == 32 || value == 64;
}

bool mistake_rule_constant(const struct source_change *change, struct mistake *mistake)
{
    const struct kernel_text *text = change->text;
    const struct code_place *place = &change->place;
    long long old = 0, new = 0;
    size_t mark = place->first;
    while (mark > place->start && !token_is(text, mark, "=") && !token_is(text, mark, ","))
        mark--;
    if (place->function != SIZE_MAX || place->array_size != SIZE_MAX ||
        !token_is(text, mark, "=") || mark == 0)
        return false;
    struct constant_uses uses = {0};
    bool numbers = change_is_number(change, &old, &new);
    find_uses(text, mark - 1, &uses);
    if (uses.lanes || (numbers && is_wave_size(old) && is_wave_size(new)))
        return mistake_is(mistake, "wrong wave size", "wrong lane mask");
    if (uses.array && grows(change))
        return too_small(uses.shared, true, mistake);
    if (uses.bound)
        return mistake_is(mistake, change_is_by_one(change) ? "off by one" : "wrong bound",
                          "wrong constant");
    return mistake_is(mistake, uses.factor ? "wrong stride" : "wrong constant", NULL);
}

// Numbers, names in capitals and brackets of lists: the same whatever happened before.
static bool is_constant(const struct kernel_text *text, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        const struct token *token = &text->tokens[i];
        bool word = token->kind == TOKEN_WORD && !token_is(text, i, "true") &&
                    !token_is(text, i, "false") && !token_is(text, i, "__builtin_inff") &&
                    !token_is(text, i, "__builtin_inf") &&
                    !token_is(text, i, "__builtin_huge_valf");
        for (unsigned j = 0; word && j < token->length; j++) {
            if (token->start[j] >= 'a' && token->start[j] <= 'z')
                return false;
        }
    }
    return end > first;
}

// Is the name given another value later: counted, summed up?
static bool is_updated(const struct kernel_text *text, size_t function, size_t target)
{
    if (function == SIZE_MAX || target == SIZE_MAX)
        return false;
    for (size_t i = target + 1; i < text->functions[function].end; i++) {
        if (!token_same(text, i, target) || token_is(text, i - 1, ".") ||
            token_is(text, i - 1, "->"))
            continue;
        size_t next = operand_end(text, i) + 1;
        static const char *const marks[] = {
            "=", "+=", "-=", "*=", "/=", "|=", "&=", "^=", "<<=", ">>=", "++", "--"};
        for (size_t j = 0; j < sizeof marks / sizeof *marks; j++) {
            if (token_is(text, next, marks[j]) || (j > 9 && token_is(text, i - 1, marks[j])))
                return true;
        }
    }
    return false;
}

static bool is_in_loop(const struct kernel_text *text, size_t block)
{
    for (; block != SIZE_MAX; block = enclosing_bracket(text, block)) {
        if (block == 0 || !token_is(text, block - 1, ")"))
            continue;
        size_t open = text->tokens[block - 1].partner;
        if (open != SIZE_MAX && open > 0 &&
            (token_is(text, open - 1, "for") || token_is(text, open - 1, "while")))
            return true;
    }
    return false;
}

bool mistake_rule_starting_value(const struct source_change *change, struct mistake *mistake)
{
    const struct code_place *place = &change->place;
    const struct kernel_text *text = change->text;
    if (place->mark == SIZE_MAX || place->in_target || place->head != SIZE_MAX ||
        !token_is(text, place->mark, "=")) {
        return false;
    }
    bool comes = place->mark >= change->new.first && place->mark < change->new.end;
    if (place->declares && comes && text == change->new.text)
        return mistake_is(mistake, "uninitialised variable", "wrong initial value");
    size_t end = place->stop;
    while (end > place->mark && (token_is(text, end - 1, ";")))
        end--;
    bool by_one = change_is_by_one(change);
    // `= {0, 0}` and `x[i] = 0`: as constant as it should be.
    if (!range_is_empty(&change->new) && is_constant(text, place->mark + 1, end) &&
        (place->declares ? is_updated(text, place->function, place->target) ||
                               token_is(text, place->target + 1, "[")
                         : true))
        return mistake_is(mistake, "wrong initial value",
                          by_one && code_is_index(place) ? "off by one" : NULL);
    // The whole of it.
    return place->declares && change->new.first == place->mark + 1 &&
           !range_is_empty(&change->old) &&
           is_constant(change->old.text, change->old.first, change->old.end) &&
           is_updated(text, place->function, place->target) &&
           mistake_is(mistake, "wrong initial value", NULL);
}

bool mistake_rule_assignment(const struct source_change *change, struct mistake *mistake)
{
    const struct kernel_text *old = change->old.text, *new = change->new.text;
    const struct code_place *place = &change->place;
    if (!change_is_operator(change) || place->mark != place->first)
        return false;
    bool sets = token_is(old, change->old.first, "="), is_set = token_is(new, place->first, "=");
    if (sets || is_set)
        return mistake_is(mistake, "stale accumulator", "wrong operator");
    bool sign = (token_is(old, change->old.first, "+=") && token_is(new, place->first, "-=")) ||
                (token_is(old, change->old.first, "-=") && token_is(new, place->first, "+="));
    return mistake_is(mistake, sign ? "wrong sign" : "wrong operator", NULL);
}

// Of `for (...) x[i] = 0;`, the assignment.
static void look_into_loop(struct code_place *place, size_t limit)
{
    const struct kernel_text *text = place->text;
    size_t first = place->start;
    while (first + 1 < limit && token_is(text, first, "for") &&
           text->tokens[first + 1].partner != SIZE_MAX) {
        first = text->tokens[first + 1].partner + 1;
        first += token_is(text, first, "{");
    }
    if (first > place->start && first < limit)
        code_place_find(text, first, first + 1, place);
}

// An assignment that was missing, or is too much.
bool mistake_rule_statement(const struct source_change *change, struct mistake *mistake)
{
    const struct code_place *place = &change->place;
    const struct kernel_text *text = change->text;
    bool comes = range_is_empty(&change->old);
    const struct token_range *range = comes ? &change->new : &change->old;
    if (change->exchanges && range_has(&change->old, ";"))
        return mistake_is(mistake, "wrong order",
                          is_in_loop(text, place->block) ? "stale accumulator" : NULL);
    if (!range_is_empty(&change->old) && !range_is_empty(&change->new))
        return false;
    bool whole = place->head == SIZE_MAX && place->start >= range->first &&
                 place->start < range->end &&
                 (range_has(range, ";") || range->end + 1 >= place->stop);
    if (!whole)
        return false;
    bool in_loop = is_in_loop(text, place->block);
    struct code_place inner = *place;
    look_into_loop(&inner, range->end);
    place = &inner;
    if (place->mark == SIZE_MAX || place->declares)
        return mistake_is(mistake, comes ? "missing statement" : "extra statement", NULL);
    size_t end =
        place->stop > 0 && token_is(text, place->stop - 1, ";") ? place->stop - 1 : place->stop;
    bool constant = token_is(text, place->mark, "=") && is_constant(text, place->mark + 1, end);
    if (constant && comes && !in_loop)
        return mistake_is(mistake, "uninitialised variable", "stale accumulator");
    return mistake_is(mistake, "stale accumulator",
                      constant && comes ? "uninitialised variable"
                      : comes           ? "missing statement"
                                        : "extra statement");
}
