// links: scratch_folder
//
// Case files that are right, and each way of being wrong: refused with the place and what was
// expected.
#include "scratch_folder.h"

#include "harness/cases.h"
#include "harness/plan.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// One line per thing that a test may want to break.
static const char good_file[] =
    "kernel: mine\n"                                                // 1
    "about: a test\n"                                               // 2
    "source: mine.hip\n"                                            // 3
    "reference: weighted_matmul\n"                                  // 4
    "dims: {batch: 1, heads: 1, seq_q: 2, seq_k: 3, head_dim: 4}\n" // 5
    "dtypes: [f32, f16]\n"                                          // 6
    "tensors:\n"                                                    // 7
    "  weights: {io: in, shape: [batch, heads, seq_q, seq_k], fill: softmax}\n"
    "  v: {io: in, shape: [batch * heads, seq_k, head_dim]}\n"       // 9
    "  out: {io: out, shape: [batch * heads * seq_q, head_dim]}\n"   // 10
    "launches:\n"                                                    // 11
    "  - function: mine_{dtype}\n"                                   // 12
    "    grid: [ceil(seq_q / 32), heads]\n"                          // 13
    "    block: 64\n"                                                // 14
    "    lds: element_size * 32\n"                                   // 15
    "    args: [weights, v, out, i32 seq_k, f32 1 / seq_k]\n"        // 16
    "check: {bound: 2}\n"                                            // 17
    "cases:\n"                                                       // 18
    "  - {seq_q: [1, 5], seq_k: [7, 9], dtype: f16, about: a few}\n" // 19
    "  - {heads: 3}\n";                                              // 20

static struct scratch scratch;

static void set_up(void)
{
    scratch = scratch_create();
    scratch_write(&scratch, "mine.hip", "");
}

static void tear_down(void)
{
    scratch_remove(&scratch);
}

TestSuite(case_file, .init = set_up, .fini = tear_down);

static bool expand(const char *contents, struct case_file **file, struct case_list *list,
                   struct error *error)
{
    *list = (struct case_list){0};
    *file = case_file_load(scratch_write(&scratch, "mine.yaml", contents), error);
    return *file != NULL &&
           case_list_add(list, *file, (*file)->sweeps, (*file)->sweep_count, error);
}

Test(case_file, expands_sweeps_in_order)
{
    static const char *const ids[] = {
        "mine/f16/batch=1,heads=1,seq_q=1,seq_k=7,head_dim=4",
        "mine/f16/batch=1,heads=1,seq_q=1,seq_k=9,head_dim=4",
        "mine/f16/batch=1,heads=1,seq_q=5,seq_k=7,head_dim=4",
        "mine/f16/batch=1,heads=1,seq_q=5,seq_k=9,head_dim=4",
        "mine/f32/batch=1,heads=3,seq_q=2,seq_k=3,head_dim=4",
        "mine/f16/batch=1,heads=3,seq_q=2,seq_k=3,head_dim=4",
    };
    struct case_file *file;
    struct case_list list;
    struct error error;
    cr_assert(expand(good_file, &file, &list, &error), "%s", error.text);
    cr_assert_eq(list.count, 6);
    for (size_t i = 0; i < 6; i++)
        cr_assert_str_eq(list.cases[i].id, ids[i]);
    cr_assert_str_eq(list.cases[0].about, "a few");
    cr_assert_str_eq(list.cases[5].about, "");
    case_list_free(&list);
    case_file_free(file);
}

// Overlapping sweeps, with the cases and with each other, give every combination once.
Test(case_file, sweeps_add_what_is_not_there)
{
    static const char *const ids[] = {"batch=1,heads=3,seq_q=4,seq_k=3,head_dim=4",
                                      "batch=1,heads=3,seq_q=6,seq_k=3,head_dim=4"};
    struct text contents = {0};
    struct case_file *file;
    struct case_list list;
    struct error error;
    text_append(&contents,
                "%ssweeps:\n  - {heads: 3, seq_q: [2, 4, 6], dtype: f32, large: true}\n"
                "  - {heads: 3, seq_q: [6, 2], dtype: f32}\n",
                good_file);
    cr_assert(expand(text_get(&contents), &file, &list, &error), "%s", error.text);
    cr_assert_eq(list.count, 6);
    cr_assert(case_list_add_further(&list, file, 0, &error), "%s", error.text);
    cr_assert_eq(list.count, 8);
    for (size_t i = 0; i < 2; i++) {
        cr_expect_str_eq(list.cases[6 + i].id + strlen("mine/f32/"), ids[i]);
        cr_expect(list.cases[6 + i].large);
    }
    for (size_t i = 0; i < 6; i++)
        cr_expect_not(list.cases[i].large);
    case_list_free(&list);
    case_file_free(file);
    text_free(&contents);
}

