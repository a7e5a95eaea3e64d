#include "bisection.h"

#include "bisection_findings.h"
#include "check_list.h"
#include "compiler_findings.h"
#include "mistake_kind.h"
#include "repair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const level_flags[BUILD_COUNT] = {NULL, "-O1", "-O0"};

bool bisection_reproduce(struct bisection *bisection, struct error *error)
{
    const struct test_case *test = bisection->test;
    bisection->original = trial(&bisection->device, test->file, test->dtype, test->dims, error);
    return bisection->original != NULL;
}

bool bisection_narrow_checks(struct bisection *bisection, struct error *error)
{
    const struct test_case *test = bisection->test;
    const struct finding *finding = result_first_error(bisection->original);
    struct worker_options *options = &bisection->device.options.worker;
    if (!bisection->is_emulator)
        return true;
    options->checks = "none";
    if (finding == NULL || !check_name_is_known(finding->check))
        return true;
    if (strcmp(finding->check, "initcheck") == 0 || strcmp(finding->check, "racecheck") == 0) {
        bisection->values = trial(&bisection->device, test->file, test->dtype, test->dims, error);
        if (bisection->values == NULL)
            return false;
        if (bisection->values->status == STATUS_FAIL && bisection->values->wrong > 0)
            return true;
        result_free(bisection->values);
        bisection->values = NULL;
    }
    options->checks = finding->check;
    return true;
}

bool bisection_shrink(struct bisection *bisection, struct error *error)
{
    const struct test_case *test = bisection->test;
    struct shrink *shrink = &bisection->shrink;
    *shrink = (struct shrink){.runner = &bisection->device,
                              .file = test->file,
                              .dtype = test->dtype,
                              .failure = bisection->values != NULL ? bisection->values
                                                                   : bisection->original};
    memcpy(shrink->dims, test->dims, sizeof shrink->dims);
    bisection->device.options.worker.no_diagnosis = true;
    bisection->device.options.worker.trial =
        (struct trial_options){.verdict_only = true, .able_to_fail = true};
    bool good = shrink_run(shrink, error);
    bisection->device.options.worker.no_diagnosis = false;
    bisection->device.options.worker.trial = (struct trial_options){0};
    if (!good)
        return false;
    bisection->smallest = trial(&bisection->device, test->file, test->dtype, shrink->dims, error);
    return bisection->smallest != NULL;
}

// Other types, and each kind of data alone, in the smallest shape.
bool bisection_compare(struct bisection *bisection, struct error *error)
{
    const struct test_case *test = bisection->test;
    const int64_t *dims = bisection->shrink.dims;
    struct case_file *exact = case_file_variant(test->file);
    struct case_file *random = case_file_variant(test->file);
    struct trials trials = {0};
    size_t places[DTYPE_COUNT];
    bool has_passes = test->file->check.exact_pass;
    bool good = (exact != NULL && random != NULL) || error_out_of_memory(error);
    if (good && has_passes) {
        exact->check.no_random_pass = true;
        random->check.exact_pass = false;
        good = trials_add(&trials, exact, test->dtype, dims, error) &&
               trials_add(&trials, random, test->dtype, dims, error);
    }
    for (size_t i = 0; good && i < test->file->dtype_count; i++) {
        enum dtype dtype = test->file->dtypes[i];
        places[i] = trials.cases.count;
        if (dtype == test->dtype || !trials_add(&trials, test->file, dtype, dims, NULL))
            places[i] = SIZE_MAX;
    }
    bisection->device.options.worker.no_diagnosis = true;
    good = good && trials_run(&trials, &bisection->device, error);
    if (good && has_passes) {
        bisection->exact_only = trials_take(&trials, 0);
        bisection->random_only = trials_take(&trials, 1);
    }
    for (size_t i = 0; good && i < test->file->dtype_count; i++)
        bisection->other_dtypes[test->file->dtypes[i]] = trials_take(&trials, places[i]);
    trials_free(&trials);
    free(exact);
    free(random);
    return good;
}

