// links: read_kernel
//
// The parts of a kernel that can have alternatives at run time: which there are, and which must not
// be.
#include "read_kernel.h"

#include "harness/edit_units.h"
#include "harness/kernel_edits.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static struct scratch scratch;
static struct kernel_text kernel;
static struct edit_units units;

static void set_up(void)
{
    scratch = scratch_create();
}

static void tear_down(void)
{
    edit_units_free(&units);
    kernel_text_free(&kernel);
    scratch_remove(&scratch);
}

TestSuite(edit_units, .init = set_up, .fini = tear_down, .timeout = 60);

static void read_source(const char *source)
{
    edit_units_free(&units);
    kernel_text_free(&kernel);
    read_kernel(&scratch, "", source, "k", &kernel);
    cr_assert(edit_units_find(&kernel, &units));
}

// The same for what stands in the kernel's body.
static void read_body(const char *body)
{
    struct text text = {0};
    text_append(&text,
                "__attribute__((device)) float f(float x) { return x; }\n"
                "extern \"C\" __attribute__((global)) void k(const float *in, float *out, int n)\n"
                "{\n%s\n}\n",
                body);
    read_source(text_get(&text));
    text_free(&text);
}

static size_t find_unit(enum unit_kind kind, const char *wanted)
{
    size_t found = SIZE_MAX;
    for (size_t i = 0; i < units.count; i++) {
        char *text = tokens_text(&kernel, units.list[i].first, units.list[i].end);
        cr_assert_not_null(text);
        if (units.list[i].kind == kind && strcmp(text, wanted) == 0)
            found = i;
        free(text);
    }
    return found;
}

static void expect_unit(enum unit_kind kind, const char *wanted)
{
    cr_expect_neq(find_unit(kind, wanted), SIZE_MAX, "no unit of kind %d: %s", (int)kind, wanted);
}

// No unit of any kind begins with these words.
static void expect_none(const char *start)
{
    for (size_t i = 0; i < units.count; i++) {
        char *text = tokens_text(&kernel, units.list[i].first, units.list[i].end);
        cr_assert_not_null(text);
        cr_expect(strncmp(text, start, strlen(start)) != 0, "a unit of kind %d: %s",
                  (int)units.list[i].kind, text);
        free(text);
    }
}

Test(edit_units, statements_and_conditions)
{
    read_body("    if (n > 3)\n"
              "        if (n > 4) out[0] = 1; else out[1] = 2;\n"
              "    else { out[2] = 3; }\n"
              "    f(in[0]);\n"
              "    ;\n"
              "    return;\n");
    expect_unit(UNIT_CONDITION, "n > 3");
    expect_unit(UNIT_CONDITION, "n > 4");
    expect_unit(UNIT_STATEMENT, "if (n > 4) out[0] = 1; else out[1] = 2;");
    expect_unit(UNIT_STATEMENT, "out[0] = 1;");
    expect_unit(UNIT_STATEMENT, "out[1] = 2;");
    expect_unit(UNIT_STATEMENT, "out[2] = 3;");
    expect_unit(UNIT_STATEMENT, "f(in[0]);");
    expect_unit(UNIT_STATEMENT, "return;");
    expect_none(";");
    expect_none("else");
    // The parent comes first and holds the whole.
    size_t outer = edit_units_statement_at(&units, kernel.functions[1].body + 1);
    cr_assert_neq(outer, SIZE_MAX);
    size_t inner = find_unit(UNIT_STATEMENT, "if (n > 4) out[0] = 1; else out[1] = 2;");
    cr_expect_eq(units.list[inner].parent, outer);
    cr_expect_eq(units.list[find_unit(UNIT_CONDITION, "n > 4")].parent, inner);
}

Test(edit_units, another_statement_may_stand_before)
{
    read_body(
        "    if (n > 3)\n        out[0] = 1;\n    else\n        out[1] = 2;\n    out[2] = 3;\n");
    size_t alone = units.list[find_unit(UNIT_STATEMENT, "out[0] = 1;")].first;
    size_t other = units.list[find_unit(UNIT_STATEMENT, "out[1] = 2;")].first;
    size_t block = units.list[find_unit(UNIT_STATEMENT, "out[2] = 3;")].first;
    cr_expect_not(units.starts[alone]);
    cr_expect_not(units.starts[other]);
    cr_expect(units.starts[block]);
    cr_expect(units.starts[kernel.functions[1].end]);
}

