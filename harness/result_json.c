#include "result_json.h"

#include "file_bytes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static json_t *number_or_null(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

// Texts may come from a kernel's debug information: bytes that are no UTF-8 are replaced, not lost.
static json_t *text_to_json(const char *text)
{
    json_t *json = json_string(text);
    if (json != NULL)
        return json;
    char *copy = strdup(text);
    for (char *c = copy; copy != NULL && *c != '\0'; c++) {
        if ((unsigned char)*c >= 0x80)
            *c = '?';
    }
    json = copy != NULL ? json_string(copy) : NULL;
    free(copy);
    return json;
}

static json_t *triple_to_json(const uint32_t values[3])
{
    return json_pack("[I,I,I]", (json_int_t)values[0], (json_int_t)values[1],
                     (json_int_t)values[2]);
}

json_t *finding_to_json(const struct finding *finding)
{
    return json_pack("{s:o, s:o, s:s, s:I, s:o, s:o, s:i, s:o, s:o, s:i, s:o, s:o, s:o}", "check",
                     text_to_json(finding->check), "kind", text_to_json(finding->kind), "severity",
                     severity_name(finding->severity), "count", (json_int_t)finding->count,
                     "kernel", text_to_json(finding->kernel), "file", text_to_json(finding->file),
                     "line", finding->line, "function", text_to_json(finding->function),
                     "other_file", text_to_json(finding->other_file), "other_line",
                     finding->other_line, "block", triple_to_json(finding->block), "thread",
                     triple_to_json(finding->thread), "text", text_to_json(finding->text));
}

static json_t *suppressions_to_json(const struct result *result)
{
    json_t *list = json_array();
    for (size_t i = 0; i < result->suppression_count; i++) {
        const struct suppressed *entry = &result->suppressions[i];
        json_array_append_new(list, json_pack("{s:o, s:o, s:i, s:o, s:I}", "check",
                                              text_to_json(entry->check), "function",
                                              text_to_json(entry->function), "line", entry->line,
                                              "reason", text_to_json(entry->reason), "matched",
                                              (json_int_t)entry->matched));
    }
    return list;
}

static json_t *findings_to_json(const struct result *result)
{
    json_t *list = json_array();
    for (size_t i = 0; i < result->finding_count; i++)
        json_array_append_new(list, finding_to_json(&result->findings[i]));
    return list;
}

static json_t *dimensions_to_json(const struct result *result)
{
    json_t *object = json_object();
    for (size_t i = 0; i < result->dimension_count; i++)
        json_object_set_new(object, result->dimension_names[i],
                            json_integer(result->dimensions[i]));
    return object;
}

// null where there was nothing to look at.
json_t *pattern_to_json(const struct pattern *pattern)
{
    if (pattern->class_name[0] == '\0' && pattern->detail[0] == '\0')
        return json_null();
    return json_pack("{s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:o}", "class",
                     text_to_json(pattern->class_name), "detail", text_to_json(pattern->detail),
                     "confirmed", pattern->confirmed, "share", number_or_null(pattern->share),
                     "probe", text_to_json(pattern->probe), "extent", text_to_json(pattern->extent),
                     "map", text_to_json(pattern->map), "heat_map",
                     text_to_json(pattern->heat_map));
}

json_t *result_to_json(const struct result *result)
{
    json_t *timing = json_pack("{s:f, s:f, s:b, s:I}", "wall_seconds", result->wall_seconds,
                               "build_seconds", result->build_seconds, "built", result->built,
                               "instructions", (json_int_t)result->instructions);
    return json_pack(
        "{s:s, s:s, s:s, s:o, s:I, s:s, s:o, s:s, s:s, s:o, s:o, s:o, s:I, s:o, s:o, s:I, s:I, "
        "s:o, s:o, s:o, s:o, "
        "s:o, s:o}",
        "id", result->id, "kernel", result->kernel, "dtype", result->dtype, "dims",
        dimensions_to_json(result), "seed", (json_int_t)result->seed, "status",
        status_name(result->status), "message", text_to_json(result->message), "pass", result->pass,
        "tensor", result->tensor, "max_abs", number_or_null(result->max_abs), "max_rel",
        number_or_null(result->max_rel), "tolerance_ratio", number_or_null(result->tolerance_ratio),
        "worst_index", (json_int_t)result->worst_index, "got", number_or_null(result->got),
        "expected", number_or_null(result->expected), "wrong", (json_int_t)result->wrong,
        "elements", (json_int_t)result->elements, "terms", number_or_null(result->terms), "pattern",
        pattern_to_json(&result->pattern), "findings", findings_to_json(result), "suppressed",
        suppressions_to_json(result), "timing", timing, "repro", text_to_json(result->repro));
}

