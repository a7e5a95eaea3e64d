// links: scratch_folder
//
// Which cases there are: the gate's, by number and by name, and what selecting makes of several
// files.
#include "scratch_folder.h"

#include "harness/selection.h"
#include "harness/shard.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct scratch scratch;

static void set_up(void)
{
    scratch = scratch_create();
    setenv("WAVEGAUGE_CASES", TEST_SOURCE_FOLDER "/cases", 1);
}

static void tear_down(void)
{
    scratch_remove(&scratch);
}

TestSuite(selection, .init = set_up, .fini = tear_down);

static size_t count_of(const struct selection *selection, const char *kernel)
{
    size_t count = 0;
    for (size_t i = 0; i < selection->cases.count; i++)
        count += strcmp(selection->cases.cases[i].file->kernel, kernel) == 0;
    return count;
}

// CI counts on these.
Test(selection, the_gate_has_220_cases)
{
    static const struct {
        const char *kernel;
        size_t count;
    } promised[] = {{"buffer_copy", 32},    {"weighted_matmul", 44},
                    {"flash_nocausal", 44}, {"topk", 32},
                    {"topp", 32},           {"fused", 36}};
    struct selection selection, one;
    struct error error;
    cr_assert(selection_create(&selection, NULL, 0, &error), "%s", error.text);
    cr_expect_eq(selection.cases.count, 220);
    for (size_t i = 0; i < sizeof promised / sizeof *promised; i++) {
        cr_expect_eq(count_of(&selection, promised[i].kernel), promised[i].count, "%s",
                     promised[i].kernel);
        cr_assert(selection_create(&one, &promised[i].kernel, 1, &error), "%s", error.text);
        cr_expect_eq(one.cases.count, promised[i].count, "%s", promised[i].kernel);
        selection_free(&one);
    }
    selection_free(&selection);
}

Test(selection, every_gate_case_says_what_it_is_there_to_catch)
{
    struct selection selection;
    struct error error;
    cr_assert(selection_create(&selection, NULL, 0, &error), "%s", error.text);
    for (size_t i = 0; i < selection.cases.count; i++)
        cr_expect_gt(strlen(selection.cases.cases[i].about), 3, "%s", selection.cases.cases[i].id);
    selection_free(&selection);
}

static const char *write_file(const char *name, const char *last_dimension, int seq_q)
{
    char contents[1024];
    snprintf(contents, sizeof contents,
             "kernel: mine\nsource: mine.hip\nreference: weighted_matmul\n"
             "dims: {batch: 1, heads: 1, seq_q: 5, seq_k: 7, head_dim: 3%s}\ndtypes: [f32]\n"
             "tensors:\n"
             "  weights: {io: in, shape: [batch, heads, seq_q, seq_k], fill: softmax}\n"
             "  v: {io: in, shape: [batch, heads, seq_k, head_dim]}\n"
             "  out: {io: out, shape: [batch, heads, seq_q, head_dim]}\n"
             "launches: [{function: mine, grid: 1, block: 1, args: [weights, v, out]}]\n"
             "cases: [{seq_q: %d}]\n",
             last_dimension, seq_q);
    scratch_write(&scratch, "mine.hip", "");
    return scratch_write(&scratch, name, contents);
}

#define PREFIX "batch=1,heads=1,seq_q="

