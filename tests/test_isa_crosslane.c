// links: isa_fixture wavegauge_emu_static
//
// Lanes that read other lanes: readlane, writelane, permlane, DPP; and moves, selects and swaps.
#include "isa_operations.h"
#include "kernel_fixture.h"

#include <stdio.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct isa_fixture *fixture_of(enum kernel_target target, const char *const *lines,
                                      size_t count)
{
    struct isa_fixture *fixture = isa_fixture_create(target, lines, count);
    for (unsigned lane = 0; lane < fixture->lanes; lane++) {
        isa_vgpr(fixture, 0)[lane] = 100 + lane;
        isa_vgpr(fixture, 6)[lane] = 900 + lane;
    }
    return fixture;
}

KernelTest(isa_crosslane, scalar_reads_and_writes_of_lanes)
{
    static const char *const lines[] = {"v_readlane_b32 s4, v0, 5",   "v_readlane_b32 s4, v0, s5",
                                        "v_readfirstlane_b32 s4, v0", "v_writelane_b32 v6, s4, 7",
                                        "v_writelane_b32 v6, 33, s5", "v_writelane_b32 v6, 34, m0"};
    struct isa_fixture *fixture = fixture_of(*target, lines, COUNT(lines));
    uint32_t *sgpr = fixture->wave->sgpr;
    wave_set_exec(fixture->wave, 0x8); // only readfirstlane looks at EXEC
    cr_assert(isa_execute(fixture, 0));
    cr_assert_eq(sgpr[4], 105);
    sgpr[5] = fixture->lanes + 9;
    cr_assert(isa_execute(fixture, 1));
    cr_assert_eq(sgpr[4], 109, "the lane number wraps");
    cr_assert(isa_execute(fixture, 2));
    cr_assert_eq(sgpr[4], 103);
    wave_set_exec(fixture->wave, 0);
    cr_assert(isa_execute(fixture, 2));
    cr_assert_eq(sgpr[4], 100, "lane 0 when none is active");
    cr_assert(isa_execute(fixture, 3));
    cr_assert_eq(isa_vgpr(fixture, 6)[7], 100);
    cr_assert(isa_execute(fixture, 4));
    cr_assert_eq(isa_vgpr(fixture, 6)[9], 33);
    sgpr[M0] = 11;
    cr_assert(isa_execute(fixture, 5));
    cr_assert_eq(isa_vgpr(fixture, 6)[11], 34);
    for (unsigned lane = 0; lane < fixture->lanes; lane++)
        cr_assert(lane == 7 || lane == 9 || lane == 11 || isa_vgpr(fixture, 6)[lane] == 900 + lane);
    isa_fixture_destroy(fixture);
}

KernelTest(isa_crosslane, permlane_within_and_across_rows)
{
    static const char *const lines[] = {
        "v_permlane16_b32 v6, v0, s4, s5", "v_permlane16_b32 v6, v0, s4, s5 op_sel:[1,0]",
        "v_permlane16_b32 v6, v0, s4, s5 op_sel:[0,1]", "v_permlanex16_b32 v6, v0, s4, s5",
        "v_permlanex16_b32 v6, v0, s4, s5 op_sel:[1,1]"};
    if (isa_family(*target) == GFX9)
        return;
    for (size_t line = 0; line < COUNT(lines); line++) {
        struct isa_fixture *fixture = fixture_of(*target, lines, COUNT(lines));
        const uint64_t selectors = 0xfedcba9801234567;
        const uint64_t exec = 0xf00ff0ff5a5a3cff & fixture->full;
        fixture->wave->sgpr[4] = (uint32_t)selectors;
        fixture->wave->sgpr[5] = (uint32_t)(selectors >> 32);
        wave_set_exec(fixture->wave, exec);
        cr_assert(isa_execute(fixture, line));
        bool any = line == 1 || line == 4, zero = line == 2;
        for (unsigned lane = 0; lane < fixture->lanes; lane++) {
            unsigned from = (lane & 0x30) + (selectors >> 4 * (lane & 15) & 15);
            if (line >= 3)
                from ^= 16;
            uint32_t expected = 900 + lane;
            if (exec >> lane & 1)
                expected = any || exec >> from & 1 ? 100 + from : zero ? 0 : expected;
            cr_assert_eq(isa_vgpr(fixture, 6)[lane], expected, "%s, lane %u: %u, not %u",
                         lines[line], lane, isa_vgpr(fixture, 6)[lane], expected);
        }
        isa_fixture_destroy(fixture);
    }
}

