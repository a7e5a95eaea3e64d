// links: read_kernel
//
// Preprocessed sources taken apart and put together again, and the edits that are made of them.
#include "read_kernel.h"

#include "harness/edit_order.h"
#include "harness/kernel_edits.h"
#include "harness/source_line.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct scratch scratch;
static struct kernel_text kernel;
static struct edits edits;

static void set_up(void)
{
    scratch = scratch_create();
}

static void tear_down(void)
{
    edits_free(&edits);
    kernel_text_free(&kernel);
    scratch_remove(&scratch);
}

TestSuite(kernel_text, .init = set_up, .fini = tear_down);

// What stands after the marker of the source's own file, from line 1.
static void read_source(const char *source)
{
    static const char before[] = "# 1 \"/usr/include/system.h\" 1 3\n"
                                 "typedef float float4;\n";
    scratch_write(&scratch, "k.hip", source);
    read_kernel(&scratch, before, source, "scale_f32", &kernel);
    cr_assert(kernel_edits_make(&kernel, &edits));
}

static const char plain[] =
    "template <typename T> __attribute__((device)) T twice(T x) { return x + x; }\n"
    "__attribute__((device)) int unused(int a) { return a * 17; }\n"
    "extern \"C\" __attribute__((global)) void scale_f32(const float *in, float *out, int rows,\n"
    "                                                   int row_stride, float factor)\n"
    "{\n"
    "    const int i = threadIdx.x, j = blockIdx.y;\n"
    "    float sum;\n"
    "    if (i < rows && (1 << j) > 0)\n"
    "        out[i * row_stride + j] = twice<float>(in[i] >> 1);\n"
    "    __syncthreads();\n"
    "    out[0] = 1;\n"
    "    out[i] = out[i] + sum;\n"
    "}\n"
    "extern \"C\" __attribute__((global)) void scale_f16(const float *in) { in[0]; }\n";

// An edit of a line whose text is `text`, or NULL.
static const struct edit *find_edit(int line, const char *text)
{
    for (size_t i = 0; i < edits.count; i++) {
        if (kernel.tokens[edits.list[i].first].line == line &&
            strcmp(edits.list[i].text, text) == 0)
            return &edits.list[i];
    }
    return NULL;
}

Test(kernel_text, prints_what_it_read)
{
    static const char *const wanted[] = {"scale_f32"};
    struct text out = {0};
    read_source(plain);
    kernel_text_append(&kernel, NULL, wanted, 1, "3_7", false, &out);
    const char *text = text_get(&out);
    cr_expect(strstr(text, "# 1 \"wgv3_7\"\nnamespace wgv3_7 {") != NULL, "%s", text);
    cr_expect(strstr(text, "extern \"C\" ") != NULL && strstr(text, "scale_f32__wgv3_7") != NULL);
    cr_expect(strstr(text, "twice<float>(in[i] >> 1)") != NULL, "%s", text);
    cr_expect(strstr(text, "scale_f16") == NULL, "%s", text);
    cr_expect(strstr(text, "typedef") == NULL);
    cr_expect(strstr(text_get(&kernel.prefix), "typedef float float4;") != NULL);
    text_free(&out);
}

Test(kernel_text, makes_the_edits_that_undo_common_mistakes)
{
    static const struct {
        int line;
        const char *text;
    } wanted[] = {
        {8, "<="},                  // bound
        {8, "||"},                  // condition
        {8, "2"},                   // constant
        {9, "rows"},                // name
        {9, "+ 1"},                 // offset
        {9, "* rows"},              // missing factor
        {9, "-"},                   // operator
        {7, "= 0"},                 // starting value
        {8, "true"},                // guard that is too much
        {9, "if (i < row_stride)"}, // guard that is missing
        {9, "__syncthreads();"},    // barrier that is missing
        {10, " "},                  // barrier that is too much
        {6, "y"},                   // axis
        {6, "blockIdx"},            //
        {8, "rows"},
        {11, "i"},       // x[0] for x[i]
        {12, "* in[i]"}, // a factor of the same element
    };
    read_source(plain);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        cr_expect_not_null(find_edit(wanted[i].line, wanted[i].text), "%d: %s", wanted[i].line,
                           wanted[i].text);
    // Nothing calls it.
    cr_expect_null(find_edit(2, "18"));
    // Template lists are no comparisons.
    cr_expect_null(find_edit(9, ">="));
    cr_expect_null(find_edit(14, "1"));
}