static bool replay_original(struct bisection *bisection, struct error *error)
{
    const struct test_case *test = bisection->test;
    const struct result *replay = bisection->replays[BUILD_O3];
    if (bisection->is_emulator || replay == NULL || replay->status != STATUS_PASS)
        return true;
    bisection->original_replay =
        trial(&bisection->emulator, test->file, test->dtype, test->dims, error);
    return bisection->original_replay != NULL;
}

bool bisection_replay(struct bisection *bisection, struct error *error)
{
    const struct test_case *test = bisection->test;
    struct case_file *variants[BUILD_COUNT] = {NULL};
    struct trials trials = {0};
    bool good = true;
    for (int level = 0; good && level < BUILD_COUNT; level++) {
        const struct case_file *file = test->file;
        if (level_flags[level] != NULL) {
            variants[level] = case_file_with_flags(test->file, &level_flags[level], 1);
            file = variants[level];
        }
        good = file != NULL ? trials_add(&trials, file, test->dtype, bisection->shrink.dims, error)
                            : error_out_of_memory(error);
    }
    good = good && trials_run(&trials, &bisection->emulator, error);
    for (int level = 0; good && level < BUILD_COUNT; level++)
        bisection->replays[level] = trials_take(&trials, (size_t)level);
    trials_free(&trials);
    for (int level = 0; level < BUILD_COUNT; level++)
        free(variants[level]);
    if (good)
        bisection->compiler =
            compiler_findings(test, bisection->emulator.options.worker.arch, bisection->folder);
    return good && replay_original(bisection, error);
}

static bool same_line(const char *file, int line, const char *other_file, int other_line)
{
    return line > 0 && line == other_line && strcmp(file, other_file) == 0;
}

// Shared memory that is read before another thread has written it: of the two findings, the race
// says why.
static bool comes_of_a_race(const struct finding *finding, const struct bisection_finding *list,
                            size_t count)
{
    if (strcmp(finding->check, "initcheck") != 0)
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct finding *race = list[i].finding;
        if (strcmp(race->check, "racecheck") == 0 &&
            (same_line(finding->other_file, finding->other_line, race->file, race->line) ||
             same_line(finding->file, finding->line, race->file, race->line)))
            return true;
    }
    return false;
}

bool bisection_collect_places(struct bisection *bisection, struct error *error)
{
    static struct bisection_finding list[MAX_BISECTION_FINDINGS];
    size_t count = bisection_list_findings(bisection, list);
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        bool own_build = list[i].build[0] == '\0', compiler = list[i].build[0] == 'c';
        char where[64] = "";
        if (!own_build && !compiler)
            snprintf(where, sizeof where, " (only in the build with %s)", list[i].build);
        double weight = own_build ? 0.95 : 0.8;
        good = places_add_finding(
            &bisection->places, list[i].finding, bisection->folder,
            comes_of_a_race(list[i].finding, list, count) ? 0.6 * weight : weight, where);
    }
    places_rank(&bisection->places);
    return good || error_out_of_memory(error);
}

// Of the case as given, whose many elements say more, unless only the smallest shape's is certain.
const struct pattern *bisection_pattern(const struct bisection *bisection)
{
    const struct pattern *pattern = &bisection->original->pattern;
    const struct pattern *other =
        bisection->smallest != NULL ? &bisection->smallest->pattern : pattern;
    bool known = pattern->class_name[0] != '\0' && strcmp(pattern->class_name, "unknown") != 0;
    bool other_known = other->class_name[0] != '\0' && strcmp(other->class_name, "unknown") != 0;
    return (other->confirmed && !pattern->confirmed) || (other_known && !known) ? other : pattern;
}