Test(case_file, plans_sizes_launches_and_arguments)
{
    struct case_file *file;
    struct case_list list;
    struct error error;
    cr_assert(expand(good_file, &file, &list, &error), "%s", error.text);
    struct plan *plan = plan_create(&list.cases[3], &error);
    cr_assert_not_null(plan);
    cr_assert_eq(plan->tensors[0].count, 45);
    cr_assert_eq(plan->tensors[2].bytes, 40);
    cr_assert_eq(plan->tensors[2].shape[0], 5);
    cr_assert_eq(plan->bytes, 2.0 * (45 + 36 + 20));
    const struct plan_launch *launch = &plan->launches[0];
    cr_assert_str_eq(launch->function, "mine_f16");
    cr_assert(launch->grid[0] == 1 && launch->grid[1] == 1 && launch->grid[2] == 1);
    cr_assert(launch->block[0] == 64 && launch->block[1] == 1 && launch->lds_bytes == 64);
    int32_t terms;
    float share;
    memcpy(&terms, launch->arguments[3].value, sizeof terms);
    memcpy(&share, launch->arguments[4].value, sizeof share);
    cr_assert_eq(terms, 9);
    cr_assert_eq(share, 1.0f / 9);
    plan_free(plan);
    case_list_free(&list);
    case_file_free(file);
}

// The good file with one line in place of another. The new text may have several lines or none.
static char *with_line(int number, const char *replacement)
{
    struct text text = {0};
    const char *line = good_file;
    for (int i = 1; *line != '\0'; i++) {
        size_t length = strcspn(line, "\n") + 1;
        if (i == number)
            text_append(&text, "%s", replacement);
        else
            text_append_bytes(&text, line, length);
        line += length;
    }
    return text.data;
}

struct wrong_line {
    int line;                // replaced
    const char *replacement; //
    int error_line, error_column;
    const char *part; // of the message
};

