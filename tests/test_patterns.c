// links: scratch_folder wavegauge-emu
//
// The kernels of tests/patterns, each with one mistake, on the emulated GPU: every one gets its
// class, confirmed, in every shape and type that its case file lists, and the right ones get none.
#include "scratch_folder.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct example {
    char file[48];
    char class_name[40]; // "" for a right kernel
    char words[64];      // in the detail or the probe
};

static const struct example examples[] = {
    {"matmul_right", "", ""},
    {"attention_right", "", ""},
    {"copy_right", "", ""},
    {"sampling_right", "", ""},
    {"matmul_never_written", "never written", "100% of the wrong elements"},
    {"copy_never_written", "never written", "100% of the wrong elements"},
    {"matmul_all_zero", "all zero", "100% of elements are 0"},
    {"matmul_constant", "constant", "100% of elements are 7"},
    {"matmul_nan_island", "NaN island", "NaN where numbers"},
    {"matmul_transposed_operand", "transposed operand", "'v' transposed (seq_k and head_dim"},
    {"matmul_transposed_tile", "transposed operand", "exchanged"},
    {"matmul_swapped_strides", "swapped strides", "heads and seq_q in the other order"},
    {"matmul_shifted_by_n", "shifted by n", "shifted by +1 in head_dim"},
    {"copy_shifted_by_n", "shifted by n", "'src' shifted by -1 in byte"},
    {"sampling_shifted_by_n", "shifted by n", "the right token +1"},
    {"matmul_batch_or_head_offset", "batch or head offset", "the place of batch alone"},
    {"sampling_batch_or_head_offset", "batch or head offset", "'uniform' taken from batch 0"},
    {"matmul_tail_tile", "tail tile", "from 8 on of"},
    {"copy_tail_tile", "tail tile", "bytes = "},
    {"attention_unmasked_tail", "tail tile", "zeros taking part as seq_k"},
    {"matmul_lane_stripe", "lane stripe", "head_dim mod 8 is 4 to 7"},
    {"matmul_row_or_column_repeated", "row or column repeated", "groups of 2 along seq_q"},
    {"matmul_permuted", "permuted", "reverse order along seq_q"},
    {"matmul_permuted_in_groups", "permuted", "holds what belongs"},
    {"copy_permuted", "permuted", "groups of 2 along byte"},
    {"matmul_wrong_scale", "wrong scale", "times 1/sqrt(head_dim)"},
    {"attention_missing_scale", "wrong scale", "'q' times sqrt(head_dim)"},
    {"attention_missing_normalisation", "wrong scale", "a factor of its own"},
    {"sampling_wrong_scale", "wrong scale", "logits times the temperature"},
    {"matmul_missing_term", "missing term in the reduction", "the last term of seq_k left out"},
    {"matmul_missing_lanes", "missing term in the reduction", "seq_k mod 16 is 8 or more"},
    {"attention_missing_keys", "missing term in the reduction", "the terms of seq_k from 32 on"},
    {"attention_causal", "missing term in the reduction", "after seq_q+0 left out in each row"},
    {"sampling_missing_term", "missing term in the reduction", "the terms of vocab from"},
    {"matmul_sign", "sign", "the sign turned"},
    {"matmul_stale", "stale from the last run", "holds zeros before the run"},
    {"matmul_carried_on", "stale from the last run", "1 seq_q before"},
    {"matmul_not_deterministic", "not deterministic", "gave different outputs"},
    {"matmul_precision", "precision", "sums in f16"},
    {"matmul_constant_offset", "constant offset", "the reference plus 1"},
    {"matmul_index_overflow", "index overflow", "low 8 bits"},
    {"attention_wrong_operand", "wrong operand", "'k' read in place of 'v'"},
    {"sampling_parameter_ignored", "parameter ignored", "'temperature' taken as 1"},
    {"sampling_top_k_ignored", "parameter ignored", "'top_k' taken as 0"},
    {"sampling_no_draw", "parameter ignored", "as if nothing were drawn"},
    {"sampling_wrong_tie_rule", "wrong tie rule", "above the k-th largest only"},
};

enum { EXAMPLES = sizeof examples / sizeof *examples };

static void set_up(void)
{
    setenv("WAVEGAUGE_CACHE", TEST_KERNEL_CACHE, 1);
    setenv("WAVEGAUGE_DIAGNOSIS_SECONDS", "60", 1); // enough for builds with sanitizers, too
}

TestSuite(patterns, .init = set_up);

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

static json_t *run_example(const struct scratch *scratch, const char *file, int expected_status)
{
    char words[1024];
    json_error_t error;
    const char *path = scratch_path(scratch, "result.json");
    unsetenv("WAVEGAUGE_DEVICE_LIBRARY");
    unsetenv("WAVEGAUGE_HIPCC");
    snprintf(words, sizeof words, "run --json %s %s/tests/patterns/%s.yaml", path,
             TEST_SOURCE_FOLDER, file);
    struct outcome outcome = run_wavegauge(words);
    cr_assert_eq(outcome.status, expected_status, "%s: %d\n%s%s", file, outcome.status,
                 text_get(&outcome.out), text_get(&outcome.errors));
    outcome_free(&outcome);
    json_t *document = json_load_file(path, 0, &error);
    cr_assert_not_null(document, "%s: %s", file, error.text);
    return document;
}

