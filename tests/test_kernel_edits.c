// links: read_kernel
//
// For each kind of mistake, a wrong line and the right one: the right line must be among those that
// edits make.
#include "read_kernel.h"

#include "harness/kernel_edits.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static struct scratch scratch;
static struct kernel_text kernel;
static struct edits edits;

static void set_up(void)
{
    scratch = scratch_create();
}

static void forget(void)
{
    edits_free(&edits);
    kernel_text_free(&kernel);
}

static void tear_down(void)
{
    forget();
    scratch_remove(&scratch);
}

TestSuite(kernel_edits, .init = set_up, .fini = tear_down, .timeout = 60);

static void read_source(const char *source)
{
    forget();
    read_kernel(&scratch, "", source, "k", &kernel);
    cr_assert(kernel_edits_make(&kernel, &edits));
}

static bool same_but_blanks(const char *left, const char *right)
{
    for (;;) {
        while (isspace((unsigned char)*left))
            left++;
        while (isspace((unsigned char)*right))
            right++;
        if (*left != *right)
            return false;
        if (*left == '\0')
            return true;
        left++;
        right++;
    }
}

// The edit of line `line` that makes it read so, or NULL.
static const struct edit *find_line(int line, const char *right)
{
    for (size_t i = 0; i < edits.count; i++) {
        struct text text = {0};
        if (kernel.tokens[edits.list[i].first].line != line)
            continue;
        edit_append_line(&kernel, &edits.list[i], &text);
        bool same = same_but_blanks(text_get(&text), right);
        text_free(&text);
        if (same)
            return &edits.list[i];
    }
    return NULL;
}

struct mistake {
    const char *wrong, *right; // a line
    const char *kind;
};

// A body around the line that has what the mistakes need.
static void expect_right_lines(const struct mistake *mistakes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct text source = {0};
        text_append(
            &source,
            "struct Shared { float best; int flags; };\n"
            "extern \"C\" __attribute__((global)) void k(const float *in, float *out, int n, "
            "int m, float scale)\n"
            "{ __attribute__((shared)) Shared shared; __attribute__((shared)) float tile[8]; "
            "const int t = threadIdx.x; unsigned bits = 3; float a = 1, b = 2;\n"
            "    shared.flags = 0; if (t < n) { tile[t] = shared.best; }\n"
            "    for (int i = 0; i < n; i++) { for (int j = 1; j < m; j++) {\n"
            "    %s\n"
            "    } }\n"
            "}\n",
            mistakes[i].wrong);
        read_source(text_get(&source));
        text_free(&source);
        const struct edit *edit = find_line(6, mistakes[i].right);
        cr_expect_not_null(edit, "%s: no edit says: %s", mistakes[i].wrong, mistakes[i].right);
        if (edit != NULL)
            cr_expect_str_eq(edit->kind, mistakes[i].kind, "%s", mistakes[i].right);
    }
}

#define EXPECT(...)                                                                                \
    do {                                                                                           \
        static const struct mistake mistakes[] = {__VA_ARGS__};                                    \
        expect_right_lines(mistakes, sizeof mistakes / sizeof *mistakes);                          \
    } while (0)

Test(kernel_edits, things_that_are_exchanged)
{
    EXPECT({"out[i * n + j] = in[j];", "out[j * n + i] = in[j];", "swap"},
           {"a = n - m;", "a = m - n;", "order"},
           {"a = in[i] * (scale - b);", "a = in[i] * (b - scale);", "order"},
           {"tile[blockIdx.x] = in[threadIdx.y];", "tile[blockIdx.y] = in[threadIdx.x];", "swap"},
           {"if (i < n && j <= m) a = 2;", "if (i <= n && j < m) a = 2;", "swap"});
}

Test(kernel_edits, masks_and_rounding)
{
    EXPECT({"bits = t & 31;", "bits = t;", "term too many"},
           {"bits = t << 3;", "bits = t;", "term too many"},
           {"bits = bits >> 4;", "bits = bits;", "term too many"},
           {"bits = bits & ~n;", "bits = bits;", "term too many"},
           {"a = in[n / 8 * 8];", "a = in[n];", "term too many"},
           {"bits = t & 15;", "bits = t & 31;", "constant"},
           {"bits = bits & 0xf;", "bits = bits & 0xff;", "constant"});
}

Test(kernel_edits, direction)
{
    EXPECT({"a = in[(n - 1 - i)];", "a = in[(i)];", "direction"},
           {"a = in[i];", "a = in[(n - 1 - i)];", "direction"},
           {"tile[t] = a;", "tile[(m - 1 - t)] = a;", "direction"});
}

