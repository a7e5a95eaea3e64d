// links: isa_fixture wavegauge_emu_static
//
// Matrix instructions of gfx90a. What element of which matrix each lane of each register holds is
// taken from the register-to-element formulas of AMD's matrix instruction calculator, and the
// products are computed in double, of numbers small enough for every sum to be exact.
#include "matrix_numbers.h"
#include "wave_bench.h"

enum { LANES = 64, MOST_ROWS = 32, MOST_DEPTH = 16, MOST_BLOCKS = 16, AGPR = 256 };

struct shape {
    const char *name;
    int size, depth, blocks;
    enum number_type input, result;
    int packed; // elements of A, or of B, in a lane
    int input_registers;
};

static const struct shape shapes[] = {
    {"f32_32x32x1f32", 32, 1, 2, F32_NUMBER, F32_NUMBER, 1, 1},
    {"f32_16x16x1f32", 16, 1, 4, F32_NUMBER, F32_NUMBER, 1, 1},
    {"f32_4x4x1f32", 4, 1, 16, F32_NUMBER, F32_NUMBER, 1, 1},
    {"f32_32x32x2f32", 32, 2, 1, F32_NUMBER, F32_NUMBER, 1, 1},
    {"f32_16x16x4f32", 16, 4, 1, F32_NUMBER, F32_NUMBER, 1, 1},
    {"f32_32x32x4f16", 32, 4, 2, F16_NUMBER, F32_NUMBER, 4, 2},
    {"f32_16x16x4f16", 16, 4, 4, F16_NUMBER, F32_NUMBER, 4, 2},
    {"f32_4x4x4f16", 4, 4, 16, F16_NUMBER, F32_NUMBER, 4, 2},
    {"f32_32x32x8f16", 32, 8, 1, F16_NUMBER, F32_NUMBER, 4, 2},
    {"f32_16x16x16f16", 16, 16, 1, F16_NUMBER, F32_NUMBER, 4, 2},
    {"f32_32x32x2bf16", 32, 2, 2, BF16_NUMBER, F32_NUMBER, 2, 1},
    {"f32_16x16x2bf16", 16, 2, 4, BF16_NUMBER, F32_NUMBER, 2, 1},
    {"f32_4x4x2bf16", 4, 2, 16, BF16_NUMBER, F32_NUMBER, 2, 1},
    {"f32_32x32x4bf16", 32, 4, 1, BF16_NUMBER, F32_NUMBER, 2, 1},
    {"f32_16x16x8bf16", 16, 8, 1, BF16_NUMBER, F32_NUMBER, 2, 1},
    {"f32_32x32x4bf16_1k", 32, 4, 2, BF16_NUMBER, F32_NUMBER, 4, 2},
    {"f32_16x16x4bf16_1k", 16, 4, 4, BF16_NUMBER, F32_NUMBER, 4, 2},
    {"f32_4x4x4bf16_1k", 4, 4, 16, BF16_NUMBER, F32_NUMBER, 4, 2},
    {"f32_32x32x8bf16_1k", 32, 8, 1, BF16_NUMBER, F32_NUMBER, 4, 2},
    {"f32_16x16x16bf16_1k", 16, 16, 1, BF16_NUMBER, F32_NUMBER, 4, 2},
    {"i32_32x32x4i8", 32, 4, 2, I32_NUMBER, I32_NUMBER, 4, 1},
    {"i32_16x16x4i8", 16, 4, 4, I32_NUMBER, I32_NUMBER, 4, 1},
    {"i32_4x4x4i8", 4, 4, 16, I32_NUMBER, I32_NUMBER, 4, 1},
    {"i32_32x32x8i8", 32, 8, 1, I32_NUMBER, I32_NUMBER, 4, 1},
    {"i32_16x16x16i8", 16, 16, 1, I32_NUMBER, I32_NUMBER, 4, 1},
    {"f64_16x16x4f64", 16, 4, 1, F64_NUMBER, F64_NUMBER, 1, 2},
    {"f64_4x4x4f64", 4, 4, 4, F64_NUMBER, F64_NUMBER, 1, 2},
};
#define SHAPES (sizeof shapes / sizeof shapes[0])

static const struct shape *shape_named(const char *name)
{
    for (size_t i = 0; i < SHAPES; i++)
        if (!strcmp(shapes[i].name, name))
            return &shapes[i];
    cr_assert_fail("%s", name);
    return NULL;
}

