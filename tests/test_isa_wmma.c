// links: isa_fixture wavegauge_emu_static
//
// Matrix instructions of gfx1100, in waves of 32 and of 64. A lane holds a row of A and a column of
// B, all lanes with the same last four bits the same ones; element r of D in a lane is in row
// r * (wave / 16) + lane / 16 (AMD's matrix instruction calculator). Expected values are in double,
// of numbers small enough for every sum to be exact.
#include "matrix_numbers.h"
#include "wave_bench.h"

enum { SIZE = 16, A = 10, B = 20, C = 40, D = 60 };

struct operation {
    const char *name;
    enum number_type input, result;
    int bits; // of an element of A and B
};

static const struct operation operations[] = {
    {"f32_16x16x16_f16", F16_NUMBER, F32_NUMBER, 16},
    {"f32_16x16x16_bf16", BF16_NUMBER, F32_NUMBER, 16},
    {"f16_16x16x16_f16", F16_NUMBER, F16_NUMBER, 16},
    {"bf16_16x16x16_bf16", BF16_NUMBER, BF16_NUMBER, 16},
    {"i32_16x16x16_iu8", I32_NUMBER, I32_NUMBER, 8},
    {"i32_16x16x16_iu4", I32_NUMBER, I32_NUMBER, 4},
};
#define OPERATIONS (sizeof operations / sizeof operations[0])

// Modifiers, one bit for each of A, B and C.
struct modifiers {
    unsigned neg_lo, neg_hi;
    bool high, clamp, constant; // high: op_sel:[0,0,1]; C is a constant
};

static struct wave_bench *bench;
static uint64_t random_state;
static uint32_t inputs[2][SIZE][SIZE]; // bits; of A by row and k, of B by column and k
static uint32_t old_c[SIZE][SIZE], old_d[SIZE][SIZE];

static void set_up(unsigned lanes)
{
    bench = wave_bench_create(KERNEL_TARGET_GFX1100);
    bench->lanes = bench->wave.lanes = lanes;
    bench->wave.full = lanes == 64 ? UINT64_MAX : UINT32_MAX;
    memset(bench->vgpr, 0x5a, sizeof bench->vgpr);
    wave_set_exec(&bench->wave, bench->wave.full);
}

static bool is_half(const struct operation *operation)
{
    return operation->result == F16_NUMBER || operation->result == BF16_NUMBER;
}

static uint32_t any_input(const struct operation *operation)
{
    double value = small_number(bench_random(&random_state), false) / (is_half(operation) ? 2 : 1);
    return operation->input == I32_NUMBER
               ? bench_random(&random_state) & ((1u << operation->bits) - 1)
               : (uint32_t)number_bits(operation->input, value);
}

static uint32_t any_c(const struct operation *operation)
{
    bool whole = operation->result == I32_NUMBER;
    uint64_t bits =
        number_bits(operation->result, small_number(bench_random(&random_state), whole));
    uint64_t other =
        number_bits(operation->result, small_number(bench_random(&random_state), whole));
    return (uint32_t)(is_half(operation) ? bits | other << 16 : bits);
}

// Row of element r of D in a lane.
static unsigned row_of(unsigned r, unsigned lane)
{
    return r * (bench->lanes / 16) + lane / 16;
}

// What A holds for a bfloat16 result, whose 8 bits have to hold every sum: +-1 at two places of a
// row, which are others in other rows.
static uint32_t sparse_input(unsigned i, unsigned k)
{
    bool used = k == i || k == (5 * i + 3) % SIZE;
    return used ? (uint32_t)number_bits(BF16_NUMBER, bench_random(&random_state) % 2 ? 1 : -1) : 0;
}

static void fill(const struct operation *operation)
{
    unsigned each = 32 / (unsigned)operation->bits, results = SIZE * SIZE / bench->lanes;
    for (unsigned i = 0; i < SIZE; i++)
        for (unsigned k = 0; k < SIZE; k++) {
            inputs[0][i][k] =
                operation->result == BF16_NUMBER ? sparse_input(i, k) : any_input(operation);
            inputs[1][i][k] = any_input(operation);
        }
    for (unsigned lane = 0; lane < bench->lanes; lane++) {
        for (unsigned n = 0; n < 2 * SIZE; n++) {
            unsigned k = n % SIZE;
            uint32_t *word = wave_bench_register(bench, (n < SIZE ? A : B) + k / each) + lane;
            uint32_t bits = inputs[n / SIZE][lane % 16][k];
            *word = k % each ? *word | bits << k % each * (unsigned)operation->bits : bits;
        }
        for (unsigned r = 0; r < results; r++) {
            uint32_t *of_c = wave_bench_register(bench, C + r) + lane;
            *of_c = old_c[row_of(r, lane)][lane % 16] = any_c(operation);
            old_d[row_of(r, lane)][lane % 16] = wave_bench_register(bench, D + r)[lane];
        }
    }
}

