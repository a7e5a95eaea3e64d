// links: isa_fixture wavegauge_emu_static
//
// Where operands come from and results go: SDWA parts, op_sel halves, scalar registers, constants
// and literals.
#include "isa_fixture.h"
#include "kernel_fixture.h"

#include <stdio.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const char *const parts[] = {"DWORD",  "BYTE_0", "BYTE_1", "BYTE_2",
                                    "BYTE_3", "WORD_0", "WORD_1"};
static const char *const unused[] = {"UNUSED_PAD", "UNUSED_SEXT", "UNUSED_PRESERVE"};

static unsigned part_bits(unsigned part)
{
    return part == 0 ? 32 : part < 5 ? 8 : 16;
}

static unsigned part_shift(unsigned part)
{
    return part == 0 ? 0 : part < 5 ? 8 * (part - 1) : 16 * (part - 5);
}

static uint64_t part_mask(unsigned part)
{
    return (UINT64_C(1) << part_bits(part)) - 1;
}

static uint64_t read_part(uint32_t value, unsigned part, bool sign_extend)
{
    uint64_t bits = value >> part_shift(part) & part_mask(part);
    bool negative = bits >> (part_bits(part) - 1) & 1;
    return sign_extend && negative ? bits | ~part_mask(part) : bits;
}

static uint32_t write_part(uint32_t result, uint32_t old, unsigned part, unsigned kind)
{
    uint64_t mask = part_mask(part) << part_shift(part), rest = 0;
    uint64_t placed = (uint64_t)result << part_shift(part);
    if (kind == 1 && result >> (part_bits(part) - 1) & 1)
        rest = ~UINT64_C(0) << part_shift(part) & ~mask; // the sign goes up, zeros stay below
    else if (kind == 2)
        rest = old & ~mask;
    return (uint32_t)((placed & mask) | rest);
}

KernelTest(isa_operands, parts_of_registers)
{
    enum { ROWS = 7 * 3 * 2 };
    enum target_family family = isa_family(*target);
    if (family == GFX11)
        return; // has no SDWA
    static char texts[ROWS][160];
    const char *lines[ROWS];
    for (unsigned i = 0; i < ROWS; i++) {
        unsigned first = (i * 5 + 3) % 7, second = (i * 3 + 1) % 7;
        snprintf(texts[i], sizeof texts[i],
                 "%s v6, %s, v2 dst_sel:%s dst_unused:%s src0_sel:%s src1_sel:%s",
                 family == GFX9 ? "v_add_u32_sdwa" : "v_add_nc_u32_sdwa", i % 2 ? "sext(v0)" : "v0",
                 parts[i / 2 % 7], unused[i / 14], parts[first], parts[second]);
        lines[i] = texts[i];
    }
    struct isa_fixture *fixture = isa_fixture_create(*target, lines, ROWS);
    uint64_t seed = 5;
    for (unsigned i = 0; i < ROWS; i++) {
        uint32_t a[64], b[64], old[64];
        for (unsigned lane = 0; lane < fixture->lanes; lane++) {
            a[lane] = isa_vgpr(fixture, 0)[lane] = (uint32_t)isa_random(&seed);
            b[lane] = isa_vgpr(fixture, 2)[lane] = (uint32_t)isa_random(&seed);
            old[lane] = isa_vgpr(fixture, 6)[lane] = (uint32_t)isa_random(&seed);
        }
        wave_set_exec(fixture->wave, 0xffffffff7ffffff7 & fixture->full);
        cr_assert(isa_execute(fixture, i));
        for (unsigned lane = 0; lane < fixture->lanes; lane++) {
            uint64_t sum = read_part(a[lane], (i * 5 + 3) % 7, i % 2) +
                           read_part(b[lane], (i * 3 + 1) % 7, false);
            uint32_t expected = write_part((uint32_t)sum, old[lane], i / 2 % 7, i / 14);
            if (lane == 3 || lane == 31)
                expected = old[lane];
            cr_assert_eq(isa_vgpr(fixture, 6)[lane], expected, "%s, lane %u: 0x%x, not 0x%x",
                         lines[i], lane, isa_vgpr(fixture, 6)[lane], expected);
        }
    }
    isa_fixture_destroy(fixture);
}

// 16-bit operands and results in either half.
KernelTest(isa_operands, halves_of_registers)
{
    static const char *const lines[] = {"v_mad_u16 v6, v0, v2, v4 op_sel:[1,0,0,0]",
                                        "v_mad_u16 v6, v0, v2, v4 op_sel:[0,1,1,1]",
                                        "v_mad_u16 v6, v0, v2, v4 op_sel:[0,0,0,1]"};
    struct isa_fixture *fixture = isa_fixture_create(*target, lines, COUNT(lines));
    for (size_t line = 0; line < COUNT(lines); line++) {
        isa_reset(fixture);
        isa_vgpr(fixture, 0)[9] = 0x00030002;
        isa_vgpr(fixture, 2)[9] = 0x00070005;
        isa_vgpr(fixture, 4)[9] = 0x01000010;
        isa_vgpr(fixture, 6)[9] = 0xaaaabbbb;
        cr_assert(isa_execute(fixture, line));
        static const uint32_t expected[] = {0xaaaa001f, 0x010ebbbb, 0x001abbbb};
        cr_assert_eq(isa_vgpr(fixture, 6)[9], expected[line], "%s: 0x%x", lines[line],
                     isa_vgpr(fixture, 6)[9]);
    }
    isa_fixture_destroy(fixture);
}

