#include "edit_writer.h"

#include "code_tokens.h"
#include "edit_switch.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// The number is read anew for each unit, and in a way that the compiler does not see through:
// a number that does not change would have it copy every loop for every edit in it.
#define PLAIN    "__wavegauge_plain"
#define NOW      EDIT_VARIABLE "_here"
#define LEADS_TO EDIT_VARIABLE "_leads_to"
#define READ     "const int " NOW " = " EDIT_VARIABLE "_now();"

// Gives the span's place in the list.
static size_t begin_span(struct edit_writer *writer, size_t index, size_t unit)
{
    struct edit_spans *spans = writer->spans;
    text_append(writer->out, "\n");
    if (spans->count == spans->capacity && !spans->failed) {
        size_t capacity = spans->capacity > 0 ? 2 * spans->capacity : 1024;
        struct edit_span *list = realloc(spans->list, capacity * sizeof *list);
        spans->failed = list == NULL;
        if (list != NULL) {
            spans->list = list;
            spans->capacity = capacity;
        }
    }
    if (!spans->failed)
        spans->list[spans->count++] =
            (struct edit_span){.begin = writer->out->length, .index = index, .unit = unit};
    return spans->count - 1;
}

static void end_span(struct edit_writer *writer, size_t span)
{
    struct edit_spans *spans = writer->spans;
    if (!spans->failed)
        spans->list[span].end = writer->out->length;
    text_append(writer->out, "\n");
}

static bool has_plain_version(const struct edit_writer *writer, const char *name, size_t length)
{
    for (size_t i = 0; i < writer->kernel->function_count; i++) {
        const struct token *token = &writer->kernel->tokens[writer->kernel->functions[i].name];
        if (writer->units->plain[i] && token->length == length &&
            memcmp(token->start, name, length) == 0)
            return true;
    }
    return false;
}

// A word; the name of a function before its arguments becomes that of its plain version.
static void append_word(struct edit_writer *writer, const char *word, size_t length,
                        const char *behind)
{
    text_append_bytes(writer->out, word, length);
    behind += strspn(behind, " ");
    if ((*behind == '(' || *behind == '<') && has_plain_version(writer, word, length))
        text_append(writer->out, PLAIN);
}

static void append_text(struct edit_writer *writer, const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
    text_append(writer->out, " ");
    while (*text != '\0') {
        size_t length = strspn(text, letters);
        if (length > 0)
            append_word(writer, text, length, text + length);
        else
            text_append_bytes(writer->out, text, length = 1);
        text += length;
    }
    text_append(writer->out, " ");
}

static bool is_replaced(const struct edit *edit, size_t token)
{
    return edit != NULL && ((token >= edit->first && token < edit->end) ||
                            (edit->text2 != NULL && token >= edit->first2 && token < edit->end2));
}

// Tokens with an edit. What they call are plain versions: only one edit is on at a
// time, and alternatives within alternatives would multiply.
static void append_edited(struct edit_writer *writer, size_t first, size_t end,
                          const struct edit *edit)
{
    const struct kernel_text *kernel = writer->kernel;
    for (size_t i = first; i <= end; i++) {
        if (edit != NULL && i == edit->first && (i < end || edit->end == i))
            append_text(writer, edit->text);
        if (edit != NULL && edit->text2 != NULL && i == edit->first2 &&
            (i < end || edit->end2 == i))
            append_text(writer, edit->text2);
        if (i == end || is_replaced(edit, i) || token_is_unroll(kernel, i))
            continue;
        const struct token *token = &kernel->tokens[i];
        if (token->kind == TOKEN_DIRECTIVE) {
            text_append(writer->out, "\n%.*s\n", (int)token->length, token->start);
            continue;
        }
        text_append(writer->out, "%s", token->starts_line || token->blanks > 0 ? " " : "");
        bool member = i > 0 && (token_is(kernel, i - 1, ".") || token_is(kernel, i - 1, "->"));
        if (token->kind == TOKEN_WORD && !member)
            append_word(writer, token->start, token->length, token->start + token->length);
        else
            text_append_bytes(writer->out, token->start, token->length);
    }
}

static void append_tokens(struct edit_writer *writer, size_t first, size_t end, bool begun);

// A value of the expression's type, arrays being pointers.
static void append_type_of(struct edit_writer *writer, const struct edit_unit *unit,
                           const struct edit *edit)
{
    text_append(writer->out, "__typeof__(({");
    append_edited(writer, unit->first, unit->end, edit);
    text_append(writer->out, ";}))");
}

// What the source does with a value of a unit, as a function to call with it.
static void append_conversion(struct edit_writer *writer, const struct edit_unit *unit)
{
    text_append(writer->out, "static_cast<");
    if (unit->kind == UNIT_CONDITION) {
        text_append(writer->out, "bool");
    } else if (unit->kind == UNIT_STEP) {
        text_append(writer->out, "void");
    } else if (unit->type_first < unit->type_end) {
        append_edited(writer, unit->type_first, unit->type_end, NULL);
        append_edited(writer, unit->ornament_first, unit->ornament_end, NULL);
    } else {
        append_type_of(writer, unit, NULL);
    }
    text_append(writer->out, ">");
}

