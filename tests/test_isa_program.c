// links: isa_fixture wavegauge_emu_static
//
// What steers a program: branches, calls, barriers, messages, traps, hardware registers, clocks,
// indexed registers.
#include "interpreter.h"
#include "isa_fixture.h"
#include "kernel_fixture.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static uint64_t next_address(const struct isa_fixture *fixture)
{
    return fixture->wave->next ? fixture->wave->next->address : fixture->wave->next_address;
}

// Run from the first line until something stops the wave.
static void run(struct isa_fixture *fixture)
{
    fixture->wave->state = WAVE_RUNNING;
    fixture->wave->next = fixture->instructions[0];
    cr_assert_lt(wave_run(fixture->wave, 1000), 1000, "the program does not end");
}

KernelTest(isa_program, branches)
{
    static const char *const lines[] = {
        "s_branch 2",         "s_cbranch_scc0 2",     "s_cbranch_scc1 2",
        "s_cbranch_vccz 2",   "s_cbranch_vccnz 2",    "s_cbranch_execz 2",
        "s_cbranch_execnz 2", "s_cbranch_cdbguser 2", "s_branch 0xfff0"};
    // Which lines jump with SCC, VCC and EXEC all 0, and all set.
    static const unsigned taken_when_zero = 0x12b, taken_when_set = 0x155;
    struct isa_fixture *fixture = isa_fixture_create(*target, lines, COUNT(lines));
    for (unsigned set = 0; set < 2; set++)
        for (size_t line = 0; line < COUNT(lines); line++) {
            isa_reset(fixture);
            fixture->wave->scc = set;
            wave_set_exec(fixture->wave, set ? 0x10 : 0);
            wave_write_mask(fixture->wave, VCC_LO, set ? 0x100 : 0);
            cr_assert(isa_execute(fixture, line));
            bool taken = (set ? taken_when_set : taken_when_zero) >> line & 1;
            uint64_t address = fixture->instructions[line]->address;
            uint64_t target_address = line == 8 ? address + 4 - 64 : address + 12;
            cr_assert_eq(next_address(fixture), taken ? target_address : address + 4, "%s, %s",
                         lines[line], set ? "set" : "zero");
        }
    isa_fixture_destroy(fixture);
}

// In wave32 VCC_HI and EXEC_HI are ordinary registers.
KernelTest(isa_program, high_halves_do_not_count_in_wave32)
{
    static const char *const lines[] = {"s_cbranch_vccz 2", "s_cbranch_execz 2"};
    struct isa_fixture *fixture = isa_fixture_create(*target, lines, COUNT(lines));
    for (size_t line = 0; line < COUNT(lines); line++) {
        isa_reset(fixture);
        wave_write_sgpr64(fixture->wave, EXEC_LO, UINT64_C(1) << 40);
        wave_write_sgpr64(fixture->wave, VCC_LO, UINT64_C(1) << 40);
        cr_assert(isa_execute(fixture, line));
        uint64_t ahead = next_address(fixture) - fixture->instructions[line]->address;
        cr_assert_eq(ahead, fixture->lanes == 32 ? 12 : 4, "%s", lines[line]);
    }
    isa_fixture_destroy(fixture);
}

KernelTest(isa_program, loops)
{
    static const char *const lines[] = {"s_add_u32 s4, s4, 3", "s_cmp_lt_u32 s4, 30",
                                        "s_cbranch_scc1 0xfffd", "s_endpgm"};
    struct isa_fixture *fixture = isa_fixture_create(*target, lines, COUNT(lines));
    run(fixture);
    cr_assert_eq(fixture->wave->state, WAVE_ENDED);
    cr_assert_eq(fixture->wave->sgpr[4], 30);
    isa_fixture_destroy(fixture);
}