static char *take_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? strdup(text) : NULL;
}

static double take_number(const json_t *object, const char *key, double when_null)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : when_null;
}

static int64_t take_integer(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static void take_triple(const json_t *object, const char *key, uint32_t values[3])
{
    const json_t *list = json_object_get(object, key);
    for (size_t i = 0; i < 3; i++)
        values[i] = (uint32_t)json_integer_value(json_array_get(list, i));
}

bool result_add_finding_from_json(struct result *result, const json_t *item)
{
    struct finding finding = {
        .check = (char *)json_string_value(json_object_get(item, "check")),
        .kind = (char *)json_string_value(json_object_get(item, "kind")),
        .kernel = (char *)json_string_value(json_object_get(item, "kernel")),
        .file = (char *)json_string_value(json_object_get(item, "file")),
        .function = (char *)json_string_value(json_object_get(item, "function")),
        .text = (char *)json_string_value(json_object_get(item, "text")),
        .other_file = (char *)json_string_value(json_object_get(item, "other_file")),
        .line = (int)take_integer(item, "line"),
        .other_line = (int)take_integer(item, "other_line"),
        .count = (uint64_t)take_integer(item, "count"),
    };
    const char *severity = json_string_value(json_object_get(item, "severity"));
    finding.severity = severity_from_name(severity != NULL ? severity : "");
    take_triple(item, "block", finding.block);
    take_triple(item, "thread", finding.thread);
    return result_add_finding(result, &finding);
}

static bool take_findings(struct result *result, const json_t *list)
{
    size_t index;
    json_t *item;
    json_array_foreach(list, index, item)
    {
        if (!result_add_finding_from_json(result, item))
            return false;
    }
    return true;
}

static bool take_suppressions(struct result *result, const json_t *list)
{
    size_t index;
    json_t *item;
    json_array_foreach(list, index, item)
    {
        struct suppressed entry = {
            .check = (char *)json_string_value(json_object_get(item, "check")),
            .function = (char *)json_string_value(json_object_get(item, "function")),
            .reason = (char *)json_string_value(json_object_get(item, "reason")),
            .line = (int)take_integer(item, "line"),
            .matched = (uint64_t)take_integer(item, "matched"),
        };
        if (!result_add_suppressed(result, &entry))
            return false;
    }
    return true;
}

static bool take_dimensions(struct result *result, json_t *object)
{
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value)
    {
        if (result->dimension_count == MAX_DIMENSIONS)
            return false;
        result->dimensions[result->dimension_count] = json_integer_value(value);
        result->dimension_names[result->dimension_count] = strdup(name);
        if (result->dimension_names[result->dimension_count++] == NULL)
            return false;
    }
    return true;
}

static bool take_pattern(struct pattern *pattern, const json_t *object)
{
    if (json_is_object(object)) {
        pattern->class_name = take_text(object, "class");
        pattern->detail = take_text(object, "detail");
        pattern->probe = take_text(object, "probe");
        pattern->extent = take_text(object, "extent");
        pattern->map = take_text(object, "map");
        pattern->heat_map = take_text(object, "heat_map");
        pattern->confirmed = json_is_true(json_object_get(object, "confirmed"));
        pattern->share = take_number(object, "share", 0);
    }
    return pattern_complete(pattern);
}

