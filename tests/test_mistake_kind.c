// links: read_kernel
//
// The kind of mistake that an edit mends, from a wrong and a right text of the same kernel.
#include "read_kernel.h"

#include "harness/kernel_edits.h"
#include "harness/mistake_kind.h"
#include "harness/place.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct scratch scratch;

static void set_up(void)
{
    scratch = scratch_create();
}

static void tear_down(void)
{
    scratch_remove(&scratch);
}

TestSuite(mistake_kind, .init = set_up, .fini = tear_down);

static bool same(const struct kernel_text *a, size_t i, const struct kernel_text *b, size_t j)
{
    return a->tokens[i].length == b->tokens[j].length &&
           memcmp(a->tokens[i].start, b->tokens[j].start, a->tokens[i].length) == 0;
}

// The edit that makes the right text of the wrong one.
static struct mistake kind_of(const char *wrong, const char *right)
{
    struct kernel_text before, after;
    struct mistake mistake;
    read_kernel(&scratch, "", wrong, "k", &before);
    read_kernel(&scratch, "", right, "k", &after);
    size_t first = 0, end = before.token_count, other = after.token_count;
    while (first < end && first < other && same(&before, first, &after, first))
        first++;
    while (end > first && other > first && same(&before, end - 1, &after, other - 1)) {
        end--;
        other--;
    }
    char *text = tokens_text(&after, first, other);
    struct edit edit = {.first = first, .end = end, .text = text, .kind = ""};
    cr_assert(mistake_of_edit(&before, &edit, &mistake));
    free(text);
    kernel_text_free(&before);
    kernel_text_free(&after);
    return mistake;
}

// A kernel with everything that mistakes are made in; %s takes the line that differs.
struct example {

    const char *wrong, *right;
    const char *kind, *also; // also NULL: not looked at
};

static const char outside[] = "enum { TILE = 16, LANES = 32 };\n"
                              "struct tiles { float a[TILE][TILE + 1]; };\n";

// The kernel with `line` in its body; `members` stand before it.
static char *kernel_with(const char *line)
{
    return format_text(
        "%s"
        "__attribute__((device)) static float shuffle_down(float v, int step, int width);\n"
        "extern \"C\" __attribute__((global)) void k(const float *q, const float *v, float *out,\n"
        "    const int *keys, int rows, int columns, int heads, float scale)\n"
        "{\n"
        "    __attribute__((shared)) struct tiles tile;\n"
        "    __attribute__((shared)) unsigned bins[256];\n"
        "    const int thread = threadIdx.x, lane = threadIdx.x %% LANES;\n"
        "    const int row = blockIdx.x * TILE + thread / TILE, column = thread %% TILE;\n"
        "    const int head = blockIdx.y;\n"
        "%s\n"
        "}\n",
        outside, line);
}

