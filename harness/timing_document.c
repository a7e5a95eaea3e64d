#include "timing_document.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

static bool take_samples(struct timed_case *timed, const json_t *list, const char *path,
                         struct error *error)
{
    size_t count = json_array_size(list);
    if (count == 0)
        return true;
    timed->samples = malloc(count * sizeof *timed->samples);
    if (timed->samples == NULL)
        return error_out_of_memory(error);
    for (size_t i = 0; i < count; i++) {
        const json_t *sample = json_array_get(list, i);
        timed->samples[i] = json_number_value(sample);
        if (!json_is_number(sample) || !(timed->samples[i] > 0))
            return error_set(error, EXIT_USAGE,
                             "%s: case %s: sample %zu is no time above zero, expected microseconds",
                             path, timed->id, i);
    }
    return sample_statistics_compute(timed->samples, count, &timed->statistics, error);
}

static bool take_cases(struct timing_document *document, const json_t *cases, struct error *error)
{
    size_t timed = 0;
    for (; document->count < json_array_size(cases); document->count++) {
        const json_t *object = json_array_get(cases, document->count);
        const json_t *timing = json_object_get(object, "timing");
        struct timed_case *entry = &document->cases[document->count];
        *entry = (struct timed_case){.id = text_of(object, "id"),
                                     .status = text_of(object, "status"),
                                     .cache = text_of(timing, "cache")};
        if (entry->id[0] == '\0')
            return error_set(error, EXIT_USAGE, "%s: case %zu has no id", document->path,
                             document->count);
        if (!take_samples(entry, json_object_get(timing, "samples_us"), document->path, error)) {
            document->count++;
            return false;
        }
        timed += entry->statistics.count > 0;
    }
    return timed > 0 || error_set(error, EXIT_USAGE,
                                  "%s holds no timings; expected what wavegauge bench --json wrote",
                                  document->path);
}

bool timing_document_take(struct timing_document *document, const char *path, json_t *root,
                          struct error *error)
{
    *document = (struct timing_document){.path = path, .root = json_incref(root)};
    const json_t *cases = json_object_get(root, "cases");
    document->device = text_of(json_object_get(root, "environment"), "device_name");
    if (strcmp(text_of(root, "schema"), "wavegauge/1") != 0 || !json_is_array(cases)) {
        timing_document_free(document);
        return error_set(error, EXIT_USAGE,
                         "%s: this is no document of the schema wavegauge/1; expected what "
                         "wavegauge bench --json wrote",
                         path);
    }
    document->cases = calloc(json_array_size(cases) + 1, sizeof *document->cases);
    if (document->cases == NULL ? error_out_of_memory(error) : take_cases(document, cases, error))
        return true;
    timing_document_free(document);
    return false;
}

bool timing_document_read(struct timing_document *document, const char *path, struct error *error)
{
    json_error_t problem;
    json_t *root = json_load_file(path, 0, &problem);
    *document = (struct timing_document){0};
    if (root == NULL)
        return error_set(error, EXIT_USAGE, "%s:%d:%d: %s", path, problem.line, problem.column,
                         problem.text);
    bool good = timing_document_take(document, path, root, error);
    json_decref(root);
    return good;
}

void timing_document_free(struct timing_document *document)
{
    for (size_t i = 0; i < document->count; i++)
        free(document->cases[i].samples);
    free(document->cases);
    json_decref(document->root);
    *document = (struct timing_document){0};
}

static const struct timed_case *find(const struct timing_document *document, const char *id)
{
    for (size_t i = 0; i < document->count; i++) {
        const struct timed_case *timed = &document->cases[i];
        if (timed->statistics.count > 0 && strcmp(timed->id, id) == 0)
            return timed;
    }
    return NULL;
}

static bool check_fit(const struct timing_document *old, const struct timing_document *new,
                      struct error *error)
{
    size_t common = 0;
    if (strcmp(old->device, new->device) != 0)
        return error_set(error, EXIT_USAGE,
                         "%s was measured on '%s' and %s on '%s': times of different devices say "
                         "nothing of a kernel's change",
                         old->path, old->device, new->path, new->device);
    for (size_t i = 0; i < old->count; i++) {
        const struct timed_case *left = &old->cases[i], *right = find(new, left->id);
        if (left->statistics.count == 0 || right == NULL)
            continue;
        common++;
        if (strcmp(left->cache, right->cache) != 0)
            return error_set(error, EXIT_USAGE,
                             "%s was timed with the cache %s in %s and %s in %s; time both alike",
                             left->id, left->cache, old->path, right->cache, new->path);
    }
    return common > 0 || error_set(error, EXIT_USAGE, "%s and %s have no timed case in common",
                                   old->path, new->path);
}

// What a document says of a case that it has no timing of: NULL when it does not have it at all.
static const char *status_in(const struct timing_document *document, const char *id)
{
    for (size_t i = 0; i < document->count; i++) {
        if (strcmp(document->cases[i].id, id) == 0)
            return document->cases[i].status;
    }
    return NULL;
}

static void print_only(const struct timing_document *from, const struct timing_document *other,
                       const char *word, size_t *count)
{
    for (size_t i = 0; i < from->count; i++) {
        const struct timed_case *timed = &from->cases[i];
        if (timed->statistics.count == 0 || find(other, timed->id) != NULL)
            continue;
        const char *status = status_in(other, timed->id);
        printf("%-8s %s  %.4g us, only in %s%s%s\n", word, timed->id, timed->statistics.median,
               from->path, status != NULL ? "; the other says: " : "",
               status != NULL ? status : "");
        ++*count;
    }
}

bool timing_documents_compare(const struct timing_document *old, const struct timing_document *new,
                              double threshold, struct timing_counts *counts, struct error *error)
{
    *counts = (struct timing_counts){0};
    if (!check_fit(old, new, error))
        return false;
    for (size_t i = 0; i < new->count; i++) {
        const struct timed_case *right = &new->cases[i], *left = find(old, right->id);
        char why[256];
        if (right->statistics.count == 0 || left == NULL)
            continue;
        struct timing_ratio ratio = timing_ratio_of(&left->statistics, &right->statistics);
        enum timing_verdict verdict = timing_judge(&ratio, threshold);
        counts->verdicts[verdict]++;
        timing_explain(&ratio, threshold, why, sizeof why);
        printf("%-8s %s  %.4g us -> %.4g us  %s\n", timing_verdict_name(verdict), right->id,
               left->statistics.median, right->statistics.median, why);
    }
    print_only(old, new, "gone", &counts->only_old);
    print_only(new, old, "new", &counts->only_new);
    printf("%zu faster, %zu slower, %zu same, %zu unclear", counts->verdicts[TIMING_FASTER],
           counts->verdicts[TIMING_SLOWER], counts->verdicts[TIMING_SAME],
           counts->verdicts[TIMING_UNCLEAR]);
    if (counts->only_old + counts->only_new > 0)
        printf(", %zu gone, %zu new", counts->only_old, counts->only_new);
    printf("\n");
    return true;
}

bool share_parse(const char *option, const char *text, double lowest, double *share,
                 struct error *error)
{
    char *end;
    *share = strtod(text, &end);
    bool percent = end != text && strcmp(end, "%") == 0;
    if (percent)
        *share /= 100;
    if (end == text || (*end != '\0' && !percent) || !(*share >= lowest) || !(*share < 1))
        return error_set(error, EXIT_USAGE,
                         "%s %s: expected a share from %g%% up to 100%%, like 2%% or 0.02", option,
                         text, 100 * lowest);
    return true;
}