KernelTest(isa_crosslane, permlane64_does_nothing_in_wave32)
{
    static const char *const lines[] = {"v_permlane64_b32 v6, v0"};
    if (isa_family(*target) != GFX11)
        return;
    struct isa_fixture *fixture = fixture_of(*target, lines, 1);
    cr_assert(isa_execute(fixture, 0));
    cr_assert_eq(isa_vgpr(fixture, 6)[3], 903);
    isa_fixture_destroy(fixture);
}

// Where each DPP control reads, -1 for nowhere; written from the definition of rows and banks.
struct dpp_case {
    const char *control;
    unsigned targets;
    int (*source)(int lane, int lanes);
};

#define DPP_SOURCE(name, expression)                                                               \
    static int name(int lane, int lanes)                                                           \
    {                                                                                              \
        int row = lane / 16 * 16, place = lane % 16;                                               \
        (void)row, (void)place, (void)lanes;                                                       \
        return (expression);                                                                       \
    }
DPP_SOURCE(quad_2301, lane / 4 * 4 + "\2\3\0\1"[lane % 4])
DPP_SOURCE(quad_0000, lane / 4 * 4)
DPP_SOURCE(row_shl3, place + 3 < 16 ? lane + 3 : -1)
DPP_SOURCE(row_shr1, place >= 1 ? lane - 1 : -1)
DPP_SOURCE(row_shr15, place >= 15 ? lane - 15 : -1)
DPP_SOURCE(row_ror4, row + (place + 12) % 16)
DPP_SOURCE(row_mirror, row + 15 - place)
DPP_SOURCE(row_half_mirror, row + (place < 8 ? 7 - place : 23 - place))
DPP_SOURCE(row_share6, row + 6)
DPP_SOURCE(row_xmask5, row + (place ^ 5))
DPP_SOURCE(bcast15, lane < 16 ? -1 : row - 1)
DPP_SOURCE(bcast31, lane < 32 ? -1 : 31)
DPP_SOURCE(wave_shl1, lane + 1 < lanes ? lane + 1 : -1)
DPP_SOURCE(wave_shr1, lane - 1)
DPP_SOURCE(wave_rol1, (lane + 1) % lanes)
DPP_SOURCE(wave_ror1, (lane + lanes - 1) % lanes)
DPP_SOURCE(dpp8_reversed, lane / 8 * 8 + 7 - lane % 8)

static const struct dpp_case dpp_cases[] = {
    {"quad_perm:[2,3,0,1]", ALL_TARGETS, quad_2301},
    {"quad_perm:[0,0,0,0]", ALL_TARGETS, quad_0000},
    {"row_shl:3", ALL_TARGETS, row_shl3},
    {"row_shr:1", ALL_TARGETS, row_shr1},
    {"row_shr:15", ALL_TARGETS, row_shr15},
    {"row_ror:4", ALL_TARGETS, row_ror4},
    {"row_mirror", ALL_TARGETS, row_mirror},
    {"row_half_mirror", ALL_TARGETS, row_half_mirror},
    {"row_share:6", GFX10_UP, row_share6},
    {"row_xmask:5", GFX10_UP, row_xmask5},
    {"row_newbcast:6", GFX9, row_share6},
    {"row_bcast:15", GFX9, bcast15},
    {"row_bcast:31", GFX9, bcast31},
    {"wave_shl:1", GFX9, wave_shl1},
    {"wave_shr:1", GFX9, wave_shr1},
    {"wave_rol:1", GFX9, wave_rol1},
    {"wave_ror:1", GFX9, wave_ror1},
};

