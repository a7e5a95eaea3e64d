#include "history_document.h"

#include "sha256.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// Minutes east of UTC: "Z", "+02:00", "+0200".
static bool parse_offset(const char *text, int *minutes)
{
    unsigned hours, rest;
    char sign, end;
    *minutes = 0;
    if (strcmp(text, "Z") == 0)
        return true;
    if (sscanf(text, "%c%2u:%2u%c", &sign, &hours, &rest, &end) != 3 &&
        sscanf(text, "%c%2u%2u%c", &sign, &hours, &rest, &end) != 3)
        return false;
    *minutes = (int)(hours * 60 + rest) * (sign == '-' ? -1 : 1);
    return (sign == '+' || sign == '-') && hours < 24 && rest < 60;
}

bool history_date_parse(const char *text, char date[21])
{
    struct tm parts = {0};
    int minutes = 0;
    const char *end = strptime(text, "%Y-%m-%d", &parts);
    if (end == NULL || strspn(text, "0123456789") != 4)
        return false;
    if (*end == 'T')
        end = strptime(end, "T%H:%M:%S", &parts);
    else if (*end == '\0')
        end = "Z";
    if (end == NULL || !parse_offset(end, &minutes))
        return false;
    const int day = parts.tm_mday, month = parts.tm_mon;
    time_t moment = timegm(&parts);
    // timegm makes 2 March of 30 February.
    if (parts.tm_mday != day || parts.tm_mon != month)
        return false;
    moment -= (time_t)minutes * 60;
    return gmtime_r(&moment, &parts) != NULL &&
           strftime(date, 21, "%Y-%m-%dT%H:%M:%SZ", &parts) == 20;
}

static bool make_digest(struct history_document *document, struct error *error)
{
    struct sha256 hash;
    char *text = json_dumps(document->root, JSON_COMPACT | JSON_SORT_KEYS);
    if (text == NULL)
        return error_out_of_memory(error);
    sha256_start(&hash);
    sha256_add_text(&hash, text);
    sha256_finish_hex(&hash, document->digest);
    free(text);
    return true;
}

static const char *choose(const char *told, const json_t *environment, const char *key)
{
    const char *said = json_string_value(json_object_get(environment, key));
    if (told != NULL)
        return told;
    return said != NULL ? said : "";
}

static bool read_origin(struct history_document *document, const struct history_origin *origin,
                        struct error *error)
{
    const json_t *environment = document->results.environment;
    const char *date = choose(origin->date, environment, "date");
    document->host = choose(origin->host, environment, "host");
    document->commit = choose(origin->commit, environment, "commit");
    document->device = choose(NULL, environment, "device");
    document->device_name = choose(NULL, environment, "device_name");
    document->arch = choose(NULL, environment, "arch");
    document->version = choose(NULL, environment, "version");
    document->wave64 = json_is_true(json_object_get(environment, "wave64"));
    document->kind = json_object_get(environment, "ceilings") != NULL ? "bench" : "run";
    if (date[0] == '\0')
        return error_set(error, EXIT_USAGE,
                         "%s does not say when it was made; give the date with --date, such as "
                         "2026-11-23T12:00:00Z",
                         document->path);
    return history_date_parse(date, document->date) ||
           error_set(error, EXIT_USAGE, "%s: the date '%s' is none; expected %s",
                     origin->date != NULL ? "--date" : document->path, date,
                     "2026-11-23, 2026-11-23T12:00:00Z or 2026-11-23T14:00:00+02:00");
}

// What is no result of our kernels, or not all of it.
static bool refuse_others(const struct history_document *document, struct error *error)
{
    const json_t *environment = json_object_get(document->root, "environment");
    const char *peer = json_string_value(json_object_get(environment, "peer"));
    if (peer != NULL)
        return error_set(error, EXIT_USAGE,
                         "%s holds times of %s; the history keeps results of `wavegauge run` and "
                         "`wavegauge bench`",
                         document->path, peer);
    return json_object_get(document->root, "shard") == NULL ||
           error_set(error, EXIT_USAGE,
                     "%s is one shard of a run; `wavegauge merge` makes one result of all shards",
                     document->path);
}

static bool has_samples(const json_t *cases)
{
    size_t index;
    json_t *item;
    json_array_foreach(cases, index, item)
    {
        const json_t *timing = json_object_get(item, "timing");
        if (json_array_size(json_object_get(timing, "samples_us")) > 0)
            return true;
    }
    return false;
}

bool history_document_read(struct history_document *document, const char *path,
                           const struct history_origin *origin, struct error *error)
{
    json_error_t syntax;
    document->path = path;
    document->root = json_load_file(path, JSON_REJECT_DUPLICATES, &syntax);
    if (document->root == NULL)
        return error_set(error, EXIT_USAGE,
                         "%s:%d:%d: %s; expected a whole file of `wavegauge run --json` or "
                         "`wavegauge bench --json`",
                         path, syntax.line > 0 ? syntax.line : 1,
                         syntax.column > 0 ? syntax.column : 1, syntax.text);
    if (!refuse_others(document, error) ||
        !result_document_take(&document->results, path, document->root, error) ||
        !read_origin(document, origin, error) || !make_digest(document, error))
        return false;
    if (document->results.count == 0)
        return error_set(error, EXIT_USAGE, "%s holds no case; nothing ran", path);
    return !has_samples(json_object_get(document->root, "cases")) ||
           timing_document_take(&document->timings, path, document->root, error);
}

void history_document_free(struct history_document *document)
{
    result_document_free(&document->results);
    timing_document_free(&document->timings);
    json_decref(document->root);
    *document = (struct history_document){0};
}