struct place {
    int block, row, column; // of B: k, j
};

// Element e of a lane of A, or of B with rows and columns changed.
static struct place input_element(const struct shape *shape, int lane, int e)
{
    if (!strcmp(shape->name, "f64_4x4x4f64"))
        return (struct place){lane / 4 % 4, lane % 4, lane / 16};
    int group = lane / shape->size;
    return shape->blocks > 1 ? (struct place){group, lane % shape->size, e}
                             : (struct place){0, lane % shape->size, group * shape->packed + e};
}

// Element r of a lane of C or D: a register, or a pair of f64.
static struct place result_element(const struct shape *shape, int lane, int r)
{
    int j = lane % shape->size;
    if (shape->result == F64_NUMBER)
        return shape->blocks > 1 ? (struct place){lane / 4 % 4, lane / 16, j}
                                 : (struct place){0, 4 * r + lane / 16, j};
    switch (shape->size) {
    case 32:
        return (struct place){r / 16, 8 * (r / 4 % 4) + 4 * (lane / 32) + r % 4, j};
    case 16:
        return (struct place){r / 4, 4 * (lane / 16) + r % 4, j};
    default:
        return (struct place){lane / 4, r, j};
    }
}

static int result_registers(const struct shape *shape)
{
    int words = shape->size * shape->size * shape->blocks / LANES;
    return shape->result == F64_NUMBER ? 2 * words : words;
}

static struct wave_bench *bench;
static uint64_t random_state;

// So many bits of a lane, from a bit of a register on.
static uint64_t lane_bits(int index, int lane, int from, int width)
{
    const uint32_t *words = wave_bench_register(bench, (unsigned)(index + from / 32)) + lane;
    uint64_t bits = words[0] >> from % 32;
    if (width == 64)
        return bits | (uint64_t)words[LANES] << 32;
    return bits & ((UINT64_C(1) << width) - 1);
}

static void set_lane_bits(int index, int lane, int from, int width, uint64_t bits)
{
    uint32_t *words = wave_bench_register(bench, (unsigned)(index + from / 32)) + lane;
    uint32_t mask = (uint32_t)((UINT64_C(1) << (width < 32 ? width : 32)) - 1) << from % 32;
    words[0] = (words[0] & ~mask) | ((uint32_t)bits << from % 32 & mask);
    if (width == 64)
        words[LANES] = (uint32_t)(bits >> 32);
}

static int input_bits(const struct shape *shape)
{
    return 32 * shape->input_registers / shape->packed;
}

static int result_bits(const struct shape *shape)
{
    return shape->result == F64_NUMBER ? 64 : 32;
}

// Where the operands are: numbers of registers, AGPRs from AGPR on; c < 0: the constant 4.
struct operands {
    int d, a, b, c, cbsz, abid, blgp;
};

static void fill(const struct shape *shape, const struct operands *at)
{
    int width = input_bits(shape), wide = result_bits(shape);
    for (int lane = 0; lane < LANES; lane++) {
        for (int e = 0; e < 2 * shape->packed; e++) {
            int index = e < shape->packed ? at->a : at->b;
            double value = small_number(bench_random(&random_state), width == 8);
            uint64_t bits =
                width == 8 ? bench_random(&random_state) : number_bits(shape->input, value);
            set_lane_bits(index, lane, e % shape->packed * width, width, bits);
        }
        for (int r = 0; r < result_registers(shape) * 32 / wide && at->c >= 0; r++) {
            double value = small_number(bench_random(&random_state), shape->result == I32_NUMBER);
            set_lane_bits(at->c, lane, r * wide, wide, number_bits(shape->result, value));
        }
    }
}

// The lane that stands for this one of B.
static int lane_of_b(int lane, int blgp)
{
    switch (blgp) {
    case 0:
        return lane;
    case 1:
        return lane % 32;
    case 2:
        return lane % 32 + 32;
    case 3:
        return (lane + 16) % 64;
    default:
        return lane % 16 + 16 * (blgp - 4);
    }
}

static double input_value(const struct shape *shape, int index, int lane, int e)
{
    int width = input_bits(shape);
    uint64_t bits = lane_bits(index, lane, e * width, width);
    return width == 8 ? (int8_t)bits : number_value(shape->input, bits);
}

static double a[MOST_BLOCKS][MOST_ROWS][MOST_DEPTH], b[MOST_BLOCKS][MOST_ROWS][MOST_DEPTH];
static double c[MOST_BLOCKS][MOST_ROWS][MOST_ROWS];

