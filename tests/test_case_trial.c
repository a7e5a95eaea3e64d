// links: scratch_folder wavegauge-emu
//
// A case of which only the verdict is wanted, on the emulator: the whole verdict, that of one
// element, and that of one element with only some workgroups.
#include "harness/case_run.h"
#include "harness/selection.h"
#include "scratch_folder.h"
#include "weighted_matmul_case.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct scratch scratch;
static struct selection selection;

// A block makes one row of a matrix. Row 2 of matrix 1 is wrong, and row 1 of matrix 0 in the
// second of two runs, when the output holds the other poison before.
static const char kernel[] =
    "#include <hip/hip_runtime.h>\n"
    "extern \"C\" __global__ void mine_f32(const float *weights, const float *v, float *out,\n"
    "                                    int seq_q, int seq_k, int head_dim) {\n"
    "    int matrix = blockIdx.z, row = blockIdx.y, column = threadIdx.x;\n"
    "    const float *w = weights + (matrix * seq_q + row) * seq_k;\n"
    "    float sum = 0, *place = out + (matrix * seq_q + row) * head_dim + column;\n"
    "    v += matrix * seq_k * head_dim + column;\n"
    "    for (int k = 0; k < seq_k; k++) sum += w[k] * v[k * head_dim];\n"
    "    if (matrix == WRONG && row == 2) sum += 64;\n"
    "    if (matrix == 0 && row == 1 && __float_as_uint(*place) >> 31) sum += 64;\n"
    "    *place = sum;\n"
    "}\n";

static const char case_file[] =
    WEIGHTED_MATMUL_CASE_HEAD "flags: [-DWRONG=1]\n"
                              "dtypes: [f32]\n"
                              "launches:\n"
                              "  - function: mine_{dtype}\n"
                              "    grid: [1, seq_q, batch * heads]\n"
                              "    block: head_dim\n"
                              "    args: [weights, v, out, i32 seq_q, i32 seq_k, i32 head_dim]\n"
                              "cases: [{batch: 1, heads: 2, seq_q: 3, seq_k: 4, head_dim: 5}]\n";

// Of the output: 2 matrices of 3 rows of 5, a workgroup for each row.
enum { COLUMNS = 5, WRONG_GROUP = 5, LATER_WRONG_GROUP = 1, GROUPS = 6 };

static void set_up(void)
{
    char path[300];
    struct error error;
    const char *words[] = {path};
    scratch = scratch_create();
    setenv("WAVEGAUGE_CACHE", TEST_KERNEL_CACHE, 1);
    unsetenv("WAVEGAUGE_DEVICE_LIBRARY");
    unsetenv("WAVEGAUGE_HIPCC");
    scratch_write(&scratch, "mine.hip", kernel);
    snprintf(path, sizeof path, "%s", scratch_write(&scratch, "mine.yaml", case_file));
    cr_assert(selection_create(&selection, words, 1, &error), "%s", error.text);
    cr_assert_eq(selection.cases.count, 1);
}

static void tear_down(void)
{
    selection_free(&selection);
    scratch_remove(&scratch);
}

TestSuite(case_trial, .init = set_up, .fini = tear_down, .timeout = 300);

// A trial's status and how many instructions it took.
static enum status try(const struct trial_options *options, uint64_t *instructions)
{
    struct session session = {
        .device_kind = "emu", .checks = "none", .seed = 1, .keeps_going = true, .trial = *options};
    struct result *result = NULL;
    struct error error;
    enum status status = STATUS_SKIP;
    cr_assert(session_open(&session, &error), "%s", error.text);
    // What is kept from the first time must serve the second.
    for (int i = 0; i < 2; i++) {
        cr_assert(case_run(&session, &selection.cases.cases[0], &result, &error), "%s", error.text);
        cr_assert(i == 0 || result->status == status, "%s", result->message);
        status = result->status;
        *instructions = result->instructions;
        result_free(result);
    }
    session_close(&session);
    return status;
}

