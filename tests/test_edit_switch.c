// links: edited_kernel wavegauge-emu
//
// Edits that are switched on at run time do what the same edits do in a copy of the kernel, and a
// batch of them does nothing while none is on. The kernels are in tests/edits.
#include "edited_kernel.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 200, OF_EACH_KIND = 2 };

static struct edited_kernel kernel;

static void tear_down(void)
{
    edited_kernel_close(&kernel);
}

TestSuite(edit_switch, .fini = tear_down, .timeout = 600);

static void open_file(const char *name)
{
    char path[4200];
    snprintf(path, sizeof path, "%s/tests/edits/%s", TEST_SOURCE_FOLDER, name);
    struct text source = scratch_read(path);
    edited_kernel_open(&kernel, text_get(&source));
    text_free(&source);
}

// Edits of two places count as a kind of their own.
static int compare_kinds(const struct edit *left, const struct edit *right)
{
    int order = strcmp(left->kind, right->kind);
    return order != 0 ? order : (left->text2 != NULL) - (right->text2 != NULL);
}

static int compare(const void *left, const void *right)
{
    const struct edit *a = *(const struct edit *const *)left;
    const struct edit *b = *(const struct edit *const *)right;
    int order = compare_kinds(a, b);
    return order != 0 ? order : (a > b) - (a < b);
}

// Edits that can be switched on, each `step`th of them in the order of their kinds.
static const struct edit **switchable(size_t step, size_t *count)
{
    size_t all = 0;
    const struct edit **list = calloc(kernel.edits.count + 1, sizeof *list);
    cr_assert_not_null(list);
    for (size_t i = 0; i < kernel.edits.count; i++) {
        if (edit_is_switchable(&kernel.text, &kernel.unit.units, &kernel.edits.list[i]))
            list[all++] = &kernel.edits.list[i];
    }
    qsort(list, all, sizeof *list, compare);
    *count = 0;
    for (size_t i = 0; i < all; i += step)
        list[(*count)++] = list[i];
    return list;
}

static bool same_output(const struct edited_outcome *left, const struct edited_outcome *right)
{
    return memcmp(left->out, right->out, sizeof left->out) == 0;
}

static bool is_defined(const struct edited_outcome *outcome)
{
    return outcome->error == 0 && outcome->findings == 0 && outcome->races == 0;
}

// In a switched unit, the compiler may read shared memory for an edit before it looks whether that
// one is on: a race that changes nothing.
static bool is_defined_switched(const struct edited_outcome *outcome)
{
    return outcome->error == 0 && outcome->findings == 0;
}

// What the source as it is computes.
static struct edited_outcome run_source(void)
{
    const struct edit *nothing = NULL;
    struct repair_batch *batch = edited_kernel_compile(&kernel, false, &nothing, 1);
    cr_assert_str_neq(batch->object, "", "the source does not compile");
    struct edited_outcome outcome = edited_kernel_run(batch, 0);
    repair_batch_free(batch);
    cr_assert(is_defined(&outcome), "error %d %s", outcome.error, outcome.first);
    return outcome;
}

// Edits in a switched unit: what each does, and that nothing happens while none is on.
static void run_switched(const struct edit *const *edits, size_t count, const bool *wanted,
                         const struct edited_outcome *source, struct edited_outcome *outcomes,
                         bool *skip)
{
    struct repair_batch *batch = edited_kernel_compile(&kernel, true, edits, count);
    cr_assert_str_neq(batch->object, "", "a batch is lost");
    struct edited_outcome none = edited_kernel_run(batch, SIZE_MAX);
    cr_expect(is_defined_switched(&none) && same_output(&none, source), "error %d %s", none.error,
              none.first);
    for (size_t i = 0; i < count; i++) {
        skip[i] = batch->skip[i];
        if (wanted[i] && !skip[i])
            outcomes[i] = edited_kernel_run(batch, i);
    }
    repair_batch_free(batch);
}

// Some of each kind, from all over the kernel. Says how many.
static size_t choose(const struct edit *const *edits, size_t count, bool *wanted)
{
    size_t chosen = 0;
    for (size_t first = 0, end = 0; first < count; first = end) {
        while (end < count && compare_kinds(edits[first], edits[end]) == 0)
            end++;
        size_t taken = end - first < OF_EACH_KIND ? end - first : OF_EACH_KIND;
        for (size_t i = 0; i < taken; i++)
            wanted[first + (2 * i + 1) * (end - first) / (2 * taken)] = true;
        chosen += taken;
    }
    return chosen;
}

