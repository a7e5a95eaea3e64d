#include "report.h"

#include "json_value.h"

#include <stdlib.h>
#include <string.h>

const char *report_source_name(enum report_source source)
{
    static const char *const names[] = {[SOURCE_RUN] = "run",
                                        [SOURCE_BENCH] = "bench",
                                        [SOURCE_PEERS] = "peers",
                                        [SOURCE_BISECT] = "bisect"};
    return names[source];
}

bool report_case_failed(const struct report_case *entry)
{
    return entry->status != STATUS_PASS && entry->status != STATUS_SKIP;
}

bool report_has_targets(const struct report *report)
{
    for (size_t i = 1; i < report->count; i++) {
        if (report->cases[i].target != report->cases[0].target)
            return true;
    }
    return false;
}

size_t report_count_failures(const struct report *report)
{
    size_t count = 0;
    for (size_t i = 0; i < report->count; i++)
        count += report_case_failed(&report->cases[i]);
    return count;
}

static bool has_times(const json_t *cases)
{
    size_t index;
    json_t *item;
    json_array_foreach(cases, index, item)
    {
        if (json_array_size(json_object_get(json_object_get(item, "timing"), "samples_us")) > 0)
            return true;
    }
    return false;
}

static bool check_case(const char *path, size_t number, const json_t *item, struct error *error)
{
    enum status status;
    if (json_text(item, "id")[0] == '\0' || json_text(item, "kernel")[0] == '\0')
        return error_set(error, EXIT_USAGE, "%s: case %zu has no 'id' or no 'kernel'", path,
                         number);
    if (!status_from_name(json_text(item, "status"), &status))
        return error_set(error, EXIT_USAGE, "%s: case %zu (%s): '%s' is no status of a case", path,
                         number, json_text(item, "id"), json_text(item, "status"));
    return true;
}

static bool check_cases(const char *path, const json_t *cases, struct error *error)
{
    size_t index;
    json_t *item;
    json_array_foreach(cases, index, item)
    {
        if (!check_case(path, index + 1, item, error))
            return false;
    }
    return true;
}

static char *target_name(const json_t *environment)
{
    const char *device = json_text(environment, "device"), *arch = json_text(environment, "arch");
    const char *name = json_text(environment, "device_name");
    if (strcmp(device, "emu") == 0)
        return format_text("emu%s%s%s", arch[0] != '\0' ? " " : "", arch,
                           json_is_true(json_object_get(environment, "wave64")) ? " wave64" : "");
    return strdup(name[0] != '\0' ? name : device[0] != '\0' ? device : "no device");
}

// The number of the target of this name, which is added when it is not there.
static bool find_target(struct report *report, char *name, size_t *target, struct error *error)
{
    if (name == NULL)
        return error_out_of_memory(error);
    for (*target = 0; *target < report->target_count; ++*target) {
        const char *known = report->targets[*target].name;
        if (known != NULL && strcmp(known, name) == 0) {
            free(name);
            return true;
        }
    }
    report->targets[report->target_count++].name = name;
    return true;
}

static enum report_source source_of(const json_t *environment, bool timed)
{
    return json_text(environment, "peer")[0] != '\0'                   ? SOURCE_PEERS
           : timed || json_object_get(environment, "ceilings") != NULL ? SOURCE_BENCH
                                                                       : SOURCE_RUN;
}

static bool take_bisection(struct report *report, struct report_document *document,
                           struct error *error)
{
    document->source = SOURCE_BISECT;
    return check_case(document->path, 1, document->root, error) &&
           find_target(report, strdup("bisect"), &document->target, error);
}

static bool take_document(struct report *report, struct report_document *document,
                          struct error *error)
{
    const char *schema = json_text(document->root, "schema");
    const json_t *cases = json_object_get(document->root, "cases");
    if (strcmp(schema, "wavegauge/bisect-1") == 0)
        return take_bisection(report, document, error);
    document->environment = json_object_get(document->root, "environment");
    if (strcmp(schema, "wavegauge/1") != 0 || !json_is_array(cases) ||
        !json_is_object(document->environment))
        return error_set(error, EXIT_USAGE,
                         "%s: this is no document of the schema wavegauge/1; expected what "
                         "wavegauge run, bench or bisect writes with --json",
                         document->path);
    bool timed = has_times(cases);
    document->source = source_of(document->environment, timed);
    document->shard_of = (size_t)json_whole(json_object_get(document->root, "shard"), "of");
    return check_cases(document->path, cases, error) &&
           (!timed || document->source == SOURCE_PEERS ||
            timing_document_take(&document->timing, document->path, document->root, error)) &&
           find_target(report, target_name(document->environment), &document->target, error);
}

static bool make_room(struct report *report, size_t count, struct error *error)
{
    report->documents = calloc(count + 1, sizeof *report->documents);
    report->targets = calloc(count + 1, sizeof *report->targets);
    return (report->documents != NULL && report->targets != NULL) || error_out_of_memory(error);
}

bool report_read(struct report *report, const char *const *paths, size_t count, struct error *error)
{
    if (!make_room(report, count, error))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct report_document *document = &report->documents[report->document_count++];
        document->path = paths[i];
        document->root = json_read_file(paths[i], error);
        if (document->root == NULL || !take_document(report, document, error))
            return false;
    }
    return report_join(report, error);
}

bool report_take(struct report *report, const char *path, json_t *root, struct error *error)
{
    if (!make_room(report, 1, error))
        return false;
    struct report_document *document = &report->documents[report->document_count++];
    *document = (struct report_document){.path = path, .root = json_incref(root)};
    return take_document(report, document, error) && report_join(report, error);
}

void report_free(struct report *report)
{
    for (size_t i = 0; i < report->document_count; i++) {
        timing_document_free(&report->documents[i].timing);
        json_decref(report->documents[i].root);
    }
    for (size_t i = 0; i < report->target_count; i++)
        free(report->targets[i].name);
    free(report->documents);
    free(report->targets);
    free(report->cases);
    *report = (struct report){0};
}
