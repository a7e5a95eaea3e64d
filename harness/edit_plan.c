#include "edit_plan.h"

#include "code_tokens.h"

#include <stdint.h>
#include <string.h>

enum { LONGEST = 120, SMALL_FUNCTION = 30 };

static bool ends_with(const char *text, char wanted)
{
    size_t length = strlen(text);
    while (length > 0 && text[length - 1] == ' ')
        length--;
    return length > 0 && text[length - 1] == wanted;
}

static bool is_blank(const char *text)
{
    return text[strspn(text, " ;")] == '\0';
}

static bool is_balanced(const struct kernel_text *kernel, size_t first, size_t end,
                        const char *text)
{
    int depth = 0;
    for (; *text != '\0'; text++)
        depth += (strchr("([{", *text) != NULL) - (strchr(")]}", *text) != NULL);
    for (size_t i = first; i < end; i++) {
        size_t partner = kernel->tokens[i].partner;
        if (partner != SIZE_MAX && (partner < first || partner >= end))
            return false;
    }
    return depth == 0;
}

// `int x;` that should start with a value: an assignment behind the declaration.
static bool plan_start_value(const struct kernel_text *kernel, const struct edit_units *units,
                             const struct edit *edit, struct edit_part *part)
{
    size_t end = edit->first;
    if (strncmp(edit->text, "= ", 2) != 0 || strchr(edit->text, '{') != NULL || edit->first == 0 ||
        kernel->tokens[edit->first - 1].kind != TOKEN_WORD)
        return false;
    while (end < kernel->token_count && !token_is(kernel, end, ";") && !token_is(kernel, end, ")"))
        end++;
    // What starts with this variable's value must come after it.
    for (size_t i = edit->first; i < end; i++) {
        if (token_is(kernel, i, "="))
            return false;
    }
    if (!token_is(kernel, end, ";") || !units->starts[end + 1])
        return false;
    part->form = FORM_BEFORE;
    part->place = end + 1;
    part->name = edit->first - 1;
    return true;
}

// A variable that outlives the unit would be there twice.
static bool holds_lasting_variable(const struct kernel_text *kernel, const struct edit_unit *unit)
{
    for (size_t i = unit->first; i < unit->end; i++) {
        if (token_is_shared_attribute(kernel, i) || token_is(kernel, i, "static"))
            return true;
    }
    return false;
}

// A function of some size that has no plain version is written once with all its alternatives for
// each edit of a call of it: the compiler would not come to an end.
static bool multiplies(const struct kernel_text *kernel, const struct edit_units *units,
                       const struct edit_unit *unit)
{
    for (size_t i = 0; i < kernel->function_count; i++) {
        const struct function *function = &kernel->functions[i];
        if (!function->is_reached || function->is_kernel || units->plain[i] ||
            function->end - function->body < SMALL_FUNCTION)
            continue;
        for (size_t j = unit->first; j < unit->end; j++) {
            if (token_same(kernel, j, function->name))
                return true;
        }
    }
    return false;
}

static void plan_alternative(const struct kernel_text *kernel, const struct edit_units *units,
                             size_t first, size_t end, struct edit_part *part)
{
    size_t unit = edit_units_around(units, first, end);
    if (unit == SIZE_MAX || units->list[unit].end - units->list[unit].first > LONGEST ||
        holds_lasting_variable(kernel, &units->list[unit]) ||
        multiplies(kernel, units, &units->list[unit]))
        return;
    part->form = FORM_ALTERNATIVE;
    part->unit = unit;
}

static void plan_part(const struct kernel_text *kernel, const struct edit_units *units,
                      const struct edit *edit, struct edit_part *part)
{
    *part = (struct edit_part){.unit = SIZE_MAX, .name = SIZE_MAX, .edit = *edit};
    bool insertion = edit->first == edit->end;
    size_t statement = edit_units_statement_at(units, edit->first);
    if (insertion && ends_with(edit->text, ';')) {
        part->form = units->starts[edit->first] ? FORM_BEFORE : FORM_NONE;
        part->place = edit->first;
    } else if (insertion && strncmp(edit->text, "if (", 4) == 0) {
        // An `else` behind the statement would be the guard's.
        part->form = statement != SIZE_MAX && !token_is(kernel, units->list[statement].end, "else")
                         ? FORM_GUARD
                         : FORM_NONE;
        part->unit = statement;
        part->condition = edit->text + 3;
    } else if (!insertion && statement != SIZE_MAX && is_blank(edit->text) &&
               edit->end + 1 >= units->list[statement].end &&
               edit->end <= units->list[statement].end) {
        part->form = FORM_GUARD;
        part->unit = statement;
        part->condition = "false";
    } else if (insertion && !plan_start_value(kernel, units, edit, part) && edit->first > 0) {
        plan_alternative(kernel, units, edit->first - 1, edit->first, part);
    } else if (!insertion) {
        plan_alternative(kernel, units, edit->first, edit->end, part);
    }
}

size_t edit_plan(const struct kernel_text *kernel, const struct edit_units *units,
                 const struct edit *edit, struct edit_part parts[MAX_EDIT_PARTS])
{
    struct edit one = *edit, other = *edit;
    if (edit->text2 == NULL) {
        plan_part(kernel, units, edit, &parts[0]);
        return parts[0].form != FORM_NONE;
    }
    size_t first = edit->first < edit->first2 ? edit->first : edit->first2;
    size_t end = edit->end > edit->end2 ? edit->end : edit->end2;
    parts[0] = (struct edit_part){.unit = SIZE_MAX, .name = SIZE_MAX, .edit = *edit};
    plan_alternative(kernel, units, first, end, &parts[0]);
    if (parts[0].form != FORM_NONE)
        return 1;
    one.text2 = NULL;
    other.first = edit->first2;
    other.end = edit->end2;
    other.text = edit->text2;
    other.text2 = NULL;
    if (!is_balanced(kernel, one.first, one.end, one.text) ||
        !is_balanced(kernel, other.first, other.end, other.text))
        return 0;
    plan_part(kernel, units, &one, &parts[0]);
    plan_part(kernel, units, &other, &parts[1]);
    return parts[0].form != FORM_NONE && parts[1].form != FORM_NONE ? 2 : 0;
}

size_t edit_part_token(const struct edit_units *units, const struct edit_part *part)
{
    return part->form == FORM_BEFORE ? part->place : units->list[part->unit].first;
}

size_t edit_part_function(const struct kernel_text *kernel, const struct edit_units *units,
                          const struct edit_part *part)
{
    size_t token = edit_part_token(units, part);
    for (size_t i = 0; i < kernel->function_count; i++) {
        if (token > kernel->functions[i].body && token <= kernel->functions[i].end)
            return i;
    }
    return SIZE_MAX;
}