// What the same edits do in copies.
static void expect_same_in_copies(const struct edit *const *edits, size_t count, const bool *skip,
                                  const struct edited_outcome *outcomes)
{
    size_t compared = 0, unlike = 0;
    struct repair_batch *batch = edited_kernel_compile(&kernel, false, edits, count);
    cr_assert_str_neq(batch->object, "");
    for (size_t i = 0; i < count; i++) {
        cr_expect_eq(batch->skip[i], skip[i], "compiles in one way only: %s",
                     edited_kernel_line(&kernel, edits[i]));
        if (batch->skip[i] || skip[i])
            continue;
        struct edited_outcome copy = edited_kernel_run(batch, i);
        if (!is_defined(&copy))
            continue;
        if (!is_defined_switched(&outcomes[i])) {
            unlike++;
            continue;
        }
        compared++;
        cr_expect(same_output(&copy, &outcomes[i]), "%s", edited_kernel_line(&kernel, edits[i]));
    }
    // What is not defined may look so in one of the two only, and an edit that changes a type ends
    // a switched kernel, but that is rare.
    cr_expect_leq(unlike, count / 20, "%zu", unlike);
    cr_expect_geq(compared, count / 2, "%zu", compared);
    repair_batch_free(batch);
}

// Compiles each `step`th of the edits, and compares some of each kind with copies.
static void compare_with_copies(size_t step)
{
    size_t count, chosen = 0;
    const struct edited_outcome source = run_source();
    const struct edit **edits = switchable(step, &count);
    struct edited_outcome *outcomes = calloc(count + 1, sizeof *outcomes);
    bool *skip = calloc(count + 1, sizeof *skip), *wanted = calloc(count + 1, sizeof *wanted);
    cr_assert(outcomes != NULL && skip != NULL && wanted != NULL);
    cr_assert_geq(choose(edits, count, wanted), 30);
    for (size_t first = 0; first < count; first += BATCH) {
        size_t part = count - first < BATCH ? count - first : BATCH;
        run_switched(edits + first, part, wanted + first, &source, outcomes + first, skip + first);
    }
    for (size_t i = 0; i < count; i++) {
        if (!wanted[i])
            continue;
        edits[chosen] = edits[i];
        skip[chosen] = skip[i];
        outcomes[chosen++] = outcomes[i];
    }
    expect_same_in_copies(edits, chosen, skip, outcomes);
    free(edits);
    free(outcomes);
    free(skip);
    free(wanted);
}

Test(edit_switch, numeric_kernel_as_in_copies)
{
    open_file("numeric.hip");
    compare_with_copies(5);
}

Test(edit_switch, odd_language_as_in_copies)
{
    open_file("language.hip");
    compare_with_copies(6);
}

// Which edits of a batch are left out.
static void expect_skipped(const struct edit *const *edits, const bool *skipped, size_t count)
{
    const struct edited_outcome source = run_source();
    struct repair_batch *batch = edited_kernel_compile(&kernel, true, edits, count);
    cr_assert_str_neq(batch->object, "", "nothing is left");
    for (size_t i = 0; i < count; i++)
        cr_expect_eq(batch->skip[i], skipped[i], "%s", edited_kernel_line(&kernel, edits[i]));
    for (size_t i = 0; i < count; i++) {
        struct edited_outcome outcome;
        if (batch->skip[i])
            continue;
        outcome = edited_kernel_run(batch, i);
        cr_expect(is_defined(&outcome) && !same_output(&outcome, &source), "%s: error %d %s",
                  edited_kernel_line(&kernel, edits[i]), outcome.error, outcome.first);
    }
    repair_batch_free(batch);
}

// The `number`th token, from 0, that reads so in the kernel's own text.
static size_t find_token(const char *text, size_t number)
{
    for (size_t i = 0; i < kernel.text.token_count; i++) {
        if (token_is(&kernel.text, i, text) && number-- == 0)
            return i;
    }
    cr_assert(false, "no %s", text);
    return 0;
}