static void expect_pattern(const struct example *example, const json_t *record)
{
    const json_t *pattern = json_object_get(record, "pattern");
    const char *detail = text_of(pattern, "detail"), *id = text_of(record, "id");
    if (example->class_name[0] == '\0') {
        cr_expect_str_eq(text_of(record, "status"), "pass", "%s", id);
        cr_expect(json_is_null(pattern), "%s: %s", id, text_of(pattern, "class"));
        return;
    }
    cr_expect_str_eq(text_of(record, "status"), "fail", "%s", id);
    cr_expect_str_eq(text_of(pattern, "class"), example->class_name, "%s: %s (%s)", id,
                     text_of(pattern, "class"), detail);
    cr_expect(json_is_true(json_object_get(pattern, "confirmed")), "%s: %s", id, detail);
    cr_expect(json_number_value(json_object_get(pattern, "share")) > 0.998, "%s: %s", id, detail);
    cr_expect(strstr(detail, example->words) != NULL, "%s: no '%s' in '%s'", id, example->words,
              detail);
    cr_expect(strstr(text_of(pattern, "extent"), "where: ") != NULL, "%s", id);
}

ParameterizedTestParameters(patterns, example)
{
    return cr_make_param_array(struct example, (struct example *)examples, EXAMPLES);
}

ParameterizedTest(struct example *example, patterns, example, .timeout = 300)
{
    struct scratch scratch = scratch_create();
    bool right = example->class_name[0] == '\0';
    json_t *document = run_example(&scratch, example->file, right ? 0 : 1);
    const json_t *cases = json_object_get(document, "cases");
    cr_expect(json_array_size(cases) > 0);
    for (size_t i = 0; i < json_array_size(cases); i++)
        expect_pattern(example, json_array_get(cases, i));
    json_decref(document);
    scratch_remove(&scratch);
}

// The record of the first case of a run, which fails.
static json_t *run_first_case(const struct scratch *scratch, const char *words)
{
    char all[1024];
    json_error_t error;
    const char *path = scratch_path(scratch, "result.json");
    snprintf(all, sizeof all, "run --json %s %s", path, words);
    struct outcome outcome = run_wavegauge(all);
    cr_assert_eq(outcome.status, 1, "%s%s", text_get(&outcome.out), text_get(&outcome.errors));
    outcome_free(&outcome);
    json_t *document = json_load_file(path, 0, &error);
    cr_assert_not_null(document, "%s", error.text);
    json_t *record = json_array_get(json_object_get(document, "cases"), 0);
    json_incref(record);
    json_decref(document);
    return record;
}

static void expect_probe(const char *file, const char *line)
{
    struct scratch scratch = scratch_create();
    char path[512];
    snprintf(path, sizeof path, "%s/tests/patterns/%s.yaml", TEST_SOURCE_FOLDER, file);
    json_t *record = run_first_case(&scratch, path);
    const char *probe = text_of(json_object_get(record, "pattern"), "probe");
    cr_expect(strstr(probe, line) != NULL, "%s: no '%s' in\n%s", file, line, probe);
    json_decref(record);
    scratch_remove(&scratch);
}

// What was read, not only that it was wrong: by hand, from the kernel's index.
Test(patterns, probes_name_the_element_that_was_read, .timeout = 300)
{
    // The head is forgotten.
    expect_probe("matmul_batch_or_head_offset",
                 "probe: out[0, 1, 0, 0] used v[0, 0, 66, 0] in place of v[0, 1, 66, 0]");
    // Row 1 of column 0, at 1 * 37, is taken for row 0, column 1 of [37, 70], at 0 * 70 + 1.
    expect_probe("matmul_transposed_operand",
                 "probe: out[0, 0, 0, 0] used v[0, 0, 0, 1] in place of v[0, 0, 1, 0]");
    expect_probe("copy_shifted_by_n", "probe: dst[1] used src[3] in place of src[4]");
    expect_probe("attention_missing_keys", "is no single element of 'v', where v[");
}

Test(patterns, heat_map_is_a_script_and_data_and_with_gnuplot_pictures, .timeout = 300)
{
    struct scratch scratch = scratch_create();
    char words[1024];
    snprintf(words, sizeof words, "--heat-map %s %s/tests/patterns/matmul_never_written.yaml",
             scratch_path(&scratch, "maps"), TEST_SOURCE_FOLDER);
    json_t *record = run_first_case(&scratch, words);
    const json_t *pattern = json_object_get(record, "pattern");
    const char *path = text_of(pattern, "heat_map");
    cr_assert(strstr(path, "/maps/never_written-f32-") != NULL, "'%s'", path);
    char *stem = strndup(path, (size_t)(strrchr(path, '.') - path));
    static const char *const endings[] = {"dat", "gnuplot", "png", "svg"};
    static const char *const starts[] = {"# 13 rows of 37;", "# gnuplot", "\x89PNG", "<?xml"};
    bool drawn = strcmp(strrchr(path, '.'), ".png") == 0;
    cr_expect(drawn || system("command -v gnuplot >/dev/null") != 0);
    for (int i = 0; i < (drawn ? 4 : 2); i++) {
        char name[1024];
        snprintf(name, sizeof name, "%s.%s", stem, endings[i]);
        struct text file = scratch_read(name);
        cr_expect(strncmp(text_get(&file), starts[i], strlen(starts[i])) == 0, "%s", name);
        text_free(&file);
    }
    // The last row is missing; the map has a line for it.
    cr_expect(strstr(text_of(pattern, "map"), "\n#####################################") != NULL,
              "%s", text_of(pattern, "map"));
    cr_expect(strstr(text_of(pattern, "extent"), "seq_q 12 of 13") != NULL, "%s",
              text_of(pattern, "extent"));
    free(stem);
    json_decref(record);
    scratch_remove(&scratch);
}

