// links: scratch_folder
//
// The wavegauge program as a whole, on a runtime that makes each mistake on demand: what it finds,
// what it says, how it ends.
#include "scratch_folder.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SMALL "weighted_matmul/f32/batch=1,heads=2,seq_q=4,seq_k=4,head_dim=8"

static struct scratch scratch;

static void set_up(void)
{
    scratch = scratch_create();
    unsetenv("WAVEGAUGE_CASES");
}

static void tear_down(void)
{
    scratch_remove(&scratch);
}

TestSuite(run, .init = set_up, .fini = tear_down);

static void expect_part(const struct text *text, const char *part)
{
    cr_expect(strstr(text_get(text), part) != NULL, "no '%s' in:\n%s", part, text_get(text));
}

// The JSON document of a run with more words. Release it.
static json_t *run_to_json(const char *mistake, const char *words, int expected_status)
{
    char all[1024];
    const char *path = scratch_path(&scratch, "result.json");
    snprintf(all, sizeof all, "run --json %s %s", path, words);
    struct outcome outcome = run_with_fake(&scratch, mistake, all);
    cr_assert_eq(outcome.status, expected_status, "%d: %s%s", outcome.status,
                 text_get(&outcome.out), text_get(&outcome.errors));
    outcome_free(&outcome);
    json_error_t error;
    json_t *document = json_load_file(path, 0, &error);
    cr_assert_not_null(document, "%s", error.text);
    return document;
}

static json_t *case_at(json_t *document, size_t index)
{
    return json_array_get(json_object_get(document, "cases"), index);
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "(none)";
}

// All cases of the kernels that the fake runtime has.
Test(run, all_cases_pass_on_correct_kernels)
{
    struct outcome outcome =
        run_with_fake(&scratch, NULL, "run --require 76 buffer_copy weighted_matmul");
    cr_assert_eq(outcome.status, 0, "%s%s", text_get(&outcome.out), text_get(&outcome.errors));
    int passed = 0;
    cr_assert_eq(sscanf(last_line(&outcome.out), "%d passed, 0 failed", &passed), 1);
    cr_assert_eq(passed, 76);
    cr_assert_eq(outcome.errors.length, 0, "%s", text_get(&outcome.errors));
    cr_assert_null(strchr(text_get(&outcome.out), '\033'));
    outcome_free(&outcome);
}

static const struct {
    const char *mistake, *selection, *status, *part;
} mistakes[] = {
    {"off by little", SMALL, "fail", "1 of 64 elements wrong, worst out[0, 1, 0, 0] ="},
    {"shifted", SMALL, "fail", "elements wrong"},
    {"zeros", SMALL, "fail", "64 of 64 elements wrong"},
    {"nan", SMALL, "fail",
     "1 of 64 elements wrong, 1 of them NaN or infinity on one side, worst out[0, 1, 3, 7]"},
    {"infinity", SMALL, "fail", "worst out[0, 0, 0, 0] = inf"},
    {"random", SMALL, "fail", "out[0, 0, 0, 1], and 1 are wrong: the kernel is not deterministic"},
    {"reads output", SMALL, "fail", "depends on what memory held before"},
    {"last not written", SMALL, "fail",
     "1 of 64 elements never written, the first out[0, 1, 3, 7]"},
    {"write after", SMALL, "fail",
     "wrote after the tensor 'out': 1 bytes changed, the nearest 5 bytes after"},
    {"write before", SMALL, "fail",
     "wrote before the tensor 'out': 1 bytes changed, the nearest 3 bytes before"},
    {"change input", SMALL, "fail", "changed the input 'weights', first at element 0"},
    {"finding", SMALL, "fail", "memcheck: out of bounds at kernels/fake.hip:42"},
    {"device error", SMALL, "error", "fake launch failure (719)"},
    {"late device error", SMALL, "error", "hipDeviceSynchronize(): fake launch failure (719)"},
    {"crash", SMALL, "crash", "was ended by signal 11"},
    {"exit", SMALL, "crash", "ended with exit status 7"},
    {"hang", SMALL, "timeout", "not finished after 1 s"},
    {"quiet nan", "buffer_copy/f32/bytes=4096", "fail", "expected 0x7"},
    {"write beside", "buffer_copy/u8/bytes=3", "fail",
     "1 of 51 elements wrong, the first dst[3] = 0x"},
};