// Each control with these: bound_ctrl and, from gfx10 on, fi; and masks that leave rows and banks
// alone.
static const struct {
    const char *text;
    bool zero, fetch_inactive;
    unsigned rows, banks;
} dpp_variants[] = {
    {" row_mask:0xf bank_mask:0xf", false, false, 15, 15},
    {" row_mask:0xf bank_mask:0xf bound_ctrl:0", true, false, 15, 15},
    {" row_mask:0xa bank_mask:0x6", false, false, 10, 6},
    {" row_mask:0xf bank_mask:0xf fi:1", false, true, 15, 15},
};

static void check_dpp(struct isa_fixture *fixture, size_t line, size_t variant, const char *text,
                      int (*source)(int, int))
{
    const uint64_t exec = line % 2 ? fixture->full : 0xff0ff3cfa5fff771 & fixture->full;
    isa_reset(fixture);
    for (unsigned lane = 0; lane < fixture->lanes; lane++) {
        isa_vgpr(fixture, 0)[lane] = 100 + lane;
        isa_vgpr(fixture, 2)[lane] = 1000 * lane;
        isa_vgpr(fixture, 6)[lane] = 900 + lane;
    }
    wave_set_exec(fixture->wave, exec);
    cr_assert(isa_execute(fixture, line));
    for (int lane = 0; lane < (int)fixture->lanes; lane++) {
        int from = source(lane, (int)fixture->lanes);
        bool readable = from >= 0 && (dpp_variants[variant].fetch_inactive || exec >> from & 1);
        bool written = exec >> lane & 1 && dpp_variants[variant].rows >> lane / 16 & 1 &&
                       dpp_variants[variant].banks >> lane / 4 % 4 & 1 &&
                       (readable || dpp_variants[variant].zero);
        unsigned operand = readable ? 100 + (unsigned)from : 0;
        unsigned expected = written ? operand + 1000 * (unsigned)lane : 900 + (unsigned)lane;
        cr_assert_eq(isa_vgpr(fixture, 6)[lane], expected, "%s, %s, lane %d: %u, not %u",
                     kernel_target_name(fixture->target), text, lane, isa_vgpr(fixture, 6)[lane],
                     expected);
    }
}

KernelTest(isa_crosslane, dpp)
{
    char texts[COUNT(dpp_cases) * COUNT(dpp_variants)][128];
    const char *lines[COUNT(texts)] = {0};
    enum target_family family = isa_family(*target);
    for (size_t i = 0; i < COUNT(texts); i++) {
        const struct dpp_case *control = &dpp_cases[i / COUNT(dpp_variants)];
        size_t variant = i % COUNT(dpp_variants);
        if (!(control->targets & family) || (variant == 3 && family == GFX9))
            continue;
        snprintf(texts[i], sizeof texts[i], "%s v6, v0, v2 %s%s",
                 family == GFX9 ? "v_add_u32_dpp" : "v_add_nc_u32_dpp", control->control,
                 dpp_variants[variant].text);
        lines[i] = texts[i];
    }
    struct isa_fixture *fixture = isa_fixture_create(*target, lines, COUNT(texts));
    for (size_t i = 0; i < COUNT(texts); i++)
        if (lines[i])
            check_dpp(fixture, i, i % COUNT(dpp_variants), lines[i],
                      dpp_cases[i / COUNT(dpp_variants)].source);
    isa_fixture_destroy(fixture);
}

KernelTest(isa_crosslane, dpp8)
{
    static const char *const lines[] = {"v_add_nc_u32_dpp v6, v0, v2 dpp8:[7,6,5,4,3,2,1,0] fi:1",
                                        "v_add_nc_u32_dpp v6, v0, v2 dpp8:[7,6,5,4,3,2,1,0]"};
    if (isa_family(*target) == GFX9)
        return;
    struct isa_fixture *fixture = isa_fixture_create(*target, lines, COUNT(lines));
    check_dpp(fixture, 0, 3, lines[0], dpp8_reversed);
    check_dpp(fixture, 1, 0, lines[1], dpp8_reversed);
    isa_fixture_destroy(fixture);
}

