#include "place.h"

#include "text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Two reasons for the same line are better than one.
static const double bonus = 0.01;

static bool join_reasons(struct place *place, const char *why, double score, const char *edit)
{
    bool better = score > place->score;
    // What is much weaker than the other reason is of no interest beside it.
    bool drop_new = score<place->score - 0.2, drop_old = score> place->score + 0.2;
    bool again = strstr(place->why, why) != NULL;
    bool full = strlen(place->why) > 240;
    char *joined = drop_old || (full && better) ? strdup(why)
                   : drop_new || again || full  ? strdup(place->why)
                                                : format_text("%s; %s", better ? why : place->why,
                                                             better ? place->why : why);
    if (joined == NULL)
        return false;
    free(place->why);
    place->why = joined;
    place->score = fmin(1, fmax(place->score, score) + (again || drop_new ? 0 : bonus));
    if (edit[0] != '\0' && (place->edit[0] == '\0' || better)) {
        char *copy = strdup(edit);
        if (copy == NULL)
            return false;
        free(place->edit);
        place->edit = copy;
        place->mistake = (struct mistake){0};
        place->after_line = 0;
    }
    return true;
}

static bool append(struct places *places, const char *file, int line, double score,
                   const char *edit, const char *why)
{
    struct place *list = realloc(places->list, (places->count + 1) * sizeof *list);
    if (list == NULL)
        return false;
    places->list = list;
    struct place *place = &list[places->count++];
    *place = (struct place){.file = strdup(file),
                            .line = line,
                            .why = strdup(why),
                            .edit = strdup(edit),
                            .score = score};
    return place->file != NULL && place->why != NULL && place->edit != NULL;
}

bool places_add(struct places *places, const char *file, int line, double score, const char *edit,
                const char *format, ...)
{
    char *why = NULL;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&why, format, arguments);
    va_end(arguments);
    if (length < 0)
        return false;
    bool good = false, found = false;
    char *real = realpath(file, NULL);
    file = real != NULL ? real : file;
    for (size_t i = 0; !found && i < places->count; i++) {
        struct place *place = &places->list[i];
        found = place->line == line && strcmp(place->file, file) == 0;
        if (found)
            good = join_reasons(place, why, score, edit);
    }
    if (!found)
        good = append(places, file, line, score, edit, why);
    free(real);
    free(why);
    return good;
}

void places_note_mistake(struct places *places, const char *file, int line, int after_line,
                         const char *edit, const struct mistake *mistake)
{
    char *real = realpath(file, NULL);
    for (size_t i = 0; i < places->count; i++) {
        struct place *place = &places->list[i];
        if (place->line != line || strcmp(place->file, real != NULL ? real : file) != 0 ||
            strcmp(place->edit, edit) != 0)
            continue;
        place->mistake = *mistake;
        place->after_line = after_line;
    }
    free(real);
}

const struct place *places_mended(const struct places *places)
{
    for (size_t i = 0; i < places->count; i++) {
        if (places->list[i].mistake.kind != NULL)
            return &places->list[i];
    }
    return NULL;
}

static bool is_below(const char *path, const char *folder)
{
    size_t length = strlen(folder);
    return strncmp(path, folder, length) == 0 && path[length] == '/';
}

bool place_is_in_source(const char *path, const char *folder)
{
    return path[0] != '/' || is_below(path, folder) ||
           (!is_below(path, "/usr") && !is_below(path, "/opt"));
}

// "    inlined at /path/file.hip:12:3 in name"
static bool read_frame(const char *line, const char *folder, char *file, size_t capacity,
                       int *number)
{
    const char *path = strstr(line, "at ");
    size_t length = strcspn(line, "\n");
    if (path == NULL || path > line + length)
        return false;
    path += 3;
    const char *end = path + strcspn(path, ":\n");
    if (*end != ':' || (size_t)(end - path) >= capacity)
        return false;
    snprintf(file, capacity, "%.*s", (int)(end - path), path);
    *number = atoi(end + 1);
    return *number > 0 && place_is_in_source(file, folder);
}

bool finding_source_line(const struct finding *finding, const char *folder, char *file,
                         size_t capacity, int *line)
{
    if (finding->line > 0 && finding->file[0] != '\0' &&
        place_is_in_source(finding->file, folder)) {
        snprintf(file, capacity, "%s", finding->file);
        *line = finding->line;
        return true;
    }
    for (const char *next = finding->text; *next != '\0';) {
        if (strncmp(next + strspn(next, " "), "inlined at", 10) == 0 &&
            read_frame(next, folder, file, capacity, line))
            return true;
        next += strcspn(next, "\n");
        next += *next == '\n';
    }
    return false;
}

