// Statements that may be missing: a variable that is not reset, added to or carried on.
#include "code_tokens.h"
#include "kernel_edits.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SOURCES = 40 };

// What a variable may be updated with: variables, and members as they are used in the function.
struct sources {
    char *text[MAX_SOURCES];
    size_t count;
};

static void add_source(struct sources *sources, char *text)
{
    bool known = text == NULL || sources->count == MAX_SOURCES;
    for (size_t i = 0; !known && i < sources->count; i++)
        known = strcmp(sources->text[i], text) == 0;
    if (known)
        free(text);
    else
        sources->text[sources->count++] = text;
}

// `shared.sum`, where `shared` is known at the place; it may be used in another function.
static bool is_member_use(const struct kernel_text *kernel, size_t function, size_t place, size_t i)
{
    const struct variable_name *variable;
    if (kernel->tokens[i].kind != TOKEN_WORD || is_member(kernel, i) ||
        !token_is(kernel, i + 1, ".") || token_is(kernel, i + 3, "(") ||
        token_is(kernel, i + 3, "["))
        return false;
    variable = variable_at(kernel, function, i);
    if (variable == NULL || !is_usable(kernel, variable, function, place))
        return false;
    const struct variable_name *there = variable_at(kernel, token_function(kernel, i), i);
    return there != NULL && strcmp(there->type, variable->type) == 0;
}

static void find_sources(const struct kernel_text *kernel, size_t function, size_t place,
                         enum type_class class, struct sources *sources)
{
    for (size_t i = 0; i + 3 < kernel->token_count; i++) {
        if (is_member_use(kernel, function, place, i))
            add_source(sources, tokens_text(kernel, i, i + 3));
    }
    for (size_t i = 0; i < kernel->variable_count; i++) {
        const struct variable_name *variable = &kernel->variables[i];
        if (variable->function == function && variable->class == class &&
            is_usable(kernel, variable, function, place))
            add_source(sources, tokens_text(kernel, variable->token, variable->token + 1));
    }
}

// A variable that could change and never does lacks something.
static bool is_changed(const struct kernel_text *kernel, const struct variable_name *variable)
{
    static const char *const marks[] = {"=", "+=", "-=", "*=", "|=", "^=", "<<=", "/=", "++", "--"};
    for (size_t i = variable->token + 2; i < variable->scope_end; i++) {
        if (!token_same(kernel, i, variable->token) || is_member(kernel, i))
            continue;
        for (size_t j = 0; j < sizeof marks / sizeof *marks; j++) {
            if (token_is(kernel, i + 1, marks[j]) || (j > 7 && token_is(kernel, i - 1, marks[j])))
                return true;
        }
    }
    return false;
}

static void edit_update(const struct kernel_text *kernel, size_t function, size_t place,
                        const struct variable_name *variable, struct edits *edits)
{
    struct sources sources = {.count = 0};
    const struct token *name = &kernel->tokens[variable->token];
    double weight = is_changed(kernel, variable) ? 0.3 : 0.8;
    find_sources(kernel, function, place, variable->class, &sources);
    edits_add(edits, place, place, "starting value", 0.6 * weight, "%.*s = 0;", (int)name->length,
              name->start);
    for (size_t i = 0; i < sources.count; i++) {
        static const char *const marks[] = {"+=", "-=", "="};
        bool itself = strlen(sources.text[i]) == name->length &&
                      memcmp(sources.text[i], name->start, name->length) == 0;
        for (size_t j = 0; !itself && j < sizeof marks / sizeof *marks; j++)
            edits_add(edits, place, place, "missing statement", weight, "%.*s %s %s;",
                      (int)name->length, name->start, marks[j], sources.text[i]);
        free(sources.text[i]);
    }
}

// The variable that the statement before `place` sets, or NULL.
static const struct variable_name *set_before(const struct kernel_text *kernel, size_t function,
                                              size_t place)
{
    static const char *const marks[] = {"=", "+=", "-=", "*=", NULL};
    const struct function *body = &kernel->functions[function];
    for (size_t i = place - 1; token_is(kernel, place - 1, ";") && i-- > body->body + 1;) {
        if (token_is(kernel, i, ";") || token_is(kernel, i, "{") || token_is(kernel, i, "}"))
            return NULL;
        if (kernel->tokens[i].partner < i)
            i = kernel->tokens[i].partner;
        else if (token_is_one_of(kernel, i, marks))
            return kernel->tokens[i - 1].kind == TOKEN_WORD && !is_member(kernel, i - 1)
                       ? variable_at(kernel, function, i - 1)
                       : NULL;
    }
    return NULL;
}

