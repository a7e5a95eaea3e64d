// links: read_kernel
//
// In which order edits are tried: what the compiler's warnings make likelier, and what trials say
// of lines.
#include "read_kernel.h"

#include "harness/edit_order.h"
#include "harness/kernel_edits.h"
#include "harness/repair_evidence.h"
#include "harness/repair_queue.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static struct scratch scratch;
static struct kernel_text kernel;
static struct edits edits;

static const char source[] = "extern \"C\" __attribute__((global)) void k(const float *in, float "
                             "*out, int rows, int columns)\n"
                             "{\n"
                             "    const int row_count = rows;\n"
                             "    for (int i = threadIdx.x; i < columns; i += columns)\n"
                             "        out[i] = in[i];\n"
                             "    out[0] = in[columns];\n"
                             "}\n";

static void set_up(void)
{
    scratch = scratch_create();
    read_kernel(&scratch, "", source, "k", &kernel);
    cr_assert(kernel_edits_make(&kernel, &edits));
}

static void tear_down(void)
{
    edits_free(&edits);
    kernel_text_free(&kernel);
    scratch_remove(&scratch);
}

TestSuite(edit_order, .init = set_up, .fini = tear_down, .timeout = 60);

// Edits among the first `most` that put in the name row_count.
static size_t count_with_name(size_t most)
{
    size_t count = 0;
    for (size_t i = 0; i < most && i < edits.count; i++)
        count += strstr(edits.list[i].text, "row_count") != NULL;
    return count;
}

Test(edit_order, a_variable_that_nothing_uses_is_missing_somewhere)
{
    static const struct places places = {0};
    struct finding finding = {.kind = "-Wunused-variable", .text = "unused variable 'row_count'"};
    struct result compiler = {.finding_count = 1, .findings = &finding};
    struct edit_hints hints = {.places = &places, .pattern = "", .detail = ""};
    edit_order(&kernel, &hints, &edits);
    size_t before = count_with_name(10);
    hints.compiler = &compiler;
    edit_order(&kernel, &hints, &edits);
    cr_expect(before <= 4, "%zu of 10", before);
    cr_expect_eq(count_with_name(10), 10, "%zu of 10", count_with_name(10));
    // Names of other words, and other warnings, are not meant.
    edits_free(&edits);
    cr_assert(kernel_edits_make(&kernel, &edits));
    finding.text = "unused variable 'row'";
    edit_order(&kernel, &hints, &edits);
    cr_expect_eq(count_with_name(10), before);
    edits_free(&edits);
    cr_assert(kernel_edits_make(&kernel, &edits));
    finding = (struct finding){.kind = "-Wshadow", .text = "declaration shadows 'row_count'"};
    edit_order(&kernel, &hints, &edits);
    cr_expect_eq(count_with_name(10), before);
}

static int line_of(const struct edit *edit)
{
    return kernel.tokens[edit->first].line;
}

static size_t place_count(const struct edit **list, size_t count, int line)
{
    size_t places = 0;
    for (size_t i = 0; i < count; i++) {
        bool seen = false;
        for (size_t j = 0; j < i; j++)
            seen = seen || list[j]->first == list[i]->first;
        places += line_of(list[i]) == line && !seen;
    }
    return places;
}

// Put off, a line keeps one edit for each place in it; brought back, all is as it was.
Test(edit_order, a_line_goes_to_the_front_or_waits)
{
    const struct edit **list = calloc(edits.count, sizeof *list), *one = NULL;
    const struct edit **before = calloc(edits.count, sizeof *before);
    size_t of_line = 0, stayed = 0;
    edit_order(&kernel,
               &(const struct edit_hints){
                   .places = &(const struct places){0}, .pattern = "", .detail = ""},
               &edits);
    for (size_t i = 0; i < edits.count; i++) {
        before[i] = list[i] = &edits.list[i];
        one = line_of(list[i]) == 4 ? list[i] : one;
        of_line += line_of(list[i]) == 4;
    }
    cr_assert(of_line > 10 && of_line < edits.count);
    edit_order_put_off_line(&kernel, one, list, edits.count);
    const size_t places = place_count(list, edits.count, 4), put_off = of_line - places;
    cr_assert(places > 3 && put_off > 5, "%zu of %zu", places, of_line);
    for (size_t i = 0; i < edits.count - put_off; i++)
        stayed += line_of(list[i]) == 4;
    cr_expect_eq(stayed, places);
    cr_expect_eq(place_count(list, edits.count - put_off, 4), places);
    edit_order_restore_line(&kernel, one, list, edits.count);
    for (size_t i = 0; i < edits.count; i++)
        cr_expect_eq(list[i]->weight, before[i]->weight, "%zu", i);
    edit_order_bring_line(&kernel, one, list, edits.count);
    for (size_t i = 0; i < edits.count; i++)
        cr_assert_eq(line_of(list[i]) == 4, i < of_line);
    free(list);
    free(before);
}