// Where the value's own type is taken, an edit that changes it cannot be switched on: it would
// change the variable's type, or which function is called.
static void append_same_type(struct edit_writer *writer, const struct edit_unit *unit,
                             const struct edit *edit)
{
    if ((unit->kind != UNIT_VALUE && unit->kind != UNIT_ARGUMENT) ||
        unit->type_first < unit->type_end)
        return;
    text_append(writer->out, "!__is_same(");
    append_type_of(writer, unit, NULL);
    text_append(writer->out, ", ");
    append_type_of(writer, unit, edit);
    text_append(writer->out, ") ? __builtin_trap() : (void)0, ");
}

// The next part of a form in a list that starts at `at`.
static const struct edit_part *next_part(const struct edit_writer *writer, size_t *at,
                                         enum edit_form form)
{
    while (*at != SIZE_MAX) {
        const struct edit_part *part = &writer->parts[*at];
        *at = part->next;
        if (part->form == form)
            return part;
    }
    return NULL;
}

static void append_value(struct edit_writer *writer, size_t index)
{
    const struct edit_unit *unit = &writer->units->list[index];
    const struct edit_part *part;
    size_t all = begin_span(writer, SIZE_MAX, index);
    text_append(writer->out, " ({" READ);
    for (size_t at = writer->unit_parts[index];
         (part = next_part(writer, &at, FORM_ALTERNATIVE)) != NULL;) {
        text_append(writer->out, NOW " == %zu ?", part->index + 1);
        size_t span = begin_span(writer, part->index, SIZE_MAX);
        text_append(writer->out, "(");
        append_same_type(writer, unit, &part->edit);
        append_conversion(writer, unit);
        text_append(writer->out, "(");
        append_edited(writer, unit->first, unit->end, &part->edit);
        text_append(writer->out, "))");
        end_span(writer, span);
        text_append(writer->out, ": ");
    }
    append_conversion(writer, unit);
    text_append(writer->out, "(");
    append_tokens(writer, unit->first, unit->end, true);
    text_append(writer->out, ");})");
    end_span(writer, all);
}

static void append_guards(struct edit_writer *writer, size_t index)
{
    const struct edit_part *part;
    size_t at = writer->unit_parts[index];
    if (next_part(writer, &at, FORM_GUARD) == NULL)
        return;
    text_append(writer->out, "if (");
    for (at = writer->unit_parts[index]; (part = next_part(writer, &at, FORM_GUARD)) != NULL;) {
        text_append(writer->out, NOW " == %zu ?", part->index + 1);
        size_t span = begin_span(writer, part->index, SIZE_MAX);
        text_append(writer->out, "static_cast<bool>(");
        append_text(writer, part->condition);
        text_append(writer->out, ")");
        end_span(writer, span);
        text_append(writer->out, ": ");
    }
    text_append(writer->out, "true) ");
}

// Statements of edits that come before a token.
static void append_before(struct edit_writer *writer, size_t place)
{
    const struct edit_part *part;
    for (size_t at = writer->place_parts[place];
         (part = next_part(writer, &at, FORM_BEFORE)) != NULL;) {
        text_append(writer->out, " if (" EDIT_VARIABLE "_now() == %zu) {", part->index + 1);
        size_t span = begin_span(writer, part->index, SIZE_MAX);
        if (part->name != SIZE_MAX)
            append_edited(writer, part->name, part->name + 1, NULL);
        append_text(writer, part->edit.text);
        text_append(writer->out, ";");
        end_span(writer, span);
        text_append(writer->out, "}");
    }
}

// In brackets of its own: it may be all that a loop has.
static void append_statement(struct edit_writer *writer, size_t index)
{
    const struct edit_unit *unit = &writer->units->list[index];
    const struct edit_part *part;
    size_t all = begin_span(writer, SIZE_MAX, index);
    text_append(writer->out, " {");
    append_before(writer, unit->first);
    text_append(writer->out, READ);
    append_guards(writer, index);
    text_append(writer->out, "{");
    for (size_t at = writer->unit_parts[index];
         (part = next_part(writer, &at, FORM_ALTERNATIVE)) != NULL;) {
        text_append(writer->out, "if (" NOW " == %zu) {", part->index + 1);
        size_t span = begin_span(writer, part->index, SIZE_MAX);
        append_edited(writer, unit->first, unit->end, &part->edit);
        end_span(writer, span);
        text_append(writer->out, "} else ");
    }
    text_append(writer->out, "{");
    append_tokens(writer, unit->first, unit->end, true);
    text_append(writer->out, "}}}");
    end_span(writer, all);
}

// The function with a plain version that starts there, or SIZE_MAX.
static size_t function_at(const struct edit_writer *writer, size_t token)
{
    for (size_t i = 0; i < writer->kernel->function_count; i++) {
        const struct function *function = &writer->kernel->functions[i];
        if (writer->units->plain[i] && function->start == token && function != writer->inside)
            return i;
    }
    return SIZE_MAX;
}