Test(kernel_edits, comparisons_with_nan)
{
    EXPECT({"if (a < b) a = b;", "if (!(a >= b)) a = b;", "condition"},
           {"if (in[i] > a) a = in[i];", "if (!(in[i] <= a)) a = in[i];", "condition"},
           {"if (i + a < b * 2) a = b;", "if (!(i + a >= b * 2)) a = b;", "condition"},
           {"a = a <= b ? a : b;", "a = !(a > b) ? a : b;", "condition"});
}

Test(kernel_edits, parts_of_conditions)
{
    EXPECT({"if (i < n && j < m) a = 1;", "if (i < n) a = 1;", "condition"},
           {"if (i < n && j < m) a = 1;", "if (j < m) a = 1;", "condition"},
           {"if (i < n || (j < m)) a = 1;", "if ((j < m)) a = 1;", "condition"},
           {"if (j < m) a = 1;", "if (j < m && j > 0) a = 1;", "condition"},
           {"if (j < m || t < 3) a = 1;", "if ((j < m || t < 3) && j > 0) a = 1;", "condition"},
           {"if (j < m) a = 1;", "if (j < m && j <= n) a = 1;", "condition"},
           {"if (j < m) a = 1;", "if (j < m && (t < n)) a = 1;", "condition"},
           {"if (j < m) a = 1;", "if (j < m && i == (0)) a = 1;", "condition"},
           {"if (j < m) a = 1;", "if (j < m && j == (1)) a = 1;", "condition"});
}

Test(kernel_edits, statements_that_are_missing)
{
    EXPECT(
        {"a += b; out[i] = a;", "a += b; b = 0; out[i] = a;", "starting value"},
        {"a += b; out[i] = a;", "a += b; b += a; out[i] = a;", "missing statement"},
        {"a += b; out[i] = a;", "a += b; a -= scale; out[i] = a;", "missing statement"},
        {"a = b; out[i] = a;", "a = b; a += shared.best; out[i] = a;", "missing statement"},
        {"a = 3; shared.flags = 0;", "a = 3; shared.best = 0; shared.flags = 0;", "starting value"},
        {"float sums[4][8], shrink[4]; a = 2; b = 3;",
         "float sums[4][8], shrink[4]; a = 2; "
         "for (unsigned r = 0; r < sizeof shrink / sizeof *shrink; r++) "
         "for (auto &x : sums[r]) x *= shrink[r]; b = 3;",
         "missing scale"},
        {"int last = t + 4; a = in[last];",
         "int last = t + 4; last = last < n ? last : n; a = in[last];", "clamp"},
        {"a = 2; atomicAdd(&tile[t], 1);",
         "a = 2; for (unsigned i = threadIdx.x; i < sizeof tile / sizeof *tile; i += blockDim.x) "
         "tile[i] = 0; __syncthreads(); atomicAdd(&tile[t], 1);",
         "starting value"},
        {"float sums[4], counts[4]; a = 2; b = 3;",
         "float sums[4], counts[4]; a = 2; "
         "for (unsigned r = 0; r < sizeof counts / sizeof *counts; r++) sums[r] /= counts[r]; "
         "b = 3;",
         "missing scale"},
        {"if (t < i) tile[t] = 1;", "__syncthreads(); if (t < i) tile[t] = 1;", "barrier"},
        {"float own[2][2]; a = 2; own[0][t] += b;",
         "float own[2][2]; a = 2; __builtin_memset(own, 0, sizeof own); own[0][t] += b;",
         "starting value"},
        {"tile[t] = a;", "tile[t] = a / shared.best;", "missing scale"},
        {"float low = 0;", "float low = in[0];", "starting value"},
        {"float pair[2] = {0, a};", "float pair[2] = {-__builtin_inff(), a};", "starting value"},
        {"shared.flags = 1;", "if (a - a == 0) shared.flags = 1;", "guard"},
        {"if (t % 8 == 7) b = 1; a += b;", "if (t % 8 == 7) b = 1; if (t % 8 >= j) a += b;",
         "guard"},
        {"tile[t] = 1;", "if (t < n) tile[t] = 1;", "guard"});
}