KernelTest(isa_program, calls)
{
    static const char *const lines[] = {"s_getpc_b64 s[4:5]",   "s_add_u32 s4, s4, 20",
                                        "s_addc_u32 s5, s5, 0", "s_swappc_b64 s[6:7], s[4:5]",
                                        "s_call_b64 s[6:7], 1", "s_endpgm",
                                        "s_add_u32 s8, s8, 21", "s_setpc_b64 s[6:7]"};
    struct isa_fixture *fixture = isa_fixture_create(*target, lines, COUNT(lines));
    run(fixture);
    cr_assert_eq(fixture->wave->state, WAVE_ENDED);
    cr_assert_eq(fixture->wave->sgpr[8], 42, "the function has run twice");
    isa_fixture_destroy(fixture);
}

// The two halves of a wave64 each run the body once.
KernelTest(isa_program, subvector_loop)
{
    static const char *const lines[] = {"s_subvector_loop_begin s4, 3", "v_add_nc_u32 v0, 1, v0",
                                        "s_add_u32 s5, s5, 1", "s_subvector_loop_end s4, 0xfffd",
                                        "s_endpgm"};
    static const struct {
        uint64_t exec;
        unsigned passes;
    } rows[] = {{0, 0}, {0xf0, 1}, {UINT64_C(0xf) << 40, 1}, {UINT64_C(0xf00000000f), 2}};
    if (isa_family(*target) == GFX9)
        return;
    struct isa_fixture *fixture = isa_fixture_create(*target, lines, COUNT(lines));
    for (size_t i = 0; i < COUNT(rows) && fixture->lanes == 64; i++) {
        isa_reset(fixture);
        wave_set_exec(fixture->wave, rows[i].exec);
        run(fixture);
        cr_assert_eq(fixture->wave->sgpr[5], rows[i].passes);
        for (unsigned lane = 0; lane < 64; lane++)
            cr_assert_eq(isa_vgpr(fixture, 0)[lane], rows[i].exec >> lane & 1, "lane %u", lane);
        cr_assert_eq(fixture->wave->exec, rows[i].exec);
    }
    isa_fixture_destroy(fixture);
}

static unsigned interrupts;

static void count_interrupt(struct wave *wave)
{
    (void)wave;
    interrupts++;
}

KernelTest(isa_program, stops_and_hints)
{
    static const struct {
        const char *text;
        enum wave_state state;
    } rows[] = {
        {"s_nop 3", WAVE_RUNNING},
        {"s_waitcnt vmcnt(0) lgkmcnt(0)", WAVE_RUNNING},
        {"s_setprio 3", WAVE_RUNNING},
        {"s_icache_inv", WAVE_RUNNING},
        {"s_dcache_inv", WAVE_RUNNING},
        {"s_ttracedata", WAVE_RUNNING},
        {"s_sendmsg sendmsg(MSG_INTERRUPT)", WAVE_RUNNING},
        {"s_trap 3", WAVE_RUNNING},
        {"s_sethalt 0", WAVE_RUNNING},
        {"s_sleep 1", WAVE_YIELDED},
        {"s_barrier", WAVE_AT_BARRIER},
        {"s_endpgm", WAVE_ENDED},
        {"s_trap 2", WAVE_FAULTED},
        {"s_trap 7", WAVE_FAULTED},
        {"s_sethalt 1", WAVE_FAULTED},
        {"s_setkill 1", WAVE_FAULTED},
        {"s_sendmsg 5", WAVE_FAULTED},
        {"s_rfe_b64 s[4:5]", WAVE_FAULTED},
    };
    const char *lines[COUNT(rows)];
    for (size_t i = 0; i < COUNT(rows); i++)
        lines[i] = rows[i].text;
    struct isa_fixture *fixture = isa_fixture_create(*target, lines, COUNT(lines));
    wave_interrupt_hook = count_interrupt;
    for (size_t i = 0; i < COUNT(rows); i++) {
        isa_reset(fixture);
        isa_execute(fixture, i);
        cr_assert_eq(fixture->wave->state, rows[i].state, "%s: state %u", rows[i].text,
                     fixture->wave->state);
    }
    cr_assert_eq(interrupts, 1);
    isa_fixture_destroy(fixture);
}