static const struct example examples[] = {
    // Loops.
    {"for (int i = 0; i <= columns; i++) out[i] = 0;",
     "for (int i = 0; i < columns; i++) out[i] = 0;", "off by one", "wrong bound"},
    {"for (int i = 1; i < columns; i++) out[i] = 0;",
     "for (int i = 0; i < columns; i++) out[i] = 0;", "off by one", "wrong initial value"},
    {"for (int i = 0; i < columns - 1; i++) out[i] = 0;",
     "for (int i = 0; i < columns; i++) out[i] = 0;", "off by one", "wrong bound"},
    {"for (int i = 0; i < rows; i++) out[i] = 0;", "for (int i = 0; i < columns; i++) out[i] = 0;",
     "wrong bound", NULL},
    {"for (int i = 0; i < columns; i += LANES) out[i] = 0;",
     "for (int i = 0; i < columns; i += TILE) out[i] = 0;", "wrong stride", NULL},
    {"for (int i = 0; i < columns; i += 2 * TILE) out[i] = 0;",
     "for (int i = 0; i < columns; i += TILE) out[i] = 0;", "wrong stride", NULL},
    {"float s = 0; for (int i = 0; i + TILE <= columns; i += TILE) s += q[i];",
     "float s = 0; for (int i = 0; i <= columns; i += TILE) s += q[i];", "wrong reduction tail",
     NULL},
    {"float s = 0; for (int i = 0; i < columns / TILE * TILE; i++) s += q[i];",
     "float s = 0; for (int i = 0; i < columns; i++) s += q[i];", "wrong reduction tail",
     "wrong bound"},
    {"float s = 1; for (int step = 4; step > 0; step /= 2) s += shuffle_down(s, step, 32);",
     "float s = 1; for (int step = 16; step > 0; step /= 2) s += shuffle_down(s, step, 32);",
     "wrong reduction tail", "wrong lane mask"},
    // Guards and conditions.
    {"out[row] = 1;", "if (row < rows) out[row] = 1;", "missing guard", NULL},
    {"if (column < columns) out[row] = 1;", "if (row < rows && column < columns) out[row] = 1;",
     "missing guard", NULL},
    {"out[row] = q[row];", "out[row] = row < rows ? q[row] : 0;", "missing guard", NULL},
    {"bins[0] = thread;", "if (thread == 0) bins[0] = thread;", "missing guard", "race on shared"},
    {"if (row <= rows) out[row] = 1;", "if (row < rows) out[row] = 1;", "off by one",
     "wrong bound"},
    {"if (row < columns) out[row] = 1;", "if (row < rows) out[row] = 1;", "wrong bound", NULL},
    {"const int rest = columns % TILE; if (thread < rest - 1) out[thread] = 1;",
     "const int rest = columns % TILE; if (thread < rest) out[thread] = 1;", "off by one",
     "wrong reduction tail"},
    {"float best = 0; if (q[row] >= best) best = q[row];",
     "float best = 0; if (q[row] > best) best = q[row];", "wrong tie rule", NULL},
    {"int key = keys[row], best_key = keys[0]; if (key <= best_key) out[row] = 1;",
     "int key = keys[row], best_key = keys[0]; if (key < best_key) out[row] = 1;", "wrong tie rule",
     NULL},
    {"float best = 0; int at = 0; if (v[1] > best || (v[1] == best && row > at)) at = row;",
     "float best = 0; int at = 0; if (v[1] > best || (v[1] == best && row < at)) at = row;",
     "wrong condition", "wrong tie rule"},
    // Addresses.
    {"out[row * rows + column] = 1;", "out[row * columns + column] = 1;", "wrong stride", NULL},
    {"out[row + column] = 1;", "out[row * columns + column] = 1;", "wrong stride", "missing scale"},
    {"out[row * 12 + column] = 1;", "out[row * 16 + column] = 1;", "wrong stride", NULL},
    {"out[row * columns + row] = 1;", "out[row * columns + column] = 1;", "swapped index", NULL},
    {"out[row + column * rows] = 1;", "out[row * columns + column] = 1;", "swapped index",
     "wrong stride"},
    {"out[columns - 1 - column] = 1;", "out[column] = 1;", "swapped index", NULL},
    {"out[row * columns + column + 1] = 1;", "out[row * columns + column] = 1;", "off by one",
     NULL},
    {"const float *p = q + 1; out[row] = p[row];", "const float *p = q; out[row] = p[row];",
     "off by one", "wrong batch offset"},
    {"q += head * rows; out[row] = q[row];", "q += head * columns; out[row] = q[row];",
     "wrong batch offset", "wrong stride"},
    {"q += columns; out[row] = q[row];", "q += head * columns; out[row] = q[row];",
     "wrong batch offset", NULL},
    {"out[row] = v[0];", "out[row] = v[head];", "wrong batch offset", "swapped index"},
    {"out[row] = v[0];", "out[row] = v[column];", "swapped index", NULL},
    {"const int last = columns - TILE; if (row < last) out[row] = 1;",
     "const int last = columns - 4 * TILE; if (row < last) out[row] = 1;", "missing scale",
     "wrong bound"},
    // Barriers, atomics, shared memory.
    {"bins[thread] = 0; out[row] = bins[lane];",
     "bins[thread] = 0; __syncthreads(); out[row] = bins[lane];", "missing barrier",
     "race on shared"},
    {"if (row < rows) __syncthreads();", "if (row < rows) ;", "extra barrier", NULL},
    {"bins[thread % 7] += 1;", "atomicAdd(&bins[thread % 7], 1);", "non-atomic update", NULL},
    {"__attribute__((shared)) float t[TILE / 2]; t[thread] = 1;",
     "__attribute__((shared)) float t[TILE]; t[thread] = 1;", "shared array too small", NULL},
    {"__attribute__((shared)) float t[TILE - 1]; t[thread] = 1;",
     "__attribute__((shared)) float t[TILE]; t[thread] = 1;", "shared array too small", NULL},
    {"float t[TILE / 2]; t[lane] = 1;", "float t[TILE]; t[lane] = 1;", "wrong array size", NULL},
    // Starting values and sums that go on.
    {"float s; for (int i = 0; i < 4; i++) s += q[i];",
     "float s = 0; for (int i = 0; i < 4; i++) s += q[i];", "uninitialised variable", NULL},
    {"float s[4]; for (int i = 0; i < 4; i++) s[i] += q[i];",
     "float s[4] = {}; for (int i = 0; i < 4; i++) s[i] += q[i];", "uninitialised variable", NULL},
    {"float s = 1; for (int i = 0; i < 4; i++) s += q[i];",
     "float s = 0; for (int i = 0; i < 4; i++) s += q[i];", "wrong initial value", NULL},
    {"float m = 0; for (int i = 0; i < 4; i++) m = fmaxf(m, q[i]);",
     "float m = -__builtin_inff(); for (int i = 0; i < 4; i++) m = fmaxf(m, q[i]);",
     "wrong initial value", NULL},
    {"bins[thread] = 1; atomicAdd(&bins[lane], 2);", "bins[thread] = 0; atomicAdd(&bins[lane], 2);",
     "wrong initial value", NULL},
    {"float s = 0; for (int i = 0; i < 4; i++) s = q[i];",
     "float s = 0; for (int i = 0; i < 4; i++) s += q[i];", "stale accumulator", NULL},
    {"float s = 0; for (int j = 0; j < 4; j++) { for (int i = 0; i < 4; i++) s += q[i]; }",
     "float s = 0; for (int j = 0; j < 4; j++) { s = 0; for (int i = 0; i < 4; i++) s += q[i]; }",
     "stale accumulator", NULL},
    {"float s = 0, m = 0; for (int i = 0; i < 4; i++) { float n = q[i]; s += n - m; }",
     "float s = 0, m = 0; for (int i = 0; i < 4; i++) { float n = q[i]; s += n - m; m = n; }",
     "stale accumulator", NULL},
    {"float s = 0; for (int i = 0; i < 4; i++) { float f = expf(q[i]); s = s + f; }",
     "float s = 0; for (int i = 0; i < 4; i++) { float f = expf(q[i]); s = s * f + f; }",
     "stale accumulator", "missing scale"},
    // Lanes and waves.
    {"out[row] = shuffle_down(q[row], 1, 16);", "out[row] = shuffle_down(q[row], 1, 8);",
     "wrong lane mask", NULL},
    {"out[row] = shuffle_down(q[row], 1, 64);", "out[row] = shuffle_down(q[row], 1, 32);",
     "wrong wave size", NULL},
    {"if ((thread & 15) == 0) out[row] = 1;", "if ((thread & 31) == 0) out[row] = 1;",
     "wrong lane mask", NULL},
    {"if (thread % TILE == 0) out[row] = 1;", "if (thread % TILE == TILE - 1) out[row] = 1;",
     "wrong lane mask", NULL},
    {"out[thread / 32] = 1;", "out[thread / warpSize] = 1;", "wrong wave size", NULL},
    // Types.
    {"const short place = row * columns; out[place] = 1;",
     "const int place = row * columns; out[place] = 1;", "int overflow", "wrong type width"},
    {"out[(unsigned char)row] = 1;", "out[row] = 1;", "int overflow", "wrong type width"},
    {"float x = (unsigned char)keys[row]; out[row] = x;", "float x = keys[row]; out[row] = x;",
     "wrong type width", NULL},
    {"_Float16 x = q[row]; out[row] = x;", "float x = q[row]; out[row] = x;", "wrong type width",
     NULL},
    {"unsigned long long mask = 1 << row;", "unsigned long long mask = 1ull << row;",
     "int overflow", NULL},
    // Values.
    {"out[row] = q[row];", "out[row] = q[row] * scale;", "missing scale", NULL},
    {"out[row] = q[row] + v[row];", "out[row] = q[row] - v[row];", "wrong sign", NULL},
    {"out[row] = v[row];", "out[row] = q[row];", "wrong operand", NULL},
    {"out[row] = fminf(q[row], v[row]);", "out[row] = fmaxf(q[row], v[row]);", "wrong function",
     NULL},
    {"unsigned digit = keys[row] >> 8 & 0x7f; out[digit] = 1;",
     "unsigned digit = keys[row] >> 8 & 0xff; out[digit] = 1;", "wrong bit mask", NULL},
    {"out[row] = 3.0f * q[row];", "out[row] = 2.0f * q[row];", "wrong constant", "missing scale"},
};

