#include "isa_operations.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 60, SOURCES = 3, RESULT = 6, MASK_RESULT = 10, CARRY = 12 };

struct round {
    uint64_t exec, carry;
    uint64_t source[SOURCES][64];
    uint64_t old[64]; // of the result
};

static uint64_t old_lane(const struct isa_fixture *fixture, unsigned index, unsigned lane)
{
    return isa_vgpr(fixture, index)[lane] | (uint64_t)isa_vgpr(fixture, index + 1)[lane] << 32;
}

static void set_lane(const struct isa_fixture *fixture, unsigned index, unsigned lane,
                     uint64_t value)
{
    isa_vgpr(fixture, index)[lane] = (uint32_t)value;
    isa_vgpr(fixture, index + 1)[lane] = (uint32_t)(value >> 32);
}

static uint64_t low_bits(unsigned bits)
{
    return bits == 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
}

static unsigned source_bits(const struct isa_operation *operation, unsigned k)
{
    return k == 0 ? operation->a : k == 1 ? operation->b : operation->c;
}

// Set the registers; bits beyond a source's width are noise.
static void prepare(struct isa_fixture *fixture, const struct isa_operation *operation,
                    uint64_t *seed, bool all_lanes, struct round *round)
{
    isa_reset(fixture);
    round->exec = all_lanes ? fixture->full : isa_random(seed) & fixture->full;
    round->carry = isa_random(seed) & fixture->full;
    wave_set_exec(fixture->wave, round->exec);
    wave_write_mask(fixture->wave, MASK_RESULT, isa_random(seed));
    wave_write_mask(fixture->wave, CARRY, round->carry);
    for (unsigned lane = 0; lane < fixture->lanes; lane++) {
        for (unsigned k = 0; k < SOURCES; k++) {
            unsigned bits = source_bits(operation, k);
            uint64_t value = bits > 1 ? isa_random_integer(seed, bits) : 0;
            uint64_t noise = bits == 64 ? 0 : isa_random(seed) & ~low_bits(bits);
            round->source[k][lane] = bits == 1 ? round->carry >> lane & 1 : value;
            set_lane(fixture, 2 * k, lane, value | noise);
        }
        round->old[lane] = isa_random(seed);
        set_lane(fixture, RESULT, lane, round->old[lane]);
    }
}

static uint64_t whole_result(const struct isa_fixture *fixture,
                             const struct isa_operation *operation, uint64_t value, uint64_t old)
{
    uint64_t mask = low_bits(operation->result);
    if (operation->result == 16 && fixture->family == GFX9 && !operation->keeps_half)
        mask = UINT32_MAX, value &= 0xffff;
    return (value & mask) | (old & ~mask);
}

static void check_lane(const struct isa_fixture *fixture, const struct isa_operation *operation,
                       const struct round *round, unsigned lane)
{
    uint64_t a = round->source[0][lane], b = round->source[1][lane], c = round->source[2][lane];
    uint64_t expected = round->old[lane], found = old_lane(fixture, RESULT, lane);
    bool active = round->exec >> lane & 1;
    if (active && operation->result)
        expected = whole_result(fixture, operation, operation->expected(a, b, c), expected);
    cr_assert_eq(found, expected,
                 "%s, '%s', %s lane %u: a = 0x%llx, b = 0x%llx, c = 0x%llx: 0x%llx, not 0x%llx",
                 kernel_target_name(fixture->target), operation->text,
                 active ? "active" : "inactive", lane, (unsigned long long)a, (unsigned long long)b,
                 (unsigned long long)c, (unsigned long long)found, (unsigned long long)expected);
    if (!operation->expected_bit)
        return;
    uint64_t bit = active ? operation->expected_bit(a, b, c) : 0;
    uint64_t mask = wave_read_mask(fixture->wave, MASK_RESULT);
    cr_assert_eq(mask >> lane & 1, bit,
                 "%s, '%s', %s lane %u: a = 0x%llx, b = 0x%llx, c = 0x%llx: bit is not %u",
                 kernel_target_name(fixture->target), operation->text,
                 active ? "active" : "inactive", lane, (unsigned long long)a, (unsigned long long)b,
                 (unsigned long long)c, (unsigned)bit);
}

static void check_operation(struct isa_fixture *fixture, const struct isa_operation *operation,
                            size_t line)
{
    uint64_t seed = line;
    struct round round;
    for (unsigned i = 0; i < ROUNDS; i++) {
        prepare(fixture, operation, &seed, i < ROUNDS / 2, &round);
        cr_assert(isa_execute(fixture, line), "%s", isa_fault_text(fixture));
        for (unsigned lane = 0; lane < fixture->lanes; lane++)
            check_lane(fixture, operation, &round, lane);
    }
}

void isa_check_operations(enum kernel_target target, const struct isa_operation *operations,
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
