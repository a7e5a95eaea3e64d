#include "isa_floats.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 4, SOURCES = 3, RESULT = 6 };

struct round {
    uint64_t exec;
    struct float_mode mode;
    uint64_t source[SOURCES][64];
    uint64_t old[64];
};

static unsigned operand_bits(unsigned operand)
{
    static const unsigned bits[] = {0, 16, 32, 64, 16, 32, 32, 64};
    return bits[operand];
}

static bool is_float(unsigned operand)
{
    return operand >= F16_OPERAND && operand <= F64_OPERAND;
}

static enum float_format format_of(unsigned operand)
{
    return (enum float_format)(operand - F16_OPERAND);
}

static uint64_t low_bits(unsigned bits)
{
    return bits == 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
}

static unsigned source_operand(const struct isa_float_operation *operation, unsigned k)
{
    return k == 0 ? operation->a : k == 1 ? operation->b : operation->c;
}

static void set_lane(const struct isa_fixture *fixture, unsigned index, unsigned lane,
                     uint64_t value)
{
    isa_vgpr(fixture, index)[lane] = (uint32_t)value;
    isa_vgpr(fixture, index + 1)[lane] = (uint32_t)(value >> 32);
}

static uint64_t get_lane(const struct isa_fixture *fixture, unsigned index, unsigned lane)
{
    return isa_vgpr(fixture, index)[lane] | (uint64_t)isa_vgpr(fixture, index + 1)[lane] << 32;
}

// The result's format says which mode an operation obeys, that of an integer result's source.
static bool obeys_f64_mode(const struct isa_float_operation *operation)
{
    unsigned operand = operation->result;
    if (operand == I16_OPERAND || operand == I32_OPERAND)
        operand = operation->a;
    return operand == F16_OPERAND || operand == F64_OPERAND || operand == F16_PAIR_OPERAND;
}

// MODE with the fields that the operation must not look at set to something else.
static uint32_t mode_register(const struct isa_float_operation *operation,
                              const struct float_mode *mode)
{
    bool f64 = operation->mode_of_f64 || obeys_f64_mode(operation);
    uint32_t round = mode->round, denormals = mode->denormals;
    uint32_t bits = f64 ? round << 2 | denormals << 6 : round | denormals << 4;
    uint32_t others = f64 ? ((round + 1) & 3) | 3u << 4 : ((round + 1) & 3) << 2 | 3u << 6;
    return bits | others | MODE_DX10_CLAMP | (mode->ieee ? MODE_IEEE : 0);
}

static uint64_t random_operand(unsigned operand, uint64_t *seed)
{
    if (is_float(operand))
        return random_float(format_of(operand), seed);
    if (operand == F16_PAIR_OPERAND)
        return random_float(HALF, seed) | random_float(HALF, seed) << 16;
    if (operand == F32_PAIR_OPERAND)
        return random_float(SINGLE, seed) | random_float(SINGLE, seed) << 32;
    return operand ? isa_random_integer(seed, operand_bits(operand)) : 0;
}

static void prepare(struct isa_fixture *fixture, const struct isa_float_operation *operation,
                    uint64_t *seed, bool all_lanes, struct round *round)
{
    isa_reset(fixture);
    round->exec = all_lanes ? fixture->full : isa_random(seed) & fixture->full;
    wave_set_exec(fixture->wave, round->exec);
    wave_set_mode(fixture->wave, mode_register(operation, &round->mode));
    for (unsigned lane = 0; lane < fixture->lanes; lane++) {
        for (unsigned k = 0; k < SOURCES; k++) {
            unsigned operand = source_operand(operation, k), bits = operand_bits(operand);
            uint64_t noise = bits == 64 ? 0 : isa_random(seed) & ~low_bits(bits);
            round->source[k][lane] = random_operand(operand, seed);
            set_lane(fixture, 2 * k, lane, round->source[k][lane] | noise);
        }
        round->old[lane] = isa_random(seed);
        if (operation->accumulates) {
            uint64_t mask = low_bits(operand_bits(operation->c));
            round->old[lane] = (round->old[lane] & ~mask) | round->source[2][lane];
        }
        set_lane(fixture, RESULT, lane, round->old[lane]);
    }
}

// Floats in order, as integers.
static int64_t order(enum float_format format, uint64_t bits)
{
    uint64_t sign = UINT64_C(1) << (float_format_bits(format) - 1);
    return bits & sign ? -(int64_t)(bits & ~sign) : (int64_t)bits;
}

// Of several NaN any may come, and the default one where an operation is invalid too.
static bool nan_is_right(const struct isa_float_operation *operation, const struct round *round,
                         unsigned lane, uint64_t found, uint64_t expected)
{
    enum float_format format = format_of(operation->result);
    if (!float_is_nan(format, found) || float_is_signalling(format, found))
        return false;
    unsigned nans = 0;
    for (unsigned k = 0; k < SOURCES; k++) {
        unsigned operand = source_operand(operation, k);
        uint64_t source = round->source[k][lane];
        if (operand == F16_PAIR_OPERAND)
            nans += 2 * (float_is_nan(HALF, source & 0xffff) || float_is_nan(HALF, source >> 16));
        else
            nans += is_float(operand) && float_is_nan(format_of(operand), source);
    }
    uint64_t payload = found & (float_least_normal(format) - 1);
    return nans != 1 || found == expected || payload == float_least_normal(format) >> 1;
}