Test(run, finds_each_mistake, .timeout = 120)
{
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        char words[256];
        snprintf(words, sizeof words, "--timeout 1 %s", mistakes[i].selection);
        if (strcmp(mistakes[i].mistake, "hang") != 0)
            snprintf(words, sizeof words, "%s", mistakes[i].selection);
        json_t *document = run_to_json(mistakes[i].mistake, words, 1);
        json_t *record = case_at(document, 0);
        cr_expect_str_eq(text_of(record, "status"), mistakes[i].status, "%s: %s, %s",
                         mistakes[i].mistake, text_of(record, "status"),
                         text_of(record, "message"));
        cr_expect(strstr(text_of(record, "message"), mistakes[i].part) != NULL, "%s: %s",
                  mistakes[i].mistake, text_of(record, "message"));
        cr_expect(strstr(text_of(record, "repro"), text_of(record, "id")) != NULL);
        json_decref(document);
    }
}

// Against false alarms of the list above: with a mistake in one kernel, the other passes.
Test(run, other_kernels_stay_innocent)
{
    json_decref(run_to_json("shifted", "buffer_copy/u8", 0));
    json_decref(run_to_json("write beside", SMALL, 0));
}

Test(run, findings_go_into_the_record_and_to_the_terminal)
{
    json_t *document = run_to_json("finding", SMALL, 1);
    json_t *findings = json_object_get(case_at(document, 0), "findings");
    cr_assert_eq(json_array_size(findings), 1);
    json_t *finding = json_array_get(findings, 0);
    cr_assert_str_eq(text_of(finding, "check"), "memcheck");
    cr_assert_str_eq(text_of(finding, "kind"), "out of bounds");
    cr_assert_str_eq(text_of(finding, "file"), "kernels/fake.hip");
    cr_assert_str_eq(text_of(finding, "function"), "load");
    cr_assert_eq(json_integer_value(json_object_get(finding, "line")), 42);
    cr_assert_eq(json_integer_value(json_array_get(json_object_get(finding, "block"), 2)), 3);
    cr_assert_eq(json_integer_value(json_array_get(json_object_get(finding, "thread"), 0)), 4);
    json_decref(document);
    struct outcome outcome = run_with_fake(&scratch, "finding", "run " SMALL);
    expect_part(&outcome.out, "        second line\n");
    expect_part(&outcome.out, "this case is there for: the smallest attention");
    cr_assert_str_eq(last_line(&outcome.out), "0 passed, 1 failed");
    outcome_free(&outcome);
}

Test(run, records_have_all_fields)
{
    static const char *const strings[] = {"id", "kernel", "dtype", "status", "message", "repro"};
    static const char *const numbers[] = {"seed",  "max_abs",  "max_rel",     "tolerance_ratio",
                                          "wrong", "elements", "worst_index", "terms"};
    json_t *document = run_to_json(NULL, SMALL " --seed 7", 0);
    json_t *record = case_at(document, 0), *summary = json_object_get(document, "summary");
    cr_assert_str_eq(text_of(document, "schema"), "wavegauge/1");
    cr_assert_str_eq(text_of(json_object_get(document, "environment"), "arch"), "gfx1100");
    cr_assert_eq(json_integer_value(json_object_get(summary, "cases")), 1);
    cr_assert_eq(json_integer_value(json_object_get(summary, "passed")), 1);
    cr_assert_not_null(json_object_get(summary, "timed_out"));
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        cr_expect(json_is_string(json_object_get(record, strings[i])), "%s", strings[i]);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        cr_expect(json_is_number(json_object_get(record, numbers[i])), "%s", numbers[i]);
    cr_assert_str_eq(text_of(record, "id"), SMALL);
    cr_assert_eq(json_integer_value(json_object_get(record, "seed")), 7);
    cr_assert_eq(json_integer_value(json_object_get(record, "elements")), 128);
    cr_assert_eq(json_integer_value(json_object_get(json_object_get(record, "dims"), "head_dim")),
                 8);
    double ratio = json_number_value(json_object_get(record, "tolerance_ratio"));
    cr_assert(ratio > 0 && ratio < 1);
    cr_assert_not_null(json_object_get(record, "timing"));
    json_decref(document);
}

Test(run, infinite_ratios_are_null)
{
    json_t *document = run_to_json("nan", SMALL, 1);
    cr_assert(json_is_null(json_object_get(case_at(document, 0), "tolerance_ratio")));
    json_decref(document);
}

