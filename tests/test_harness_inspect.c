// links: scratch_folder wavegauge-emu
//
// wavegauge inspect with the real compiler and the emulator: a kernel whose numbers one can work
// out by hand, by name, as a source and as a code object.
#include "kernel_fixture.h"
#include "scratch_folder.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct scratch scratch;

static void set_up(void)
{
    scratch = scratch_create();
    unsetenv("WAVEGAUGE_DEVICE_LIBRARY");
    unsetenv("WAVEGAUGE_HIPCC");
    setenv("WAVEGAUGE_CACHE", TEST_KERNEL_CACHE, 1);
}

static void tear_down(void)
{
    scratch_remove(&scratch);
}

TestSuite(inspect, .init = set_up, .fini = tear_down, .timeout = 600);

enum { LOAD_LINE = 9, STORE_LINE = 10 };

// Each row of `out` is 64 columns, a thread each. The weights are read by all threads alike.
static const char kernel[] =
    "#include <hip/hip_runtime.h>\n"
    "extern \"C\" __global__ void mine(const float *weights, const float *v, float *out,\n"
    "                                int seq_q, int seq_k, int head_dim) {\n"
    "  int column = threadIdx.x;\n"
    "  int row = blockIdx.x;\n"
    "  float sum = 0;\n"
    "  for (int k = 0; k < seq_k; k++)\n"
    "    sum += weights[row * seq_k + k] *\n"
    "           v[k * head_dim + column];\n"
    "  if (row < seq_q && column < 64) out[row * head_dim + column] = sum;\n"
    "}\n";

static const char case_file[] =
    "kernel: mine\nsource: mine.hip\nreference: weighted_matmul\n"
    "dims: {batch: 1, heads: 1, seq_q: 4, seq_k: 7, head_dim: 64}\ndtypes: [f32]\n"
    "tensors:\n"
    "  weights: {io: in, shape: [seq_q, seq_k], fill: softmax}\n"
    "  v: {io: in, shape: [seq_k, head_dim]}\n"
    "  out: {io: out, shape: [seq_q, head_dim]}\n"
    "launches:\n  - {function: mine, grid: seq_q, block: head_dim, lds: 1024,\n"
    "     args: [weights, v, out, i32 seq_q, i32 seq_k, i32 head_dim]}\n"
    "cases: [{seq_q: 4}, {seq_q: 5}]\n";

static void write_kernel(void)
{
    scratch_write(&scratch, "mine.hip", kernel);
    scratch_write(&scratch, "mine.yaml", case_file);
}

static struct outcome inspect(const char *file, const char *options)
{
    char words[2048];
    snprintf(words, sizeof words, "inspect %s/%s %s --json %s/result.json -o %s/page",
             scratch.folder, file, options, scratch.folder, scratch.folder);
    return run_wavegauge(words);
}

static json_t *result(void)
{
    json_t *document = json_load_file(scratch_path(&scratch, "result.json"), 0, NULL);
    cr_assert_not_null(document);
    cr_assert_str_eq(json_string_value(json_object_get(document, "schema")), "wavegauge/inspect-1");
    return document;
}

static void expect_status(const struct outcome *outcome, int status, const char *words)
{
    cr_expect_eq(outcome->status, status, "%s: %d\n%s%s", words, outcome->status,
                 text_get(&outcome->out), text_get(&outcome->errors));
}

static void expect_part(const char *text, const char *part)
{
    cr_expect(strstr(text, part) != NULL, "no '%s' in:\n%.4000s", part, text);
}

static json_t *member(json_t *document, size_t target, const char *name)
{
    json_t *targets = json_object_get(document, "targets");
    json_t *kernels = json_object_get(json_array_get(targets, target), "kernels");
    return json_object_get(json_array_get(kernels, 0), name);
}

static json_int_t number(json_t *object, const char *name)
{
    json_t *value = json_object_get(object, name);
    cr_assert(json_is_integer(value), "no number %s", name);
    return json_integer_value(value);
}