Test(edit_units, loops)
{
    read_body("    for (int i = n, j = 2 * n; i < j; i++, j--) { out[i] = j; }\n"
              "    for (n = 0; n < 9; n++) out[n] = 1;\n"
              "    for (;;) { break; }\n"
              "    while (n > 0) n /= 2;\n"
              "    do { n += 2; } while (n < 8);\n"
              "    do n++; while (n < 9);\n"
              "    out[0] = 7;\n");
    expect_unit(UNIT_VALUE, "n");
    expect_unit(UNIT_VALUE, "2 * n");
    expect_unit(UNIT_CONDITION, "i < j");
    expect_unit(UNIT_STEP, "i++, j--");
    expect_unit(UNIT_STEP, "n = 0");
    expect_unit(UNIT_STEP, "n++");
    expect_unit(UNIT_STATEMENT, "break;");
    expect_unit(UNIT_CONDITION, "n > 0");
    expect_unit(UNIT_STATEMENT, "n /= 2;");
    expect_unit(UNIT_STATEMENT, "do { n += 2; } while (n < 8);");
    expect_unit(UNIT_CONDITION, "n < 8");
    expect_unit(UNIT_STATEMENT, "do n++; while (n < 9);");
    expect_unit(UNIT_STATEMENT, "out[0] = 7;");
    expect_none("int i");
}

Test(edit_units, switches)
{
    read_body("    switch (n) {\n"
              "    case 0: out[0] = 1; break;\n"
              "    case 1 + 1: { out[1] = 2; }\n"
              "    default: out[2] = 3;\n"
              "    }\n");
    expect_unit(UNIT_STATEMENT, "out[0] = 1;");
    expect_unit(UNIT_STATEMENT, "break;");
    expect_unit(UNIT_STATEMENT, "out[1] = 2;");
    expect_unit(UNIT_STATEMENT, "out[2] = 3;");
    expect_none("case");
    expect_none("default");
    expect_none("n");
}

Test(edit_units, lambda_expressions)
{
    read_body("    auto g = [&](int i, float s) { float x = in[i] * s; out[i] = x; };\n"
              "    f([=](float y) -> float { return y + 1; }(in[0]));\n"
              "    out[n] = in[n];\n");
    expect_unit(UNIT_VALUE, "in[i] * s");
    expect_unit(UNIT_STATEMENT, "out[i] = x;");
    expect_unit(UNIT_STATEMENT, "return y + 1;");
    expect_unit(UNIT_STATEMENT, "out[n] = in[n];");
    expect_none("[&]");
    expect_none("[=]");
}

Test(edit_units, values_that_variables_start_with)
{
    read_body("    float a = in[0], *p = out + n, b = 3, list[2] = {1, 2};\n"
              "    const int t = threadIdx.x, width = blockDim.x;\n"
              "    unsigned long long big = f(n);\n"
              "    const float e = 2.5f;\n"
              "    float c(n), d{in[1]};\n"
              "    auto g = a + b;\n"
              "    Vector<float, 4>::part h = in[2];\n");
    expect_unit(UNIT_VALUE, "in[0]");
    expect_unit(UNIT_VALUE, "out + n");
    expect_unit(UNIT_VALUE, "3");
    expect_unit(UNIT_VALUE, "threadIdx.x");
    expect_unit(UNIT_VALUE, "blockDim.x");
    expect_unit(UNIT_VALUE, "f(n)");
    expect_unit(UNIT_VALUE, "2.5f"); // no size of an array is a real number
    expect_unit(UNIT_VALUE, "a + b");
    expect_unit(UNIT_VALUE, "in[2]");
    expect_none("{1, 2}");
    expect_none("float");
    // The type with what belongs to the one name.
    const struct edit_unit *pointer = &units.list[find_unit(UNIT_VALUE, "out + n")];
    cr_expect(token_is(&kernel, pointer->type_first, "float"));
    cr_expect(token_is(&kernel, pointer->ornament_first, "*"));
    cr_expect_eq(pointer->ornament_end, pointer->ornament_first + 1);
    const struct edit_unit *own = &units.list[find_unit(UNIT_VALUE, "a + b")];
    cr_expect_eq(own->type_first, own->type_end);
}