// What differs between runs of the same cases: only the times.
static void forget_times(json_t *document)
{
    size_t index;
    json_t *record;
    json_object_del(json_object_get(document, "environment"), "date");
    json_array_foreach(json_object_get(document, "cases"), index, record)
    {
        json_object_del(record, "timing");
    }
}

Test(run, results_depend_on_nothing_but_the_case, .timeout = 120)
{
    json_t *all = run_to_json(NULL, "weighted_matmul", 0);
    json_t *parallel = run_to_json(NULL, "weighted_matmul -j 5", 0);
    json_t *one = run_to_json(NULL, SMALL, 0);
    json_t *other = run_to_json(NULL, SMALL " --seed 2", 0);
    forget_times(all);
    forget_times(parallel);
    forget_times(one);
    cr_assert(json_equal(all, parallel));
    cr_assert(json_equal(case_at(all, 0), case_at(one, 0)));
    cr_assert_neq(json_number_value(json_object_get(case_at(other, 0), "max_abs")),
                  json_number_value(json_object_get(case_at(one, 0), "max_abs")));
    json_decref(all);
    json_decref(parallel);
    json_decref(one);
    json_decref(other);
}

Test(run, a_crash_ends_one_case_only)
{
    json_t *document = run_to_json("crash", "weighted_matmul/f32 buffer_copy/f32 -j 2", 1);
    json_t *summary = json_object_get(document, "summary");
    cr_assert_eq(json_integer_value(json_object_get(summary, "passed")), 3);
    cr_assert_eq(json_integer_value(json_object_get(summary, "crashed")),
                 json_integer_value(json_object_get(summary, "cases")) - 3);
    cr_assert_geq(json_integer_value(json_object_get(summary, "crashed")), 15);
    json_decref(document);
}

// After a device error the next case gets a new process, and is not taken for a crash.
Test(run, a_device_error_is_not_passed_on)
{
    json_t *document = run_to_json("device error", "weighted_matmul/f32", 1);
    json_t *summary = json_object_get(document, "summary");
    cr_assert_eq(json_integer_value(json_object_get(summary, "errors")),
                 json_integer_value(json_object_get(summary, "cases")));
    json_decref(document);
}

Test(run, fail_fast_stops)
{
    json_t *document = run_to_json("shifted", "weighted_matmul --fail-fast", 1);
    cr_assert_eq(json_array_size(json_object_get(document, "cases")), 1);
    json_decref(document);
}

Test(run, json_leaves_nothing_half_written)
{
    json_decref(run_to_json(NULL, SMALL, 0));
    cr_assert_neq(access(scratch_path(&scratch, "result.json.journal"), F_OK), 0);
    struct outcome outcome = run_with_fake(&scratch, NULL, "run --json /not/there/x.json " SMALL);
    cr_assert_eq(outcome.status, 2);
    cr_assert_eq(outcome.out.length, 0);
    expect_part(&outcome.errors, "/not/there/x.json");
    outcome_free(&outcome);
}

static const struct {
    const char *mistake, *words;
    int status;
    const char *part; // of stderr
} endings[] = {
    {NULL, "run " SMALL " --require 1", 0, ""},
    {NULL, "run " SMALL " --require 2", 4, "--require asks for 2"},
    {"shifted", "run " SMALL " --require 2", 1, ""},
    {NULL, "run no_such_kernel", 4, "no case matches 'no_such_kernel'"},
    {NULL, "run weighted_matmull", 4, "did you mean 'weighted_matmul'"},
    {NULL, "run " SMALL " no_such_kernel", 4, "no_such_kernel"},
    {NULL, "run */f64/*", 4, "no case matches"},
    {NULL, "run weighted_mat", 4, "no case matches"},
    {NULL, "run weighted_matmul/f1", 4, "no case matches"},
    {NULL, "run weighted_matmul/f32/seq_x=3", 2, "seq_x=3"},
    {NULL, "run not_there.yaml", 2, "not_there.yaml: cannot read"},
    {"no device", "run " SMALL, 3, "hipGetDeviceCount"},
    {NULL, "run --device tpu " SMALL, 2, "emu, amd or nvidia"},
    {NULL, "run --arch gfx9000 " SMALL, 2, "gfx1030"},
    {NULL, "run --arch gfx1030:wave65 " SMALL, 2, "gfx1030"},
    {NULL, "run --device amd --arch gfx1030 " SMALL, 2, "--arch"},
    {NULL, "run --seed x " SMALL, 2, "--seed"},
    {NULL, "run --seed -1 " SMALL, 2, "--seed"},
    {NULL, "run -j 0 " SMALL, 2, "-j"},
    {NULL, "run --seed", 2, "needs a value"},
    {NULL, "run --fail-fast=1", 2, "takes no value"},
    {NULL, "run --sead 1", 2, "did you mean --seed"},
    {NULL, "rum", 2, "did you mean 'run'"},
    {NULL, "inspect", 2, "expected one kernel"},
    {NULL, "", 2, "usage"},
    {NULL, "devices x", 2, "no words"},
    {NULL, "list nothing_like_it", 4, "no case matches"},
    {NULL, "--help", 0, ""},
    {NULL, "run --help", 0, ""},
    {NULL, "list --help", 0, ""},
    {NULL, "devices --help", 0, ""},
    {NULL, "--version", 0, ""},
    {NULL, "devices", 0, ""},
    {NULL, "list", 0, ""},
};

