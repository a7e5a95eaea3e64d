// links: read_kernel
//
// What a unit with switched edits looks like. Whether it computes the right thing, test_edit_switch
// tries.
#include "read_kernel.h"

#include "harness/edit_switch.h"
#include "harness/kernel_edits.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static struct scratch scratch;
static struct kernel_text kernel;
static struct edit_units units;
static struct edits edits; // of the test's own
static struct text out;
static struct edit_spans spans;
static const struct edit *list[8];
static bool skip[8];

static void set_up(void)
{
    scratch = scratch_create();
}

static void tear_down(void)
{
    text_free(&out);
    edit_spans_free(&spans);
    edits_free(&edits);
    edit_units_free(&units);
    kernel_text_free(&kernel);
    scratch_remove(&scratch);
}

TestSuite(edit_switch_text, .init = set_up, .fini = tear_down, .timeout = 60);

#define DEVICE "__attribute__((device)) "
#define KERNEL "extern \"C\" __attribute__((global)) void k(float *out, int n) "

static void read_source(const char *source)
{
    static const char before[] =
        "# 1 \"/usr/include/system.h\" 1 3\n"
        "extern \"C\" { float taken(float x); }\nnamespace other { float hidden(float x); }\n";
    read_kernel(&scratch, before, source, "k", &kernel);
    cr_assert(edit_units_find(&kernel, &units));
}

// The last token that reads so.
static size_t last_token(const char *text)
{
    for (size_t i = kernel.token_count; i-- > 0;) {
        if (token_is(&kernel, i, text))
            return i;
    }
    cr_assert(false, "no %s", text);
    return 0;
}

// Whether an edit of the test can be switched on.
static bool can_switch(size_t index)
{
    return edit_is_switchable(&kernel, &units, &edits.list[index]);
}

static const char *write_out(void)
{
    for (size_t i = 0; i < edits.count; i++)
        list[i] = &edits.list[i];
    text_free(&out);
    edit_spans_free(&spans);
    edit_switch_append(&kernel, &units, list, skip, edits.count, true, &out, &spans);
    cr_assert(!out.failed && !spans.failed);
    return text_get(&out);
}

static size_t count(const char *text, const char *part)
{
    size_t found = 0;
    while ((text = strstr(text, part)) != NULL) {
        text += strlen(part);
        found++;
    }
    return found;
}

Test(edit_switch_text, numbers_start_at_one_and_skipped_ones_are_left_out)
{
    read_source(KERNEL "{ out[0] = n + 5; }");
    size_t five = last_token("5");
    edits_add(&edits, five, five + 1, "constant", 1, "61");
    edits_add(&edits, five, five + 1, "constant", 1, "62");
    edits_add(&edits, five, five + 1, "constant", 1, "63");
    skip[1] = true;
    const char *text = write_out();
    cr_expect_eq(count(text, "# 1 \"wavegauge_edit\"\n"), 1);
    cr_expect_eq(count(text, "== 1)"), 1);
    cr_expect_eq(count(text, "== 2)"), 0);
    cr_expect_eq(count(text, "== 3)"), 1);
    cr_expect_eq(count(text, "61"), 1);
    cr_expect_eq(count(text, "62"), 0);
    cr_expect_eq(count(text, "5;"), 1, "%s", text);
}

// What an edited text calls has no edits in it, so that alternatives do not multiply; unless a call
// could then mean something else.
Test(edit_switch_text, plain_versions)
{
    read_source("struct S { int v; " DEVICE "S(int x) : v(x) {} " DEVICE
                "int get() { return v; } };\n"
                "template <typename T> " DEVICE "T usual(T x) { return x + 1; }\n" //
                DEVICE "float taken(int x) { return x; }\n"                        //
                DEVICE "float hidden(int x) { return x; }\n"                       //
                "template <typename T> " DEVICE "T special(T x) { return x; }\n"
                "template <> " DEVICE "int special<int>(int x) { return 2; }\n"               //
                DEVICE "float early(int x);\n"                                                //
                DEVICE "float early(int x) { return x; }\n"                                   //
                DEVICE "float *lasting() { __attribute__((shared)) float s[4]; return s; }\n" //
                DEVICE "float local(int x) { return x; }\n"                                   //
                DEVICE "float alone(int x) { return x; }\n"                                   //
                KERNEL "{ auto local = [](int x) { return 3; };\n"
                "  out[n] = usual<float>(n) + taken(n) + hidden(n) + special(n) + early(n) +\n"
                "           lasting()[0] + local(n) + alone(n) + S(n).get() + 5; }\n");
    size_t five = last_token("5");
    edits_add(&edits, five, five + 1, "constant", 1, "6 + alone(8)");
    cr_assert(can_switch(0));
    const char *text = write_out();
    static const struct {
        const char *name;
        size_t count; // where it is defined, and the calls
    } plain[] = {{"usual__wavegauge_plain", 2},   {"alone__wavegauge_plain", 3},
                 {"hidden__wavegauge_plain", 2},  {"taken__wavegauge_plain", 0},
                 {"special__wavegauge_plain", 0}, {"early__wavegauge_plain", 0},
                 {"lasting__wavegauge_plain", 0}, {"local__wavegauge_plain", 0},
                 {"S__wavegauge_plain", 0}};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        cr_expect_eq(count(text, plain[i].name), plain[i].count, "%s: %zu in\n%s", plain[i].name,
                     count(text, plain[i].name), text);
    cr_expect(strstr(text, "alone__wavegauge_plain(8)") != NULL);
}