Test(kernel_edits, chains_of_operands)
{
    EXPECT({"bits = bits >> (n - 8 - t);", "bits = bits >> (t);", "term too many"},
           {"bits = bits | t << 8;", "bits = bits << 8 | t;", "swap"},
           {"bits = bits << 8 | t;", "bits = bits | t << 8;", "swap"},
           {"bits = 0x7fffffff - n; bits = t;", "bits = 0x7fffffff - n; bits = (0x7fffffff - t);",
            "direction"},
           {"out[t] = 1;", "out[n - m + t] = 1;", "missing offset"},
           {"use(in, a);", "use(in + (long)i * m, a);", "missing offset"},
           {"use(in, a);", "use(in + (long)blockIdx.y * n, a);", "missing offset"});
}

// Elements of a row that are taken to be those of a column, and the other way.
Test(kernel_edits, rows_for_columns)
{
    EXPECT({"a = in[n + i + j * m];", "a = in[n + i * m + j];", "swap"},
           {"a = in[t + j * 7];", "a = in[t * (m) + j];", "swap"},
           {"a = in[i * 4 + t];", "a = in[t * (n) + i];", "swap"},
           {"for (int r = 0; r < 4; r++) a += in[j + r * m];",
            "for (int r = 0; r < 4; r++) a += in[j * (4) + r];", "swap"},
           {"a = in[i + n * t];", "a = in[i * m + t];", "swap"});
}

// A loop that works one turn ahead.
Test(kernel_edits, turns_before_and_behind_a_loop)
{
    EXPECT({"for (int r = 0; r < n; r++) { use(tile, a); load(tile); } out[t] = a;",
            "load(tile); for (int r = 0; r < n; r++) { use(tile, a); load(tile); } out[t] = a;",
            "missing statement"},
           {"for (int r = 0; r < n; r++) { load(tile); b += r; use(tile, a); } out[t] = a;",
            "for (int r = 0; r < n; r++) { load(tile); b += r; use(tile, a); } use(tile, a); "
            "out[t] = a;",
            "missing statement"});
    // Not with what only the loop knows.
    cr_expect_null(find_line(
        6,
        "for (int r = 0; r < n; r++) { load(tile); b += r; use(tile, a); } b += r; out[t] = a;"));
}

// What lies beyond an index's limit: left out, or as nothing.
Test(kernel_edits, limits_of_indices)
{
    EXPECT({"float value = in[t + j] * scale;",
            "float value = t + j < m ? in[t + j] * scale : -__builtin_inff();", "mask"},
           {"float value = in[t] * scale;", "float value = i + t < n ? in[t] * scale : 0;", "mask"},
           {"out[(j + t) * n] = a;", "if (j + t < m) out[(j + t) * n] = a;", "guard"},
           {"for (int r = 0; r < 4; r++) out[(j + r) * n] = a;",
            "for (int r = 0; r < 4; r++) if (j + r < m) out[(j + r) * n] = a;", "guard"});
    // A mask of other elements than the one that is set, and a limit of another limit.
    read_source(
        "extern \"C\" __attribute__((global)) void k(const float *in, float *out, int n, int m)\n"
        "{\n"
        "    int t = threadIdx.x, f = 8 * blockIdx.x; float s[4];\n"
        "    use(f, n, m);\n"
        "    for (int j = 0; j < 4; j++)\n"
        "        s[j] = in[t] * 2;\n"
        "    out[t] = s[0];\n"
        "}\n");
    cr_expect_not_null(find_line(6, "s[j] = f + j < n ? in[t] * 2 : 0;"));
    cr_expect_null(find_line(6, "s[j] = f + t < n ? in[t] * 2 : 0;"));
    cr_expect_null(find_line(6, "s[j] = n + j < m ? in[t] * 2 : 0;"));
}

Test(kernel_edits, nothing_is_put_between_elements)
{
    read_source("extern \"C\" __attribute__((global)) void k(float *out, int n, int m)\n"
                "{\n"
                "    int t = n;\n"
                "    float own[2] = {1, 2};\n"
                "    out[t] = own[0];\n"
                "}\n");
    cr_expect_null(find_line(4, "float own[2] = { if (n < m) 1, 2};"));
    cr_expect_null(find_line(4, "float own[2] = { if (t < n) 1, 2};"));
    cr_expect_null(find_line(4, "float own[2] = {1, 2} if (t < n) ;"));
}

// What stands alone after `if`, `else` or a loop's head needs braces when something comes before
// it.
Test(kernel_edits, braces)
{
    EXPECT(
        {"for (int s = 4; s > 0; s--) if (t < s) tile[t] += 1;",
         "for (int s = 4; s > 0; s--) { __syncthreads(); if (t < s) tile[t] += 1; }", "barrier"},
        {"if (t < i) a = 1; else a = 2;", "if (t < i) { if (t < n) a = 1; } else a = 2;", "guard"},
        {"if (t < i) a = 1; else a = 2;", "if (t < i) a = 1; else if (t < n) a = 2;", "guard"});
}