// Once, when eight edits of a line changed nothing, and when one did after all.
Test(edit_order, a_line_without_effect_is_known)
{
    struct repair_evidence evidence = {0};
    const struct edit *four = NULL, *six = NULL;
    for (size_t i = 0; i < edits.count; i++) {
        four = line_of(&edits.list[i]) == 4 ? &edits.list[i] : four;
        six = line_of(&edits.list[i]) == 6 ? &edits.list[i] : six;
    }
    cr_assert(four != NULL && six != NULL);
    for (int i = 1; i <= 20; i++) {
        cr_expect_eq(repair_evidence_note(&evidence, &kernel, four, i == 15),
                     i == 8    ? LINE_WITHOUT_EFFECT
                     : i == 15 ? LINE_WITH_EFFECT
                               : LINE_AS_BEFORE,
                     "%d", i);
        cr_expect_eq(repair_evidence_note(&evidence, &kernel, six, i == 3), LINE_AS_BEFORE);
    }
    repair_evidence_free(&evidence);
}

// A kernel with many variables: their types are edits that need copies.
static void read_long_kernel(void)
{
    struct text text = {0};
    edits_free(&edits);
    kernel_text_free(&kernel);
    text_append(
        &text,
        "extern \"C\" __attribute__((global)) void k(const float *in, float *out, int rows)\n"
        "{\n");
    for (int i = 0; i < 30; i++)
        text_append(&text, "    { int v = in[%d] > 0 ? rows : 1; out[v] = in[v + rows]; }\n", i);
    text_append(&text, "}\n");
    read_kernel(&scratch, "", text_get(&text), "k", &kernel);
    text_free(&text);
    cr_assert(kernel_edits_make(&kernel, &edits));
}

// A fifth of the time, however many edits go into one compilation; every edit once.
Test(edit_order, edits_that_need_copies_have_their_share_of_the_time)
{
    struct repair_unit unit = {.kernel = &kernel};
    struct repair_queue queue = {0};
    struct repair_batch *batch;
    double switched = 0, copies = 0;
    size_t taken = 0, number = 0;
    read_long_kernel();
    cr_assert(edit_units_find(&kernel, &unit.units));
    cr_assert(repair_queue_fill(&queue, &unit, &edits));
    cr_assert(queue.copies.count > 12 && queue.switched.count > 300, "%zu, %zu", queue.copies.count,
              queue.switched.count);
    for (; (batch = repair_queue_take(&queue)) != NULL; number++) {
        batch->seconds = batch->switched ? 12 : 3;
        taken += batch->count;
        *(batch->switched ? &switched : &copies) += batch->seconds;
        if (number < 2)
            cr_expect_eq(batch->switched, number == 0);
        repair_queue_learn(&queue, batch);
        repair_batch_free(batch);
        if (queue.switched.next < queue.switched.count && queue.copies.next < queue.copies.count)
            cr_expect(copies <= 0.2 * (switched + copies) + 3, "%g, %g", copies, switched);
    }
    cr_expect_eq(taken, edits.count);
    cr_expect(queue.copies.seconds == copies && queue.switched.seconds == switched);
    repair_queue_free(&queue);
    edit_units_free(&unit.units);
}

static size_t place_in(const struct repair_batch *batch, const struct edit *edit)
{
    for (size_t i = 0; i < batch->count; i++)
        if (batch->edits[i] == edit)
            return i;
    return SIZE_MAX;
}