// Without a case there is one row for each target, and the workgroup's size is a guess that says
// so.
Test(inspect, a_source_on_every_target)
{
    static const struct {
        const char *name;
        int wave, most;
    } targets[] = {
        {"gfx1030", 32, 16}, {"gfx1030:wave64", 64, 16}, {"gfx1100", 32, 16}, {"gfx90a", 64, 8}};
    write_kernel();
    struct outcome outcome = inspect("mine.hip", "");
    expect_status(&outcome, 0, "mine.hip");
    json_t *document = result(), *list = json_object_get(document, "targets");
    cr_assert_eq(json_array_size(list), 4);
    for (size_t i = 0; i < 4; i++) {
        json_t *target = json_array_get(list, i), *occupancy = member(document, i, "occupancy");
        const char *name = json_string_value(json_object_get(target, "target"));
        cr_expect_str_eq(name, targets[i].name);
        expect_part(text_get(&outcome.out), targets[i].name);
        cr_expect_eq(json_integer_value(member(document, i, "wave")), targets[i].wave);
        cr_expect_gt(json_integer_value(member(document, i, "vgprs")), 0);
        cr_expect_eq(number(occupancy, "most_waves_per_simd"), targets[i].most);
        cr_expect_eq(number(occupancy, "threads"), 256);
        cr_expect(json_is_true(json_object_get(occupancy, "assumed")));
        cr_expect_eq(number(member(document, i, "mix"), "global store"), 1);
        cr_expect_null(member(document, i, "counters"));
    }
    expect_part(text_get(&outcome.out), "256?");
    expect_part(text_get(&outcome.out), "hardware maximum");
    outcome_free(&outcome);
    json_decref(document);
}

static json_t *line_counters(json_t *document, int line)
{
    size_t i;
    json_t *item, *lines = member(document, 0, "lines");
    json_array_foreach(lines, i, item)
    {
        const char *file = json_string_value(json_object_get(item, "file"));
        if (json_integer_value(json_object_get(item, "line")) == line && strstr(file, "mine.hip"))
            return json_object_get(item, "counters");
    }
    cr_assert_fail("nothing on line %d", line);
    return NULL;
}

// The bytes of a store are 4 rows of 64 floats; of the loads of v, 7 of them. Rows begin on lines.
static void expect_counts(const char *arch, unsigned line_bytes, unsigned wave)
{
    char options[128];
    snprintf(options, sizeof options, "--case f32/seq_q=4 --isa --arch %s", arch);
    struct outcome outcome = inspect("mine.yaml", options);
    expect_status(&outcome, 0, options);
    json_t *document = result();
    json_t *store = line_counters(document, STORE_LINE), *load = line_counters(document, LOAD_LINE);
    cr_expect_eq(number(store, "bytes"), 4 * 256);
    cr_expect_eq(number(store, "cache_lines"), 4 * 256 / line_bytes);
    cr_expect_eq(number(load, "bytes"), 4 * 7 * 256);
    cr_expect_eq(number(load, "cache_lines"), 4 * 7 * 256 / line_bytes);
    json_t *sum = member(document, 0, "counters"), *occupancy = member(document, 0, "occupancy");
    cr_expect_eq(number(sum, "lanes"), number(sum, "executed") * wave);
    cr_expect_eq(number(sum, "active_lanes"), number(sum, "lanes"));
    cr_expect_eq(number(sum, "lds_passes"), 0);
    cr_expect_eq(number(occupancy, "threads"), 64);
    cr_expect_eq(number(occupancy, "dynamic_lds_bytes"), 1024);
    cr_expect(json_is_false(json_object_get(occupancy, "assumed")));
    expect_part(text_get(&outcome.out), "cache lines touched, by source line:");
    expect_part(text_get(&outcome.out), "mine.hip:9  v[k * head_dim + column];");
    expect_part(text_get(&outcome.out), "   10   if (row < seq_q && column < 64)");
    expect_part(text_get(&outcome.out), "100.0% of those that the waves have");
    outcome_free(&outcome);
    json_decref(document);
}

Test(inspect, a_case_is_counted_by_source_line)
{
    write_kernel();
    expect_counts("gfx1100", 128, 32);
    expect_counts("gfx1030:wave64", 128, 64);
    expect_counts("gfx90a", 64, 64);
}

// A kernel that leaves its buffer: there is nothing to count, and it says why.
Test(inspect, a_case_that_does_not_run_to_its_end)
{
    write_kernel();
    char wrong[sizeof kernel + 32];
    const char *place = strstr(kernel, "v[k * head_dim");
    snprintf(wrong, sizeof wrong, "%.*sv[1000000 + k * head_dim%s", (int)(place - kernel), kernel,
             place + strlen("v[k * head_dim"));
    scratch_write(&scratch, "mine.hip", wrong);
    struct outcome outcome = inspect("mine.yaml", "--case f32/seq_q=4");
    expect_status(&outcome, 1, "out of bounds");
    expect_part(text_get(&outcome.errors), "does not run to its end");
    outcome_free(&outcome);
}