static const char generic[] =
    "#include <hip/hip_runtime.h>\n"
    "template <typename T> __device__ T member(T x) { return x.value; }\n"
    "template <typename T> __device__ T twice(T x) { T y = x; return y + x; }\n"
    "extern \"C\" __global__ void edited(const float *in, const int *indices, float *out, int "
    "rows,\n"
    "                                  int columns)\n"
    "{\n"
    "    int t = threadIdx.x;\n"
    "    float a = in[t];\n"
    "    out[blockIdx.x * 64 + t] = twice(a) + 1;\n"
    "}\n";

// Errors in the text of an edit, in it once a template is instantiated, and in a template that it
// calls; the others stay, those of the same statement too.
Test(edit_switch, leaves_out_what_does_not_compile)
{
    struct edits own = {.list = NULL};
    const struct edit *list[7];
    edited_kernel_open(&kernel, generic);
    size_t y = find_token("y", 1), x = find_token("x", 4), one = find_token("1", 0);
    size_t call = find_token("twice", 1);
    cr_assert(token_is(&kernel.text, y + 1, "+") && token_is(&kernel.text, x - 1, "+"));
    edits_add(&own, one, one + 1, "constant", 1, "2");
    edits_add(&own, one, one + 1, "constant", 1, "nowhere");
    edits_add(&own, x, x + 1, "name", 1, "x.part");
    edits_add(&own, x, x + 1, "name", 1, "x * 3");
    edits_add(&own, call, call + 1, "name", 1, "member");
    edits_add(&own, call, call + 1, "name", 1, "3 * twice");
    edits_add(&own, y - 1, y - 1, "statement", 1, "y = 7;");
    static const bool skipped[] = {false, true, true, false, true, false, false};
    cr_assert(!own.failed && own.count == 7);
    for (size_t i = 0; i < own.count; i++) {
        list[i] = &own.list[i];
        cr_expect(edit_is_switchable(&kernel.text, &kernel.unit.units, list[i]), "%zu", i);
    }
    expect_skipped(list, skipped, own.count);
    edits_free(&own);
}

// An edit that would change what `auto` stands for ends the kernel: it is not run as something
// else.
Test(edit_switch, types_that_are_taken_from_values)
{
    struct edits own = {.list = NULL};
    const struct edit *list[2];
    edited_kernel_open(&kernel,
                       "#include <hip/hip_runtime.h>\n"
                       "extern \"C\" __global__ void edited(const float *in, const int *indices, "
                       "float *out, int rows, int columns)\n"
                       "{\n"
                       "    auto half = rows / 2;\n"
                       "    out[blockIdx.x * 64 + threadIdx.x] = half / 2;\n"
                       "}\n");
    size_t two = find_token("2", 0);
    edits_add(&own, two, two + 1, "constant", 1, "3");
    edits_add(&own, two, two + 1, "constant", 1, "2.0f");
    cr_assert(!own.failed);
    list[0] = &own.list[0];
    list[1] = &own.list[1];
    struct repair_batch *batch = edited_kernel_compile(&kernel, true, list, 2);
    cr_assert_str_neq(batch->object, "");
    struct edited_outcome same = edited_kernel_run(batch, 0);
    cr_expect(is_defined(&same), "%d %s", same.error, same.first);
    struct edited_outcome other = edited_kernel_run(batch, 1);
    cr_expect_neq(other.error, 0);
    repair_batch_free(batch);
    edits_free(&own);
}

// A function whose parameters cannot be handed on has one version; the batch is not lost.
Test(edit_switch, parameters_that_cannot_be_copied)
{
    struct edits own = {.list = NULL};
    const struct edit *list[2];
    static const bool skipped[] = {false, false};
    edited_kernel_open(
        &kernel,
        "#include <hip/hip_runtime.h>\n"
        "struct once { int value; __device__ once(int x) : value(x) {}\n"
        "              once(const once &) = delete; };\n"
        "__device__ float fetch(const float *in, once index) { return in[index.value + 3]; }\n"
        "extern \"C\" __global__ void edited(const float *in, const int *indices, "
        "float *out, int rows, int columns)\n"
        "{\n"
        "    out[blockIdx.x * 64 + threadIdx.x] = fetch(in, {(int)threadIdx.x}) + 5;\n"
        "}\n");
    size_t three = find_token("3", 0), five = find_token("5", 0);
    edits_add(&own, three, three + 1, "constant", 1, "4");
    edits_add(&own, five, five + 1, "constant", 1, "6");
    cr_assert(!own.failed);
    list[0] = &own.list[0];
    list[1] = &own.list[1];
    expect_skipped(list, skipped, 2);
    edits_free(&own);
}