Test(kernel_edits, numbers)
{
    EXPECT({"a = in[i + 12];", "a = in[i + 16];", "constant"},
           {"bits = t & 7;", "bits = t & 15;", "constant"},
           {"a = b * 0.5f;", "a = b * (0.5f * 2);", "constant"},
           {"a = b * 0.5f;", "a = b * 0.5f * scale;", "missing scale"},
           {"a = b * 0.5f;", "a = b * 0.5f / scale;", "missing scale"},
           {"a = in[i];", "a = in[i * 4];", "missing number"},
           {"if (t == 0) a = 1;", "if (t == n - 1) a = 1;", "constant"},
           {"a = in[t % 32];", "a = in[t % warpSize];", "constant"});
}

static double weight_of(int line, const char *right)
{
    const struct edit *edit = find_line(line, right);
    cr_assert_not_null(edit, "%s", right);
    return edit->weight;
}

// One constant for another, a parameter of a template among them, sooner than a variable.
Test(kernel_edits, constants_of_templates)
{
    read_source(
        "enum { KEYS = 64 };\n"
        "template <int COLUMNS> __attribute__((device)) void f(float *out, int length)\n"
        "{\n"
        "    out[threadIdx.x * KEYS] = 1;\n"
        "    out[threadIdx.y * COLUMNS] = 1;\n"
        "}\n"
        "extern \"C\" __attribute__((global)) void k(float *out, int n) { f<64>(out, n); }\n");
    cr_expect_gt(weight_of(4, "out[threadIdx.x * COLUMNS] = 1;"),
                 weight_of(4, "out[threadIdx.x * length] = 1;"));
    cr_expect_gt(weight_of(5, "out[threadIdx.y * KEYS] = 1;"),
                 weight_of(5, "out[threadIdx.y * length] = 1;"));
}

Test(kernel_edits, barriers_at_the_end_of_a_block)
{
    read_source("extern \"C\" __attribute__((global)) void k(float *out, int n)\n"
                "{\n"
                "    for (int i = 0; i < n; i++) {\n"
                "        out[i] = 1;\n"
                "    }\n"
                "}\n");
    const struct edit *edit = find_line(5, "__syncthreads(); }");
    cr_assert_not_null(edit);
    cr_expect_str_eq(edit->kind, "barrier");
}

// Names that stand in two blocks, one after the other, are offered in both, and nowhere else.
Test(kernel_edits, names_are_offered_where_they_are_known)
{
    read_source("extern \"C\" __attribute__((global)) void k(const float *in, float *out, int n)\n"
                "{\n"
                "    const int t = threadIdx.x;\n"
                "    for (int i = 0; i < n; i++) {\n"
                "        out[t] += in[t];\n"
                "    }\n"
                "    for (int i = 0; i < n; i++) {\n"
                "        out[t] -= in[t];\n"
                "    }\n"
                "    out[t] = in[t];\n"
                "}\n");
    cr_expect_not_null(find_line(5, "out[t] += in[i];"));
    cr_expect_not_null(find_line(8, "out[t] -= in[i];"));
    cr_expect_null(find_line(10, "out[t] = in[i];"));
    cr_expect_null(find_line(10, "if (i < n) out[t] = in[t];"));
    for (size_t i = 0; i < edits.count; i++) {
        const struct edit *edit = &edits.list[i];
        if (kernel.tokens[edit->first].line == 10)
            cr_expect(strchr(edit->text, 'i') == NULL || strstr(edit->text, "in") != NULL ||
                          strstr(edit->text, "if") != NULL,
                      "%s", edit->text);
    }
}

// Nothing can be said where shared memory is declared.
Test(kernel_edits, shared_memory_has_no_starting_value)
{
    read_source("extern \"C\" __attribute__((global)) void k(float *out)\n"
                "{\n"
                "    __attribute__((shared)) float sum;\n"
                "    __attribute__((shared)) float tile[4];\n"
                "    float own;\n"
                "    out[0] = sum + tile[1] + own;\n"
                "}\n");
    for (size_t i = 0; i < edits.count; i++) {
        int line = kernel.tokens[edits.list[i].first].line;
        if (line == 3 || line == 4)
            cr_expect_str_neq(edits.list[i].kind, "starting value");
    }
    cr_expect_not_null(find_line(5, "float own = 0;"));
}