// Hosts differ in whether what rounds up to the least normal number is flushed.
static bool flushed_least_normal(const struct isa_float_operation *operation,
                                 const struct round *round, enum float_format format,
                                 uint64_t found, uint64_t expected)
{
    uint64_t sign = UINT64_C(1) << (float_format_bits(format) - 1);
    bool may_flush = !(round->mode.denormals & 2) || operation->flushes;
    return may_flush && (expected & ~sign) == float_least_normal(format) &&
           found == (expected & sign);
}

// Both of a pair; any quiet NaN will do.
static bool pair_is_right(const struct isa_float_operation *operation, const struct round *round,
                          uint64_t found, uint64_t expected)
{
    enum float_format format = operation->result == F16_PAIR_OPERAND ? HALF : SINGLE;
    for (unsigned part = 0; part < 2; part++) {
        unsigned bits = float_format_bits(format);
        uint64_t found_part = found >> part * bits & low_bits(bits);
        uint64_t expected_part = expected >> part * bits & low_bits(bits);
        bool nan = float_is_nan(format, found_part) && !float_is_signalling(format, found_part);
        if (found_part != expected_part && !(nan && float_is_nan(format, expected_part)) &&
            !flushed_least_normal(operation, round, format, found_part, expected_part))
            return false;
    }
    return true;
}

static bool is_right(const struct isa_float_operation *operation, const struct round *round,
                     unsigned lane, uint64_t found, uint64_t expected)
{
    if (operation->result == F16_PAIR_OPERAND || operation->result == F32_PAIR_OPERAND)
        return pair_is_right(operation, round, found, expected);
    if (!is_float(operation->result) || found == expected)
        return found == expected;
    enum float_format format = format_of(operation->result);
    if (float_is_nan(format, expected))
        return nan_is_right(operation, round, lane, found, expected);
    if (flushed_least_normal(operation, round, format, found, expected))
        return true;
    if (float_is_nan(format, found) || !operation->ulps)
        return false;
    int64_t distance = order(format, found) - order(format, expected);
    return llabs(distance) <= operation->ulps;
}

static void check_lane(const struct isa_fixture *fixture,
                       const struct isa_float_operation *operation, const struct round *round,
                       unsigned lane)
{
    uint64_t a = round->source[0][lane], b = round->source[1][lane], c = round->source[2][lane];
    uint64_t old = round->old[lane], found = get_lane(fixture, RESULT, lane);
    unsigned bits = operand_bits(operation->result);
    bool active = round->exec >> lane & 1;
    bool clears = bits == 16 && fixture->family == GFX9 && !operation->keeps_half;
    struct float_mode mode = round->mode;
    if (operation->flushes)
        mode.denormals = 0;
    uint64_t expected = active ? operation->expected(&mode, a, b, c) : old & low_bits(bits);
    uint64_t rest = active && clears ? old & ~(uint64_t)UINT32_MAX : old & ~low_bits(bits);
    uint64_t found_low = found & low_bits(bits), found_rest = found & ~low_bits(bits);
    bool right =
        active ? is_right(operation, round, lane, found_low, expected) : found_low == expected;
    cr_assert(right && found_rest == rest,
              "%s, '%s', %s lane %u, rounding %u, denormals %u, IEEE %d: a = 0x%llx, b = 0x%llx, "
              "c = 0x%llx: 0x%llx, not 0x%llx",
              kernel_target_name(fixture->target), operation->text, active ? "active" : "inactive",
              lane, mode.round, mode.denormals, mode.ieee, (unsigned long long)a,
              (unsigned long long)b, (unsigned long long)c, (unsigned long long)found,
              (unsigned long long)(expected | rest));
}

static void check_operation(struct isa_fixture *fixture,
                            const struct isa_float_operation *operation, size_t line)
{
    uint64_t seed = line;
    struct round round;
    for (unsigned i = 0; i < 32 * ROUNDS; i++) {
        round.mode = (struct float_mode){i & 3, i >> 2 & 3, !(i >> 4 & 1)};
        prepare(fixture, operation, &seed, i / 32 % 2, &round);
        cr_assert(isa_execute(fixture, line), "%s", isa_fault_text(fixture));
        for (unsigned lane = 0; lane < fixture->lanes; lane++)
            check_lane(fixture, operation, &round, lane);
    }
}

void isa_check_floats(enum kernel_target target, const struct isa_float_operation *operations,
                      size_t count)
{
    const char **lines = calloc(count, sizeof *lines);
    cr_assert_not_null(lines);
    for (size_t i = 0; i < count; i++)
        if (operations[i].targets & isa_family(target))
            lines[i] = operations[i].text;
    struct isa_fixture *fixture = isa_fixture_create(target, lines, count);
    for (size_t i = 0; i < count; i++)
        if (lines[i])
            check_operation(fixture, &operations[i], i);
    isa_fixture_destroy(fixture);
    free(lines);
}