// A value that is computed is another object than the one that a reference names; the compiler
// needs constants; in static memory nothing is computed.
Test(edit_units, values_that_must_stay)
{
    read_body("    float &r = out[0];\n"
              "    const float &s = in[0];\n"
              "    auto &&u = out[1];\n"
              "    const int size = 4, twice = 2 * size_of_all;\n"
              "    int const other = 7;\n"
              "    constexpr int more = 5;\n"
              "    static int kept = 6;\n"
              "    __attribute__((shared)) float tile[8];\n"
              "    volatile __attribute__((shared)) float first[8];\n"
              "    float __attribute__((shared)) second[8];\n"
              "    extern __attribute__((shared)) float third[];\n");
    cr_expect_eq(units.count, 0);
    expect_none("out");
    expect_none("volatile");
    expect_none("float");
}

// `#pragma clang fp` is an error behind a statement.
Test(edit_units, directives_that_begin_a_block)
{
    read_body("    {\n"
              "#pragma clang fp contract(off)\n"
              "        out[0] = 1;\n"
              "#pragma unroll 4\n"
              "        for (;;) out[1] = 2;\n"
              "    }\n");
    size_t directives = 0;
    for (size_t i = 0; i < kernel.token_count; i++) {
        if (kernel.tokens[i].kind != TOKEN_DIRECTIVE)
            continue;
        cr_expect_eq(units.starts[i], directives++ == 1);
        cr_expect(units.starts[i + 1]);
    }
    cr_expect_eq(directives, 2);
}

// A declaration in braces of its own would hide its names from what follows.
Test(edit_units, declarations_are_no_statements)
{
    read_body("    auto [a, b] = pair(in);\n"
              "    const auto &[c, d] = pair(in);\n"
              "    float (&alias)[4] = table;\n"
              "    float (*row)[33] = tiles;\n"
              "    void (*call)(int) = nullptr;\n"
              "    decltype(in[0] + 1) e = in[1];\n"
              "    [[maybe_unused]] int g = n;\n"
              "    alignas(16) float h[4];\n"
              "    struct Pair { float x, y; } pair;\n"
              "    union { float x; unsigned u; } both;\n"
              "    enum { A, B };\n"
              "    using T = float;\n"
              "    typedef float V;\n"
              "    static_assert(sizeof(int) == 4);\n"
              "    ::Vector v = make(n);\n");
    for (size_t i = 0; i < units.count; i++)
        cr_expect_eq(units.list[i].kind, UNIT_VALUE, "%zu", i);
    expect_unit(UNIT_VALUE, "in[1]");
    expect_unit(UNIT_VALUE, "n");
    expect_unit(UNIT_VALUE, "make(n)");
    cr_expect_eq(units.count, 3);
}

Test(edit_units, expressions_are_no_declarations)
{
    read_body("    f(n);\n"
              "    n * n;\n"
              "    (*out) = 1;\n"
              "    out[n] = f<float>(n);\n"
              "    delete out;\n"
              "    [[likely]] out[0] = 2;\n");
    expect_unit(UNIT_STATEMENT, "f(n);");
    expect_unit(UNIT_STATEMENT, "(*out) = 1;");
    expect_unit(UNIT_STATEMENT, "out[n] = f<float>(n);");
    expect_unit(UNIT_STATEMENT, "delete out;");
    expect_unit(UNIT_STATEMENT, "out[0] = 2;");
}

Test(edit_units, conditions_that_the_compiler_needs_or_that_declare)
{
    read_body("    if constexpr (sizeof(int) == 4) out[0] = 1;\n"
              "    if (float x = in[0]) out[1] = x;\n"
              "    if (n = 3; n > 2) out[2] = 1;\n"
              "    while (float *p = next(n)) out[3] = *p;\n"
              "    for (float x : list) out[4] = x;\n");
    for (size_t i = 0; i < units.count; i++)
        cr_expect_eq(units.list[i].kind, UNIT_STATEMENT);
    expect_unit(UNIT_STATEMENT, "if constexpr (sizeof(int) == 4) out[0] = 1;");
    expect_unit(UNIT_STATEMENT, "out[4] = x;");
}