// Files of one kernel whose ids differ in their dimensions go together.
Test(selection, two_files_may_have_cases_of_one_kernel)
{
    struct selection selection;
    struct error error;
    char first[512], second[512], by_id[600];
    snprintf(first, sizeof first, "%s", write_file("first.yaml", "", 4));
    snprintf(second, sizeof second, "%s", write_file("second.yaml", ", twice: 1", 4));
    setenv("WAVEGAUGE_CASES", scratch.folder, 1);
    const char *const whole[] = {"mine", "mine/f32/seq_q=9", "mine/f32/seq_q=9,twice=2"};
    static const char *const ids[] = {"mine/f32/" PREFIX "4,seq_k=7,head_dim=3",
                                      "mine/f32/" PREFIX "4,seq_k=7,head_dim=3,twice=1",
                                      "mine/f32/" PREFIX "9,seq_k=7,head_dim=3",
                                      "mine/f32/" PREFIX "9,seq_k=7,head_dim=3,twice=2"};
    cr_assert(selection_create(&selection, whole, 3, &error), "%s", error.text);
    cr_assert_eq(selection.cases.count, 4);
    for (size_t i = 0; i < 4; i++)
        cr_expect_str_eq(selection.cases.cases[i].id, ids[i]);
    selection_free(&selection);
    const char *const wrong[] = {"mine/f32/seq_q=9,thrice=2"};
    cr_assert_not(selection_create(&selection, wrong, 1, &error));
    cr_assert_eq(error.status, EXIT_USAGE);
    cr_assert(strstr(error.text, "'thrice=2'") != NULL && strstr(error.text, "first.yaml") != NULL,
              "%s", error.text);
    snprintf(by_id, sizeof by_id, "%s", write_file("third.yaml", "", 6));
    const char *const clash[] = {first, by_id};
    cr_assert_not(selection_create(&selection, clash, 2, &error));
    cr_assert_eq(error.status, EXIT_USAGE);
    cr_assert(strstr(error.text, "both describe the kernel 'mine'") != NULL, "%s", error.text);
}

// The larger set has the gate's cases and thousands more, none of them twice, of every kernel.
Test(selection, all_has_thousands_of_cases)
{
    static const char *const kernels[] = {
        "buffer_copy", "weighted_matmul", "flash_nocausal", "topk", "topp", "fused"};
    struct selection all, gate;
    struct error error;
    size_t large = 0;
    cr_assert(selection_create(&gate, NULL, 0, &error), "%s", error.text);
    cr_assert(selection_create_from_all(&all, NULL, 0, &error), "%s", error.text);
    cr_expect_geq(all.cases.count, 2000);
    for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++)
        cr_expect_geq(count_of(&all, kernels[i]), 300, "%s", kernels[i]);
    for (size_t i = 0; i < gate.cases.count; i++)
        cr_expect_not_null(case_list_find(&all.cases, gate.cases.cases[i].id));
    for (size_t i = 0; i < all.cases.count; i++) {
        const struct test_case *test = &all.cases.cases[i];
        cr_expect_eq(case_list_find(&all.cases, test->id), test, "%s is there twice", test->id);
        cr_expect_gt(strlen(test->about), 3, "%s", test->id);
        large += test->large;
    }
    cr_expect_geq(large, 3);
    selection_free(&gate);
    selection_free(&all);
}

// What a sweep says of a case holds for the case by its id.
Test(selection, a_case_by_id_is_that_of_the_sweep)
{
    static const char *const ids[] = {"buffer_copy/f32/bytes=2147483660",
                                      "buffer_copy/f32/bytes=2147483656"};
    struct selection selection;
    struct error error;
    cr_assert(selection_create(&selection, ids, 2, &error), "%s", error.text);
    cr_assert_eq(selection.cases.count, 2);
    cr_expect(selection.cases.cases[0].large);
    cr_expect_str_eq(selection.cases.cases[0].about, "a size past 31 bits");
    cr_expect_not(selection.cases.cases[1].large);
    selection_free(&selection);
}

// Wherever large cases are skipped, every shard still runs something.
Test(selection, no_shard_of_all_has_large_cases_only)
{
    enum { SHARDS = 20 };
    size_t others = 0;
    for (size_t i = 1; i <= SHARDS; i += 6) {
        struct selection all;
        struct shard shard = {.index = i, .count = SHARDS};
        struct error error;
        size_t small = 0;
        cr_assert(selection_create_from_all(&all, NULL, 0, &error), "%s", error.text);
        cr_assert(shard_apply(&shard, &all.cases, &error), "%s", error.text);
        for (size_t j = 0; j < all.cases.count; j++)
            small += !all.cases.cases[j].large;
        cr_expect_geq(small, 20, "shard %zu has %zu", i, small);
        others += small;
        free(shard.numbers);
        selection_free(&all);
    }
    cr_expect_geq(others, 600);
}