static void gather(const struct shape *shape, const struct operands *at)
{
    int wide = result_bits(shape);
    for (int lane = 0; lane < LANES; lane++) {
        for (int e = 0; e < shape->packed; e++) {
            struct place p = input_element(shape, lane, e);
            a[p.block][p.row][p.column] = input_value(shape, at->a, lane, e);
            b[p.block][p.row][p.column] = input_value(shape, at->b, lane_of_b(lane, at->blgp), e);
        }
        for (int r = 0; r < result_registers(shape) * 32 / wide; r++) {
            struct place p = result_element(shape, lane, r);
            c[p.block][p.row][p.column] =
                at->c < 0 ? 4 : number_value(shape->result, lane_bits(at->c, lane, r * wide, wide));
        }
    }
}

static double expected(const struct shape *shape, const struct operands *at, struct place p)
{
    double sum = c[p.block][p.row][p.column];
    int group = 1 << at->cbsz, from = group > 1 ? p.block / group * group + at->abid : p.block;
    for (int k = 0; k < shape->depth; k++)
        sum += a[from][p.row][k] * b[p.block][p.column][k];
    return sum;
}

static const char *range(char *text, size_t size, int index, int registers)
{
    char kind = index >= AGPR ? 'a' : 'v';
    int first = index % AGPR;
    if (registers == 1)
        snprintf(text, size, "%c%d", kind, first);
    else
        snprintf(text, size, "%c[%d:%d]", kind, first, first + registers - 1);
    return text;
}

static const char *text_of(const struct shape *shape, const struct operands *at)
{
    static char text[256];
    char d[32], of_a[32], of_b[32], of_c[32], modifiers[64] = "";
    int results = result_registers(shape);
    if (at->cbsz || at->abid || at->blgp)
        snprintf(modifiers, sizeof modifiers, " cbsz:%d abid:%d blgp:%d", at->cbsz, at->abid,
                 at->blgp);
    const char *constant = shape->result == I32_NUMBER ? "4" : "4.0";
    snprintf(text, sizeof text, "v_mfma_%s %s, %s, %s, %s%s", shape->name,
             range(d, sizeof d, at->d, results),
             range(of_a, sizeof of_a, at->a, shape->input_registers),
             range(of_b, sizeof of_b, at->b, shape->input_registers),
             at->c < 0 ? constant : range(of_c, sizeof of_c, at->c, results), modifiers);
    return text;
}

static void set_up(void)
{
    if (!bench)
        bench = wave_bench_create(KERNEL_TARGET_GFX90A);
    memset(bench->vgpr, 0x5a, sizeof bench->vgpr);
    wave_set_exec(&bench->wave, bench->wave.full);
}

static void check(const struct shape *shape, const struct operands *at)
{
    int wide = result_bits(shape), results = result_registers(shape);
    const char *text = text_of(shape, at);
    set_up();
    fill(shape, at);
    gather(shape, at);
    wave_bench_run(bench, text);
    for (int lane = 0; lane < LANES; lane++)
        for (int r = 0; r < results * 32 / wide; r++) {
            struct place p = result_element(shape, lane, r);
            double wanted = expected(shape, at, p);
            double got = number_value(shape->result, lane_bits(at->d, lane, r * wide, wide));
            cr_assert(got == wanted, "%s: lane %d element %d, D[%d][%d] of block %d: %g, not %g",
                      text, lane, r, p.row, p.column, p.block, got, wanted);
        }
    for (int lane = 0; lane < LANES; lane++) {
        cr_assert_eq(lane_bits(at->d + results, lane, 0, 32), 0x5a5a5a5a, "%s: too far", text);
        cr_assert_eq(lane_bits(at->d - 1, lane, 0, 32), 0x5a5a5a5a, "%s: too early", text);
    }
}

Test(isa_mfma, shapes_and_register_files)
{
    static const struct operands places[] = {
        {.d = 100, .a = 10, .b = 20, .c = 40},
        {.d = AGPR + 100, .a = AGPR + 10, .b = 20, .c = AGPR + 100}, // D is C
        {.d = AGPR + 224, .a = 10, .b = AGPR + 20, .c = -1},
    };
    for (size_t i = 0; i < SHAPES; i++)
        for (size_t k = 0; k < sizeof places / sizeof places[0]; k++)
            check(&shapes[i], &places[k]);
}

