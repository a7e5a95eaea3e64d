#include "result_document.h"

#include "result_json.h"

#include <stdlib.h>
#include <string.h>

static bool read_results(struct result_document *document, const json_t *cases, struct error *error)
{
    size_t index;
    json_t *item;
    document->results = calloc(json_array_size(cases) + 1, sizeof *document->results);
    document->numbers = calloc(json_array_size(cases) + 1, sizeof *document->numbers);
    if (document->results == NULL || document->numbers == NULL)
        return error_out_of_memory(error);
    json_array_foreach(cases, index, item)
    {
        document->results[index] = result_from_json(item, error);
        if (document->results[index] == NULL)
            return error_prefix(error, "%s: case %zu: ", document->path, index + 1);
        document->numbers[index] = index;
        document->count++;
    }
    return true;
}

static bool read_shard(struct result_document *document, const json_t *shard, struct error *error)
{
    const json_t *numbers = json_object_get(shard, "numbers");
    if (shard == NULL)
        return true;
    document->shard_index = (size_t)json_integer_value(json_object_get(shard, "index"));
    document->shard_count = (size_t)json_integer_value(json_object_get(shard, "count"));
    document->of = (size_t)json_integer_value(json_object_get(shard, "of"));
    bool good = document->shard_index >= 1 && document->shard_index <= document->shard_count &&
                json_array_size(numbers) == document->count;
    for (size_t i = 0; good && i < document->count; i++) {
        document->numbers[i] = (size_t)json_integer_value(json_array_get(numbers, i));
        good = document->numbers[i] < document->of;
    }
    return good || error_set(error, EXIT_USAGE, "%s: 'shard' is damaged", document->path);
}

bool result_document_take(struct result_document *document, const char *path, const json_t *root,
                          struct error *error)
{
    document->path = path;
    const char *schema = json_string_value(json_object_get(root, "schema"));
    const json_t *cases = json_object_get(root, "cases");
    bool good = schema != NULL && strcmp(schema, "wavegauge/1") == 0 && json_is_array(cases) &&
                json_is_object(json_object_get(root, "environment"));
    if (!good)
        error_set(error, EXIT_USAGE,
                  "%s: this is no document of the schema wavegauge/1; expected a file of "
                  "`wavegauge run --json`",
                  path);
    document->environment = json_incref(json_object_get(root, "environment"));
    good = good && read_results(document, cases, error) &&
           read_shard(document, json_object_get(root, "shard"), error);
    return good;
}

bool result_document_read(struct result_document *document, const char *path, struct error *error)
{
    json_error_t syntax;
    json_t *root = json_load_file(path, 0, &syntax);
    if (root == NULL)
        return error_set(
            error, EXIT_USAGE, "%s:%d:%d: %s; expected a file of `wavegauge run --json`", path,
            syntax.line > 0 ? syntax.line : 1, syntax.column > 0 ? syntax.column : 1, syntax.text);
    bool good = result_document_take(document, path, root, error);
    json_decref(root);
    return good;
}

void result_document_free(struct result_document *document)
{
    for (size_t i = 0; i < document->count; i++)
        result_free(document->results[i]);
    free(document->results);
    free(document->numbers);
    json_decref(document->environment);
    *document = (struct result_document){0};
}

static bool check_same_run(const struct result_document *first, const struct result_document *other,
                           struct error *error)
{
    static const char *const keys[] = {"seed", "device", "arch", "wave64", "version"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        json_t *one = json_object_get(first->environment, keys[i]);
        json_t *two = json_object_get(other->environment, keys[i]);
        // A shard in which nothing ran has no environment.
        if (one == NULL || two == NULL || json_equal(one, two))
            continue;
        char *shown = json_dumps(one, JSON_ENCODE_ANY),
             *other_shown = json_dumps(two, JSON_ENCODE_ANY);
        error_set(error, EXIT_USAGE,
                  "%s and %s are not of one run: the %s is %s in one and %s in "
                  "the other",
                  first->path, other->path, keys[i], shown != NULL ? shown : "?",
                  other_shown != NULL ? other_shown : "?");
        free(shown);
        free(other_shown);
        return false;
    }
    if (first->shard_count != other->shard_count || first->of != other->of)
        return error_set(error, EXIT_USAGE,
                         "%s and %s are not of one run: one is shard %zu of %zu of %zu cases, the "
                         "other %zu of %zu of %zu",
                         first->path, other->path, first->shard_index, first->shard_count,
                         first->of, other->shard_index, other->shard_count, other->of);
    return true;
}

