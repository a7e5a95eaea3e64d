// links: scratch_folder
//
// References that case files bring along as C files, on a runtime that is none: right ones pass,
// and what is wrong with one is said by name and never passes.
#include "scratch_folder.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct scratch scratch;

static void set_up(void)
{
    scratch = scratch_create();
    unsetenv("WAVEGAUGE_CASES");
    scratch_write(&scratch, "own.hip", "// the fake compiler takes anything\n");
}

static void tear_down(void)
{
    scratch_remove(&scratch);
}

TestSuite(own_reference, .init = set_up, .fini = tear_down, .timeout = 60);

// The fake runtime has weighted_matmul_f32 and buffer_copy_u8.
static const char matmul[] =
    "kernel: own\nsource: own.hip\nreference: own.c\n"
    "dims: {batch: 2, heads: 3, seq_q: 5, seq_k: 40, head_dim: 7}\ndtypes: [f32]\n"
    "tensors:\n"
    "  weights: {io: in, shape: [batch, heads, seq_q, seq_k]}\n"
    "  v: {io: in, shape: [batch, heads, seq_k, head_dim]}\n"
    "  out: {io: out, shape: [batch, heads, seq_q, head_dim]}\n"
    "launches:\n"
    "  - function: weighted_matmul_f32\n    grid: [1, heads, batch]\n    block: [64]\n"
    "    args: [weights, v, out, i32 batch, i32 heads, i32 seq_q, i32 seq_k, i32 head_dim]\n"
    "cases: [{seq_k: 40}]\n";

#define HEAD                                                                                       \
    "#include <wavegauge_reference.h>\n#include <math.h>\n"                                        \
    "void wavegauge_reference(struct wavegauge_call *call)\n{\n"                                   \
    "    int64_t q = wavegauge_dim(call, \"seq_q\"), k = wavegauge_dim(call, \"seq_k\");\n"        \
    "    int64_t d = wavegauge_extent(call, \"v\", 3);\n"                                          \
    "    const double *w = wavegauge_input(call, \"weights\"), *v = wavegauge_input(call, "        \
    "\"v\");\n"                                                                                    \
    "    double *out = wavegauge_expected(call, \"out\");\n"                                       \
    "    double *size = wavegauge_magnitude(call, \"out\");\n"                                     \
    "    wavegauge_terms(call, (double)k);\n"                                                      \
    "    for (int64_t i = 0; i < (int64_t)wavegauge_count(call, \"out\"); i++) {\n"                \
    "        int64_t row = i / d, matrix = row / q;\n"                                             \
    "        out[i] = size[i] = 0;\n"                                                              \
    "        for (int64_t j = 0; j < k; j++) {\n"                                                  \
    "            double term = w[row * k + j] * v[(matrix * k + j) * d + i % d];\n"                \
    "            out[i] += term;\n            size[i] += fabs(term);\n        }\n    }\n"

static struct outcome run_own(const char *cases, const char *reference)
{
    char words[512];
    scratch_write(&scratch, "own.c", reference);
    snprintf(words, sizeof words, "run %s", scratch_write(&scratch, "own.yaml", cases));
    return run_with_fake(&scratch, NULL, words);
}

static void expect(const char *cases, const char *reference, int status, const char *part)
{
    struct outcome outcome = run_own(cases, reference);
    cr_expect_eq(outcome.status, status, "%d: %s%s", outcome.status, text_get(&outcome.out),
                 text_get(&outcome.errors));
    cr_expect(strstr(text_get(&outcome.out), part) != NULL ||
                  strstr(text_get(&outcome.errors), part) != NULL,
              "no '%s' in: %s%s", part, text_get(&outcome.out), text_get(&outcome.errors));
    outcome_free(&outcome);
}

// Also the exact pass, which chooses numbers small enough for sums of 40 products.
Test(own_reference, right_one_passes)
{
    expect(matmul, HEAD "}\n", 0, "1 passed, 0 failed");
}

Test(own_reference, wrong_one_fails)
{
    expect(matmul, HEAD "    out[11] += 1000 * size[11];\n    size[11] *= 2000;\n}\n", 1,
           "1 of 210 elements wrong, worst out[0, 0, 1, 4]");
}

// In place of a line of the case file.
static char *with(const char *from, const char *to)
{
    char *at = strstr(matmul, from), *text = calloc(1, 4096);
    cr_assert(at != NULL && text != NULL);
    snprintf(text, 4096, "%.*s%s%s", (int)(at - matmul), matmul, to, at + strlen(from));
    return text;
}

Test(own_reference, mistakes_are_named)
{
    static const struct {
        const char *statement, *part;
    } mistakes[] = {
        {"wavegauge_input(call, \"weight\");", "asks for the tensor 'weight', which the case file "
                                               "does not have, did you mean 'weights'?"},
        {"wavegauge_dim(call, \"batches\");", "asks for the dim 'batches', which the case file "
                                              "does not have, did you mean 'batch'?"},
        {"wavegauge_input(call, \"out\");",
         "wavegauge_input() of 'out'; expected a tensor with io: "
         "in or inout"},
        {"wavegauge_expected(call, \"v\");", "wavegauge_expected() of 'v'; expected a tensor with "
                                             "io: out or inout"},
        {"wavegauge_expected_bytes(call, \"out\");", "'check: bits' in the case file"},
        {"wavegauge_extent(call, \"v\", 4);", "asks for axis 4 of 'v', which has 4"},
        {"wavegauge_terms(call, NAN);", "wavegauge_terms() with nan"},
        {"wavegauge_fail(call, \"no idea\");", "own.c says: no idea"},
        {"size[3] = fabs(out[3]) / 2;", "gives element 3 of 'out' the magnitude"},
        {"*(volatile int *)8 = 1;", "own.c crashed: Segmentation fault"},
        {"__builtin_trap();", "own.c crashed: Illegal instruction"},
    };
    char reference[4096];
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        snprintf(reference, sizeof reference, "%s    %s\n}\n", HEAD, mistakes[i].statement);
        expect(matmul, reference, 1, mistakes[i].part);
    }
}