// One edit without a name spoils each batch that it is in: halves of halves, until it is alone. No
// other edit is lost, and none is compiled twice in a batch that is good.
Test(edit_order, a_batch_that_does_not_compile_comes_again_in_halves)
{
    struct repair_unit unit = {.kernel = &kernel};
    struct repair_queue queue = {0};
    struct repair_batch *batch;
    size_t compiled = 0, failures = 0;
    read_long_kernel();
    cr_assert(edit_units_find(&kernel, &unit.units));
    cr_assert(repair_queue_fill(&queue, &unit, &edits));
    const size_t all = queue.switched.count + queue.copies.count;
    const struct edit *bad = queue.switched.list[77];
    while ((batch = repair_queue_take(&queue)) != NULL) {
        bool good = !batch->switched || place_in(batch, bad) == SIZE_MAX;
        snprintf(batch->object, sizeof batch->object, "%s", good ? "/nowhere.co" : "");
        if (good)
            compiled += batch->count;
        else
            failures++;
        batch->seconds = 1;
        repair_queue_learn(&queue, batch);
        repair_queue_return(&queue, batch);
        repair_batch_free(batch);
        cr_assert(failures < 20);
    }
    cr_expect_eq(compiled, all - 1, "%zu of %zu", compiled, all);
    cr_expect(failures >= 5, "%zu", failures);
    repair_queue_free(&queue);
    edit_units_free(&unit.units);
}

// `__syncthreads();` here and there: where one mends, another may.
Test(edit_order, the_same_text_elsewhere_comes_first)
{
    struct repair_unit unit = {.kernel = &kernel};
    struct repair_queue queue = {0};
    const struct edit *barrier = NULL;
    size_t same = 0, front = 0;
    read_long_kernel();
    for (size_t i = 0; i < edits.count; i++) {
        const struct edit *edit = &edits.list[i];
        bool is_barrier = edit->first == edit->end && strcmp(edit->text, "__syncthreads();") == 0 &&
                          strcmp(edit->kind, "barrier") == 0;
        barrier = is_barrier ? edit : barrier;
        same += is_barrier;
    }
    cr_assert(barrier != NULL && same > 1);
    cr_assert(edit_units_find(&kernel, &unit.units));
    cr_assert(repair_queue_fill(&queue, &unit, &edits));
    cr_assert_str_neq(queue.switched.list[0]->text, barrier->text);
    repair_queue_prefer_same(&queue, barrier);
    while (front < queue.switched.count &&
           strcmp(queue.switched.list[front]->text, barrier->text) == 0)
        front++;
    cr_expect_eq(front, same);
    repair_queue_free(&queue);
    edit_units_free(&unit.units);
}

// A guard is put around a whole statement: what is suspected inside it speaks for the guard.
Test(edit_order, a_guard_is_near_all_lines_of_its_statement)
{
    static const char loop[] =
        "extern \"C\" __attribute__((global)) void k(float *out, int n, int m)\n"
        "{\n"
        "    int t = threadIdx.x;\n"
        "    for (int i = 0; i < 4; i++)\n"
        "        for (int j = 0; j < m; j++)\n"
        "            for (int l = 0; l < n; l++)\n"
        "                for (int o = 0; o < 4; o++)\n"
        "                    for (int p = 0; p < 4; p++)\n"
        "                        out[(j + i) * n + p] = t;\n"
        "}\n";
    double weight[2] = {0};
    scratch_write(&scratch, "k.hip", loop);
    for (int near = 0; near < 2; near++) {
        struct places places = {0};
        const struct edit_hints hints = {.places = &places, .pattern = "", .detail = ""};
        edits_free(&edits);
        kernel_text_free(&kernel);
        read_kernel(&scratch, "", loop, "k", &kernel);
        cr_assert(kernel_edits_make(&kernel, &edits));
        if (near)
            cr_assert(places_add(&places, kernel.files[kernel.tokens[0].file], 9, 1, "", "why"));
        edit_order(&kernel, &hints, &edits);
        for (size_t i = 0; i < edits.count; i++)
            if (strcmp(edits.list[i].text, "if (j + i < m)") == 0)
                weight[near] = edits.list[i].weight;
        places_free(&places);
    }
    cr_expect(weight[0] > 0 && weight[1] > 2 * weight[0], "%f %f", weight[0], weight[1]);
}