static const struct result_document *find_shard(const struct result_document *documents,
                                                size_t count, size_t index)
{
    for (size_t i = 0; i < count; i++) {
        if (documents[i].shard_index == index)
            return &documents[i];
    }
    return NULL;
}

static bool check_shards(const struct result_document *documents, size_t count, struct error *error)
{
    size_t shards = documents[0].shard_count;
    for (size_t i = 0; shards > 0 && i < count; i++) {
        const struct result_document *first = find_shard(documents, i, documents[i].shard_index);
        if (first != NULL)
            return error_set(error, EXIT_USAGE, "%s and %s are both shard %zu/%zu", first->path,
                             documents[i].path, documents[i].shard_index, shards);
    }
    for (size_t index = 1; index <= shards; index++) {
        if (find_shard(documents, count, index) == NULL)
            return error_set(error, EXIT_USAGE,
                             "the shard %zu/%zu is missing; give the results of all %zu shards",
                             index, shards, shards);
    }
    return true;
}

struct entry {
    size_t number;
    const struct result_document *from;
    struct result *result;
};

static int by_number(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    return (a->number > b->number) - (a->number < b->number);
}

static int by_id(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    return strcmp(a->result->id, b->result->id);
}

static bool refuse_repeated(struct entry *entries, size_t count, struct error *error)
{
    qsort(entries, count, sizeof *entries, by_id);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(entries[i - 1].result->id, entries[i].result->id) == 0)
            return error_set(error, EXIT_USAGE, "the case %s is in %s and in %s",
                             entries[i].result->id, entries[i - 1].from->path,
                             entries[i].from->path);
    }
    return true;
}

static size_t fill_entries(struct result_document *documents, size_t count, struct entry *entries)
{
    size_t filled = 0;
    for (size_t i = 0; i < count; i++) {
        // Whole runs follow each other; shards say where their cases stand.
        size_t before = documents[i].shard_count > 0 ? 0 : filled;
        for (size_t j = 0; j < documents[i].count; j++)
            entries[filled++] = (struct entry){before + documents[i].numbers[j], &documents[i],
                                               documents[i].results[j]};
    }
    return filled;
}

static void move_results(struct result_document *documents, size_t count, struct entry *entries,
                         size_t total, struct result_document *merged)
{
    qsort(entries, total, sizeof *entries, by_number);
    for (size_t i = 0; i < total; i++)
        merged->results[merged->count++] = entries[i].result;
    for (size_t i = 0; i < count; i++) {
        if (merged->environment == NULL && json_object_size(documents[i].environment) > 0)
            merged->environment = json_incref(documents[i].environment);
        documents[i].count = 0;
    }
    if (merged->environment == NULL)
        merged->environment = json_object();
}

bool result_document_merge(struct result_document *documents, size_t count,
                           struct result_document *merged, struct error *error)
{
    size_t total = 0;
    for (size_t i = 0; i < count; i++) {
        total += documents[i].count;
        for (size_t j = 0; j < i; j++) {
            if (!check_same_run(&documents[j], &documents[i], error))
                return false;
        }
    }
    if (!check_shards(documents, count, error))
        return false;
    struct entry *entries = calloc(total + 1, sizeof *entries);
    *merged =
        (struct result_document){.of = documents[0].shard_count > 0 ? documents[0].of : total};
    merged->results = calloc(total + 1, sizeof *merged->results);
    bool good = (entries != NULL && merged->results != NULL) || error_out_of_memory(error);
    if (good)
        fill_entries(documents, count, entries);
    good = good && refuse_repeated(entries, total, error);
    if (good)
        move_results(documents, count, entries, total, merged);
    free(entries);
    return good;
}