Test(edit_switch_text, directives)
{
    read_source(DEVICE "float f(int x) {\n#pragma clang fp contract(off)\n return x; }\n" //
                KERNEL "{\n"
                       "    out[1] = f(n);\n"
                       "#pragma unroll 4\n"
                       "    for (int i = 0; i < n; i++) { out[i] = 1; }\n"
                       "}\n");
    size_t directive = last_token("#pragma unroll 4");
    edits_add(&edits, directive, directive, "barrier", 1, "__syncthreads();");
    cr_assert(can_switch(0));
    const char *text = write_out();
    cr_expect(strstr(text, "unroll") == NULL, "%s", text);
    cr_expect_eq(count(text, "__syncthreads();"), 1, "%s", text);
    // In the plain version as well.
    cr_expect_eq(count(text, "\n#pragma clang fp contract(off)\n"), 2, "%s", text);
}

// An edit that would mean something else as it is written than as its line reads is for a copy.
Test(edit_switch_text, what_cannot_be_switched)
{
    read_source(KERNEL "{ int a[4], b, c = 3;\n"
                       "  if (n) out[0] = 1; else out[1] = 2;\n"
                       "  for (int i = 0; i < n; i++) out[2] = 5;\n"
                       "  { __attribute__((shared)) float s[8]; for (;;) { __attribute__((shared)) "
                       "float t[9]; out[3] = t[6 + 0]; } } }");
    size_t one = last_token("else") - 7, four = last_token("4"), five = last_token("5") - 5;
    cr_assert(token_is(&kernel, one, "out") && token_is(&kernel, five, "out"));
    edits_add(&edits, one, one, "guard", 1, "if (n > 1)");
    edits_add(&edits, five, five, "barrier", 1, "__syncthreads();");
    edits_add(&edits, four, four + 1, "constant", 1, "8");
    size_t nine = last_token("9");
    edits_add(&edits, nine, nine + 1, "constant", 1, "10");
    size_t b = last_token("b");
    edits_add(&edits, b + 1, b + 1, "starting value", 1, "= 0");
    for (size_t i = 0; i < edits.count; i++)
        cr_expect_not(can_switch(i), "%zu", i);
    // But these can.
    size_t before = edits.count;
    edits_add_pair(&edits, five, five, "{ __syncthreads();", five + 7, five + 7, "}", "barrier", 1);
    edits_add(&edits, five, five, "guard", 1, "if (n > 1)");
    for (size_t i = before; i < edits.count; i++)
        cr_expect(can_switch(i), "%zu", i);
}

// A function with edits has a version with and one without, unless most edits are in it.
Test(edit_switch_text, versions)
{
    read_source("template <typename T, int N> " DEVICE "T part(const T *a, int shift = N)\n"
                "{ return a[shift + 3]; }\n" //
                KERNEL "{ int shared = n; out[0] = part<float, 4>(out, shared + 5); }");
    size_t three = last_token("3"), five = last_token("5");
    edits_add(&edits, three, three + 1, "constant", 1, "61");
    edits_add(&edits, five, five + 1, "constant", 1, "62");
    const char *text = write_out();
    cr_expect_eq(count(text, "__attribute__((noinline))"), 1, "%s", text);
    cr_expect_eq(count(text, "return part__wavegauge_edited<T, N>(a, shift)"), 1, "%s", text);
    cr_expect_eq(count(text, "return part__wavegauge_plain<T, N>(a, shift)"), 1, "%s", text);
    cr_expect_neq(count(text, "[] = {0,1,0,}"), 0, "%s", text);
    skip[1] = true;
    text = write_out();
    cr_expect_eq(count(text, "__wavegauge_edited"), 0, "%s", text);
    skip[1] = false;
}

// A template calls a lambda expression in each of its alternatives.
Test(edit_switch_text, lambda_expressions)
{
    read_source("template <typename F> " DEVICE "void each(int n, F f) { f(n + 3); }\n" //
                KERNEL
                "{ each(n, [&](int i) { out[i] = 5; }); each(n, [&](int i) { out[i] = 7; }); }");
    size_t five = last_token("5");
    edits_add(&edits, five, five + 1, "constant", 1, "62");
    const char *text = write_out();
    cr_expect_eq(count(text, "[&](int i) __attribute__((noinline)) {"), 1, "%s", text);
}

static size_t skip_at(const char *part, bool units_too)
{
    const char *found = strstr(text_get(&out), part);
    cr_assert_not_null(found, "%s", part);
    return edit_switch_skip_at(&kernel, &units, list, &spans, (size_t)(found - out.data), units_too,
                               edits.count, skip);
}

// What an error is about is found by where it stands.
Test(edit_switch_text, errors_skip_the_edits_where_they_stand)
{
    read_source(KERNEL "{ out[0] = n + 5; out[1] = 7; }");
    size_t five = last_token("5"), seven = last_token("7");
    edits_add(&edits, five, five + 1, "constant", 1, "61");
    edits_add(&edits, five, five + 1, "constant", 1, "62");
    edits_add(&edits, seven, seven + 1, "constant", 1, "63");
    write_out();
    cr_expect_eq(skip_at("62", false), 1);
    cr_expect(!skip[0] && skip[1] && !skip[2]);
    cr_expect_eq(skip_at("62", false), 0); // nothing new
    // The source's own text in the unit, and text outside.
    cr_expect_eq(skip_at("5;", false), SIZE_MAX);
    cr_expect_eq(skip_at("void k", true), SIZE_MAX);
    cr_expect_eq(skip_at("5;", true), 1);
    cr_expect(skip[0] && skip[1] && !skip[2]);
}