static double input_value(const struct operation *operation, const struct modifiers *modifiers,
                          unsigned which, unsigned row, unsigned k)
{
    uint32_t bits = inputs[which][row][k];
    if (operation->input == I32_NUMBER) {
        bool negative = modifiers->neg_lo >> which & 1 && bits >> (operation->bits - 1);
        return negative ? (double)bits - (1 << operation->bits) : bits;
    }
    unsigned negated = (k % 2 ? modifiers->neg_hi : modifiers->neg_lo) >> which & 1;
    return number_value(operation->input, bits) * (negated ? -1 : 1);
}

static double expected(const struct operation *operation, const struct modifiers *modifiers,
                       unsigned i, unsigned j)
{
    uint32_t bits = is_half(operation) && modifiers->high ? old_c[i][j] >> 16 : old_c[i][j];
    if (is_half(operation))
        bits &= 0xffff;
    double sum = number_value(operation->result, bits);
    if (modifiers->constant)
        sum = operation->result == BF16_NUMBER ? 0 : operation->result == I32_NUMBER ? -3 : 2;
    if (operation->result != I32_NUMBER && modifiers->neg_hi & 4)
        sum = fabs(sum);
    if (operation->result != I32_NUMBER && modifiers->neg_lo & 4)
        sum = -sum;
    for (unsigned k = 0; k < SIZE; k++)
        sum +=
            input_value(operation, modifiers, 0, i, k) * input_value(operation, modifiers, 1, j, k);
    return sum;
}

static unsigned input_registers(const struct operation *operation)
{
    return SIZE * (unsigned)operation->bits / 32;
}

static const char *text_of(const struct operation *operation, const struct modifiers *modifiers)
{
    static char text[256];
    unsigned last = input_registers(operation) - 1, results = SIZE * SIZE / bench->lanes - 1;
    char of_c[32], *end = text;
    snprintf(of_c, sizeof of_c, "v[%u:%u]", C, C + results);
    const char *constant = operation->result == I32_NUMBER    ? "-3"
                           : operation->result == BF16_NUMBER ? "0"
                                                              : "2.0";
    end += snprintf(end, 160, "v_wmma_%s v[%u:%u], v[%u:%u], v[%u:%u], %s", operation->name, D,
                    D + results, A, A + last, B, B + last, modifiers->constant ? constant : of_c);
    if (modifiers->high)
        end += snprintf(end, 20, " op_sel:[0,0,1]");
    unsigned lo = modifiers->neg_lo, hi = modifiers->neg_hi;
    if (lo)
        end += snprintf(end, 20, " neg_lo:[%u,%u,%u]", lo & 1, lo >> 1 & 1, lo >> 2 & 1);
    if (hi)
        end += snprintf(end, 20, " neg_hi:[%u,%u,%u]", hi & 1, hi >> 1 & 1, hi >> 2 & 1);
    if (modifiers->clamp)
        snprintf(end, 20, " clamp");
    return text;
}

static void check_results(const struct operation *operation, const struct modifiers *modifiers)
{
    const char *text = text_of(operation, modifiers);
    unsigned results = SIZE * SIZE / bench->lanes;
    for (unsigned lane = 0; lane < bench->lanes; lane++) {
        for (unsigned r = 0; r < results; r++) {
            unsigned i = row_of(r, lane), j = lane % 16;
            uint32_t bits = wave_bench_register(bench, D + r)[lane], kept = 0;
            if (is_half(operation)) {
                kept = modifiers->high ? (bits ^ old_d[i][j]) & 0xffff : (bits ^ old_d[i][j]) >> 16;
                bits = modifiers->high ? bits >> 16 : bits & 0xffff;
            }
            double got = number_value(operation->result, bits);
            double wanted = expected(operation, modifiers, i, j);
            cr_assert(got == wanted, "%s, wave%u: D[%u][%u]: %g, not %g", text, bench->lanes, i, j,
                      got, wanted);
            cr_assert_eq(kept, 0, "%s: the other half changes", text);
        }
        cr_assert_eq(wave_bench_register(bench, D + results)[lane], 0x5a5a5a5a, "%s", text);
    }
}

static void check(const struct operation *operation, const struct modifiers *modifiers)
{
    for (unsigned lanes = 32; lanes <= 64; lanes *= 2) {
        set_up(lanes);
        fill(operation);
        wave_bench_run(bench, text_of(operation, modifiers));
        check_results(operation, modifiers);
    }
}

Test(isa_wmma, products)
{
    for (size_t i = 0; i < OPERATIONS; i++) {
        check(&operations[i], &(struct modifiers){0});
        check(&operations[i], &(struct modifiers){.constant = true});
    }
}

Test(isa_wmma, negation_and_absolute_value_of_floats)
{
    for (size_t i = 0; i < 4; i++)
        for (unsigned neg = 1; neg < 64; neg++)
            check(&operations[i], &(struct modifiers){.neg_lo = neg & 7, .neg_hi = neg >> 3});
}