KernelTest(isa_program, waits_and_hints_of_later_targets)
{
    const char *lines[] = {"s_waitcnt_vscnt null, 0x0",
                           "s_clause 0x3",
                           "s_inst_prefetch 0x3",
                           "s_waitcnt_depctr 0xfffe",
                           "s_delay_alu instid0(VALU_DEP_1) | instskip(NEXT) | instid1(VALU_DEP_2)",
                           "s_sendmsg sendmsg(MSG_DEALLOC_VGPRS)",
                           "s_gl1_inv"};
    enum target_family family = isa_family(*target);
    if (family == GFX9)
        return;
    lines[2] = family == GFX10 ? lines[2] : NULL;
    lines[4] = family == GFX11 ? lines[4] : NULL;
    lines[5] = family == GFX11 ? lines[5] : NULL;
    struct isa_fixture *fixture = isa_fixture_create(*target, lines, COUNT(lines));
    for (size_t i = 0; i < COUNT(lines); i++)
        cr_assert(!lines[i] || isa_execute(fixture, i), "%s", lines[i]);
    isa_fixture_destroy(fixture);
}

KernelTest(isa_program, mode_register)
{
    const char *lines[] = {"s_getreg_b32 s4, hwreg(HW_REG_MODE)",
                           "s_setreg_imm32_b32 hwreg(HW_REG_MODE, 4, 2), 0xfffffffc",
                           "s_setreg_b32 hwreg(HW_REG_MODE, 0, 4), s5",
                           "s_getreg_b32 s4, hwreg(HW_REG_MODE, 2, 2)",
                           "s_round_mode 0x5",
                           "s_denorm_mode 0x9"};
    if (isa_family(*target) == GFX9)
        lines[4] = lines[5] = NULL;
    struct isa_fixture *fixture = isa_fixture_create(*target, lines, COUNT(lines));
    struct wave *wave = fixture->wave;
    cr_assert(wave->mode_is_default);
    cr_assert(isa_execute(fixture, 0));
    cr_assert_eq(wave->sgpr[4], 0x3f0);
    cr_assert(isa_execute(fixture, 1));
    cr_assert_eq(wave->mode, 0x3c0, "0x%x", wave->mode);
    cr_assert_not(wave->mode_is_default);
    wave->sgpr[5] = 0xfb;
    cr_assert(isa_execute(fixture, 2));
    cr_assert_eq(wave->mode, 0x3cb, "0x%x", wave->mode);
    cr_assert(isa_execute(fixture, 3));
    cr_assert_eq(wave->sgpr[4], 2);
    if (lines[4]) {
        cr_assert(isa_execute(fixture, 4));
        cr_assert(isa_execute(fixture, 5));
        cr_assert_eq(wave->mode, 0x395, "0x%x", wave->mode);
    }
    isa_fixture_destroy(fixture);
}