static const struct wrong_line wrong_lines[] = {
    {1, "kernel: a-b\n", 1, 9, "letters, digits"},
    {1, "kernel:\n", 1, 1, "the kernel's name"},
    {1, "kernle: mine\n", 1, 1, "did you mean 'kernel'"},
    {1, "", 1, 1, "has no 'kernel'"},
    {3, "source: not_there.hip\n", 3, 9, "cannot read"},
    {4, "reference: unknown\n", 4, 12, "weighted_matmul"},
    {4, "reference: [x]\n", 4, 13, "found a list"},
    {4, "reference: not_there.c\n", 4, 12, "path of the reference"},
    {4, "reference: weighted_matmul\nreference_flags: [-lm]\n", 5, 1, "a C file"},
    {5, "dims: {batch: 1, heads: 1, seq_q: 2, seq_k: 3}\n", 4, 12, "head_dim"},
    {5, "dims: {batch: one, heads: 1, seq_q: 2, seq_k: 3, head_dim: 4}\n", 5, 15, "whole number"},
    {5, "dims: {batch: 1, batch: 2}\n", 5, 18, ""},
    {5, "dims: {max: 1}\n", 5, 8, "cannot name a dimension"},
    {5, "dims: {dtype: 1}\n", 5, 8, "cannot name a dimension"},
    {5, "dims: 3\n", 5, 1, "no mapping"},
    {6, "dtypes: [f32, f8]\n", 6, 15, "f32, f16, bf16"},
    {6, "dtypes: [f32, f32]\n", 6, 15, "second time"},
    {6, "dtypes: []\n", 6, 1, "list of element types"},
    {9, "  v: {io: inn, shape: [seq_k]}\n", 9, 11, "in, out, inout or scratch"},
    {9, "  v: {shape: [seq_k]}\n", 9, 7, "has no 'io'"},
    {9, "  v: {io: in, shape: [seq_j]}\n", 9, 23, "seq_j"},
    {9, "  v: {io: in, shape: [seq_k / 2]}\n", 9, 23, "whole number"},
    {9, "  v: {io: in, shape: [-1]}\n", 9, 23, "expected 0 to"},
    {9, "  v: {io: in, shape: [1048576, 1048576, 1048576]}\n", 9, 3, "larger than"},
    {9, "  v: {io: in, shape: [seq_k], fill: gaussian}\n", 9, 37, "softmax"},
    {9, "  v: {io: in, shape: [seq_k], fill: {uniform: [2, 1]}}\n", 9, 48, "not below"},
    {9, "  v: {io: in, shape: [seq_k], fill: {uniform: [2]}}\n", 9, 48, "found 1 number"},
    {9, "  v: {io: in, shape: [seq_k], dtype: f99}\n", 9, 38, "found 'f99'"},
    {9, "  v: {io: in, shape: [1,1,1,1,1,1,1,1,1]}\n", 9, 39, "more than 8"},
    {9, "  w: {io: in, shape: [seq_k]}\n", 16, 21, "no tensor"},
    {8, "  weights: {io: in, shape: [seq_q, seq_k], fill: softmax}\n", 8, 3,
     "needs 18 elements in 'weights', which has 6"},
    {9, "  v: {io: in, shape: [seq_k]}\n", 9, 3, "needs 28 elements in 'v', which has 7"},
    {9, "  v: {io: out, shape: [batch * heads, seq_k, head_dim]}\n", 9, 3,
     "expects 'v' with io: in"},
    {9, "  v: {io: in, shap: [seq_k]}\n", 9, 15, "did you mean 'shape'"},
    {9, "  v: [seq_k]\n", 9, 7, "expected a tensor"},
    {10, "  out: {io: out, shape: [batch * heads, seq_q]}\n", 10, 3,
     "needs 4 elements in 'out', which has 1"},
    {10, "  out: {io: in, shape: [seq_k]}\n", 7, 1, "io: out"},
    {12, "  - funktion: mine\n", 12, 5, "did you mean 'function'"},
    {13, "    grid: [seq_q / 32]\n", 13, 12, "whole number"},
    {13, "    grid: [ceil(seq_q]\n", 13, 12, ""},
    {13, "    grid: {x: 1}\n", 13, 12, ""},
    {13, "    grid: [1 +]\n", 13, 12, ""},
    {13, "    grid: [0]\n", 13, 12, "expected 1 to"},
    {13, "    grid: [1, 1, 1, 1]\n", 13, 21, "more than 3"},
    {14, "    block: [64, 32]\n", 14, 13, "at most 1024"},
    {14, "    block: 2048\n", 14, 12, "expected 1 to 1024"},
    {15, "    lds: many\n", 15, 10, "many"},
    {16, "    args: [weights, v, outt]\n", 16, 24, "no tensor"},
    {16, "    args: [weights, v, out, i33 seq_k]\n", 16, 29, "i32, u32"},
    {16, "    args: [weights, v, out, u32 0 - seq_k]\n", 16, 29, "expected 0 to"},
    {16, "    args: [weights, v, out, i32 seq_k * 1000000000]\n", 16, 29, "expected -2147483648"},
    {16, "    args: [weights, v, out, i8 100 + seq_k * 10]\n", 16, 29, "expected -128 to 127"},
    {16, "    args: [weights, v, out, bool 2]\n", 16, 29, "expected 0 to 1"},
    {16, "    args: [weights, v, out, []]\n", 12, 15, "members of a structure"},
    {16, "    args: [weights, v, [out, i33 1]]\n", 16, 30, "no tensor"},
    {16, "    args: [weights, v, [out, pad 0]]\n", 16, 30, "no tensor"},
    {16, "    args: [weights, v, [out, u8 256]]\n", 16, 30, "expected 0 to 255"},
    {16, "    args: [weights, v, [out, pad 1020]]\n", 16, 25, "of 1032 bytes"},
    {16, "    args: [weights, v, [out, [i32 1]]]\n", 16, 31, "found a list"},
    {17, "check: {bond: 2}\n", 17, 9, "did you mean 'bound'"},
    {17, "work: {flop: 2}\n", 17, 8, "did you mean 'flops'"},
    {17, "work: 2\n", 17, 7, ""},
    {17, "check: {bound: 0}\n", 17, 16, "above 0"},
    {17, "check: {bound: 1, allclose: {atol: 0, rtol: 0}}\n", 17, 9, "both"},
    {17, "check: {allclose: {atol: 1}}\n", 17, 20, "has no 'rtol'"},
    {17, "check: {allclose: {atol: -1, rtol: 0}}\n", 17, 26, ">= 0"},
    {17, "check: bits\n", 17, 8, "gives numbers"},
    {17, "check: exactly\n", 17, 8, "bits"},
    {17, "check: {exact: perhaps}\n", 17, 16, "true or false"},
    {19, "  - {seq_x: 1}\n", 19, 6, "did you mean 'seq_"},
    {19, "  - {seq_q: 1.5}\n", 19, 13, "whole number"},
    {19, "  - {seq_q: [1, 1]}\n", 19, 17, "second time"},
    {19, "  - {dtype: bf16}\n", 19, 6, "not among"},
    {19, "  - {heads: 3, dtype: f16}\n", 20, 6, "first in line 19"},
    {19, "  - 7\n", 19, 5, "no mapping"},
    {20, "  - {heads: 99999999999999999999}\n", 20, 13, "whole number"},
    {20, "  - {seq_q: -4}\n", 8, 43, "seq_q=-4"},
    {20, "  - {large: 1}\n", 20, 13, "true or false"},
    {20, "sweeps: 7\n", 20, 9, "a list of cases"},
    {20, "sweeps: [{seq_x: 1}]\n", 20, 11, "did you mean 'seq_"},
    {20, "sweeps: [{seq_q: many}]\n", 20, 18, "whole number"},
    {20, "  - {heads: 3\n", 21, 1, "not YAML"},
    {2, "about: [\n", 3, 1, ""},
    {2, "about: \xc3\xa9\xe6 \n", 2, 9, "not UTF-8: found the byte 0xe6"},
};

