// links: wavegauge_emu_static
//
// Every atomic of DS, GLOBAL, FLAT and MUBUF, with and without return, against formulas of this
// file. Several lanes share an address, so that the order of lanes and the old value each one gets
// are checked too.
#include "wave_bench.h"

#include <math.h>

#define REGISTERS 32
#define CELLS     24 // places that lanes choose from
#define TRIALS    12

static uint64_t random_state = 11;
static struct wave_bench *bench;

static uint32_t any(uint32_t below)
{
    return bench_random(&random_state) % below;
}

enum value_kind { INTEGER, FLOAT, HALVES };

struct operation {
    // Names: of GLOBAL, FLAT and MUBUF on gfx9 and gfx10, then on gfx11; of DS up to gfx10, then on
    // gfx11. NULL: none.
    const char *name, *name11, *ds, *ds11;
    unsigned bytes;
    uint64_t (*result)(uint64_t old, uint64_t data, uint64_t compare);
    bool two;     // two data operands
    bool swapped; // DS up to gfx10 has the value to compare with first
    enum value_kind kind;
    unsigned targets, ds_targets; // enum target_family
};

#define RESULT(name, type, expression)                                                             \
    static uint64_t name(uint64_t old_, uint64_t data_, uint64_t compare_)                         \
    {                                                                                              \
        type old = (type)old_, data = (type)data_, compare = (type)compare_;                       \
        (void)old, (void)data, (void)compare;                                                      \
        return sizeof(type) == 4 ? (uint32_t)(expression) : (uint64_t)(expression);                \
    }
