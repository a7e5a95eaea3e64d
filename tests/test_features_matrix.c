// Matrix products by the builtins of matrix instructions, as compiled by hipcc, beside the same
// sums in double.
#include "collected_reports.h"
#include "kernel_fixture.h"
#include "matrix_numbers.h"

enum { ROWS = 64, COLUMNS = 32, DEPTH = 48 };

static double a[ROWS * DEPTH], b[DEPTH * COLUMNS], old[ROWS * COLUMNS];
static uint64_t random_state = 1;

static double any_number(bool exact, bool whole)
{
    random_state = random_state * UINT64_C(6364136223846793005) + 1442695040888963407;
    uint32_t word = (uint32_t)(random_state >> 33);
    return exact ? small_number(word, whole) : (double)word / 0x1p30 - 1;
}

// Numbers of a type in an array; what they are when rounded to it is left in matrix.
static void store(enum number_type type, double *matrix, size_t count, size_t bytes, void *array,
                  bool exact)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t bits = number_bits(type, any_number(exact, type == I32_NUMBER));
        matrix[i] = number_value(type, bits);
        memcpy((char *)array + i * bytes, &bits, bytes);
    }
}

static const struct product {
    const char *function;
    enum number_type input, result;
    size_t input_bytes, result_bytes;
    bool gfx90a, gfx1100;
    double unit; // of the sums' rounding
} products[] = {
    {"halves", F16_NUMBER, F32_NUMBER, 2, 4, true, true, 0x1p-24},
    {"bfloats", BF16_NUMBER, F32_NUMBER, 2, 4, true, true, 0x1p-24},
    {"bytes", I32_NUMBER, I32_NUMBER, 1, 4, true, true, 0},
    {"short_sums", F16_NUMBER, F16_NUMBER, 2, 2, false, true, 0x1p-11},
    {"doubles", F64_NUMBER, F64_NUMBER, 8, 8, true, false, 0x1p-53},
};

// The sum that is to be in C, and how far off it may be.
static double expected(const struct product *product, int i, int j, bool exact, double *allowed)
{
    double sum = old[i * COLUMNS + j], magnitude = fabs(sum);
    for (int k = 0; k < DEPTH; k++) {
        double term = a[i * DEPTH + k] * b[k * COLUMNS + j];
        sum += term;
        magnitude += fabs(term);
    }
    *allowed = exact ? 0 : (DEPTH + 2) * product->unit * magnitude;
    return sum;
}

static void check(enum kernel_target target, const struct product *product, bool exact)
{
    static char bits_a[8 * ROWS * DEPTH], bits_b[8 * DEPTH * COLUMNS], bits_c[8 * ROWS * COLUMNS];
    store(product->input, a, ROWS * DEPTH, product->input_bytes, bits_a, exact);
    store(product->input, b, DEPTH * COLUMNS, product->input_bytes, bits_b, exact);
    store(product->result, old, ROWS * COLUMNS, product->result_bytes, bits_c, exact);
    kernel_run(&(struct kernel_call){
        .target = target,
        .file = "feature_matrix.hip",
        .function = product->function,
        .grid = {COLUMNS / 16, ROWS / 16},
        .block = {kernel_target_wave_size(target)},
        .arguments = {KERNEL_ARRAY(bits_a), KERNEL_ARRAY(bits_b), KERNEL_ARRAY(bits_c)}});
    for (int n = 0; n < ROWS * COLUMNS; n++) {
        uint64_t bits = 0;
        memcpy(&bits, bits_c + (size_t)n * product->result_bytes, product->result_bytes);
        double allowed, got = number_value(product->result, bits);
        double wanted = expected(product, n / COLUMNS, n % COLUMNS, exact, &allowed);
        cr_assert(fabs(got - wanted) <= allowed, "%s: [%d][%d]: %.17g, not %.17g, allowed %g",
                  product->function, n / COLUMNS, n % COLUMNS, got, wanted, allowed);
    }
}

KernelTest(features_matrix, products)
{
    for (size_t i = 0; i < sizeof products / sizeof products[0]; i++) {
        const struct product *product = &products[i];
        bool there = *target == KERNEL_TARGET_GFX90A    ? product->gfx90a
                     : *target == KERNEL_TARGET_GFX1100 ? product->gfx1100
                                                        : false;
        if (there && product->result != F16_NUMBER)
            check(*target, product, true);
        if (there)
            check(*target, product, product->input == I32_NUMBER);
    }
}

// The line of the kernel file with this comment.
static int line_with(const char *comment)
{
    char path[1024];
    void *text;
    size_t size;
    snprintf(path, sizeof path, "%.*s/kernels/feature_matrix.hip",
             (int)(strrchr(__FILE__, '/') - __FILE__), __FILE__);
    cr_assert(support_read_file(path, &text, &size), "%s", path);
    const char *found = strstr(text, comment);
    cr_assert_not_null(found, "%s", comment);
    int line = 1;
    for (const char *at = text; at < found; at++)
        line += *at == '\n';
    free(text);
    return line;
}

// The 16 elements of row 5 of C are undefined, and no others.
KernelTest(features_matrix, undefined_element_of_a)
{
    static uint16_t ones[16 * 16];
    static float sums[16 * 16];
    bool gfx90a = *target == KERNEL_TARGET_GFX90A;
    if (!gfx90a && *target != KERNEL_TARGET_GFX1100)
        return;
    for (int i = 0; i < 16 * 16; i++)
        ones[i] = 0x3c00;
    collect_reports("initcheck");
    kernel_run(&(struct kernel_call){.target = *target,
                                     .file = "feature_matrix.hip",
                                     .function = "undefined_element",
                                     .flags = "-O2 -g",
                                     .block = {kernel_target_wave_size(*target)},
                                     .arguments = {KERNEL_ARRAY(ones), KERNEL_ARRAY(sums)}});
    cr_assert_eq(collected.count, 1, "%u reports\n%s", collected.count, collected_text());
    const struct collected_report *seen = &collected.reports[0];
    cr_expect_str_eq(seen->kind, "undefined value stored");
    cr_expect_eq(seen->report.count, 16, "%s", seen->text);
    cr_expect_eq(seen->report.line,
                 line_with(gfx90a ? "// undefined_element gfx90a" : "// undefined_element gfx1100"),
                 "%s", seen->text);
    cr_expect_not_null(strstr(seen->text, "shared memory"), "%s", seen->text);
}