// A page needs nothing but itself, and shows the source as text.
Test(inspect, the_page)
{
    write_kernel();
    struct outcome outcome = inspect("mine.yaml:mine/f32/seq_q=4", "--case f32/seq_q=4");
    expect_status(&outcome, 2, "a case of a case");
    outcome_free(&outcome);
    outcome = inspect("mine.yaml", "--case mine/f32/seq_q=4");
    expect_status(&outcome, 0, "a case in full");
    struct text page = scratch_read(scratch_path(&scratch, "page/index.html"));
    expect_part(text_get(&page), "if (row &lt; seq_q &amp;&amp; column &lt; 64)");
    expect_part(text_get(&page), "of the cache lines");
    expect_part(text_get(&page), "s_endpgm");
    cr_expect_null(strstr(text_get(&page), "http"));
    cr_expect_null(strstr(text_get(&page), "<script"));
    text_free(&page);
    outcome_free(&outcome);
}

static void write_bytes(const char *name, const void *bytes, size_t count)
{
    FILE *file = fopen(scratch_path(&scratch, name), "wb");
    cr_assert_not_null(file);
    cr_assert_eq(fwrite(bytes, 1, count, file), count);
    cr_assert_eq(fclose(file), 0);
}

Test(inspect, a_code_object)
{
    struct device_code code = kernel_fixture_build(&(struct kernel_call){
        .target = KERNEL_TARGET_GFX1030_WAVE64, .text = kernel, .flags = "-O3 -g"});
    write_bytes("mine.co", code.data, code.size);
    struct outcome outcome = inspect("mine.co", "--threads 1024 --lds 40000");
    expect_status(&outcome, 0, "mine.co");
    json_t *document = result(), *list = json_object_get(document, "targets");
    cr_assert_eq(json_array_size(list), 1);
    cr_expect_str_eq(json_string_value(json_object_get(json_array_get(list, 0), "target")),
                     "gfx1030:wave64");
    json_t *occupancy = member(document, 0, "occupancy");
    cr_expect_eq(number(occupancy, "threads"), 1024);
    cr_expect_eq(number(occupancy, "workgroups"), 3);
    cr_expect_str_eq(json_string_value(json_object_get(occupancy, "limited_by")), "LDS");
    outcome_free(&outcome);
    json_decref(document);
    outcome = inspect("mine.co", "--arch gfx90a");
    expect_status(&outcome, 2, "another target");
    expect_part(text_get(&outcome.errors), "gfx1030");
    outcome_free(&outcome);
    outcome = inspect("mine.co", "--function other*");
    expect_status(&outcome, 4, "no such function");
    outcome_free(&outcome);
    write_bytes("half.co", code.data, code.size / 2);
    outcome = inspect("half.co", "");
    expect_status(&outcome, 2, "half of it");
    outcome_free(&outcome);
    device_code_free(&code);
}

Test(inspect, refuses)
{
    static const struct {
        const char *words, *part;
        int status;
    } rows[] = {
        {"inspect", "expected one kernel", 2},
        {"inspect topk topp", "expected one kernel", 2},
        {"inspect no_such_kernel", "no_such_kernel", 4},
        {"inspect nowhere.hip", "there is no file nowhere.hip", 2},
        {"inspect nowhere.yaml", "nowhere.yaml", 2},
        {"inspect topk --case f32/vocab=no", "vocab", 2},
        {"inspect topk --threads 0", "--threads 0", 2},
        {"inspect topk --arch gfx803", "gfx803", 2},
        {"inspect top*", "stands for several kernels", 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct outcome outcome = run_wavegauge(rows[i].words);
        expect_status(&outcome, rows[i].status, rows[i].words);
        expect_part(text_get(&outcome.errors), rows[i].part);
        outcome_free(&outcome);
    }
    write_kernel();
    struct outcome outcome = inspect("mine.hip", "--case f32/seq_q=4");
    expect_status(&outcome, 2, "a source has no cases");
    outcome_free(&outcome);
    setenv("WAVEGAUGE_DEVICE_LIBRARY", TEST_FAKE_HIP, 1);
    outcome = inspect("mine.hip", "");
    expect_status(&outcome, 3, "another runtime");
    expect_part(text_get(&outcome.errors), "wavegaugeInspect");
    outcome_free(&outcome);
}
