#include "mutant_verdict.h"

#include "harness/text.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_PLACES = 256, MAX_LINE = 1000000 };

// Lines that are named, without repetition.
struct places {
    const char *source; // the file that the mistake is in
    size_t count;
    int lines[MAX_PLACES];
    bool in_source[MAX_PLACES]; // else in another file
};

static bool text_is(const json_t *object, const char *key, const char *text)
{
    const char *value = json_string_value(json_object_get(object, key));
    return value != NULL && strcmp(value, text) == 0;
}

static bool is_error(const json_t *finding)
{
    const json_t *severity = json_object_get(finding, "severity");
    return severity == NULL || text_is(finding, "severity", "error");
}

bool record_shows_mistake(const json_t *record)
{
    size_t index;
    json_t *finding;
    if (!text_is(record, "status", "pass") && !text_is(record, "status", "skip"))
        return true;
    json_array_foreach(json_object_get(record, "findings"), index, finding)
    {
        if (is_error(finding))
            return true;
    }
    return false;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

static void add_place(struct places *places, int line, bool in_source)
{
    for (size_t i = 0; i < places->count; i++) {
        if (places->lines[i] == line && places->in_source[i] == in_source)
            return;
    }
    if (places->count == MAX_PLACES)
        return;
    places->lines[places->count] = line;
    places->in_source[places->count++] = in_source;
}

// Places in a report's text, "path/kernel.hip:33:1": the calls that were inlined, the other side of
// a race.
static void collect_from_text(const char *text, struct places *places)
{
    for (const char *c = text; c != NULL && (c = strstr(c, ".h")) != NULL; c++) {
        const char *colon = strchr(c, ':');
        const char *name = c;
        if (colon == NULL || strspn(c + 1, "hip.") != (size_t)(colon - c - 1))
            continue;
        while (name > text && strchr("/ \n'\"(", name[-1]) == NULL)
            name--;
        const bool in_source = strncmp(name, places->source, (size_t)(colon - name)) == 0 &&
                               places->source[colon - name] == '\0';
        const long line = strtol(colon + 1, NULL, 10);
        if (line > 0 && line < MAX_LINE)
            add_place(places, (int)line, in_source);
    }
}

static void collect_place(const json_t *object, const char *file_key, const char *line_key,
                          struct places *places)
{
    const char *file = json_string_value(json_object_get(object, file_key));
    const json_int_t line = json_integer_value(json_object_get(object, line_key));
    if (file != NULL && line > 0 && line < MAX_LINE)
        add_place(places, (int)line, strcmp(base_name(file), places->source) == 0);
}

// Whatever has a file and a line names a place: findings, the other side of a race, frames.
static void collect_places(const json_t *value, struct places *places)
{
    const char *key;
    json_t *item;
    size_t index;
    collect_place(value, "file", "line", places);
    collect_place(value, "file", "after_line", places);
    collect_place(value, "other_file", "other_line", places);
    collect_from_text(json_string_value(json_object_get(value, "text")), places);
    json_object_foreach((json_t *)value, key, item) collect_places(item, places);
    json_array_foreach(value, index, item) collect_places(item, places);
}

// The first entries of a list: those that the terminal and the page show.
static void collect_first(const json_t *list, size_t most, struct places *places)
{
    for (size_t i = 0; i < most && i < json_array_size(list); i++)
        collect_places(json_array_get(list, i), places);
}

static void find_places(const struct mutant_outcome *outcome, struct places *places)
{
    places->source = outcome->mutant->source;
    collect_first(json_object_get(outcome->record, "findings"), FINDINGS_READ, places);
    collect_first(json_object_get(outcome->page, "findings"), FINDINGS_READ, places);
    collect_first(json_object_get(outcome->page, "place"), PLACES_READ, places);
}

static int distance(const struct mutant_outcome *outcome, int line)
{
    int result = abs(line - outcome->line);
    if (outcome->also_line > 0 && abs(line - outcome->also_line) < result)
        result = abs(line - outcome->also_line);
    return result;
}

int nearest_line(const struct mutant_outcome *outcome, size_t *count)
{
    struct places places = {0};
    int nearest = 0;
    find_places(outcome, &places);
    for (size_t i = 0; i < places.count; i++) {
        if (places.in_source[i] &&
            (nearest == 0 || distance(outcome, places.lines[i]) < distance(outcome, nearest)))
            nearest = places.lines[i];
    }
    *count = places.count;
    return nearest;
}

static const char *class_of(const json_t *record)
{
    return json_string_value(json_object_get(json_object_get(record, "pattern"), "class"));
}

const char *outcome_class(const struct mutant_outcome *outcome)
{
    const char *class = class_of(outcome->page);
    return class != NULL ? class : class_of(outcome->record);
}

static bool is_right(const struct mutant *mutant, const char *answer)
{
    for (size_t i = 0; answer != NULL && i < mutant->right_count; i++) {
        if (strcmp(answer, mutant->right[i]) == 0)
            return true;
    }
    return false;
}

static bool is_classified_by(const struct mutant *mutant, const json_t *record)
{
    size_t index;
    json_t *finding;
    if (is_right(mutant, class_of(record)) ||
        is_right(mutant, json_string_value(json_object_get(record, "status"))))
        return true;
    json_array_foreach(json_object_get(record, "findings"), index, finding)
    {
        if (is_error(finding) &&
            is_right(mutant, json_string_value(json_object_get(finding, "check"))))
            return true;
    }
    return false;
}

// The page says the kind of mistake in the words in which the mutant declares its own.
static bool is_named(const struct mutant_outcome *outcome)
{
    const json_t *mistake = json_object_get(outcome->page, "mistake");
    return text_is(mistake, "kind", outcome->mutant->kind) ||
           text_is(mistake, "also", outcome->mutant->kind);
}

static void add_list(struct text *text, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        text_append(text, "%s%s", i > 0 ? " or " : "", names[i]);
}

static void explain_place(const struct mutant_outcome *outcome, struct text *why)
{
    size_t count;
    int line = nearest_line(outcome, &count);
    if (line > 0)
        text_append(why, "not located: names line %d, the mistake is on %d", line, outcome->line);
    else
        text_append(why, "not located: %s, the mistake is on %d",
                    count > 0 ? "names lines of other files only" : "names no line", outcome->line);
}

static void explain_class(const struct mutant_outcome *outcome, struct text *why)
{
    size_t index;
    json_t *finding;
    const char *class = outcome_class(outcome);
    text_append(why, "not classified: %s", class != NULL ? class : "no class");
    json_array_foreach(json_object_get(outcome->record, "findings"), index, finding)
    {
        const char *check = json_string_value(json_object_get(finding, "check"));
        text_append(why, ", %s", check != NULL ? check : "?");
    }
    const json_t *mistake = json_object_get(outcome->page, "mistake");
    const char *named = json_string_value(json_object_get(mistake, "kind"));
    const char *also = json_string_value(json_object_get(mistake, "also"));
    if (named != NULL)
        text_append(why, "; named: %s%s%s", named, also != NULL ? " or " : "",
                    also != NULL ? also : "");
    text_append(why, "; right: ");
    add_list(why, outcome->mutant->right, outcome->mutant->right_count);
    text_append(why, " or %s", outcome->mutant->kind);
}

bool outcome_judge(struct mutant_outcome *outcome)
{
    const struct mutant *mutant = outcome->mutant;
    struct text why = {0};
    size_t count;
    outcome->detected = outcome->record != NULL;
    if (!outcome->detected) {
        text_append(&why, "not detected: all %zu cases pass", outcome->cases);
    } else {
        int line = nearest_line(outcome, &count);
        outcome->located = line > 0 && distance(outcome, line) <= LINES_OFF;
        outcome->classified = is_classified_by(mutant, outcome->record) ||
                              is_classified_by(mutant, outcome->page) || is_named(outcome);
        if (!outcome->located)
            explain_place(outcome, &why);
        if (!outcome->located && !outcome->classified)
            text_append(&why, "; ");
        if (!outcome->classified)
            explain_class(outcome, &why);
    }
    if (outcome->error != NULL) {
        text_free(&why);
        text_append(&why, "no answer: %s", outcome->error);
    }
    free(outcome->why);
    outcome->why = strdup(text_get(&why));
    bool good = outcome->why != NULL && !why.failed;
    text_free(&why);
    return good;
}