// A number that must not be above another: n = n < size ? n : size.
static void edit_clamp(const struct kernel_text *kernel, size_t function, size_t place,
                       struct edits *edits)
{
    const struct variable_name *variable = set_before(kernel, function, place);
    if (variable == NULL || variable->class != TYPE_INTEGER ||
        !is_usable(kernel, variable, function, place))
        return;
    const struct token *name = &kernel->tokens[variable->token];
    for (size_t i = 0; i < kernel->variable_count; i++) {
        const struct variable_name *other = &kernel->variables[i];
        const struct token *size = &kernel->tokens[other->token];
        if (other->class != TYPE_INTEGER || !is_choice(kernel, i, function, place) ||
            token_same(kernel, other->token, variable->token))
            continue;
        edits_add(edits, place, place, "clamp", 0.5, "%.*s = %.*s < %.*s ? %.*s : %.*s;",
                  (int)name->length, name->start, (int)name->length, name->start, (int)size->length,
                  size->start, (int)name->length, name->start, (int)size->length, size->start);
    }
}

static bool is_inside_loop(const struct kernel_text *kernel, const struct function *body,
                           size_t place)
{
    for (size_t i = body->body; i < place; i++) {
        size_t close = token_is(kernel, i, "(") && i > 0 &&
                               (token_is(kernel, i - 1, "for") || token_is(kernel, i - 1, "while"))
                           ? kernel->tokens[i].partner
                           : SIZE_MAX;
        if (close != SIZE_MAX && token_is(kernel, close + 1, "{") && close + 1 < place &&
            kernel->tokens[close + 1].partner >= place)
            return true;
    }
    return false;
}

// `shared.flags = 0;` where `shared.best = 0;` should stand beside it.
static void edit_sibling(const struct kernel_text *kernel, size_t function, size_t start,
                         struct edits *edits)
{
    if (!is_member_use(kernel, function, start, start) || !token_is(kernel, start + 3, "="))
        return;
    struct sources sources = {.count = 0};
    size_t end = statement_end(kernel, start, kernel->token_count);
    char *value = tokens_text(kernel, start + 3, end + 1);
    for (size_t i = 0; i + 3 < kernel->token_count; i++) {
        if (token_same(kernel, i, start) && !token_same(kernel, i + 2, start + 2) &&
            is_member_use(kernel, function, start, i))
            add_source(&sources, tokens_text(kernel, i, i + 3));
    }
    for (size_t i = 0; i < sources.count; i++) {
        if (value != NULL)
            edits_add(edits, start, start, "starting value", 0.6, "%s %s", sources.text[i], value);
        free(sources.text[i]);
    }
    free(value);
}

void edit_updates(const struct kernel_text *kernel, size_t function, struct edits *edits)
{
    const struct function *body = &kernel->functions[function];
    for (size_t i = body->body + 2; i <= body->end; i++) {
        bool starts = token_is(kernel, i - 1, ";") || token_is(kernel, i - 1, "}");
        if (!kernel->tokens[i].skipped && (starts || token_is(kernel, i - 1, "{")))
            edit_sibling(kernel, function, i, edits);
        bool place = (starts || token_is(kernel, i - 1, "{")) && !kernel->tokens[i].skipped &&
                     !token_is(kernel, i, "else") && !token_is(kernel, i, "}");
        if (place) {
            edit_arrays(kernel, function, i, edits);
            edit_clamp(kernel, function, i, edits);
        }
        if (!starts || !place || !is_inside_loop(kernel, body, i))
            continue;
        for (size_t j = 0; j < kernel->variable_count; j++) {
            const struct variable_name *variable = &kernel->variables[j];
            bool local = variable->function == function && variable->token > body->body &&
                         variable->class != TYPE_OTHER && is_usable(kernel, variable, function, i);
            // The counter of a loop has its own update.
            bool counter = local && token_is(kernel, variable->token - 2, "(");
            if (local && !counter)
                edit_update(kernel, function, i, variable, edits);
        }
        // Nothing in the head of a loop is a statement.
        if (token_is(kernel, i, "for") && kernel->tokens[i + 1].partner != SIZE_MAX)
            i = kernel->tokens[i + 1].partner;
    }
}