static struct trial_options element_of_group(size_t group)
{
    return (struct trial_options){.verdict_only = true,
                                  .one_element = true,
                                  .pass = PASS_RANDOM,
                                  .tensor = 2,
                                  .element = group * COLUMNS + 3};
}

Test(case_trial, a_wrong_output_fails_at_its_first_run)
{
    uint64_t whole, trial;
    cr_assert_eq(try(&(struct trial_options){0}, &whole), STATUS_FAIL);
    cr_assert_eq(try(&(struct trial_options){.verdict_only = true}, &trial), STATUS_FAIL);
    // A run of the exact data, of four runs or more.
    cr_expect(trial > 0 && 4 * trial <= whole, "%llu, %llu", (unsigned long long)trial,
              (unsigned long long)whole);
}

Test(case_trial, one_element_decides)
{
    uint64_t instructions;
    for (size_t group = 0; group < GROUPS; group++) {
        struct trial_options options = element_of_group(group);
        cr_expect_eq(try(&options, &instructions), group == WRONG_GROUP ? STATUS_FAIL : STATUS_PASS,
                     "group %zu", group);
    }
}

Test(case_trial, one_element_needs_only_its_workgroup)
{
    uint64_t all, one;
    struct trial_options options = element_of_group(WRONG_GROUP);
    cr_assert_eq(try(&options, &all), STATUS_FAIL);
    options.first_workgroup = WRONG_GROUP;
    options.workgroup_count = 1;
    cr_assert_eq(try(&options, &one), STATUS_FAIL);
    cr_expect(GROUPS * one <= all + GROUPS * 8 && one > 0, "%llu, %llu", (unsigned long long)one,
              (unsigned long long)all);
    // Without it the element is never written.
    options = element_of_group(0);
    options.first_workgroup = 1;
    options.workgroup_count = GROUPS;
    cr_expect_eq(try(&options, &one), STATUS_FAIL);
    options.first_workgroup = 0;
    options.workgroup_count = 1;
    cr_expect_eq(try(&options, &one), STATUS_PASS);
}

// Right in the first run of each pass: only both runs show it.
Test(case_trial, the_second_run_counts_too)
{
    uint64_t instructions;
    struct case_file *file = (struct case_file *)selection.cases.cases[0].file;
    static const char flag[] = "-DWRONG=9";
    const char *first = file->flags[0];
    file->flags[0] = flag;
    cr_expect_eq(try(&(struct trial_options){.verdict_only = true}, &instructions), STATUS_FAIL);
    struct trial_options options = element_of_group(LATER_WRONG_GROUP);
    cr_expect_eq(try(&options, &instructions), STATUS_PASS);
    file->flags[0] = first;
}

Test(case_trial, a_limit_of_instructions_ends_it)
{
    uint64_t instructions;
    const struct trial_options options = {.verdict_only = true, .instruction_limit = 10};
    cr_expect_eq(try(&options, &instructions), STATUS_TIMEOUT);
}

// With values of 0, zeros are the right answer: a wrong output says nothing there.
Test(case_trial, whether_it_could_fail_is_asked_with_the_option)
{
    uint64_t instructions;
    struct case_file *file = (struct case_file *)selection.cases.cases[0].file;
    struct fill saved = file->tensors[1].fill;
    file->tensors[1].fill = (struct fill){FILL_CONSTANT, 0, 0};
    cr_expect_eq(try(&(struct trial_options){.verdict_only = true}, &instructions), STATUS_FAIL);
    const struct trial_options asked = {.verdict_only = true, .able_to_fail = true};
    cr_expect_eq(try(&asked, &instructions), STATUS_ERROR);
    cr_expect_eq(try(&(struct trial_options){0}, &instructions), STATUS_ERROR);
    file->tensors[1].fill = saved;
    cr_expect_eq(try(&asked, &instructions), STATUS_FAIL);
}