// Of what the device sees, warnings and notes say less. Of the compiler's words, some are nearly
// always about a mistake.
static double finding_weight(const struct finding *finding, double weight)
{
    static const struct {
        const char *kind;
        double weight;
    } compiler[] = {
        {"-Wuninitialized", 0.9},       {"-Wsometimes-uninitialized", 0.85},
        {"-Warray-bounds", 0.9},        {"-Wconditional-uninitialized", 0.5},
        {"-Wself-assign", 0.8},         {"-Wempty-body", 0.8},
        {"-Wshift-count", 0.85},        {"-Wshift-overflow", 0.7},
        {"-Winteger-overflow", 0.8},    {"-Wdivision-by-zero", 0.85},
        {"-Wtautological", 0.7},        {"-Wparentheses", 0.6},
        {"-Wfor-loop-analysis", 0.7},   {"-Wloop-analysis", 0.7},
        {"-Wconstant-conversion", 0.7}, {"-Wunused-value", 0.7},
        {"-Wliteral-conversion", 0.6},  {"-Wunused-but-set", 0.45},
        {"-Wunused-variable", 0.4},     {"-Wunused-parameter", 0.3},
    };
    if (strcmp(finding->check, "compiler") != 0) {
        double factor = finding->severity == SEVERITY_ERROR     ? 1
                        : finding->severity == SEVERITY_WARNING ? 0.5
                                                                : 0.3;
        return weight * factor;
    }
    for (size_t i = 0; i < sizeof compiler / sizeof *compiler; i++) {
        if (strncmp(finding->kind, compiler[i].kind, strlen(compiler[i].kind)) == 0)
            return compiler[i].weight;
    }
    return 0.25;
}

// The calls through which a line was inlined: the mistake may be in what they pass.
static bool add_callers(struct places *places, const struct finding *finding, const char *folder,
                        double score)
{
    char file[4096];
    int line;
    for (const char *next = finding->text; *next != '\0';) {
        if (strncmp(next + strspn(next, " "), "inlined at", 10) == 0 &&
            read_frame(next, folder, file, sizeof file, &line)) {
            score *= 0.9;
            if (!places_add(places, file, line, score, "", "calls what %s found", finding->check))
                return false;
        }
        next += strcspn(next, "\n");
        next += *next == '\n';
    }
    return true;
}

static bool add_declaration(struct places *places, const struct finding *finding,
                            const char *folder, double score)
{
    char file[4096];
    int line;
    const char *declared = strstr(finding->text, "declared at ");
    return declared == NULL || !read_frame(declared, folder, file, sizeof file, &line) ||
           places_add(places, file, line, score, "", "declares what %s found", finding->check);
}

bool places_add_finding(struct places *places, const struct finding *finding, const char *folder,
                        double weight, const char *where)
{
    char file[4096];
    int line;
    double score = finding_weight(finding, weight);
    bool same = strcmp(finding->check, finding->kind) == 0;
    // What nothing has set is mended where it is declared; an access past its end more often there.
    bool is_access =
        strcmp(finding->check, "memcheck") == 0 || strcmp(finding->check, "racecheck") == 0;
    const char *colon = same ? "" : ": ", *kind = same ? "" : finding->kind;
    if (!finding_source_line(finding, folder, file, sizeof file, &line) ||
        strcmp(finding->check, "unsupported") == 0)
        return true;
    return places_add(places, file, line, score, "", "%s%s%s%s", finding->check, colon, kind,
                      where) &&
           (finding->other_line <= 0 || !place_is_in_source(finding->other_file, folder) ||
            places_add(places, finding->other_file, finding->other_line, 0.95 * score, "",
                       "the other side of %s%s%s%s", finding->check, colon, kind, where)) &&
           add_declaration(places, finding, folder, (is_access ? 0.7 : 1.05) * score) &&
           add_callers(places, finding, folder, score);
}

const char *shown_path(const char *path)
{
    char here[4096];
    if (getcwd(here, sizeof here) == NULL || !is_below(path, here))
        return path;
    return path + strlen(here) + 1;
}

static int compare(const void *left, const void *right)
{
    const struct place *a = left, *b = right;
    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    int order = strcmp(a->file, b->file);
    return order != 0 ? order : (a->line > b->line) - (a->line < b->line);
}

void places_rank(struct places *places)
{
    if (places->count > 1)
        qsort(places->list, places->count, sizeof *places->list, compare);
}

json_t *places_to_json(const struct places *places)
{
    json_t *list = json_array();
    for (size_t i = 0; i < places->count; i++) {
        const struct place *place = &places->list[i];
        json_array_append_new(
            list, json_pack("{s:s, s:i, s:o, s:s, s:s, s:s?, s:f}", "file", place->file, "line",
                            place->line, "after_line",
                            place->after_line > 0 ? json_integer(place->after_line) : json_null(),
                            "why", place->why, "edit", place->edit, "kind", place->mistake.kind,
                            "score", place->score));
    }
    return list;
}

void places_free(struct places *places)
{
    for (size_t i = 0; i < places->count; i++) {
        free(places->list[i].file);
        free(places->list[i].why);
        free(places->list[i].edit);
    }
    free(places->list);
    *places = (struct places){0};
}