Test(edit_units, functions)
{
    read_source("template <typename T, int N> __attribute__((device)) T sum(T *x)\n"
                "{ T s = x[0]; const int half = N / 2; return s + half; }\n"
                "template <> __attribute__((device)) int sum<int, 3>(int *x) { if (x) return 5; "
                "return 6; }\n"
                "constexpr __attribute__((device)) int pick(int a) { a += 1; return a; }\n"
                "struct Add {\n"
                "    float b;\n"
                "    __attribute__((device)) Add(float x) : b{x} { b += 7; }\n"
                "    __attribute__((device)) float operator()(float a) const { if (a > 1) { return "
                "a; } return a + b; }\n"
                "};\n"
                "__attribute__((device)) int unused(int a) { return a * 17; }\n"
                "extern \"C\" __attribute__((global)) void k(float *x, int n)\n"
                "{ Add add(3); x[0] = sum<float, 2>(x) + add(1) + pick(2); }\n"
                "extern \"C\" __attribute__((global)) void other(float *x) { x[1] = 8; }\n");
    expect_unit(UNIT_VALUE, "x[0]");
    expect_unit(UNIT_STATEMENT, "return s + half;");
    expect_unit(UNIT_STATEMENT, "return 5;");
    expect_unit(UNIT_STATEMENT, "b += 7;");
    expect_unit(UNIT_STATEMENT, "return a + b;");
    expect_unit(UNIT_CONDITION, "a > 1");
    expect_none("N / 2");  // the size of an array, maybe
    expect_none("a += 1"); // the compiler may call it
    expect_none("return a * 17");
    expect_none("x[1] = 8");
}

// Arguments only where a statement is long, or holds a lambda expression.
Test(edit_units, arguments)
{
    read_body("    f(in[1], n);\n"
              "    g([&](int i) { out[i] = 1; }, in[2] + 3);\n");
    expect_unit(UNIT_ARGUMENT, "in[2] + 3");
    expect_none("in[1]");
    expect_none("[&]");
}

// Those of arrays are numbers of the array's type; those of constant tables must stay.
Test(edit_units, elements_between_braces)
{
    read_body("    float sum[2][2] = {{n * 0.5f, 1}, {f(7), in[n]}};\n"
              "    static const int table[2] = {71, 72};\n"
              "    Pair both = {n + 61, [&](int i) { return i + 62; }};\n"
              "    out[table[0]] = sum[1][0] + both.first;\n");
    static const char *const elements[] = {"n * 0.5f", "1", "f(7)", "in[n]", "n + 61"};
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++) {
        size_t unit = find_unit(UNIT_ARGUMENT, elements[i]);
        cr_assert_neq(unit, SIZE_MAX, "%s", elements[i]);
        bool typed = units.list[unit].type_first < units.list[unit].type_end;
        cr_expect_eq(typed, i < 4, "%s", elements[i]);
        if (typed)
            cr_expect(token_is(&kernel, units.list[unit].type_first, "float"));
    }
    expect_none("71");
    expect_none("72");
    expect_none("[&]");
}

Test(edit_units, the_smallest_around)
{
    read_body("    for (int i = 0; i < n; i++) { out[i] = in[i]; }\n");
    size_t condition = find_unit(UNIT_CONDITION, "i < n");
    const struct edit_unit *unit = &units.list[condition];
    cr_expect_eq(edit_units_around(&units, unit->first, unit->first + 1), condition);
    // A semicolon more, and it is the loop.
    size_t loop = edit_units_around(&units, unit->first, unit->end + 1);
    cr_assert_neq(loop, SIZE_MAX);
    cr_expect_eq(units.list[loop].kind, UNIT_STATEMENT);
    cr_expect(token_is(&kernel, units.list[loop].first, "for"));
    cr_expect_eq(edit_units_around(&units, 0, 1), SIZE_MAX);
}

Test(edit_units, odd_texts)
{
    static const char *const odd[] = {
        "if",     "if (", "for (;",    "do",        "do {",    "switch (n) {", "case",
        "[",      "[[",   "[&",        "int",       "a <",     "while ( ) )",  "} {",
        "auto [", "= ;",  "else else", "decltype(", "float (", "template <"};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        read_body(odd[i]);
}
