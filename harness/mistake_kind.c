#include "mistake_kind.h"

#include "mistake_rules.h"

#include <string.h>

// The more special ones come first.
static bool (*const rules[])(const struct source_change *, struct mistake *) = {
    mistake_rule_barrier,   mistake_rule_atomic,         mistake_rule_guard,
    mistake_rule_type,      mistake_rule_array_size,     mistake_rule_constant,
    mistake_rule_statement, mistake_rule_lanes,          mistake_rule_loop,
    mistake_rule_condition, mistake_rule_starting_value, mistake_rule_assignment,
    mistake_rule_index,     mistake_rule_value,
};

bool mistake_of_edit(const struct kernel_text *kernel, const struct edit *edit,
                     struct mistake *mistake)
{
    struct source_change change;
    *mistake = (struct mistake){0};
    if (!source_change_make(kernel, edit, &change))
        return false;
    bool changes = !range_is_empty(&change.old) || !range_is_empty(&change.new);
    for (size_t i = 0; changes && i < sizeof rules / sizeof *rules; i++) {
        if (rules[i](&change, mistake))
            break;
    }
    if (changes && mistake->kind == NULL)
        *mistake = (struct mistake){"wrong expression", NULL};
    source_change_free(&change);
    return true;
}

// The line of what stands before a statement that is inserted, where other lines lie between.
static int line_before_gap(const struct kernel_text *kernel, const struct edit *edit)
{
    if (edit->first == 0 || edit->end != edit->first || !kernel->tokens[edit->first].starts_line)
        return 0;
    const struct token *next = &kernel->tokens[edit->first], *before = next - 1;
    return before->file == next->file && before->line + 1 < next->line ? before->line : 0;
}

bool mistake_note(struct places *places, const char *file, int line, const char *edited_line,
                  const struct kernel_text *kernel, const struct edit *edit)
{
    struct mistake mistake;
    if (!mistake_of_edit(kernel, edit, &mistake))
        return false;
    places_note_mistake(places, file, line, line_before_gap(kernel, edit), edited_line, &mistake);
    return true;
}

static bool is_check(const struct finding *finding, const char *check, const char *kind)
{
    return strcmp(finding->check, check) == 0 && (kind == NULL || strcmp(finding->kind, kind) == 0);
}

void mistake_of_finding(const struct finding *finding, struct mistake *mistake)
{
    *mistake = (struct mistake){0};
    const bool in_shared =
        strstr(finding->text, "LDS") != NULL || strstr(finding->text, "shared memory") != NULL;
    if (finding->severity != SEVERITY_ERROR)
        return;
    if (is_check(finding, "initcheck", NULL))
        // What nothing has written may also be what a loop has left out.
        mistake_is(mistake, "uninitialised variable", in_shared ? "wrong bound" : NULL);
    else if (is_check(finding, "racecheck", NULL) &&
             strstr(finding->text, "updates get lost") != NULL)
        mistake_is(mistake, "non-atomic update", in_shared ? "race on shared" : NULL);
    else if (is_check(finding, "racecheck", "write after write") && in_shared)
        mistake_is(mistake, "race on shared", "missing barrier");
    else if (is_check(finding, "racecheck", NULL) && in_shared)
        mistake_is(mistake, "missing barrier", "race on shared");
    else if (is_check(finding, "synccheck", "divergent barrier"))
        mistake_is(mistake, "extra barrier", NULL);
    else if (is_check(finding, "memcheck", "out of bounds") && in_shared)
        mistake_is(mistake, "shared array too small", "wrong bound");
}

void mistake_of_class(const char *class_name, struct mistake *mistake)
{
    static const struct {
        const char *class_name;
        struct mistake mistake;
    } classes[] = {
        {"transposed operand", {"transposed operand", "swapped index"}},
        {"swapped strides", {"wrong stride", NULL}},
        {"batch or head offset", {"wrong batch offset", NULL}},
        {"index overflow", {"int overflow", "wrong type width"}},
        {"wrong operand", {"wrong operand", NULL}},
        {"wrong tie rule", {"wrong tie rule", NULL}},
    };
    *mistake = (struct mistake){0};
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        if (strcmp(classes[i].class_name, class_name) == 0)
            *mistake = classes[i].mistake;
    }
}