Test(mistake_kind, of_each_example)
{
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        const struct example *example = &examples[i];
        char *wrong = kernel_with(example->wrong), *right = kernel_with(example->right);
        struct mistake mistake = kind_of(wrong, right);
        cr_expect_str_eq(mistake.kind, example->kind, "%s -> %s: %s, also %s", example->wrong,
                         example->right, mistake.kind,
                         mistake.also != NULL ? mistake.also : "none");
        cr_expect(example->also == NULL ||
                      (mistake.also != NULL && strcmp(mistake.also, example->also) == 0),
                  "%s -> %s: %s, also %s", example->wrong, example->right, mistake.kind,
                  mistake.also != NULL ? mistake.also : "none");
        free(wrong);
        free(right);
    }
}

// A constant that other lines use: by what it is used for.
Test(mistake_kind, of_constants)
{
    static const struct {
        const char *from, *to, *kind;
    } constants[] = {
        {"LANES = 64", "LANES = 32", "wrong wave size"},
        {"TILE = 8", "TILE = 16", "shared array too small"},
    };
    char *right = kernel_with("float s = shuffle_down(q[0], 1, LANES);");
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++) {
        const char *at = strstr(right, constants[i].to);
        cr_assert_not_null(at);
        char *wrong = format_text("%.*s%s%s", (int)(at - right), right, constants[i].from,
                                  at + strlen(constants[i].to));
        cr_expect_str_eq(kind_of(wrong, right).kind, constants[i].kind);
        free(wrong);
    }
    free(right);
}