Test(isa_mfma, operands_may_overlap)
{
    for (size_t i = 0; i < SHAPES; i++) {
        const struct shape *shape = &shapes[i];
        int wide = result_bits(shape) / 32;
        set_up();
        struct operands at = {.d = 102, .a = 102, .b = 102 + wide, .c = 104};
        fill(shape, &at);
        gather(shape, &at);
        wave_bench_run(bench, text_of(shape, &at));
        for (int lane = 0; lane < LANES; lane++) {
            struct place p = result_element(shape, lane, 0);
            double got = number_value(shape->result, lane_bits(102, lane, 0, 32 * wide));
            cr_assert(got == expected(shape, &at, p), "%s", text_of(shape, &at));
        }
    }
}

Test(isa_mfma, broadcast_and_lane_patterns)
{
    for (size_t i = 0; i < SHAPES; i++) {
        struct operands at = {.d = 100, .a = 10, .b = 20, .c = 40};
        if (shapes[i].result == F64_NUMBER)
            continue;
        for (at.blgp = 0; at.blgp < 8; at.blgp++)
            check(&shapes[i], &at);
        at.blgp = 0;
        for (at.cbsz = 1; 1 << at.cbsz <= shapes[i].blocks; at.cbsz++)
            for (at.abid = 0; at.abid < 1 << at.cbsz; at.abid++)
                check(&shapes[i], &at);
        if (shapes[i].blocks > 1)
            check(&shapes[i],
                  &(struct operands){.d = 100, .a = 10, .b = 20, .c = 40, 1, 1, .blgp = 6});
    }
}

Test(isa_mfma, exec_does_not_count)
{
    const struct shape *shape = shape_named("f32_16x16x4f32");
    struct operands at = {.d = 100, .a = 10, .b = 20, .c = 40};
    set_up();
    fill(shape, &at);
    gather(shape, &at);
    wave_set_exec(&bench->wave, 0);
    wave_bench_run(bench, text_of(shape, &at));
    for (int lane = 0; lane < LANES; lane++) {
        double got = number_value(F32_NUMBER, lane_bits(at.d, lane, 0, 32));
        cr_assert(got == expected(shape, &at, result_element(shape, lane, 0)), "lane %d", lane);
    }
}

// The same products in all lanes: A and B hold these elements, C this. What D is, as f32.
static double of_uniform(const char *name, const double *of_a, const double *of_b, double of_c)
{
    const struct shape *shape = shape_named(name);
    struct operands at = {.d = 100, .a = 10, .b = 20, .c = 40};
    int width = input_bits(shape), wide = result_bits(shape);
    set_up();
    for (int lane = 0; lane < LANES; lane++) {
        for (int e = 0; e < shape->packed; e++) {
            int k = input_element(shape, lane, e).column;
            set_lane_bits(10, lane, e * width, width, number_bits(shape->input, of_a[k]));
            set_lane_bits(20, lane, e * width, width, number_bits(shape->input, of_b[k]));
        }
        for (int r = 0; r < result_registers(shape) * 32 / wide; r++)
            set_lane_bits(40, lane, r * wide, wide, number_bits(shape->result, of_c));
    }
    wave_bench_run(bench, text_of(shape, &at));
    for (int lane = 1; lane < LANES; lane++)
        cr_assert_eq(lane_bits(100, lane, 0, wide), lane_bits(100, 0, 0, wide), "%s", name);
    return number_value(shape->result, lane_bits(100, 0, 0, wide));
}

#define LIST(...) ((const double[MOST_DEPTH]){__VA_ARGS__})
#define ONES      LIST(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)

static void is(double got, double wanted)
{
    cr_expect(got == wanted && !signbit(got) == !signbit(wanted), "%a, not %a", got, wanted);
}