Test(patterns, too_little_time_is_said, .timeout = 300)
{
    struct scratch scratch = scratch_create();
    setenv("WAVEGAUGE_DIAGNOSIS_SECONDS", "1e-9", 1);
    json_t *document = run_example(&scratch, "matmul_permuted_in_groups", 1);
    const json_t *record = json_array_get(json_object_get(document, "cases"), 0);
    cr_expect_str_eq(text_of(json_object_get(record, "pattern"), "detail"),
                     "there was no time to try all of them");
    json_decref(document);
    scratch_remove(&scratch);
}

// The same words on the terminal and in JUnit.
Test(patterns, people_are_told, .timeout = 300)
{
    struct scratch scratch = scratch_create();
    char words[1024];
    snprintf(words, sizeof words, "run --junit %s %s/tests/patterns/matmul_sign.yaml",
             scratch_path(&scratch, "junit.xml"), TEST_SOURCE_FOLDER);
    struct outcome outcome = run_wavegauge(words);
    struct text junit = scratch_read(scratch_path(&scratch, "junit.xml"));
    const char *line = "looks like: sign (confirmed: equals the reference with the sign turned in "
                       "100% of elements)";
    cr_expect(strstr(text_get(&outcome.out), line) != NULL, "%s", text_get(&outcome.out));
    cr_expect(strstr(text_get(&junit), line) != NULL, "%s", text_get(&junit));
    cr_expect(strstr(text_get(&outcome.out), "(# wrong, + in part, . right):\n") != NULL);
    text_free(&junit);
    outcome_free(&outcome);
    scratch_remove(&scratch);
}

// A kernel that ends no more when it is run again and again: the verdict stays.
Test(patterns, verdict_survives_the_diagnosis, .timeout = 300)
{
    struct scratch scratch = scratch_create();
    char words[1024];
    scratch_write(
        &scratch, "mine.hip",
        "#include <hip/hip_runtime.h>\n"
        "__device__ int runs;\n"
        "extern \"C\" __global__ void mine(const float *w, const float *v, float *out) {\n"
        "  const int run = runs;\n"
        "  while (run >= 5) __builtin_amdgcn_s_sleep(1);\n"
        "  out[threadIdx.x] = 3;\n"
        "  if (threadIdx.x == 0) runs = run + 1;\n"
        "}\n");
    scratch_write(&scratch, "mine.yaml",
                  "kernel: mine\nsource: mine.hip\nreference: weighted_matmul\n"
                  "dims: {batch: 1, heads: 1, seq_q: 4, seq_k: 3, head_dim: 8}\ndtypes: [f32]\n"
                  "tensors:\n"
                  "  weights: {io: in, shape: [seq_q, seq_k], fill: softmax}\n"
                  "  v: {io: in, shape: [seq_k, head_dim]}\n"
                  "  out: {io: out, shape: [seq_q, head_dim]}\n"
                  "launches:\n"
                  "  - {function: mine, grid: [1], block: [32], args: [weights, v, out]}\n"
                  "cases:\n  - {}\n");
    snprintf(words, sizeof words, "--check memcheck --timeout 3 %s",
             scratch_path(&scratch, "mine.yaml"));
    json_t *record = run_first_case(&scratch, words);
    cr_expect_str_eq(text_of(record, "status"), "fail", "%s", text_of(record, "message"));
    cr_expect(strstr(text_of(record, "message"), "32 of 32 elements wrong") != NULL, "%s",
              text_of(record, "message"));
    cr_expect(strstr(text_of(json_object_get(record, "pattern"), "detail"), "not diagnosed") !=
                  NULL,
              "%s", text_of(json_object_get(record, "pattern"), "detail"));
    json_decref(record);
    scratch_remove(&scratch);
}

// The page and the examples are of the same classes.
Test(patterns, page_has_every_class)
{
    struct text page = scratch_read(TEST_SOURCE_FOLDER "/docs/patterns.md");
    for (size_t i = 0; i < EXAMPLES; i++) {
        char heading[64];
        snprintf(heading, sizeof heading, "\n### %s\n", examples[i].class_name);
        if (examples[i].class_name[0] != '\0')
            cr_expect(strstr(page.data, heading) != NULL, "no '%s'", heading);
    }
    text_free(&page);
}