#define BEGIN                                                                                      \
    "#include <wavegauge_reference.h>\nvoid wavegauge_reference(struct wavegauge_call *call)\n{\n" \
    "    double *out = wavegauge_expected(call, \"out\");\n    (void)out;\n"

Test(own_reference, what_is_left_out_is_named)
{
    static const char all[] = BEGIN "    for (int i = 0; i < 210; i++)\n        out[i] = 1;\n";
    char reference[4096];
    expect(matmul, BEGIN "}\n", 1, "does not fill element 0 of wavegauge_expected(call, \"out\")");
    snprintf(reference, sizeof reference, "%s}\n", all);
    expect(matmul, reference, 1, "does not fill wavegauge_magnitude(call, \"out\") at element 0");
    snprintf(reference, sizeof reference,
             "%s    for (int i = 0; i < 210; i++)\n        wavegauge_magnitude(call, \"out\")[i] = "
             "1;\n}\n",
             all);
    expect(matmul, reference, 1, "does not call wavegauge_terms()");
}

// Without magnitudes; the exact pass has numbers up to 3.
Test(own_reference, tolerances_need_no_magnitudes)
{
    static const char magnitude[] = "    double *size = wavegauge_magnitude";
    char reference[4096] = HEAD "}\n", *at = strstr(reference, magnitude);
    char *cases = with("cases:", "check: {allclose: {atol: 1e-3, rtol: 1e-3}}\ncases:");
    cr_assert_not_null(at);
    memcpy(at, "    static double size[999]; //", strlen("    static double size[999]; //"));
    expect(cases, reference, 0, "1 passed, 0 failed");
    free(cases);
}

Test(own_reference, bits)
{
    static const char cases[] =
        "kernel: own\nsource: own.hip\nreference: ./own.c\ncheck: bits\n"
        "dims: {bytes: 30, src_offset: 1, dst_offset: 2}\ndtypes: [u8]\n"
        "tensors:\n"
        "  src: {io: in, shape: [40], fill: bits}\n  dst: {io: inout, shape: [40], fill: bits}\n"
        "launches:\n"
        "  - function: buffer_copy\n    grid: [1]\n    block: [64]\n"
        "    args: [src, dst, u64 bytes, u64 src_offset, u64 dst_offset]\n"
        "cases: [{bytes: 30}]\n";
    static const char reference[] =
        "#include <wavegauge_reference.h>\n#include <string.h>\n"
        "void wavegauge_reference(struct wavegauge_call *call)\n{\n"
        "    memcpy((char *)wavegauge_expected_bytes(call, \"dst\") + 2,\n"
        "           (const char *)wavegauge_input_bytes(call, \"src\") + %d, 30);\n}\n";
    char text[1024];
    snprintf(text, sizeof text, reference, 1);
    expect(cases, text, 0, "1 passed, 0 failed");
    snprintf(text, sizeof text, reference, 2);
    expect(cases, text, 1, "of 40 elements wrong, the first dst[2] = 0x");
}

// Refused before anything runs, at the reference's place in the case file.
Test(own_reference, what_does_not_build_is_refused)
{
    expect(matmul, "void wavegauge_reference(void) { no }\n", 2,
           "own.yaml:3:12: the C compiler does not compile the reference");
    expect(matmul, "int other;\n", 2, "has no function 'void wavegauge_reference(");
    expect(matmul, HEAD "    double somebody(double);\n    out[0] = somebody(1);\n}\n", 2,
           "undefined reference to `somebody'");
    setenv("WAVEGAUGE_CC", "/nowhere/cc", 1);
    expect(matmul, HEAD "}\n", 3, "WAVEGAUGE_CC is /nowhere/cc, which is no program");
    unsetenv("WAVEGAUGE_CC");
}

Test(own_reference, options_reach_the_compiler)
{
    char *cases = with("dims:", "reference_flags: [-DFACTOR=1000]\ndims:");
    static const char reference[] =
        HEAD "    out[0] += (FACTOR - 1) * size[0];\n    size[0] *= FACTOR;\n}\n";
    expect(cases, reference, 1, "1 of 210 elements wrong");
    free(cases);
    cases = with("dims:", "reference_flags: [-DFACTOR=1]\ndims:");
    expect(cases, reference, 0, "1 passed");
    free(cases);
}

// What it includes counts as well.
Test(own_reference, is_built_again_when_it_changes)
{
    static const char reference[] =
        HEAD "#include \"factor.h\"\n    out[0] *= FACTOR;\n    size[0] *= FACTOR;\n}\n";
    scratch_write(&scratch, "factor.h", "#define FACTOR 1\n");
    expect(matmul, reference, 0, "1 passed");
    scratch_write(&scratch, "factor.h", "#define FACTOR 3000\n");
    expect(matmul, reference, 1, "1 of 210 elements wrong");
}