// What MMA-Sim says of the hardware: f32 and f64 are chains of fused multiply-adds, in order.
Test(isa_mfma, fused_chains_of_f32_and_f64)
{
    double x = 1 + 0x1p-20;
    is(of_uniform("f32_4x4x1f32", LIST(x), LIST(x), -(1 + 0x1p-19)), 0x1p-40);
    is(of_uniform("f32_16x16x4f32", LIST(1, 1, 1, 1), ONES, 0x1p24), 0x1p24);
    is(of_uniform("f32_16x16x4f32", LIST(0x1p24, 1, 1, -0x1p24), ONES, 0), 0);
    is(of_uniform("f32_16x16x4f32", LIST(-0x1p24, 0x1p24, 1, 1), ONES, 0), 2);
    is(of_uniform("f32_32x32x2f32", LIST(0x1p-140, 0), ONES, 0x1p-141), 0x1.8p-140);
    double y = 1 + 0x1p-30;
    is(of_uniform("f64_16x16x4f64", LIST(y), LIST(y), -(1 + 0x1p-29)), 0x1p-60);
    is(of_uniform("f64_4x4x4f64", LIST(1, 1, 1, 1), ONES, 0x1p53), 0x1p53);
    is(of_uniform("f64_4x4x4f64", LIST(0x1p-1050), ONES, 0x1p-1060), 0x1p-1050 + 0x1p-1060);
}

// Of 16-bit floats, the products of a lane are summed in pairs, then added; denormals are zeros.
Test(isa_mfma, sums_of_16_bit_floats)
{
    static const char *const fours[] = {"f32_16x16x16f16", "f32_16x16x16bf16_1k"};
    for (size_t i = 0; i < 2; i++) {
        const char *name = fours[i];
        // 2^24 + 1 is a tie, to even; a sum in order would lose all three.
        is(of_uniform(name, LIST(0x1p12, 1, 1, 1), LIST(0x1p12, 1, 1, 1), 0), 0x1p24 + 2);
        is(of_uniform(name, LIST(1, 1, 1, 1), ONES, 0x1p24), 0x1p24 + 4);
        is(of_uniform(name, LIST(0, 0, 1, 0, 1), ONES, 0x1p24), 0x1p24);
        is(of_uniform(name, LIST(1), ONES, 0x1p-140), 1);
        is(of_uniform(name, LIST(0), ONES, -0x1p-140), 0);
    }
    is(of_uniform("f32_16x16x8bf16", LIST(1, 1, 1, 1), ONES, 0x1p25), 0x1p25);
    is(of_uniform("f32_16x16x8bf16", LIST(1, 1, 1, 1), ONES, 0x1p24), 0x1p24 + 4);
    // A denormal half is 0, and so are denormal bfloat16s, products and sums.
    is(of_uniform("f32_16x16x16f16", LIST(0x1p-15, 0x1p-14), ONES, 0), 0x1p-14);
    is(of_uniform("f32_16x16x16f16", LIST(0x1p-14), LIST(0x1p-14), 0), 0x1p-28);
    is(of_uniform("f32_16x16x16bf16_1k", LIST(0x1p-127), LIST(0x1p100), 0), 0);
    is(of_uniform("f32_16x16x16bf16_1k", LIST(0x1p-100), LIST(0x1p-27), 0x1p-120), 0x1p-120);
    is(of_uniform("f32_16x16x16bf16_1k", LIST(0x1.8p-126, -0x1p-126), ONES, 0), 0);
    is(of_uniform("f32_16x16x8bf16", LIST(0x1.8p-126, -0x1p-126), ONES, 0), 0);
    is(of_uniform("f32_16x16x8bf16", LIST(0x1.8p-126), ONES, -0x1p-126), 0);
}

Test(isa_mfma, integers_wrap)
{
    const struct shape *shape = shape_named("i32_16x16x16i8");
    set_up();
    for (int lane = 0; lane < LANES; lane++) {
        set_lane_bits(10, lane, 0, 32, 0x80808080);
        set_lane_bits(20, lane, 0, 32, 0x80808080);
        for (int r = 0; r < 4; r++)
            set_lane_bits(40 + r, lane, 0, 32, 0x7fffffff);
    }
    wave_bench_run(bench, text_of(shape, &(struct operands){.d = 100, .a = 10, .b = 20, .c = 40}));
    cr_assert_eq(lane_bits(100, 17, 0, 32), 0x7fffffffu + 16 * 128 * 128);
}

Test(isa_mfma, infinities_and_nans)
{
    cr_assert(isinf(of_uniform("f32_4x4x4f16", LIST(INFINITY), ONES, 1)));
    cr_assert(isnan(of_uniform("f32_4x4x4f16", LIST(INFINITY, 1), LIST(1, -INFINITY), 1)));
    cr_assert(isnan(of_uniform("f32_4x4x4bf16_1k", LIST(NAN), ONES, 1)));
    cr_assert(isnan(of_uniform("f32_4x4x1f32", LIST(0), LIST(INFINITY), 1)));
}
