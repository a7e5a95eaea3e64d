// links: scratch_folder wavegauge-emu
//
// The wavegauge program with the real compiler and the emulated GPU: the project's kernels are
// right on every target, and mistakes in kernels are found, to the line.
#include "scratch_folder.h"

#include <criterion/criterion.h>
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

// All kernels are compiled for four targets when the cache is empty.
TestSuite(emulated, .init = set_up, .fini = tear_down, .timeout = 1800);

static const char *const targets[] = {"gfx1030", "gfx1030:wave64", "gfx1100", "gfx90a"};

// With sanitizers, which are many times slower, a part of the cases has to do.
#ifdef __SANITIZE_ADDRESS__
#define CASES_OF_EVERY_TARGET "--shard 1/8"
#else
#define CASES_OF_EVERY_TARGET "--require 220"
#endif

Test(emulated, every_case_passes_on_every_target)
{
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        char words[128];
        snprintf(words, sizeof words, "run " CASES_OF_EVERY_TARGET " -j 2 --arch %s", targets[i]);
        struct outcome outcome = run_wavegauge(words);
        cr_expect_eq(outcome.status, 0, "%s:\n%s%s", targets[i], text_get(&outcome.out),
                     text_get(&outcome.errors));
        outcome_free(&outcome);
    }
}

// A kernel for the case file below: columns of `out`, one thread each, with `body` for the sum.
static void write_kernel(const char *body)
{
    char source[4096];
    snprintf(source, sizeof source,
             "#include <hip/hip_runtime.h>\n"
             "extern \"C\" __global__ void mine(const float *weights, const float *v, float *out,\n"
             "                                int seq_q, int seq_k, int head_dim) {\n"
             "  int column = threadIdx.x;\n"
             "  int row = blockIdx.x;\n"
             "%s"
             "}\n",
             body);
    scratch_write(&scratch, "mine.hip", source);
    scratch_write(&scratch, "mine.yaml",
                  "kernel: mine\nsource: mine.hip\nreference: weighted_matmul\n"
                  "dims: {batch: 1, heads: 1, seq_q: 5, seq_k: 7, head_dim: 33}\ndtypes: [f32]\n"
                  "tensors:\n"
                  "  weights: {io: in, shape: [seq_q, seq_k], fill: softmax}\n"
                  "  v: {io: in, shape: [seq_k, head_dim]}\n"
                  "  out: {io: out, shape: [seq_q, head_dim]}\n"
                  "launches:\n  - {function: mine, grid: seq_q, block: ceil(head_dim / 32) * 32,\n"
                  "     args: [weights, v, out, i32 seq_q, i32 seq_k, i32 head_dim]}\n"
                  "cases: [{seq_q: 5}]\n");
}

static struct outcome run_mine(const char *more)
{
    char words[1024];
    snprintf(words, sizeof words, "run %s %s", scratch_path(&scratch, "mine.yaml"), more);
    return run_wavegauge(words);
}

static void expect(const char *body, const char *more, int status, const char *part)
{
    write_kernel(body);
    struct outcome outcome = run_mine(more);
    cr_expect_eq(outcome.status, status, "%s: %d\n%s%s", body, outcome.status,
                 text_get(&outcome.out), text_get(&outcome.errors));
    cr_expect(strstr(text_get(&outcome.out), part) != NULL, "no '%s' in\n%s", part,
              text_get(&outcome.out));
    outcome_free(&outcome);
}

static const char right[] = "  if (column >= head_dim) return;\n"
                            "  float sum = 0;\n"
                            "  for (int k = 0; k < seq_k; k++)\n"
                            "    sum += weights[row * seq_k + k] * v[k * head_dim + column];\n"
                            "  out[row * head_dim + column] = sum;\n";

Test(emulated, a_right_kernel_of_a_user_passes)
{
    expect(right, "", 0, "1 passed, 0 failed");
}