Test(run, ends_as_promised)
{
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        struct outcome outcome = run_with_fake(&scratch, endings[i].mistake, endings[i].words);
        cr_expect_eq(outcome.status, endings[i].status, "%s: %d %s", endings[i].words,
                     outcome.status, text_get(&outcome.errors));
        cr_expect(strstr(text_get(&outcome.errors), endings[i].part) != NULL, "%s: %s",
                  endings[i].words, text_get(&outcome.errors));
        outcome_free(&outcome);
    }
}

Test(run, a_missing_compiler_ends_with_3)
{
    struct outcome outcome = run_with_fake(&scratch, NULL, "list");
    outcome_free(&outcome);
    setenv("WAVEGAUGE_HIPCC", "/not/there", 1);
    outcome = run_wavegauge("run " SMALL);
    cr_assert_eq(outcome.status, 3, "%s", text_get(&outcome.errors));
    expect_part(&outcome.errors, "/not/there");
    outcome_free(&outcome);
}

// A user's own kernel, anywhere on disk.
static void write_own_kernel(const char *source, const char *function)
{
    char contents[2048];
    scratch_write(&scratch, "own.hip", source);
    snprintf(
        contents, sizeof contents,
        "kernel: own\nsource: own.hip\nreference: weighted_matmul\n"
        "dims: {batch: 1, heads: 1, seq_q: 3, seq_k: 5, head_dim: 7}\ndtypes: [f32]\ntensors:\n"
        "  weights: {io: in, shape: [batch, heads, seq_q, seq_k], fill: softmax}\n"
        "  v: {io: in, shape: [batch, heads, seq_k, head_dim]}\n"
        "  out: {io: out, shape: [batch, heads, seq_q, head_dim]}\n"
        "launches:\n  - {function: %s, grid: 1, block: 1, args: [weights, v, out, i32 batch, "
        "i32 heads, i32 seq_q, i32 seq_k, i32 head_dim]}\n"
        "cases: [{seq_q: 3}, {seq_q: 4}]\n",
        function);
    scratch_write(&scratch, "own.yaml", contents);
}

Test(run, takes_case_files_from_anywhere)
{
    char words[512];
    write_own_kernel("mine\n", "weighted_matmul_f32");
    snprintf(words, sizeof words, "run %s", scratch_path(&scratch, "own.yaml"));
    struct outcome outcome = run_with_fake(&scratch, NULL, words);
    cr_assert_eq(outcome.status, 0, "%s", text_get(&outcome.errors));
    cr_assert_str_eq(last_line(&outcome.out), "2 passed, 0 failed");
    outcome_free(&outcome);
    snprintf(words, sizeof words, "run %s:own/f32/seq_q=9 " SMALL,
             scratch_path(&scratch, "own.yaml"));
    outcome = run_with_fake(&scratch, NULL, words);
    cr_assert_str_eq(last_line(&outcome.out), "2 passed, 0 failed");
    expect_part(&outcome.out, "own/f32/batch=1,heads=1,seq_q=9,seq_k=5,head_dim=7");
    outcome_free(&outcome);
}