static void append_function(struct edit_writer *writer, size_t index)
{
    const struct function *function = &writer->kernel->functions[index];
    writer->inside = function;
    if (writer->versions.bits[index] == 0) {
        append_edited(writer, function->start, function->end + 1, NULL);
        append_tokens(writer, function->start, function->end + 1, false);
    } else {
        edit_versions_append_plain_head(&writer->versions, index, PLAIN, writer->out);
        append_edited(writer, function->body, function->end + 1, NULL);
        edit_versions_append_edited_head(&writer->versions, index, writer->out);
        append_tokens(writer, function->body, function->end + 1, false);
        edit_versions_append_choice(&writer->versions, index, LEADS_TO, PLAIN, writer->out);
    }
    writer->inside = NULL;
}

// Whether the bracket closes the parameters of a lambda expression with edits in its body.
static bool is_lambda_with_edits(const struct edit_writer *writer, size_t close)
{
    const struct kernel_text *kernel = writer->kernel;
    size_t open = token_is(kernel, close, ")") ? kernel->tokens[close].partner : SIZE_MAX;
    if (open == SIZE_MAX || open == 0 || !token_is(kernel, open - 1, "]") ||
        !token_has_partner(kernel, open - 1))
        return false;
    size_t body =
        edit_units_lambda_body(kernel, kernel->tokens[open - 1].partner, kernel->token_count);
    for (size_t i = 0; body != SIZE_MAX && i < writer->part_count; i++) {
        size_t token = edit_part_token(writer->units, &writer->parts[i]);
        if (token > body && token <= kernel->tokens[body].partner)
            return true;
    }
    return false;
}

// Tokens of the source, with the alternatives of the units in them. begun: the first token's
// alternatives were written already.
static void append_tokens(struct edit_writer *writer, size_t first, size_t end, bool begun)
{
    for (size_t i = first; i < end; begun = false) {
        const struct token *token = &writer->kernel->tokens[i];
        size_t unit = writer->unit_starting[i];
        if (token->skipped) {
            i++;
            continue;
        }
        if (unit != SIZE_MAX && !begun) {
            if (writer->units->list[unit].kind == UNIT_STATEMENT)
                append_statement(writer, unit);
            else
                append_value(writer, unit);
            i = writer->units->list[unit].end;
            continue;
        }
        if (!begun)
            append_before(writer, i);
        size_t function = function_at(writer, i);
        if (function != SIZE_MAX) {
            append_function(writer, function);
            i = writer->kernel->functions[function].end + 1;
            continue;
        }
        if (token_is_unroll(writer->kernel, i)) { // unrolled loops would repeat all alternatives
            i++;
            continue;
        }
        text_append(writer->out, "%s",
                    token->starts_line || token->kind == TOKEN_DIRECTIVE ? "\n"
                    : token->blanks > 0                                  ? " "
                                                                         : "");
        text_append_bytes(writer->out, token->start, token->length);
        text_append(writer->out, "%s", token->kind == TOKEN_DIRECTIVE ? "\n" : "");
        // A template may call it in each of its own alternatives.
        if (writer->split && is_lambda_with_edits(writer, i))
            text_append(writer->out, " __attribute__((noinline))");
        i++;
    }
}

// The number of the edit that is on, and whether a function with one of these bits leads to it.
static void append_variable(struct edit_writer *writer)
{
    uint64_t *paths = calloc(writer->count + 1, sizeof *paths);
    writer->out->failed = writer->out->failed || paths == NULL;
    for (size_t i = 0; paths != NULL && i < writer->part_count; i++) {
        const struct edit_part *part = &writer->parts[i];
        size_t function = edit_part_function(writer->kernel, writer->units, part);
        paths[part->index + 1] |= function != SIZE_MAX ? writer->versions.paths[function] : 0;
    }
    text_append(
        writer->out,
        "\n# 1 \"" EDIT_VARIABLE "\"\n"
        "__attribute__((constant)) __attribute__((device)) int " EDIT_VARIABLE ";\n"
        "__attribute__((device)) static inline int " EDIT_VARIABLE "_now() {"
        "int number = " EDIT_VARIABLE "; asm volatile(\"\" : \"+s\"(number));"
        "return number; }\n"
        "__attribute__((constant)) __attribute__((device)) unsigned long long " EDIT_VARIABLE
        "_paths[] = {");
    for (size_t i = 0; paths != NULL && i <= writer->count; i++)
        text_append(writer->out, "%llu,", (unsigned long long)paths[i]);
    text_append(writer->out, "};\n__attribute__((device)) static inline bool " LEADS_TO
                             "(unsigned long long bit) { unsigned long long path = " EDIT_VARIABLE
                             "_paths[" EDIT_VARIABLE "]; asm volatile(\"\" : \"+s\"(path));"
                             "return (path & bit) != 0; }\n");
    free(paths);
}

void edit_writer_write(struct edit_writer *writer)
{
    append_variable(writer);
    append_tokens(writer, 0, writer->kernel->token_count, false);
    text_append(writer->out, "\n");
}