// Every edit that the search makes has a kind, whatever the text, and none reads past an end.
Test(mistake_kind, of_every_edit)
{
    struct kernel_text kernel;
    struct edits edits = {0};
    char *source = kernel_with("for (int i = thread; i < columns; i += 256) {\n"
                               "    const int at = row * columns + i;\n"
                               "    if (row < rows && q[at] > 0) out[at] = q[at] * scale;\n"
                               "    __syncthreads();\n"
                               "    bins[i % 256] = keys[at] & 255;\n"
                               "}\n"
                               "out[0] = ([&](int i) { return v[i] + 1; })(lane);");
    read_kernel(&scratch, "", source, "k", &kernel);
    cr_assert(kernel_edits_make(&kernel, &edits));
    cr_assert_gt(edits.count, 300);
    for (size_t i = 0; i < edits.count; i++) {
        struct mistake mistake;
        cr_assert(mistake_of_edit(&kernel, &edits.list[i], &mistake));
        cr_assert_not_null(mistake.kind, "%s", edits.list[i].text);
    }
    edits_free(&edits);
    kernel_text_free(&kernel);
    free(source);
}

// Brackets that do not match, and texts that end early.
Test(mistake_kind, odd_texts)
{
    static const char *const odd[] = {"",          "}",  "{",     ")(",         "[", "for (",
                                      "if (a < b", "a[", "x = {", "enum { A =", "f<"};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        char *longer = format_text("%s + 1", odd[i]), *before = format_text("1; %s", odd[i]);
        cr_expect_not_null(kind_of(odd[i], longer).kind);
        cr_expect_not_null(kind_of(before, odd[i]).kind);
        free(longer);
        free(before);
    }
}