// The command that a failure prints runs the same case, with the same end.
Test(run, repro_repeats_the_case)
{
    write_own_kernel("mine\n", "weighted_matmul_f32");
    json_t *document = run_to_json("shifted", scratch_path(&scratch, "own.yaml"), 1);
    const char *repro = text_of(case_at(document, 1), "repro");
    char words[1024] = "";
    for (const char *c = repro + strlen("wavegauge "); *c != '\0'; c++) {
        if (*c != '\'')
            strncat(words, c, 1);
    }
    struct outcome outcome = run_with_fake(&scratch, "shifted", words);
    cr_assert_eq(outcome.status, 1, "%s: %s", words, text_get(&outcome.errors));
    expect_part(&outcome.out, text_of(case_at(document, 1), "id"));
    expect_part(&outcome.out, text_of(case_at(document, 1), "message"));
    cr_assert_str_eq(last_line(&outcome.out), "0 passed, 1 failed");
    outcome_free(&outcome);
    json_decref(document);
}

Test(run, kernels_that_do_not_compile_or_are_not_there_are_refused)
{
    char words[512];
    snprintf(words, sizeof words, "run " SMALL " %s", scratch_path(&scratch, "own.yaml"));
    write_own_kernel("syntax error\n", "weighted_matmul_f32");
    struct outcome outcome = run_with_fake(&scratch, NULL, words);
    cr_assert_eq(outcome.status, 2);
    cr_assert_eq(outcome.out.length, 0);
    expect_part(&outcome.errors, "own.yaml:2:9: hipcc does not compile");
    expect_part(&outcome.errors, "this is a syntax error");
    outcome_free(&outcome);
    write_own_kernel("mine\n", "not_there");
    outcome = run_with_fake(&scratch, NULL, words);
    cr_assert_eq(outcome.status, 2);
    cr_assert_eq(outcome.out.length, 0);
    expect_part(&outcome.errors, "own.yaml:11:16: the kernel 'not_there' is not in");
    outcome_free(&outcome);
}

static const char *write_large_case(const char *seq_k)
{
    struct text file = {0};
    write_own_kernel("mine\n", "weighted_matmul_f32");
    struct text own = scratch_read(scratch_path(&scratch, "own.yaml"));
    text_append(&file,
                "%ssweeps:\n  - {seq_q: [4, 5], about: a little more}\n"
                "  - {seq_q: 1, seq_k: %s, large: true, about: past 32 bits}\n",
                text_get(&own), seq_k);
    const char *path = scratch_write(&scratch, "own.yaml", text_get(&file));
    text_free(&own);
    text_free(&file);
    return path;
}

Test(run, large_cases_are_skipped_when_memory_is_short)
{
    char words[512];
    // The fake device has 1 GiB; this takes it all.
    snprintf(words, sizeof words, "--all %s", write_large_case("268435456"));
    json_t *document = run_to_json(NULL, words, 0);
    json_t *last = case_at(document, 3), *summary = json_object_get(document, "summary");
    cr_expect_str_eq(text_of(last, "status"), "skip");
    cr_expect(strstr(text_of(last, "message"), " GiB of the device's memory, of which 1.0 GiB") !=
                  NULL,
              "%s", text_of(last, "message"));
    cr_expect_eq(json_integer_value(json_object_get(summary, "skipped")), 1);
    cr_expect_eq(json_integer_value(json_object_get(summary, "passed")), 3);
    json_decref(document);
    snprintf(words, sizeof words, "run --all %s", scratch_path(&scratch, "own.yaml"));
    struct outcome outcome = run_with_fake(&scratch, NULL, words);
    cr_expect_str_eq(last_line(&outcome.out), "3 passed, 0 failed, 1 skipped");
    expect_part(&outcome.out, "this case needs ");
    outcome_free(&outcome);
    // By its id as well; and alone, nothing ran.
    snprintf(words, sizeof words, "run %s:own/f32/seq_q=1,seq_k=268435456",
             scratch_path(&scratch, "own.yaml"));
    outcome = run_with_fake(&scratch, NULL, words);
    cr_expect_eq(outcome.status, 4);
    cr_expect_str_eq(last_line(&outcome.out), "0 passed, 0 failed, 1 skipped");
    outcome_free(&outcome);
}

Test(run, large_cases_run_when_there_is_memory)
{
    char words[512];
    snprintf(words, sizeof words, "--all %s", write_large_case("1000"));
    json_t *document = run_to_json(NULL, words, 0);
    cr_assert_eq(json_array_size(json_object_get(document, "cases")), 4);
    cr_expect_str_eq(text_of(case_at(document, 3), "status"), "pass");
    json_decref(document);
    // Without --all they are not there.
    document = run_to_json(NULL, scratch_path(&scratch, "own.yaml"), 0);
    cr_assert_eq(json_array_size(json_object_get(document, "cases")), 2);
    json_decref(document);
}