Test(kernel_text, shows_the_line_with_its_edit)
{
    struct text line = {0};
    read_source(plain);
    edit_append_line(&kernel, find_edit(8, "<="), &line);
    cr_expect_str_eq(text_get(&line), "if (i <= rows && (1 << j) > 0)");
    text_free(&line);
    edit_append_line(&kernel, find_edit(9, "+ 1"), &line);
    cr_expect(strstr(text_get(&line), "+ 1") != NULL, "%s", text_get(&line));
    text_free(&line);
}

// The class and its words bring the right edit to the front.
Test(kernel_text, hints_decide_what_comes_first)
{
    struct places places = {0};
    struct edit_hints hints = {.places = &places,
                               .pattern = "batch or head offset",
                               .detail = "'in' indexed with row_stride in place of rows"};
    read_source(plain);
    edit_order(&kernel, &hints, &edits);
    bool found = false;
    for (size_t i = 0; i < 20 && i < edits.count; i++)
        found = found || (kernel.tokens[edits.list[i].first].line == 9 &&
                          strcmp(edits.list[i].text, "rows") == 0 &&
                          token_is(&kernel, edits.list[i].first, "row_stride"));
    cr_expect(found);
    // Suspected lines count.
    char path[512];
    snprintf(path, sizeof path, "%s", scratch_path(&scratch, "k.hip"));
    cr_assert(places_add(&places, path, 8, 0.9, "", "a finding"));
    hints.pattern = hints.detail = "";
    edit_order(&kernel, &hints, &edits);
    cr_expect_eq(kernel.tokens[edits.list[0].first].line, 8);
    places_free(&places);
}

// However many reasons there are for a line, the best one is said.
Test(kernel_text, a_better_reason_is_never_left_out)
{
    struct places places = {0};
    for (int i = 0; i < 10; i++)
        cr_assert(
            places_add(&places, "k.hip", 8, 0.35, "", "an edit with a rather long text, %d", i));
    cr_assert(places_add(&places, "k.hip", 8, 0.5, "", "a finding"));
    cr_expect_not_null(strstr(places.list[0].why, "a finding"), "%s", places.list[0].why);
    cr_assert(places_add(&places, "k.hip", 8, 0.97, "", "what is right"));
    cr_expect_str_eq(places.list[0].why, "what is right");
    places_free(&places);
}

// The preprocessor has put the macro's body on the line of its use.
Test(kernel_text, edits_in_macros_are_on_the_macros_lines)
{
    static const char source[] =
        "#define KERNEL(name, type)                                  \\\n"
        "    extern \"C\" __attribute__((global)) void name(type *out, \\\n"
        "                                                 int rows)  \\\n"
        "    {                                                       \\\n"
        "        int i = threadIdx.x;                                \\\n"
        "        if (i <= rows)                                      \\\n"
        "            out[i] = 1;                                     \\\n"
        "    }\n"
        "KERNEL(scale_f32, float)\n";
    static const char *const wanted[] = {"scale_f32"};
    struct text text = {0};
    struct error error;
    text_append(
        &text,
        "# 9 \"%s/k.hip\"\n"
        "extern \"C\" __attribute__((global)) void scale_f32(float *out, int rows) { int i = "
        "threadIdx.x; if (i <= rows) out[i] = 1; }\n",
        scratch.folder);
    scratch_write(&scratch, "k.hip", source);
    const char *path = scratch_write(&scratch, "k.i", text_get(&text));
    text_free(&text);
    cr_assert(kernel_text_read(&kernel, path, scratch.folder, wanted, 1, &error));
    cr_assert(kernel_edits_make(&kernel, &edits));
    const struct edit *edit = find_edit(9, "<");
    cr_assert_not_null(edit);
    cr_expect_eq(source_line_of_tokens(&kernel, edit), 6);
}

// Whatever stands there: nothing crashes, brackets need not match.
Test(kernel_text, odd_texts)
{
    static const char *const odd[] = {
        "",
        "}",
        "{{{",
        ")(",
        "extern \"C\" __attribute__((global)) void scale_f32(",
        "extern \"C\" __attribute__((global)) void scale_f32() { for ( }",
        "extern \"C\" __attribute__((global)) void scale_f32() { a[ ] ( , ) ; if ( else }",
        "\"never ends",
        "0x 1.e+ 'a",
        "extern",
        "template <",
        "enum {",
        "extern \"C\" __attribute__((global)) void scale_f32(int a) { a = a < ; a , ; , a; * a }",
    };
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        read_source(odd[i]);
        for (size_t j = 0; j < edits.count; j++) {
            struct text line = {0};
            edit_append_line(&kernel, &edits.list[j], &line);
            text_free(&line);
        }
        edits_free(&edits);
        kernel_text_free(&kernel);
    }
}
