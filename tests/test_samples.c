// links: scratch_folder
//
// The results under reports/samples: whole, readable by the program, and without names of the
// machine.
#include "scratch_folder.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define SAMPLES  TEST_SOURCE_FOLDER "/reports/samples/h100/"
#define EMULATED TEST_SOURCE_FOLDER "/reports/samples/emulator/"

static json_t *read_sample(const char *path)
{
    json_error_t problem;
    json_t *document = json_load_file(path, 0, &problem);
    cr_assert(document != NULL, "%s:%d: %s", path, problem.line, problem.text);
    return document;
}

// Every text in the value; folders of the machine that measured have no place in it.
static void expect_no_folder(const json_t *value, const char *path)
{
    const char *key;
    size_t index;
    json_t *part;
    const char *text = json_string_value(value);
    cr_expect(text == NULL ||
                  (text[0] != '/' && strstr(text, " /") == NULL && strstr(text, "'/") == NULL),
              "%s: %s", path, text);
    json_object_foreach((json_t *)value, key, part) expect_no_folder(part, path);
    json_array_foreach(value, index, part) expect_no_folder(part, path);
}

static void expect_sample(const char *path, size_t cases)
{
    json_t *document = read_sample(path);
    const json_t *environment = json_object_get(document, "environment");
    const json_t *summary = json_object_get(document, "summary");
    cr_expect_eq(json_array_size(json_object_get(document, "cases")), cases, "%s", path);
    cr_expect_eq(json_integer_value(json_object_get(summary, "passed")), (json_int_t)cases, "%s",
                 path);
    cr_expect_str_eq(json_string_value(json_object_get(environment, "device_name")),
                     "NVIDIA H100 80GB HBM3");
    cr_expect_null(json_object_get(environment, "host"), "%s", path);
    expect_no_folder(document, path);
    json_decref(document);
}

Test(samples, every_case_passed_and_no_folder_is_named)
{
    expect_sample(SAMPLES "run.json", 220);
    expect_sample(SAMPLES "bench.json", 57);
    expect_sample(SAMPLES "torch.json", 57);
}

Test(samples, the_emulators_has_what_was_planted)
{
    const char *path = EMULATED "run.json";
    json_t *document = read_sample(path);
    const json_t *summary = json_object_get(document, "summary");
    cr_expect_eq(json_array_size(json_object_get(document, "cases")), 220);
    cr_expect_gt(json_integer_value(json_object_get(summary, "failed")), 0);
    cr_expect_null(json_object_get(json_object_get(document, "environment"), "host"));
    json_decref(document);
    struct text raw = scratch_read(path);
    cr_expect(strstr(text_get(&raw), "/tmp/") == NULL && strstr(text_get(&raw), "/root/") == NULL);
    text_free(&raw);
}

// reports/samples/plant can be run again as long as the kernels are what the patch was made of.
Test(samples, the_planted_mistakes_still_apply)
{
    cr_expect_eq(
        system("cd " TEST_SOURCE_FOLDER " && git apply --check reports/samples/two-mistakes.patch"),
        0);
}

// 1: PyTorch is faster somewhere.
Test(samples, compare_reads_them)
{
    struct outcome outcome = run_wavegauge("compare " SAMPLES "torch.json " SAMPLES "bench.json");
    cr_expect_eq(outcome.status, 1, "%s", text_get(&outcome.errors));
    cr_expect_str_eq(last_line(&outcome.out), "42 faster, 12 slower, 3 same, 0 unclear");
    outcome_free(&outcome);
    outcome = run_wavegauge("compare " SAMPLES "bench.json " SAMPLES "bench.json");
    cr_expect_eq(outcome.status, 0, "%s", text_get(&outcome.errors));
    outcome_free(&outcome);
}