KernelTest(isa_program, other_hardware_registers)
{
    enum target_family family = isa_family(*target);
    bool gfx9 = family == GFX9;
    const char *lines[] = {"s_getreg_b32 s4, hwreg(HW_REG_STATUS, 0, 1)",
                           "s_getreg_b32 s4, hwreg(15, 16, 16)",
                           "s_getreg_b32 s4, hwreg(15, 0, 16)",
                           "s_getreg_b32 s4, hwreg(HW_REG_TRAPSTS)",
                           gfx9 ? "s_getreg_b32 s4, hwreg(HW_REG_HW_ID)"
                                : "s_getreg_b32 s4, hwreg(HW_REG_HW_ID1)",
                           "s_getreg_b32 s4, hwreg(HW_REG_LDS_ALLOC, 12, 9)",
                           "s_setreg_b32 hwreg(HW_REG_FLAT_SCR_LO), s5",
                           "s_setreg_b32 hwreg(HW_REG_FLAT_SCR_HI), s5",
                           "s_getreg_b32 s4, hwreg(HW_REG_SHADER_CYCLES, 0, 20)",
                           "s_getreg_b32 s4, hwreg(60)",
                           "s_setreg_b32 hwreg(HW_REG_HW_ID), s5",
                           "s_setreg_b32 hwreg(HW_REG_TRAPSTS, 0, 9), s5"};
    if (gfx9)
        lines[6] = lines[7] = lines[8] = NULL;
    else
        lines[10] = NULL;
    struct isa_fixture *fixture = isa_fixture_create(*target, lines, COUNT(lines));
    uint32_t *sgpr = fixture->wave->sgpr;
    fixture->wave->scc = 1;
    cr_assert(isa_execute(fixture, 0));
    cr_assert_eq(sgpr[4], 1);
    cr_assert(isa_execute(fixture, 1));
    cr_assert_eq((uint64_t)sgpr[4] << 48, SHARED_APERTURE);
    cr_assert(isa_execute(fixture, 2));
    cr_assert_eq((uint64_t)sgpr[4] << 48, PRIVATE_APERTURE);
    for (size_t line = 3; line < 6; line++)
        cr_assert(isa_execute(fixture, line), "%s", lines[line]);
    cr_assert_eq(sgpr[4], 2, "1024 bytes of LDS in units of 512");
    if (!gfx9) {
        sgpr[5] = 77;
        cr_assert(isa_execute(fixture, 6) && isa_execute(fixture, 7) && isa_execute(fixture, 8));
        cr_assert(sgpr[FLAT_SCRATCH_LO] == 77 && sgpr[FLAT_SCRATCH_HI] == 77);
    }
    cr_assert_not(isa_execute(fixture, 9));
    cr_assert_not_null(strstr(isa_fault_text(fixture), "register 60"), "%s",
                       isa_fault_text(fixture));
    if (lines[10])
        cr_assert_not(isa_execute(fixture, 10));
    isa_reset(fixture);
    cr_assert(isa_execute(fixture, 11), "clearing exceptions is allowed");
    isa_fixture_destroy(fixture);
}

KernelTest(isa_program, clocks_go_on)
{
    const char *lines[] = {"s_memtime s[4:5]", "s_memrealtime s[4:5]",
                           "s_sendmsg_rtn_b64 s[4:5], sendmsg(MSG_RTN_GET_REALTIME)"};
    bool gfx11 = isa_family(*target) == GFX11;
    for (size_t line = 0; line < COUNT(lines); line++)
        if (gfx11 != (line == 2))
            lines[line] = NULL;
    struct isa_fixture *fixture = isa_fixture_create(*target, lines, COUNT(lines));
    for (size_t line = 0; line < COUNT(lines); line++) {
        if (!lines[line])
            continue;
        cr_assert(isa_execute(fixture, line));
        uint64_t first = wave_read_sgpr64(fixture->wave, 4), later = first;
        for (unsigned i = 0; i < 1000000 && later == first; i++) {
            cr_assert(isa_execute(fixture, line));
            later = wave_read_sgpr64(fixture->wave, 4);
        }
        cr_assert_gt(later, first, "%s", lines[line]);
    }
    isa_fixture_destroy(fixture);
}