Test(mistake_kind, of_findings)
{
    static const struct {
        const char *check, *kind, *text, *mistake, *also;
        enum severity severity;
    } findings[] = {
        {"initcheck", "undefined value stored", "which nothing has written",
         "uninitialised variable", NULL, SEVERITY_ERROR},
        {"initcheck", "undefined value stored", "", NULL, NULL, SEVERITY_WARNING},
        {"memcheck", "out of bounds", "read of 4 bytes from global memory", NULL, NULL,
         SEVERITY_ERROR},
        {"memcheck", "out of bounds", "write of 4 bytes to LDS", "shared array too small",
         "wrong bound", SEVERITY_ERROR},
        {"racecheck", "read after write", "LDS address", "missing barrier", "race on shared",
         SEVERITY_ERROR},
        {"racecheck", "write after write", "LDS address", "race on shared", "missing barrier",
         SEVERITY_ERROR},
        {"racecheck", "write after write", "so that updates get lost: it needs atomicAdd",
         "non-atomic update", NULL, SEVERITY_ERROR},
        {"racecheck", "write after write", "in global memory, between workgroups", NULL, NULL,
         SEVERITY_ERROR},
        {"synccheck", "divergent barrier", "", "extra barrier", NULL, SEVERITY_ERROR},
        {"synccheck", "barrier deadlock", "", NULL, NULL, SEVERITY_ERROR},
    };
    for (size_t i = 0; i < sizeof findings / sizeof *findings; i++) {
        struct mistake mistake;
        char check[32], kind[64], text[96];
        snprintf(check, sizeof check, "%s", findings[i].check);
        snprintf(kind, sizeof kind, "%s", findings[i].kind);
        snprintf(text, sizeof text, "%s", findings[i].text);
        struct finding finding = {
            .check = check, .kind = kind, .text = text, .severity = findings[i].severity};
        mistake_of_finding(&finding, &mistake);
        cr_expect(mistake.kind == NULL ? findings[i].mistake == NULL
                                       : findings[i].mistake != NULL &&
                                             strcmp(mistake.kind, findings[i].mistake) == 0,
                  "%s: %s", findings[i].text, mistake.kind != NULL ? mistake.kind : "none");
        cr_expect(findings[i].also == NULL ||
                      (mistake.also != NULL && strcmp(mistake.also, findings[i].also) == 0),
                  "%s", findings[i].text);
    }
}

Test(mistake_kind, of_classes)
{
    struct mistake mistake;
    mistake_of_class("index overflow", &mistake);
    cr_expect_str_eq(mistake.kind, "int overflow");
    mistake_of_class("batch or head offset", &mistake);
    cr_expect_str_eq(mistake.kind, "wrong batch offset");
    mistake_of_class("wrong scale", &mistake);
    cr_expect_null(mistake.kind);
    mistake_of_class("", &mistake);
    cr_expect_null(mistake.kind);
}

// A statement that is missing behind a comment may stand before it as well.
Test(mistake_kind, the_gap_that_a_statement_is_put_into)
{
    static const char source[] = "extern \"C\" __attribute__((global)) void k(float *out, int n)\n"
                                 "{\n"
                                 "    out[0] = 1;\n"
                                 "\n"
                                 "\n"
                                 "    out[1] = 2;\n"
                                 "    out[2] = 3;\n"
                                 "}\n";
    struct kernel_text kernel;
    struct places places = {0};
    read_kernel(&scratch, "", source, "k", &kernel);
    for (size_t i = 0; i < kernel.token_count; i++) {
        const struct edit edit = {.first = i, .end = i, .text = "return;", .kind = "guard"};
        if (!kernel.tokens[i].starts_line || !token_is(&kernel, i, "out"))
            continue;
        cr_assert(places_add(&places, "k", kernel.tokens[i].line, 0.9, "e", "why"));
        cr_assert(mistake_note(&places, "k", kernel.tokens[i].line, "e", &kernel, &edit));
    }
    cr_assert_eq(places.count, 3);
    cr_expect_eq(places.list[0].after_line, 0);
    cr_expect_eq(places.list[1].after_line, 3);
    cr_expect_eq(places.list[2].after_line, 0);
    json_t *list = places_to_json(&places);
    cr_expect(json_is_null(json_object_get(json_array_get(list, 0), "after_line")));
    cr_expect_eq(json_integer_value(json_object_get(json_array_get(list, 1), "after_line")), 3);
    json_decref(list);
    places_free(&places);
    kernel_text_free(&kernel);
}