struct bisection_mistake bisection_mistake(const struct bisection *bisection)
{
    static struct bisection_finding list[MAX_BISECTION_FINDINGS];
    struct bisection_mistake result = {.place = places_mended(&bisection->places)};
    struct mistake found = {0};
    size_t count = bisection_list_findings(bisection, list);
    // Builds with other options may have mistakes that the kernel as it is built has not.
    for (size_t i = 0; i < count && found.kind == NULL; i++) {
        if (list[i].build[0] != '\0')
            continue;
        mistake_of_finding(list[i].finding, &found);
        result.finding = list[i].finding;
    }
    result.finding = found.kind != NULL ? result.finding : NULL;
    if (found.kind == NULL && bisection_pattern(bisection)->confirmed)
        mistake_of_class(bisection_pattern(bisection)->class_name, &found);
    if (result.place == NULL) {
        result.mistake = found;
        return result;
    }
    result.mistake = result.place->mistake;
    result.finding = NULL;
    if (result.mistake.also == NULL && found.kind != NULL &&
        strcmp(found.kind, result.mistake.kind) != 0)
        result.mistake.also = found.kind;
    return result;
}

bool bisection_repair(struct bisection *bisection, double deadline, double others,
                      struct error *error)
{
    const struct result *failure = bisection->replays[BUILD_O3];
    if (failure == NULL || failure->status == STATUS_PASS)
        return true;
    const struct case_file *file = bisection->test->file;
    const char *dims[MAX_DIMENSIONS];
    size_t dim_count = 0;
    for (size_t i = 0; i < file->dimension_count; i++) {
        if (bisection->shrink.boundaries[i].exists || bisection->shrink.dims[i] > 1)
            dims[dim_count++] = file->dimensions[i].name;
    }
    struct repair repair = {.runner = &bisection->emulator,
                            .test = bisection->test,
                            .dims = bisection->shrink.dims,
                            .failure = failure,
                            .by_values = bisection->values != NULL && failure->wrong > 0,
                            .folder = bisection->folder,
                            .pattern = bisection_pattern(bisection)->class_name,
                            .detail = bisection_pattern(bisection)->detail,
                            .dims_concerned = dims,
                            .dims_concerned_count = dim_count,
                            .given_failure = bisection->original_replay != NULL
                                                 ? bisection->original_replay
                                                 : bisection->original,
                            .deadline = deadline,
                            .others = others,
                            .compiler = bisection->compiler,
                            .jobs = bisection->emulator.options.jobs,
                            .places = &bisection->places};
    bool good = repair_search(&repair, error);
    bisection->edits_possible = repair.possible;
    bisection->edits_tried = repair.tried;
    bisection->edits_passing = repair.passing;
    bisection->edits_confirmed = repair.confirmed;
    memcpy(bisection->repair_note, repair.note, sizeof bisection->repair_note);
    return good;
}

const char *bisection_device_verdict(const struct bisection *bisection)
{
    const struct result *replay = bisection->replays[BUILD_O3];
    bool findings = false;
    if (bisection->is_emulator || replay == NULL || replay->status != STATUS_PASS)
        return NULL;
    if (bisection->original_replay != NULL && bisection->original_replay->status != STATUS_PASS)
        return "does not fail on the emulator in the smallest shape, but does in the original one; "
               "what it finds there is below";
    for (int level = 0; level < BUILD_COUNT; level++)
        findings = findings || (bisection->replays[level] != NULL &&
                                bisection->replays[level]->finding_count > 0);
    if (findings)
        return "does not fail on the emulator, whose checks see mistakes all the same, below: "
               "what comes out depends on the device";
    return "does not fail on the emulator, which finds no mistake: this suggests a race that "
           "needs the device's timing, data that was never initialised and happens to differ, or "
           "a difference between the device and the emulator (compiler target, driver, hardware)";
}

void bisection_free(struct bisection *bisection)
{
    result_free(bisection->original);
    result_free(bisection->values);
    result_free(bisection->smallest);
    result_free(bisection->exact_only);
    result_free(bisection->random_only);
    result_free(bisection->original_replay);
    result_free(bisection->compiler);
    for (int i = 0; i < DTYPE_COUNT; i++)
        result_free(bisection->other_dtypes[i]);
    for (int i = 0; i < BUILD_COUNT; i++)
        result_free(bisection->replays[i]);
    free(bisection->smallest_id);
    places_free(&bisection->places);
    *bisection = (struct bisection){0};
}