Test(isa_wmma, halves_of_16_bit_results)
{
    for (size_t i = 2; i < 4; i++) {
        check(&operations[i], &(struct modifiers){.high = true});
        check(&operations[i], &(struct modifiers){.high = true, .neg_lo = 4, .neg_hi = 2});
        check(&operations[i], &(struct modifiers){.high = true, .constant = true});
    }
}

Test(isa_wmma, signedness_of_integers)
{
    for (size_t i = 4; i < 6; i++)
        for (unsigned neg = 0; neg < 4; neg++)
            check(&operations[i], &(struct modifiers){.neg_lo = neg});
}

static void fill_words(unsigned first, unsigned registers, uint32_t word)
{
    for (unsigned k = 0; k < registers; k++)
        for (unsigned lane = 0; lane < bench->lanes; lane++)
            wave_bench_register(bench, first + k)[lane] = word;
}

Test(isa_wmma, integers_wrap_or_saturate)
{
    const struct operation *operation = &operations[4];
    for (unsigned clamp = 0; clamp < 2; clamp++) {
        struct modifiers modifiers = {.clamp = clamp, .neg_lo = 1};
        set_up(32);
        fill_words(A, 4, 0x80808080); // -128
        fill_words(B, 4, 0xffffffff); // 255
        fill_words(C, 8, 0x80000000);
        wave_bench_run(bench, text_of(operation, &modifiers));
        cr_assert_eq(wave_bench_register(bench, D + 3)[17],
                     clamp ? 0x80000000 : 0x80000000 - 16 * 128 * 255);
        modifiers.neg_lo = 0;
        fill_words(C, 8, 0x7fffffff);
        wave_bench_run(bench, text_of(operation, &modifiers));
        cr_assert_eq(wave_bench_register(bench, D + 7)[31],
                     clamp ? 0x7fffffff : 0x7fffffffu + 16 * 128 * 255);
    }
}

Test(isa_wmma, exec_does_not_count)
{
    for (size_t i = 0; i < OPERATIONS; i++) {
        set_up(32);
        fill(&operations[i]);
        wave_set_exec(&bench->wave, 0x10);
        wave_bench_run(bench, text_of(&operations[i], &(struct modifiers){0}));
        check_results(&operations[i], &(struct modifiers){0});
    }
}

// A kernel that leaves the copies out must not get away with it.
Test(isa_wmma, each_half_of_the_wave_multiplies_its_own_copy)
{
    set_up(32);
    fill_words(A, 8, 0x3c003c00);
    fill_words(B, 8, 0x3c003c00);
    fill_words(C, 8, 0);
    for (unsigned k = 0; k < 8; k++)
        for (unsigned lane = 16; lane < 32; lane++)
            wave_bench_register(bench, A + k)[lane] = 0;
    wave_bench_run(bench, text_of(&operations[0], &(struct modifiers){0}));
    cr_assert_eq(wave_bench_register(bench, D)[5], 0x41800000);
    cr_assert_eq(wave_bench_register(bench, D)[21], 0);
}

Test(isa_wmma, mode_says_whether_denormals_count)
{
    for (unsigned keep = 0; keep < 2; keep++) {
        set_up(32);
        wave_set_mode(&bench->wave, keep ? 0x3f0 : 0x300);
        fill_words(A, 8, 0x00010001); // 2^-24
        fill_words(B, 8, 0x3c003c00);
        fill_words(C, 8, 1); // 2^-149, or the half 2^-24
        wave_bench_run(bench, text_of(&operations[0], &(struct modifiers){0}));
        cr_assert_eq(wave_bench_register(bench, D)[9], keep ? 0x35800000 : 0);
        wave_bench_run(bench, text_of(&operations[2], &(struct modifiers){0}));
        cr_assert_eq(wave_bench_register(bench, D)[9] & 0xffff, keep ? 17 : 0);
    }
}

Test(isa_wmma, results_of_16_bits_are_rounded_to_nearest)
{
    set_up(32);
    fill_words(A, 8, 0);
    fill_words(B, 8, 0);
    fill_words(A, 1, 0x00003c01); // 1 + 2^-10
    fill_words(B, 1, 0x00003e00); // 1.5: 1.5 + 1.5 * 2^-10, a tie, goes up to even
    fill_words(C, 8, 0);
    wave_bench_run(bench, text_of(&operations[2], &(struct modifiers){0}));
    cr_assert_eq(wave_bench_register(bench, D)[9] & 0xffff, 0x3e02);
    fill_words(A, 1, 0x00003f81); // bfloat16: 1 + 2^-7
    fill_words(B, 1, 0x00003fc0); // 1.5
    wave_bench_run(bench, text_of(&operations[3], &(struct modifiers){0}));
    cr_assert_eq(wave_bench_register(bench, D)[9] & 0xffff, 0x3fc2);
}
