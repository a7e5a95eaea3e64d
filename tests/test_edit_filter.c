// links: read_kernel
//
// Edits that no compiler accepts, or that say what another one says, are not made.
#include "read_kernel.h"

#include "harness/kernel_edits.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static struct scratch scratch;
static struct kernel_text kernel;
static struct edits edits;

static const char source[] =
    "enum { BINS = 256, EIGHT = 8, HAS_NAN = 1, HAS_INFINITY = 2 };\n"
    "struct Shared { float best; int flags; int bins[BINS]; };\n"
    "template <typename T> struct pair { T a, b; };\n"
    "template <typename T, bool LAST> __device__ T pick(T a, T b) { return LAST ? b : a; }\n"
    "template <typename F> __device__ float apply(Shared &shared, F f, int i) { return f(i); }\n"
    "extern \"C\" __attribute__((global)) void k(const float *in, float *out, int n, int m)\n"
    "{\n"
    "    __attribute__((shared)) Shared shared;\n"
    "    const int row = blockIdx.x * 2, column = threadIdx.x;\n"
    "    int flags = 0;\n"
    "    float four[2][2] = {{0, 0}, {0, 1}};\n"
    "    auto weight = [&](int i) { return in[i]; };\n"
    "    for (int i = 0; i < n; i++) {\n"
    "        flags |= HAS_NAN | HAS_INFINITY;\n"
    "        four[0][1] += in[row + column];\n"
    "    }\n"
    "    if (threadIdx.x == 0) shared.flags = flags & HAS_NAN;\n"
    "    shared.bins[column] = n + m;\n"
    "    out[row] = pick<float, true>(four[0][0], weight(column)) + *(float *)in;\n"
    "    float scale = in[2];\n"
    "    out[column] = apply(shared, weight, n) * scale;\n"
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

TestSuite(edit_filter, .init = set_up, .fini = tear_down, .timeout = 60);

static char *squeezed(const char *text)
{
    char *copy = calloc(strlen(text) + 1, 1);
    cr_assert_not_null(copy);
    for (size_t i = 0; *text != '\0'; text++)
        if (!isspace((unsigned char)*text))
            copy[i++] = *text;
    return copy;
}

// How many edits of a line make a text that holds `part`, or is `part`.
static size_t count_saying(int line, const char *part, bool whole)
{
    size_t count = 0;
    char *wanted = squeezed(part);
    for (size_t i = 0; i < edits.count; i++) {
        struct text text = {0};
        if (kernel.tokens[edits.list[i].first].line != line)
            continue;
        edit_append_line(&kernel, &edits.list[i], &text);
        char *said = squeezed(text_get(&text));
        count += whole ? strcmp(said, wanted) == 0 : strstr(said, wanted) != NULL;
        free(said);
        text_free(&text);
    }
    free(wanted);
    return count;
}

static void expect(int line, const char *part, bool made)
{
    size_t count = count_saying(line, part, false);
    cr_expect_eq(count > 0, made, "line %d: %zu edits say %s", line, count, part);
}

static void expect_line(int line, const char *text, bool made)
{
    size_t count = count_saying(line, text, true);
    cr_expect_eq(count > 0, made, "line %d: %zu edits say %s", line, count, text);
}

// The second of two names that one declaration makes is constant, too.
Test(edit_filter, what_is_constant_is_not_assigned_to)
{
    expect(15, "column -= n;", false);
    expect(15, "row = 0;", false);
    expect(15, "flags = 0;", true);
    expect_line(14, "BINS |= HAS_NAN | HAS_INFINITY;", false);
    expect_line(14, "n |= HAS_NAN | HAS_INFINITY;", true);
    expect(13, "i < n; (n - 1 - i)++", false);
}

Test(edit_filter, structures_and_functions_are_no_operands)
{
    expect(19, "weight *", false);
    expect(18, "weight.bins[column]", false);
    expect(17, "m.flags = flags", false);
    expect(21, "weight * scale", false);
    expect(21, "shared - scale", false);
    expect(21, "n) - scale", false);
    expect(21, "n * m) * scale", true);
    expect(17, "shared.flags = m & HAS_NAN", true);
}

Test(edit_filter, brackets_of_templates_and_casts_stay)
{
    expect(19, "pick<=float", false);
    expect(19, "pick>float", false);
    expect(19, "float +)in", false);
    expect(19, "float /)in", false);
}

Test(edit_filter, no_statement_between_the_braces_of_values)
{
    for (size_t i = 0; i < edits.count; i++) {
        const struct edit *edit = &edits.list[i];
        if (kernel.tokens[edit->first].line == 11 && edit->first == edit->end)
            cr_expect(strchr(edit->text, ';') == NULL || !token_is(&kernel, edit->first, ","), "%s",
                      edit->text);
    }
    expect(11, "{0, 0}, {0, 0}", true);
    expect(11, "four[2][n]", false);
    expect(11, "four[2][4]", true);
    expect(11, "+= {{0", false);
}

// `+ HAS_NAN` is `+ 1`, and a bit of a mask is no amount.
Test(edit_filter, small_constants_are_said_by_numbers)
{
    expect(18, "column * EIGHT", false);
    expect(18, "column * 8", true);
    expect(18, "column + EIGHT", true);
    expect(18, "column + HAS_NAN", false);
    expect(18, "column * HAS_INFINITY", false);
    expect(18, "column + BINS", true);
}

// a + x + b is a + b + x.
Test(edit_filter, terms_are_added_once_to_a_sum)
{
    cr_expect_eq(count_saying(18, "n + row + m", false), 0);
    cr_expect_eq(count_saying(18, "n + m + row", false), 1);
}