// Lanes that DPP leaves out give 0 bits.
KernelTest(isa_crosslane, dpp_compare)
{
    static const char *const lines[] = {
        "v_cmp_ne_u32_dpp vcc_lo, v0, v2 row_shr:1 row_mask:0xf bank_mask:0xf"};
    if (isa_family(*target) != GFX11)
        return;
    struct isa_fixture *fixture = fixture_of(*target, lines, 1);
    fixture->wave->sgpr[VCC_LO] = ~0u;
    cr_assert(isa_execute(fixture, 0));
    cr_assert_eq(fixture->wave->sgpr[VCC_LO], 0xfffefffe, "0x%x", fixture->wave->sgpr[VCC_LO]);
    isa_fixture_destroy(fixture);
}

static uint64_t chosen(uint64_t a, uint64_t b, uint64_t c)
{
    return c ? b : a;
}

KernelTest(isa_crosslane, selects)
{
    static const struct isa_operation operations[] = {
        {"v_cndmask_b32_e64 v6, v0, v2, {s12}", ALL_TARGETS, 32, 32, 32, 1, chosen, NULL, false},
        {"v_cndmask_b16 v6, v0, v2, {s12}", GFX11, 16, 16, 16, 1, chosen, NULL, false},
    };
    isa_check_operations(*target, operations, COUNT(operations));
}

KernelTest(isa_crosslane, swaps_and_indexed_moves)
{
    const char *lines[] = {"v_swap_b32 v6, v0",       "v_movrels_b32 v6, v0",
                           "v_movreld_b32 v6, v0",    "v_movrelsd_b32 v6, v0",
                           "v_movrelsd_2_b32 v6, v0", "v_swaprel_b32 v6, v0"};
    const uint64_t exec = 0xfffffffffffffffe;
    bool gfx9 = isa_family(*target) == GFX9;
    for (size_t i = 1; gfx9 && i < COUNT(lines); i++)
        lines[i] = NULL;
    struct isa_fixture *fixture = fixture_of(*target, lines, COUNT(lines));
    // Which register's old lane 1 is found in which register after the line, with M0 as given.
    static const struct {
        size_t line;
        uint32_t m0;
        unsigned to, from;
    } rows[] = {
        {0, 0, 6, 0}, {0, 0, 0, 6},       {1, 3, 6, 3},       {2, 3, 9, 0},
        {3, 3, 9, 3}, {4, 0x20003, 8, 3}, {5, 0x20003, 8, 3}, {5, 0x20003, 3, 8},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (!lines[rows[i].line])
            continue;
        for (unsigned index = 0; index < 10; index++)
            isa_vgpr(fixture, index)[0] = isa_vgpr(fixture, index)[1] = 50 + index;
        wave_set_exec(fixture->wave, exec & fixture->full);
        fixture->wave->sgpr[M0] = rows[i].m0;
        cr_assert(isa_execute(fixture, rows[i].line));
        for (unsigned index = 0; index < 10; index++)
            cr_assert_eq(isa_vgpr(fixture, index)[0], 50 + index, "inactive lane");
        cr_assert_eq(isa_vgpr(fixture, rows[i].to)[1], 50 + rows[i].from, "%s: v%u is %u",
                     lines[rows[i].line], rows[i].to, isa_vgpr(fixture, rows[i].to)[1]);
    }
    if (!gfx9) {
        fixture->wave->sgpr[M0] = 256;
        cr_assert_not(isa_execute(fixture, 1), "beyond the last register");
    }
    isa_fixture_destroy(fixture);
}

KernelTest(isa_crosslane, accumulation_registers)
{
    static const char *const lines[] = {"v_accvgpr_write_b32 a3, v0", "v_accvgpr_mov_b32 a4, a3",
                                        "v_accvgpr_read_b32 v6, a4", "v_accvgpr_write_b32 a3, 5"};
    if (isa_family(*target) != GFX9)
        return;
    struct isa_fixture *fixture = fixture_of(*target, lines, COUNT(lines));
    for (size_t line = 0; line < COUNT(lines); line++)
        cr_assert(isa_execute(fixture, line));
    cr_assert_eq(isa_vgpr(fixture, 6)[17], 117);
    cr_assert_eq(isa_vgpr(fixture, 256 + 3)[17], 5);
    cr_assert_eq(isa_vgpr(fixture, 3)[17], 0);
    isa_fixture_destroy(fixture);
}
