#include "bisection.h"

#include "bisection_findings.h"
#include "result_json.h"

#include <string.h>

static json_t *finding_list_to_json(const struct bisection *bisection)
{
    static struct bisection_finding list[MAX_BISECTION_FINDINGS];
    size_t count = bisection_list_findings(bisection, list);
    json_t *findings = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *item = finding_to_json(list[i].finding);
        json_object_set_new(item, "build", json_string(list[i].build));
        json_array_append_new(findings, item);
    }
    return findings;
}

static json_t *boundaries_to_json(const struct bisection *bisection)
{
    const struct case_file *file = bisection->test->file;
    json_t *list = json_array();
    for (size_t i = 0; i < file->dimension_count; i++) {
        const struct boundary *boundary = &bisection->shrink.boundaries[i];
        if (boundary->exists)
            json_array_append_new(list, json_pack("{s:s, s:I, s:I, s:b, s:s}", "dim",
                                                  file->dimensions[i].name, "passes_up_to",
                                                  (json_int_t)boundary->passes_up_to, "fails_from",
                                                  (json_int_t)boundary->fails_from, "monotone",
                                                  boundary->is_monotone, "text", boundary->text));
    }
    return list;
}

static json_t *status_or_null(const struct result *result)
{
    return result != NULL ? json_string(status_name(result->status)) : json_null();
}

static json_t *dtypes_to_json(const struct bisection *bisection)
{
    const struct test_case *test = bisection->test;
    json_t *object = json_object();
    for (size_t i = 0; i < test->file->dtype_count; i++) {
        enum dtype dtype = test->file->dtypes[i];
        const struct result *result =
            dtype == test->dtype ? bisection->smallest : bisection->other_dtypes[dtype];
        json_object_set_new(object, dtype_info(dtype)->name, status_or_null(result));
    }
    return object;
}

static json_t *replays_to_json(const struct bisection *bisection)
{
    static const char *const names[BUILD_COUNT] = {"-O3", "-O1", "-O0"};
    json_t *object = json_object();
    for (int i = 0; i < BUILD_COUNT; i++)
        json_object_set_new(object, names[i], status_or_null(bisection->replays[i]));
    return object;
}

static json_t *mistake_to_json(const struct bisection *bisection)
{
    struct bisection_mistake answer = bisection_mistake(bisection);
    char file[4096] = "";
    int line = 0;
    if (answer.mistake.kind == NULL)
        return json_null();
    if (answer.place == NULL && answer.finding != NULL)
        finding_source_line(answer.finding, bisection->folder, file, sizeof file, &line);
    return json_pack("{s:s, s:s?, s:s, s:s, s:i}", "kind", answer.mistake.kind, "also",
                     answer.mistake.also, "edit", answer.place != NULL ? answer.place->edit : "",
                     "file", answer.place != NULL ? answer.place->file : file, "line",
                     answer.place != NULL ? answer.place->line : line);
}

json_t *bisection_to_json(const struct bisection *bisection)
{
    json_t *object = result_to_json(bisection->original);
    if (object == NULL)
        return NULL;
    json_object_set_new(object, "schema", json_string("wavegauge/bisect-1"));
    json_object_set_new(object, "bisect_seconds", json_real(bisection->seconds));
    if (bisection->smallest == NULL)
        return object;
    const char *verdict = bisection_device_verdict(bisection);
    json_object_set_new(object, "findings", finding_list_to_json(bisection));
    json_object_set_new(object, "pattern", pattern_to_json(bisection_pattern(bisection)));
    json_object_set_new(object, "smallest", result_to_json(bisection->smallest));
    json_object_set_new(object, "shapes_tried", json_integer((json_int_t)bisection->shrink.trials));
    json_object_set_new(object, "boundaries", boundaries_to_json(bisection));
    json_object_set_new(object, "dtypes", dtypes_to_json(bisection));
    json_object_set_new(object, "data",
                        json_pack("{s:o, s:o}", "exact", status_or_null(bisection->exact_only),
                                  "random", status_or_null(bisection->random_only)));
    json_object_set_new(object, "replay", replays_to_json(bisection));
    json_object_set_new(object, "device_verdict",
                        verdict != NULL ? json_string(verdict) : json_null());
    json_object_set_new(
        object, "edits",
        json_pack("{s:I, s:I, s:I, s:I, s:s}", "possible", (json_int_t)bisection->edits_possible,
                  "tried", (json_int_t)bisection->edits_tried, "passing",
                  (json_int_t)bisection->edits_passing, "confirmed",
                  (json_int_t)bisection->edits_confirmed, "note", bisection->repair_note));
    json_object_set_new(object, "mistake", mistake_to_json(bisection));
    json_object_set_new(object, "place", places_to_json(&bisection->places));
    return object;
}