KernelTest(isa_program, indexed_scalar_registers)
{
    const char *lines[] = {"s_movrels_b32 s4, s20", "s_movreld_b32 s20, s4",
                           "s_movrels_b64 s[4:5], s[20:21]", "s_movreld_b64 s[20:21], s[4:5]",
                           "s_movrelsd_2_b32 s20, s30"};
    if (isa_family(*target) == GFX9)
        lines[4] = NULL;
    struct isa_fixture *fixture = isa_fixture_create(*target, lines, COUNT(lines));
    uint32_t *sgpr = fixture->wave->sgpr;
    for (unsigned i = 0; i < 100; i++)
        sgpr[i] = 1000 + i;
    sgpr[M0] = 6;
    cr_assert(isa_execute(fixture, 0));
    cr_assert_eq(sgpr[4], 1026);
    cr_assert(isa_execute(fixture, 2));
    cr_assert(sgpr[4] == 1026 && sgpr[5] == 1027);
    sgpr[4] = 1, sgpr[5] = 2;
    cr_assert(isa_execute(fixture, 1));
    cr_assert(sgpr[26] == 1 && sgpr[27] == 1027);
    cr_assert(isa_execute(fixture, 3));
    cr_assert(sgpr[26] == 1 && sgpr[27] == 2);
    if (lines[4]) {
        sgpr[M0] = 9 << 16 | 5;
        cr_assert(isa_execute(fixture, 4));
        cr_assert_eq(sgpr[29], 1035);
    }
    sgpr[M0] = 90;
    cr_assert_not(isa_execute(fixture, 0), "s110 is no scalar register");
    isa_fixture_destroy(fixture);
}

KernelTest(isa_program, indexed_vector_registers_of_gfx9)
{
    static const char *const lines[] = {"s_set_gpr_idx_on s4, gpr_idx(SRC0)",
                                        "v_mov_b32 v30, v10",
                                        "s_set_gpr_idx_off",
                                        "s_set_gpr_idx_on s4, gpr_idx(DST)",
                                        "v_mov_b32 v20, v10",
                                        "s_set_gpr_idx_off",
                                        "v_mov_b32 v31, v10",
                                        "s_set_gpr_idx_on s4, gpr_idx(SRC1)",
                                        "v_add_u32 v32, v10, v11",
                                        "s_nop 0",
                                        "s_set_gpr_idx_mode gpr_idx(SRC0)",
                                        "s_set_gpr_idx_idx s5",
                                        "v_mov_b32 v33, v10",
                                        "s_set_gpr_idx_mode gpr_idx(DST)",
                                        "v_mov_b32 v34, v10",
                                        "s_set_gpr_idx_off",
                                        "s_endpgm"};
    if (isa_family(*target) != GFX9)
        return;
    struct isa_fixture *fixture = isa_fixture_create(*target, lines, COUNT(lines));
    for (unsigned index = 0; index < 64; index++)
        isa_vgpr(fixture, index)[5] = 1000 + index;
    fixture->wave->sgpr[4] = 3;
    fixture->wave->sgpr[5] = 5;
    run(fixture);
    cr_assert_eq(fixture->wave->state, WAVE_ENDED, "%s", isa_fault_text(fixture));
    const struct {
        unsigned index, value;
    } rows[] = {{30, 1013}, {20, 1020}, {23, 1010}, {31, 1010}, {32, 2024}, {33, 1015}, {39, 1010}};
    for (size_t i = 0; i < COUNT(rows); i++)
        cr_assert_eq(isa_vgpr(fixture, rows[i].index)[5], rows[i].value, "v%u is %u", rows[i].index,
                     isa_vgpr(fixture, rows[i].index)[5]);
    fixture->wave->sgpr[4] = 250;
    run(fixture);
    cr_assert_eq(fixture->wave->state, WAVE_FAULTED, "v260 is no ordinary vector register");
    isa_fixture_destroy(fixture);
}

KernelTest(isa_program, branches_while_registers_are_indexed_are_refused)
{
    static const char *const lines[] = {"s_set_gpr_idx_on s4, gpr_idx(SRC0)", "s_branch 1",
                                        "s_nop 0", "s_set_gpr_idx_off", "s_endpgm"};
    if (isa_family(*target) != GFX9)
        return;
    struct isa_fixture *fixture = isa_fixture_create(*target, lines, COUNT(lines));
    run(fixture);
    cr_assert_eq(fixture->wave->state, WAVE_FAULTED);
    cr_assert_not_null(strstr(isa_fault_text(fixture), "s_set_gpr_idx_on"));
    isa_fixture_destroy(fixture);
}