KernelTest(isa_operands, scalars_and_constants)
{
    enum target_family family = isa_family(*target);
    const struct {
        const char *operand;
        uint32_t value;
    } rows[] = {
        {"s20", 777},
        {"m0", 55},
        {"vcc_lo", 66},
        {"vcc_hi", 67},
        {"exec_lo", ~0u},
        {"0", 0},
        {"64", 64},
        {"-1", ~0u},
        {"-16", ~15u},
        {"0.5", 0x3f000000},
        {"-4.0", 0xc0800000},
        {"0.15915494", 0x3e22f983},
        {"0x12345678", 0x12345678},
        {"65", 65},
        {"src_shared_base", SHARED_APERTURE >> 32},
        {"src_private_base", PRIVATE_APERTURE >> 32},
        {"src_scc", 1},
        {"src_execz", 0},
        {"src_vccz", 0},
    };
    static char texts[2 * COUNT(rows)][80];
    const char *lines[2 * COUNT(rows)];
    for (size_t i = 0; i < COUNT(rows); i++) {
        lines[2 * i] = lines[2 * i + 1] = NULL;
        if (i >= COUNT(rows) - 2 && family != GFX9)
            continue; // execz and vccz are gone
        snprintf(texts[2 * i], sizeof texts[0], "%s v6, %s, v0",
                 family == GFX9 ? "v_add_u32" : "v_add_nc_u32", rows[i].operand);
        snprintf(texts[2 * i + 1], sizeof texts[0], "s_mov_b32 s30, %s", rows[i].operand);
        lines[2 * i] = texts[2 * i];
        lines[2 * i + 1] = texts[2 * i + 1];
    }
    struct isa_fixture *fixture = isa_fixture_create(*target, lines, COUNT(lines));
    for (size_t i = 0; i < COUNT(rows) && lines[2 * i]; i++) {
        isa_reset(fixture);
        uint32_t *sgpr = fixture->wave->sgpr;
        sgpr[20] = 777, sgpr[M0] = 55, sgpr[VCC_LO] = 66, sgpr[VCC_HI] = 67;
        fixture->wave->scc = 1;
        for (unsigned lane = 0; lane < fixture->lanes; lane++)
            isa_vgpr(fixture, 0)[lane] = 3 * lane;
        cr_assert(isa_execute(fixture, 2 * i) && isa_execute(fixture, 2 * i + 1));
        for (unsigned lane = 0; lane < fixture->lanes; lane++)
            cr_assert_eq(isa_vgpr(fixture, 6)[lane], rows[i].value + 3 * lane, "%s, lane %u: 0x%x",
                         lines[2 * i], lane, isa_vgpr(fixture, 6)[lane]);
        cr_assert_eq(sgpr[30], rows[i].value, "%s: 0x%x", lines[2 * i + 1], sgpr[30]);
    }
    isa_fixture_destroy(fixture);
}

// 64-bit operands: inline constants are extended by their sign, literals are not where bits are
// meant.
KernelTest(isa_operands, wide_scalars_and_constants)
{
    static const struct {
        const char *text;
        uint64_t expected;
    } rows[] = {
        {"s_mov_b64 s[30:31], s[20:21]", 0x1234567890abcdef},
        {"s_mov_b64 s[30:31], -3", (uint64_t)-3},
        {"s_mov_b64 s[30:31], 1.0", 0x3ff0000000000000},
        {"s_mov_b64 s[30:31], 0x7eadbeef", 0x7eadbeef},
        {"s_and_b64 s[30:31], s[20:21], vcc", 0x10101},
        {"s_mov_b64 s[30:31], src_shared_base", SHARED_APERTURE},
    };
    const char *lines[COUNT(rows)];
    for (size_t i = 0; i < COUNT(rows); i++)
        lines[i] = rows[i].text;
    struct isa_fixture *fixture = isa_fixture_create(*target, lines, COUNT(rows));
    for (size_t i = 0; i < COUNT(rows); i++) {
        wave_write_sgpr64(fixture->wave, 20, 0x1234567890abcdef);
        wave_write_sgpr64(fixture->wave, VCC_LO, 0x10101);
        cr_assert(isa_execute(fixture, i));
        uint64_t found = wave_read_sgpr64(fixture->wave, 30);
        cr_assert_eq(found, rows[i].expected & (i == 4 ? 0x1234567890abcdef : UINT64_MAX),
                     "%s: 0x%llx", lines[i], (unsigned long long)found);
    }
    isa_fixture_destroy(fixture);
}