static void expect_refusal(const struct wrong_line *wrong)
{
    struct case_file *file;
    struct case_list list;
    struct error error = {0};
    char place[640];
    char *contents = with_line(wrong->line, wrong->replacement);
    cr_expect_not(expand(contents, &file, &list, &error), "%s", wrong->replacement);
    snprintf(place, sizeof place, "%s/mine.yaml:%d:%d: ", scratch.folder, wrong->error_line,
             wrong->error_column);
    cr_expect_eq(error.status, EXIT_USAGE);
    cr_expect(strncmp(error.text, place, strlen(place)) == 0, "expected %s\nfound %s\nfor %s",
              place, error.text, wrong->replacement);
    cr_expect(strstr(error.text, wrong->part) != NULL, "%s", error.text);
    case_list_free(&list);
    case_file_free(file);
    free(contents);
}

Test(case_file, refuses_with_the_place)
{
    for (size_t i = 0; i < sizeof wrong_lines / sizeof *wrong_lines; i++)
        expect_refusal(&wrong_lines[i]);
}

Test(case_file, refuses_what_is_no_case_file)
{
    static const char *const contents[] = {"", "# nothing\n", "7\n", "[1, 2]\n", "a: *nowhere\n",
                                           "\x01\x02", "%YAML 9\n---\n", "a: &x [*x]\n",
                                           // The first of these kept the YAML library busy forever.
                                           "%\xe6", "# \xed\xa0\x80"};
    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
        struct error error = {0};
        const char *path = scratch_write(&scratch, "odd.yaml", contents[i]);
        cr_expect_null(case_file_load(path, &error));
        cr_expect_eq(error.status, EXIT_USAGE);
        cr_expect(strncmp(error.text, path, strlen(path)) == 0, "%s", error.text);
    }
    struct error error = {0};
    cr_expect_null(case_file_load(scratch_path(&scratch, "not_there.yaml"), &error));
    cr_expect_eq(error.status, EXIT_USAGE);
}

// Cut anywhere and with any one byte changed, a file is an answer or an error, never a crash.
Test(case_file, survives_damage)
{
    size_t length = strlen(good_file);
    char contents[sizeof good_file];
    struct error error;
    for (size_t i = 0; i < length; i += 3) {
        struct case_file *file;
        struct case_list list;
        memcpy(contents, good_file, sizeof contents);
        contents[i] = "{}[]:,-#&*!|>'\"%@ \n0"[i % 20];
        expand(contents, &file, &list, &error);
        case_list_free(&list);
        case_file_free(file);
        memcpy(contents, good_file, sizeof contents);
        contents[i] = '\0';
        expand(contents, &file, &list, &error);
        case_list_free(&list);
        case_file_free(file);
    }
}

Test(case_file, takes_cases_by_id)
{
    struct case_file *file;
    struct case_list list;
    struct error error;
    cr_assert(expand(good_file, &file, &list, &error), "%s", error.text);
    cr_assert(case_list_add_id(&list, file, "mine/f32/seq_q=8", &error), "%s", error.text);
    cr_assert_str_eq(list.cases[6].id, "mine/f32/batch=1,heads=1,seq_q=8,seq_k=3,head_dim=4");
    cr_assert(case_list_add_id(&list, file, list.cases[6].id, &error));
    cr_assert_str_eq(list.cases[7].id, list.cases[6].id);
    static const char *const wrong[] = {
        "mine/f64/seq_q=8",  "mine/f32/seq_x=8",  "mine/f32/seq_q=", "mine/f32/seq_q=1x",
        "other/f32/seq_q=1", "mine/f32/seq_q=-1", "mine/f32/,",      "mine"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        cr_expect_not(case_list_add_id(&list, file, wrong[i], &error), "%s", wrong[i]);
        cr_expect_eq(error.status, EXIT_USAGE);
    }
    case_list_free(&list);
    case_file_free(file);
}