// The contents of own.yaml with one text in place of another.
static void change_own_file(const char *old, const char *new)
{
    struct text file = scratch_read(scratch_path(&scratch, "own.yaml")), changed = {0};
    const char *found = strstr(text_get(&file), old);
    cr_assert_not_null(found);
    text_append_bytes(&changed, file.data, (size_t)(found - file.data));
    text_append(&changed, "%s%s", new, found + strlen(old));
    scratch_write(&scratch, "own.yaml", text_get(&changed));
    text_free(&file);
    text_free(&changed);
}

static void expect_error(const char *mistake, const char *part)
{
    json_t *document = run_to_json(mistake, scratch_path(&scratch, "own.yaml"), 1);
    cr_expect_str_eq(text_of(case_at(document, 0), "status"), "error");
    cr_expect(strstr(text_of(case_at(document, 0), "message"), part) != NULL, "%s",
              text_of(case_at(document, 0), "message"));
    json_decref(document);
}

// The kernel would crash, but it never runs: either pass is proved able to fail before.
Test(run, cases_that_could_not_fail_are_errors)
{
    write_own_kernel("mine\n", "weighted_matmul_f32");
    change_own_file("head_dim]}", "head_dim], fill: zeros}");
    expect_error("crash", "the reference of the random pass is zero everywhere");
    write_own_kernel("mine\n", "weighted_matmul_f32");
    change_own_file("cases:", "check: {allclose: {atol: 100, rtol: 0}, exact: false}\ncases:");
    expect_error("crash", "zeros everywhere would pass in the random pass");
    write_own_kernel("mine\n", "weighted_matmul_f32");
    change_own_file("cases:", "check: {allclose: {atol: 100, rtol: 0}}\ncases:");
    expect_error("crash", "zeros everywhere would pass in the random pass");
    // Able to fail, it runs.
    change_own_file("atol: 100", "atol: 1e-5");
    json_decref(run_to_json(NULL, scratch_path(&scratch, "own.yaml"), 0));
    json_decref(run_to_json("zeros", scratch_path(&scratch, "own.yaml"), 1));
    write_own_kernel("mine\n", "weighted_matmul_f32");
    change_own_file("seq_k], fill: softmax", "seq_k], fill: {constant: 0.1}");
    expect_error("crash", "answers that the output type cannot hold");
    change_own_file("cases:", "check: {exact: false}\ncases:");
    json_decref(run_to_json(NULL, scratch_path(&scratch, "own.yaml"), 0));
    json_decref(run_to_json("off by little", scratch_path(&scratch, "own.yaml"), 1));
}

Test(run, nothing_runs_when_a_case_file_is_wrong)
{
    char words[512];
    snprintf(words, sizeof words, "run " SMALL " %s",
             scratch_write(&scratch, "bad.yaml", "kernel: 7x\n"));
    struct outcome outcome = run_with_fake(&scratch, NULL, words);
    cr_assert_eq(outcome.status, 2);
    cr_assert_eq(outcome.out.length, 0);
    expect_part(&outcome.errors, "bad.yaml:1:9: ");
    outcome_free(&outcome);
}

Test(run, the_promised_cases_are_in_the_table)
{
    static const char *const promised[] = {
        "weighted_matmul/f32/batch=1,heads=2,seq_q=4,seq_k=4,head_dim=8",
        "weighted_matmul/f16/batch=1,heads=1,seq_q=32,seq_k=32,head_dim=32",
        "weighted_matmul/bf16/batch=1,heads=1,seq_q=7,seq_k=19,head_dim=24",
        "buffer_copy/u8/bytes=0,src_offset=0,dst_offset=0",
        "buffer_copy/f32/bytes=4096,src_offset=0,dst_offset=0",
        "flash_nocausal/f32/batch=1,heads=1,seq_q=32,seq_k=32,head_dim=32,divisor=0",
        "flash_nocausal/f32/batch=1,heads=1,seq_q=32,seq_k=32,head_dim=64,divisor=0,against=1",
        "topp/f32/batch=2,vocab=151936,edge=0,repeat=1",
    };
    struct outcome outcome = run_wavegauge("list");
    for (size_t i = 0; i < sizeof promised / sizeof *promised; i++)
        expect_part(&outcome.out, promised[i]);
    outcome_free(&outcome);
}