static bool take_fields(struct result *result, const json_t *object)
{
    const char *status = json_string_value(json_object_get(object, "status"));
    const json_t *timing = json_object_get(object, "timing");
    result->id = take_text(object, "id");
    result->kernel = take_text(object, "kernel");
    result->dtype = take_text(object, "dtype");
    result->message = take_text(object, "message");
    result->pass = take_text(object, "pass");
    result->tensor = take_text(object, "tensor");
    result->repro = take_text(object, "repro");
    result->seed = (uint64_t)take_integer(object, "seed");
    result->max_abs = take_number(object, "max_abs", INFINITY);
    result->max_rel = take_number(object, "max_rel", INFINITY);
    result->tolerance_ratio = take_number(object, "tolerance_ratio", INFINITY);
    result->worst_index = take_integer(object, "worst_index");
    result->got = take_number(object, "got", NAN);
    result->expected = take_number(object, "expected", NAN);
    result->wrong = (uint64_t)take_integer(object, "wrong");
    result->elements = (uint64_t)take_integer(object, "elements");
    result->terms = take_number(object, "terms", 0);
    result->wall_seconds = take_number(timing, "wall_seconds", 0);
    result->build_seconds = take_number(timing, "build_seconds", 0);
    result->built = json_is_true(json_object_get(timing, "built"));
    result->instructions = (uint64_t)take_integer(timing, "instructions");
    return result->id != NULL && result->kernel != NULL && result->dtype != NULL &&
           result->message != NULL && result->pass != NULL && result->tensor != NULL &&
           result->repro != NULL && status != NULL && status_from_name(status, &result->status) &&
           take_pattern(&result->pattern, json_object_get(object, "pattern")) &&
           take_findings(result, json_object_get(object, "findings")) &&
           take_suppressions(result, json_object_get(object, "suppressed")) &&
           take_dimensions(result, json_object_get(object, "dims"));
}

struct result *result_from_json(const json_t *object, struct error *error)
{
    struct result *result = calloc(1, sizeof *result);
    if (result == NULL) {
        error_out_of_memory(error);
        return NULL;
    }
    if (take_fields(result, object))
        return result;
    result_free(result);
    error_set(error, EXIT_USAGE, "this is no result record of the schema wavegauge/1");
    return NULL;
}

json_t *summary_to_json(const struct summary *summary)
{
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "cases", (json_int_t)summary->cases,
                     "passed", (json_int_t)summary->passed, "failed", (json_int_t)summary->failed,
                     "crashed", (json_int_t)summary->crashed, "timed_out",
                     (json_int_t)summary->timed_out, "errors", (json_int_t)summary->errors,
                     "skipped", (json_int_t)summary->skipped);
}

static json_t *shard_to_json(const struct shard *shard, struct result *const *results, size_t count)
{
    json_t *numbers = json_array();
    for (size_t i = 0; i < count; i++) {
        if (results[i] != NULL)
            json_array_append_new(numbers, json_integer((json_int_t)shard->numbers[i]));
    }
    return json_pack("{s:I, s:I, s:I, s:o}", "index", (json_int_t)shard->index, "count",
                     (json_int_t)shard->count, "of", (json_int_t)shard->of, "numbers", numbers);
}

json_t *document_to_json(json_t *environment, const struct summary *summary,
                         struct result *const *results, size_t count, const struct shard *shard)
{
    json_t *cases = json_array();
    for (size_t i = 0; i < count; i++) {
        if (results[i] != NULL && json_array_append_new(cases, result_to_json(results[i])) != 0) {
            json_decref(cases);
            return NULL;
        }
    }
    json_t *document = json_pack("{s:s, s:O, s:o, s:o}", "schema", "wavegauge/1", "environment",
                                 environment, "summary", summary_to_json(summary), "cases", cases);
    if (document != NULL && shard != NULL && shard->count > 0 &&
        json_object_set_new(document, "shard", shard_to_json(shard, results, count)) != 0) {
        json_decref(document);
        return NULL;
    }
    return document;
}

bool json_write_file(const char *path, const json_t *document, struct error *error)
{
    char *text = document != NULL ? json_dumps(document, JSON_INDENT(1)) : NULL;
    if (text == NULL)
        return error_out_of_memory(error);
    bool good = file_write_atomically(path, text, strlen(text), error);
    free(text);
    return good;
}