// Optimised, the value that nobody has set becomes the 0 that it might have been.
Test(emulated, a_variable_that_nothing_sets_is_found_though_all_numbers_are_right)
{
    static const char body[] = "  if (column >= head_dim) return;\n"
                               "  float sum;\n"
                               "  if (head_dim > 1) sum = 0;\n"
                               "  float extra;\n"
                               "  if (head_dim > 1000) extra = 0;\n"
                               "  for (int k = 0; k < seq_k; k++)\n"
                               "    sum += weights[row * seq_k + k] * v[k * head_dim + column];\n"
                               "  out[row * head_dim + column] = sum + extra;\n"; // line 13
    // Which variable it is, tests/test_initcheck.c asks.
    expect(body, "", 1, "undefined value stored at ");
    expect(body, "", 1, "mine.hip:13 (compiled with -O0)");
    expect(body, "--check racecheck", 0, "1 passed, 0 failed");
}

Test(emulated, a_missing_bound_is_found_at_its_line)
{
    static const char body[] = "  float sum = 0;\n"
                               "  for (int k = 0; k < seq_k; k++)\n"
                               "    sum += column < head_dim ? weights[row * seq_k + k] *\n"
                               "             v[k * head_dim + column] : 0;\n"
                               "  out[row * head_dim + column] = sum;\n";
    expect(body, "", 1, "mine.hip:10");
    expect(body, "--arch gfx90a", 1, "out of bounds: write of 4 bytes");
}

Test(emulated, a_read_past_the_end_is_found)
{
    expect("  if (column >= head_dim) return;\n"
           "  float sum = 0;\n"
           "  for (int k = 0; k <= seq_k; k++)\n"
           "    sum += (k < seq_k ? weights[row * seq_k + k] : 0) * v[k * head_dim + column];\n"
           "  out[row * head_dim + column] = sum;\n",
           "", 1, "out of bounds: read of 4 bytes");
}

Test(emulated, a_wrong_sum_is_found)
{
    expect("  if (column >= head_dim) return;\n"
           "  float sum = 0;\n"
           "  for (int k = 0; k < seq_k - 1; k++)\n"
           "    sum += weights[row * seq_k + k] * v[k * head_dim + column];\n"
           "  out[row * head_dim + column] = sum;\n",
           "", 1, "elements wrong, worst out[");
}

Test(emulated, rows_left_out_are_found)
{
    expect("  if (column >= head_dim || row == 3) return;\n"
           "  float sum = 0;\n"
           "  for (int k = 0; k < seq_k; k++)\n"
           "    sum += weights[row * seq_k + k] * v[k * head_dim + column];\n"
           "  out[row * head_dim + column] = sum;\n",
           "", 1, "33 of 165 elements never written, the first out[3, 0]");
}

Test(emulated, an_endless_kernel_times_out_where_it_loops)
{
    expect("  if (column >= head_dim) return;\n"
           "  volatile float *sum = out + row * head_dim + column;\n"
           "  *sum = 0;\n"
           "  while (*sum >= 0) *sum = 1;\n",
           "--timeout 4", 1, "timeout mine");
    expect("  if (column >= head_dim) return;\n"
           "  volatile float *sum = out + row * head_dim + column;\n"
           "  *sum = 0;\n"
           "  while (*sum >= 0) *sum = 1;\n",
           "--timeout 4", 1, "mine.hip:9");
}

Test(emulated, fewer_arguments_than_parameters_are_refused)
{
    write_kernel(right);
    struct text file = scratch_read(scratch_path(&scratch, "mine.yaml"));
    char *arguments = strstr(file.data, ", i32 seq_q, i32 seq_k, i32 head_dim");
    memset(arguments, ' ', strlen(", i32 seq_q, i32 seq_k, i32 head_dim"));
    scratch_write(&scratch, "mine.yaml", file.data);
    struct outcome outcome = run_mine("");
    cr_assert_eq(outcome.status, 2, "%s", text_get(&outcome.out));
    cr_assert_eq(outcome.out.length, 0);
    const char *place = strstr(text_get(&outcome.errors), "mine.yaml:");
    cr_assert_not_null(place, "%s", text_get(&outcome.errors));
    cr_expect(strstr(place, ": the kernel 'mine' takes 6 arguments, found 3") != NULL, "%s", place);
    outcome_free(&outcome);
    text_free(&file);
}