#define RESULTS(bits)                                                                              \
    RESULT(add##bits, uint##bits##_t, old + data)                                                  \
    RESULT(sub##bits, uint##bits##_t, old - data)                                                  \
    RESULT(rsub##bits, uint##bits##_t, data - old)                                                 \
    RESULT(inc##bits, uint##bits##_t, old >= data ? 0 : old + 1)                                   \
    RESULT(dec##bits, uint##bits##_t, (old == 0 || old > data) ? data : old - 1)                   \
    RESULT(smin##bits, int##bits##_t, old < data ? old : data)                                     \
    RESULT(smax##bits, int##bits##_t, old > data ? old : data)                                     \
    RESULT(umin##bits, uint##bits##_t, old < data ? old : data)                                    \
    RESULT(umax##bits, uint##bits##_t, old > data ? old : data)                                    \
    RESULT(and##bits, uint##bits##_t, old &data)                                                   \
    RESULT(or ##bits, uint##bits##_t, old | data)                                                  \
    RESULT(xor##bits, uint##bits##_t, old ^ data)                                                  \
    RESULT(swap##bits, uint##bits##_t, data)                                                       \
    RESULT(cmpswap##bits, uint##bits##_t, old == compare ? data : old)                             \
    RESULT(mskor##bits, uint##bits##_t, (old & ~data) | compare)
RESULTS(32)
RESULTS(64)
RESULT(csub32, uint32_t, old < data ? 0 : old - data)
RESULT(wrap32, uint32_t, old >= data ? old - data : old + compare)

static float f32(uint64_t bits)
{
    uint32_t low = (uint32_t)bits;
    float value;
    memcpy(&value, &low, 4);
    return value;
}

static uint64_t of_f32(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, 4);
    return bits;
}

static double f64(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, 8);
    return value;
}

static uint64_t of_f64(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, 8);
    return bits;
}

#define FLOAT_RESULT(name, bits, expression)                                                       \
    static uint64_t name##_f##bits(uint64_t old, uint64_t data, uint64_t compare)                  \
    {                                                                                              \
        (void)compare;                                                                             \
        return expression;                                                                         \
    }
#define FLOAT_RESULTS(bits)                                                                        \
    FLOAT_RESULT(add, bits, of_f##bits(f##bits(old) + f##bits(data)))                              \
    FLOAT_RESULT(min, bits, isless(f##bits(data), f##bits(old)) ? data : old)                      \
    FLOAT_RESULT(max, bits, isgreater(f##bits(data), f##bits(old)) ? data : old)                   \
    FLOAT_RESULT(cmpswap, bits, f##bits(old) == f##bits(compare) ? data : old)
FLOAT_RESULTS(32)
FLOAT_RESULTS(64)

// Halves through a table: the 65536 values as doubles, and the nearest one found by bisection of
// the positive ones.
static double half(uint32_t bits)
{
    int exponent = (int)(bits >> 10 & 31);
    double magnitude = exponent == 31  ? (bits & 0x3ff ? NAN : INFINITY)
                       : exponent == 0 ? ldexp(bits & 0x3ff, -24)
                                       : ldexp(1024 + (bits & 0x3ff), exponent - 25);
    return bits & 0x8000 ? -magnitude : magnitude;
}

static uint32_t nearest_half(double value)
{
    if (isnan(value))
        return 0x7e00;
    uint32_t sign = signbit(value) ? 0x8000 : 0, low = 0, high = 0x7c00;
    double magnitude = fabs(value);
    while (low + 1 < high) {
        uint32_t middle = (low + high) / 2;
        if (half(middle) <= magnitude)
            low = middle;
        else
            high = middle;
    }
    double above = high == 0x7c00 ? 65536 : half(high), rest = magnitude - half(low);
    double gap = above - half(low);
    bool up = rest > gap / 2 || (rest == gap / 2 && low & 1);
    if (magnitude >= 65536)
        return sign | 0x7c00;
    return sign | (up ? high : low);
}

static uint64_t pk_add_f16(uint64_t old, uint64_t data, uint64_t compare)
{
    (void)compare;
    uint32_t low = nearest_half(half(old & 0xffff) + half(data & 0xffff));
    uint32_t high = nearest_half(half(old >> 16 & 0xffff) + half(data >> 16 & 0xffff));
    return high << 16 | low;
}

static uint64_t condxchg(uint64_t old, uint64_t data, uint64_t compare)
{
    (void)compare;
    uint64_t result = old;
    if (data & 0x80000000u)
        result = (result & ~UINT64_C(0xffffffff)) | (data & 0x7fffffff);
    if (data >> 63)
        result = (result & 0xffffffff) | (data & UINT64_C(0x7fffffff00000000));
    return result;
}

#define ALL ALL_TARGETS
static const struct operation operations[] = {
    {"add", "add_u32", "add_*u32", "add_*u32", 4, add32, 0, 0, INTEGER, ALL, ALL},
    {"sub", "sub_u32", "sub_*u32", "sub_*u32", 4, sub32, 0, 0, INTEGER, ALL, ALL},
    {NULL, NULL, "rsub_*u32", "rsub_*u32", 4, rsub32, 0, 0, INTEGER, 0, ALL},
    {"inc", "inc_u32", "inc_*u32", "inc_*u32", 4, inc32, 0, 0, INTEGER, ALL, ALL},
    {"dec", "dec_u32", "dec_*u32", "dec_*u32", 4, dec32, 0, 0, INTEGER, ALL, ALL},
    {"smin", "min_i32", "min_*i32", "min_*i32", 4, smin32, 0, 0, INTEGER, ALL, ALL},
    {"smax", "max_i32", "max_*i32", "max_*i32", 4, smax32, 0, 0, INTEGER, ALL, ALL},
    {"umin", "min_u32", "min_*u32", "min_*u32", 4, umin32, 0, 0, INTEGER, ALL, ALL},
    {"umax", "max_u32", "max_*u32", "max_*u32", 4, umax32, 0, 0, INTEGER, ALL, ALL},
    {"and", "and_b32", "and_*b32", "and_*b32", 4, and32, 0, 0, INTEGER, ALL, ALL},
    {"or", "or_b32", "or_*b32", "or_*b32", 4, or32, 0, 0, INTEGER, ALL, ALL},
    {"xor", "xor_b32", "xor_*b32", "xor_*b32", 4, xor32, 0, 0, INTEGER, ALL, ALL},
    {"swap", "swap_b32", "wrxchg_*b32", "storexchg_*b32", 4, swap32, 0, 0, INTEGER, ALL, ALL},
    {"cmpswap", "cmpswap_b32", "cmpst_*b32", "cmpstore_*b32", 4, cmpswap32, 1, 1, INTEGER, ALL,
     ALL},
    {NULL, NULL, "mskor_*b32", "mskor_*b32", 4, mskor32, 1, 0, INTEGER, 0, ALL},
    {NULL, NULL, "wrap_*b32", "wrap_*b32", 4, wrap32, 1, 0, INTEGER, 0, ALL},
    {"csub", "csub_u32", NULL, NULL, 4, csub32, 0, 0, INTEGER, GFX10_UP, 0},
    {"add_x2", "add_u64", "add_*u64", "add_*u64", 8, add64, 0, 0, INTEGER, ALL, ALL},
    {"sub_x2", "sub_u64", "sub_*u64", "sub_*u64", 8, sub64, 0, 0, INTEGER, ALL, ALL},
    {NULL, NULL, "rsub_*u64", "rsub_*u64", 8, rsub64, 0, 0, INTEGER, 0, ALL},
    {"inc_x2", "inc_u64", "inc_*u64", "inc_*u64", 8, inc64, 0, 0, INTEGER, ALL, ALL},
    {"dec_x2", "dec_u64", "dec_*u64", "dec_*u64", 8, dec64, 0, 0, INTEGER, ALL, ALL},
    {"smin_x2", "min_i64", "min_*i64", "min_*i64", 8, smin64, 0, 0, INTEGER, ALL, ALL},
    {"smax_x2", "max_i64", "max_*i64", "max_*i64", 8, smax64, 0, 0, INTEGER, ALL, ALL},
    {"umin_x2", "min_u64", "min_*u64", "min_*u64", 8, umin64, 0, 0, INTEGER, ALL, ALL},
    {"umax_x2", "max_u64", "max_*u64", "max_*u64", 8, umax64, 0, 0, INTEGER, ALL, ALL},
    {"and_x2", "and_b64", "and_*b64", "and_*b64", 8, and64, 0, 0, INTEGER, ALL, ALL},
    {"or_x2", "or_b64", "or_*b64", "or_*b64", 8, or64, 0, 0, INTEGER, ALL, ALL},
    {"xor_x2", "xor_b64", "xor_*b64", "xor_*b64", 8, xor64, 0, 0, INTEGER, ALL, ALL},
    {"swap_x2", "swap_b64", "wrxchg_*b64", "storexchg_*b64", 8, swap64, 0, 0, INTEGER, ALL, ALL},
    {"cmpswap_x2", "cmpswap_b64", "cmpst_*b64", "cmpstore_*b64", 8, cmpswap64, 1, 1, INTEGER, ALL,
     ALL},
    {NULL, NULL, "mskor_*b64", "mskor_*b64", 8, mskor64, 1, 0, INTEGER, 0, ALL},
    {NULL, NULL, "condxchg32_*b64", "condxchg32_*b64", 8, condxchg, 0, 0, INTEGER, 0, ALL},
    {"add_f32", "add_f32", "add_*f32", "add_*f32", 4, add_f32, 0, 0, FLOAT, GFX9 | GFX11, ALL},
    {"fmin", "min_f32", "min_*f32", "min_*f32", 4, min_f32, 0, 0, FLOAT, GFX10_UP, ALL},
    {"fmax", "max_f32", "max_*f32", "max_*f32", 4, max_f32, 0, 0, FLOAT, GFX10_UP, ALL},
    {"fcmpswap", "cmpswap_f32", "cmpst_*f32", "cmpstore_*f32", 4, cmpswap_f32, 1, 1, FLOAT,
     GFX10_UP, ALL},
    {"fmin_x2", NULL, NULL, NULL, 8, min_f64, 0, 0, FLOAT, GFX10, 0},
    {"fmax_x2", NULL, NULL, NULL, 8, max_f64, 0, 0, FLOAT, GFX10, 0},
    {"fcmpswap_x2", NULL, "cmpst_*f64", "cmpstore_*f64", 8, cmpswap_f64, 1, 1, FLOAT, GFX10, ALL},
    {"add_f64", NULL, "add_*f64", NULL, 8, add_f64, 0, 0, FLOAT, GFX9, GFX9},
    {"min_f64", NULL, "min_*f64", "min_*f64", 8, min_f64, 0, 0, FLOAT, GFX9, ALL},
    {"max_f64", NULL, "max_*f64", "max_*f64", 8, max_f64, 0, 0, FLOAT, GFX9, ALL},
    {"pk_add_f16", NULL, NULL, NULL, 4, pk_add_f16, 0, 0, HALVES, GFX9, 0},
};
#define OPERATIONS (sizeof operations / sizeof operations[0])

// Values at which the rules differ: around zero, the ends of the ranges, small ones that meet each
// other often.
static uint64_t any_integer(void)
{
    static const uint64_t edges[] = {0,
                                     1,
                                     2,
                                     UINT64_MAX,
                                     UINT64_C(0x7fffffffffffffff),
                                     UINT64_C(0x8000000000000000),
                                     0x7fffffff,
                                     0x80000000,
                                     0xffffffff,
                                     UINT64_C(0x8000000080000000)};
    if (any(3) == 0)
        return edges[any(10)];
    if (any(2))
        return any(6);
    return (uint64_t)bench_random(&random_state) << 32 | bench_random(&random_state);
}

static uint64_t any_float(unsigned bytes)
{
    static const double edges[] = {0.0, -0.0, 1.5, -1.5, INFINITY, -INFINITY, 1e-40, -1e-40, 3e38};
    double value = any(2) ? edges[any(9)] : ldexp((double)any(1000) - 500, (int)any(40) - 20);
    if (any(12) == 0)
        return bytes == 8 ? UINT64_C(0x7ff8000000000000) : 0x7fc00000;
    return bytes == 8 ? of_f64(value) : of_f32((float)value);
}

static uint64_t any_value(const struct operation *operation)
{
    if (operation->kind == FLOAT)
        return any_float(operation->bytes);
    if (operation->kind == HALVES)
        return bench_random(&random_state) & (any(4) ? 0xbfffbfff : UINT32_MAX);
    return any_integer();
}

static void put_value(unsigned first, unsigned lane, unsigned bytes, uint64_t value)
{
    wave_bench_register(bench, first)[lane] = (uint32_t)value;
    if (bytes == 8)
        wave_bench_register(bench, first + 1)[lane] = (uint32_t)(value >> 32);
}

// One execution: what every lane does and what came out.
struct trial {
    const struct operation *operation;
    uint64_t cells[3][CELLS];
    unsigned cell[64], where[64];
    uint64_t data[64], compare[64], old[64];
    uint64_t skipped; // active lanes that touch nothing and get 0
};

static struct trial trial;
// The three memories that a lane's cell can be in.
enum { IN_GLOBAL, IN_LDS, IN_SCRATCH };

static uint8_t *cell_memory(unsigned where, unsigned cell, unsigned lane, unsigned word)
{
    unsigned at = cell * trial.operation->bytes + word * 4;
    if (where == IN_GLOBAL)
        return (uint8_t *)(uintptr_t)bench->global->begin + 256 + at;
    if (where == IN_LDS)
        return bench->lds + 256 + at;
    return bench->scratch + ((64 + at) / 4 * bench->lanes + lane) * 4;
}

static uint64_t read_cell(unsigned where, unsigned cell, unsigned lane)
{
    uint32_t word[2] = {0, 0};
    for (unsigned k = 0; k < trial.operation->bytes / 4; k++)
        memcpy(&word[k], cell_memory(where, cell, lane, k), 4);
    return (uint64_t)word[1] << 32 | word[0];
}

static void write_cell(unsigned where, unsigned cell, unsigned lane, uint64_t value)
{
    uint32_t word[2] = {(uint32_t)value, (uint32_t)(value >> 32)};
    for (unsigned k = 0; k < trial.operation->bytes / 4; k++)
        memcpy(cell_memory(where, cell, lane, k), &word[k], 4);
}

// Scratch cells are a lane's own: lane i uses cell i % CELLS there, whatever others do.
static void trial_begin(const struct operation *operation)
{
    trial.operation = operation;
    trial.skipped = 0;
    for (unsigned i = 0; i < REGISTERS * bench->lanes; i++)
        bench->vgpr[i] = bench_random(&random_state);
    for (unsigned where = 0; where < 2; where++)
        for (unsigned cell = 0; cell < CELLS; cell++)
            write_cell(where, cell, 0, any_value(operation));
    for (unsigned lane = 0; lane < bench->lanes; lane++) {
        trial.cell[lane] = any(CELLS);
        trial.where[lane] = IN_GLOBAL;
        trial.data[lane] = any_value(operation);
        trial.compare[lane] =
            any(2) ? read_cell(any(2), trial.cell[lane], 0) : any_value(operation);
        write_cell(IN_SCRATCH, trial.cell[lane], lane, any_value(operation));
        if (operation->bytes == 4) {
            trial.data[lane] &= UINT32_MAX;
            trial.compare[lane] &= UINT32_MAX;
        }
    }
    uint64_t mask = (uint64_t)bench_random(&random_state) << 32 | bench_random(&random_state);
    wave_set_exec(&bench->wave, any(2) ? mask : UINT64_MAX);
}

static uint64_t scratch_old[64], scratch_new[64];

// What memory and the results must be: the lanes in order.
static void trial_model(void)
{
    for (unsigned where = 0; where < 2; where++)
        for (unsigned cell = 0; cell < CELLS; cell++)
            trial.cells[where][cell] = read_cell(where, cell, 0);
    for (unsigned lane = 0; lane < bench->lanes; lane++) {
        scratch_old[lane] = scratch_new[lane] = read_cell(IN_SCRATCH, trial.cell[lane], lane);
        if (!(bench->wave.exec >> lane & 1) || trial.skipped >> lane & 1)
            continue;
        uint64_t *cell = trial.where[lane] == IN_SCRATCH
                             ? &scratch_new[lane]
                             : &trial.cells[trial.where[lane]][trial.cell[lane]];
        trial.old[lane] = *cell;
        *cell = trial.operation->result(*cell, trial.data[lane], trial.compare[lane]);
    }
}

static bool same(uint64_t got, uint64_t wanted)
{
    if (got == wanted)
        return true;
    // A NaN that was computed may have any payload.
    if (trial.operation->kind == FLOAT && trial.operation->bytes == 8)
        return isnan(f64(got)) && isnan(f64(wanted));
    return trial.operation->kind == FLOAT && isnan(f32(got)) && isnan(f32(wanted));
}

// result: first register of the old value, or -1.
static void trial_check(int result, const uint32_t *result_before)
{
    const char *target = kernel_target_name(bench->kind);
    for (unsigned where = 0; where < 2; where++)
        for (unsigned cell = 0; cell < CELLS; cell++)
            cr_assert(same(read_cell(where, cell, 0), trial.cells[where][cell]),
                      "%s on %s: memory %u cell %u is %llx, not %llx", bench->text, target, where,
                      cell, (unsigned long long)read_cell(where, cell, 0),
                      (unsigned long long)trial.cells[where][cell]);
    for (unsigned lane = 0; lane < bench->lanes; lane++) {
        cr_assert(same(read_cell(IN_SCRATCH, trial.cell[lane], lane), scratch_new[lane]),
                  "%s on %s: scratch of lane %u", bench->text, target, lane);
        if (result < 0)
            continue;
        const uint32_t *row = wave_bench_register(bench, (unsigned)result);
        bool active = bench->wave.exec >> lane & 1;
        uint64_t wanted = trial.skipped >> lane & 1 ? 0 : trial.old[lane];
        uint64_t got = row[lane];
        if (trial.operation->bytes == 8)
            got |= (uint64_t)row[lane + bench->lanes] << 32;
        if (active)
            cr_assert(same(got, wanted), "%s on %s: lane %u got %llx, not %llx", bench->text,
                      target, lane, (unsigned long long)got, (unsigned long long)wanted);
        else
            cr_assert_eq(row[lane], result_before[lane], "%s on %s: inactive lane %u", bench->text,
                         target, lane);
    }
}

static void execute(const char *text, int result)
{
    uint32_t before[64] = {0};
    if (result >= 0)
        memcpy(before, wave_bench_register(bench, (unsigned)result), bench->lanes * 4);
    trial_model();
    wave_bench_run(bench, text);
    trial_check(result, before);
}

static const char *span(char *text, unsigned first, unsigned count)
{
    sprintf(text, count == 1 ? "v%u" : "v[%u:%u]", first, first + count - 1);
    return text;
}

// Data in v8.. : new value, then the one to compare with.
static void put_operands(bool compare_first)
{
    unsigned bytes = trial.operation->bytes, next = 8 + bytes / 4;
    for (unsigned lane = 0; lane < bench->lanes; lane++) {
        bool swap = compare_first && trial.operation->two;
        put_value(8, lane, bytes, swap ? trial.compare[lane] : trial.data[lane]);
        if (trial.operation->two)
            put_value(next, lane, bytes, swap ? trial.data[lane] : trial.compare[lane]);
    }
}

static void check_ds(const struct operation *operation, bool returns)
{
    bool gfx11 = bench->target->family == GFX11;
    const char *pattern = gfx11 ? operation->ds11 : operation->ds;
    if (!pattern || !(operation->ds_targets & bench->target->family))
        return;
    if (!returns && (strstr(pattern, "xchg") || strstr(pattern, "wrap")))
        return; // only with return
    trial_begin(operation);
    for (unsigned lane = 0; lane < bench->lanes; lane++) {
        trial.where[lane] = IN_LDS;
        wave_bench_register(bench, 2)[lane] = 256 - 40 + trial.cell[lane] * operation->bytes;
    }
    put_operands(operation->swapped && !gfx11);
    unsigned count = operation->bytes / 4, to = any(2) ? 8 : 20;
    char text[160], data[2][24], result[24];
    const char *star = strchr(pattern, '*');
    sprintf(text, "ds_%.*s%s%s ", (int)(star - pattern), pattern, returns ? "rtn_" : "", star + 1);
    if (returns)
        sprintf(text + strlen(text), "%s, ", span(result, to, count));
    sprintf(text + strlen(text), "v2, %s", span(data[0], 8, count));
    if (operation->two)
        sprintf(text + strlen(text), ", %s", span(data[1], 8 + count, count));
    strcat(text, " offset:40");
    execute(text, returns ? (int)to : -1);
}

WaveTest(isa_atomics, lds)
{
    bench = wave_bench_create(*target);
    for (size_t k = 0; k < OPERATIONS; k++)
        for (unsigned i = 0; i < TRIALS; i++)
            check_ds(&operations[k], i & 1);
}

static const char *memory_name(const struct operation *operation)
{
    if (!(operation->targets & bench->target->family))
        return NULL;
    return bench->target->family == GFX11 ? operation->name11 : operation->name;
}

// GLOBAL with a VGPR pair or a scalar base, or FLAT with lanes in all three spaces.
static void check_memory(const struct operation *operation, bool returns, unsigned form)
{
    const char *name = memory_name(operation);
    if (!name)
        return;
    bool flat = form == 2, scalar = form == 1;
    if (flat &&
        (strcmp(name, "add_f32") == 0 || strcmp(name, "pk_add_f16") == 0 ||
         strncmp(name, "csub", 4) == 0) &&
        bench->target->family != GFX11)
        return; // no such FLAT instruction
    if (flat && strncmp(name, "csub", 4) == 0)
        return;
    trial_begin(operation);
    int offset = flat && bench->target->family == GFX10 ? 0 : 24;
    for (unsigned lane = 0; lane < bench->lanes; lane++) {
        uint64_t at = trial.cell[lane] * operation->bytes;
        trial.where[lane] = flat ? any(3) : IN_GLOBAL;
        uint64_t base = trial.where[lane] == IN_GLOBAL ? bench->global->begin + 256
                        : trial.where[lane] == IN_LDS  ? SHARED_APERTURE + 256
                                                       : PRIVATE_APERTURE + 64;
        put_value(2, lane, 8, scalar ? at + 1000 : base + at - (uint64_t)offset);
    }
    wave_write_sgpr64(&bench->wave, 6, bench->global->begin + 256 - 1000 - (uint64_t)offset);
    put_operands(false);
    unsigned count = operation->bytes / 4, to = any(2) ? 8 : any(2) ? 2 : 20;
    char text[160], data[24], result[24];
    sprintf(text, "%s_atomic_%s ", flat ? "flat" : "global", name);
    if (returns)
        sprintf(text + strlen(text), "%s, ", span(result, to, count));
    sprintf(text + strlen(text), "%s, %s%s", scalar ? "v2" : "v[2:3]",
            span(data, 8, count * (operation->two ? 2 : 1)),
            flat     ? ""
            : scalar ? ", s[6:7]"
                     : ", off");
    if (offset)
        strcat(text, " offset:24");
    if (returns)
        strcat(text, " glc");
    execute(text, returns ? (int)to : -1);
}

WaveTest(isa_atomics, global)
{
    bench = wave_bench_create(*target);
    for (size_t k = 0; k < OPERATIONS; k++)
        for (unsigned i = 0; i < TRIALS; i++)
            check_memory(&operations[k], i & 1, i >> 1 & 1);
}

WaveTest(isa_atomics, flat)
{
    bench = wave_bench_create(*target);
    for (size_t k = 0; k < OPERATIONS; k++)
        for (unsigned i = 0; i < TRIALS; i++)
            check_memory(&operations[k], i & 1, 2);
}

// Through a raw buffer that ends before the last cells: those lanes change nothing and get 0.
static void check_buffer(const struct operation *operation, bool returns)
{
    const char *name = memory_name(operation);
    if (!name)
        return;
    trial_begin(operation);
    uint32_t records = (CELLS - 4) * operation->bytes + 16;
    for (unsigned lane = 0; lane < bench->lanes; lane++) {
        uint32_t at = trial.cell[lane] * operation->bytes;
        if (at + 16 >= records)
            trial.skipped |= UINT64_C(1) << lane;
        wave_bench_register(bench, 2)[lane] = at + 4;
    }
    wave_write_sgpr64(&bench->wave, 8, bench->global->begin + 256 - 16);
    wave_write_sgpr64(&bench->wave, 10, UINT64_C(0x30000000) << 32 | records);
    wave_write_sgpr(&bench->wave, 5, 0);
    put_operands(false);
    char text[160], data[24];
    sprintf(text, "buffer_atomic_%s %s, v2, s[8:11], s5 offen offset:12%s", name,
            span(data, 8, operation->bytes / 4 * (operation->two ? 2 : 1)), returns ? " glc" : "");
    execute(text, returns ? 8 : -1);
}

WaveTest(isa_atomics, buffer)
{
    bench = wave_bench_create(*target);
    for (size_t k = 0; k < OPERATIONS; k++)
        for (unsigned i = 0; i < TRIALS; i++)
            check_buffer(&operations[k], i & 1);
}

// Exchanges at two places, whose offsets count elements or 64 of them.
WaveTest(isa_atomics, lds_exchange_at_two_places)
{
    bench = wave_bench_create(*target);
    bool gfx11 = *target == KERNEL_TARGET_GFX1100;
    for (unsigned form = 0; form < 4; form++) {
        unsigned words = form & 1 ? 2 : 1, unit = words * 4 * (form & 2 ? 64 : 1);
        uint32_t old[2][64][2], data[2][64][2];
        wave_set_exec(&bench->wave, UINT64_C(0xf0ff0ffffffff0f7));
        for (unsigned i = 0; i < WAVE_BENCH_LDS; i++)
            bench->lds[i] = (uint8_t)any(256);
        for (unsigned lane = 0; lane < bench->lanes; lane++) {
            wave_bench_register(bench, 2)[lane] = lane * 2 * unit % (WAVE_BENCH_LDS - 2 * unit);
            for (unsigned k = 0; k < 2 * words; k++) {
                uint32_t at = wave_bench_register(bench, 2)[lane];
                at += (k < words ? unit : 0) + k % words * 4;
                memcpy(&old[k / words][lane][k % words], bench->lds + at, 4);
                data[k / words][lane][k % words] = bench_random(&random_state);
                wave_bench_register(bench, 8 + k)[lane] = data[k / words][lane][k % words];
            }
        }
        if (form & 2) // lanes would meet: one is enough
            wave_set_exec(&bench->wave, 2);
        static const char *const names[2][4] = {
            {"ds_wrxchg2_rtn_b32 v[20:21], v2, v8, v9",
             "ds_wrxchg2_rtn_b64 v[20:23], v2, v[8:9], v[10:11]",
             "ds_wrxchg2st64_rtn_b32 v[20:21], v2, v8, v9",
             "ds_wrxchg2st64_rtn_b64 v[20:23], v2, v[8:9], v[10:11]"},
            {"ds_storexchg_2addr_rtn_b32 v[20:21], v2, v8, v9",
             "ds_storexchg_2addr_rtn_b64 v[20:23], v2, v[8:9], v[10:11]",
             "ds_storexchg_2addr_stride64_rtn_b32 v[20:21], v2, v8, v9",
             "ds_storexchg_2addr_stride64_rtn_b64 v[20:23], v2, v[8:9], v[10:11]"}};
        char text[128];
        sprintf(text, "%s offset0:1", names[gfx11][form]);
        wave_bench_run(bench, text);
        for (unsigned lane = 0; lane < bench->lanes; lane++)
            for (unsigned k = 0; k < 2 * words && bench->wave.exec >> lane & 1; k++) {
                uint32_t now, at = wave_bench_register(bench, 2)[lane];
                memcpy(&now, bench->lds + at + (k < words ? unit : 0) + k % words * 4, 4);
                cr_assert_eq(now, data[k / words][lane][k % words], "%s lane %u", text, lane);
                cr_assert_eq(wave_bench_register(bench, 20 + k)[lane],
                             old[k / words][lane][k % words], "%s lane %u", text, lane);
            }
    }
}
