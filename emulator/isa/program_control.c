// What steers a program rather than computes: branches, calls, the end, barriers, waits, messages,
// traps (SOPP and the SOP1 and SOPK that belong with them).
//
// The interpreter sets wave->next to the fall-through before it executes an instruction.
#include "checks/checks.h"
#include "isa_tables.h"
#include "scalar_operands.h"

static void jump_to_address(struct wave *wave, uint64_t address)
{
    wave->next = NULL;
    wave->next_address = address;
}

static void jump(struct wave *wave, const struct instruction *instruction)
{
    wave->next = __atomic_load_n(&instruction->target, __ATOMIC_ACQUIRE);
    wave->next_address =
        instruction->address + 4 + 4 * (uint64_t)(int64_t)(int16_t)instruction->immediate;
}

static void jump_if(struct wave *wave, const struct instruction *instruction, bool condition)
{
    if (condition)
        jump(wave, instruction);
}

static bool vcc_is_zero(const struct wave *wave)
{
    return wave_read_mask(wave, VCC_LO) == 0;
}

static void s_cbranch_scc0(struct wave *wave, const struct instruction *instruction)
{
    jump_if(wave, instruction, !wave->scc);
}

static void s_cbranch_scc1(struct wave *wave, const struct instruction *instruction)
{
    jump_if(wave, instruction, wave->scc);
}

static void s_cbranch_vccz(struct wave *wave, const struct instruction *instruction)
{
    jump_if(wave, instruction, vcc_is_zero(wave));
}

static void s_cbranch_vccnz(struct wave *wave, const struct instruction *instruction)
{
    jump_if(wave, instruction, !vcc_is_zero(wave));
}

static void s_cbranch_execz(struct wave *wave, const struct instruction *instruction)
{
    jump_if(wave, instruction, !wave->exec);
}

static void s_cbranch_execnz(struct wave *wave, const struct instruction *instruction)
{
    jump_if(wave, instruction, wave->exec);
}

static uint64_t after(const struct instruction *instruction)
{
    return instruction->address + instruction->size;
}

static void s_getpc_b64(struct wave *wave, const struct instruction *instruction)
{
    scalar_result64(wave, instruction, after(instruction));
}

static void s_setpc_b64(struct wave *wave, const struct instruction *instruction)
{
    jump_to_address(wave, scalar_source64(wave, instruction, 0));
}

static void s_swappc_b64(struct wave *wave, const struct instruction *instruction)
{
    uint64_t target = scalar_source64(wave, instruction, 0);
    scalar_result64(wave, instruction, after(instruction));
    jump_to_address(wave, target);
}

static void s_call_b64(struct wave *wave, const struct instruction *instruction)
{
    scalar_result64(wave, instruction, after(instruction));
    jump(wave, instruction);
}

// The two halves of a wave64 one after the other, each with the other's EXEC half switched off.
static void s_subvector_loop_begin(struct wave *wave, const struct instruction *instruction)
{
    uint32_t low = wave->sgpr[EXEC_LO], high = wave->sgpr[EXEC_HI];
    if (!low && !high) {
        jump(wave, instruction);
    } else if (!low) {
        scalar_result32(wave, instruction, low);
    } else {
        scalar_result32(wave, instruction, high);
        wave_write_sgpr(wave, EXEC_HI, 0);
    }
}

static void s_subvector_loop_end(struct wave *wave, const struct instruction *instruction)
{
    uint32_t saved = scalar_old32(wave, instruction);
    if (wave->sgpr[EXEC_HI]) {
        wave_write_sgpr(wave, EXEC_LO, saved);
    } else if (saved) {
        scalar_result32(wave, instruction, wave->sgpr[EXEC_LO]);
        wave_set_exec(wave, (uint64_t)saved << 32);
        jump(wave, instruction);
    }
}

// Waits, hints and caches: every access is complete when its instruction has executed.
static void no_operation(struct wave *wave, const struct instruction *instruction)
{
    (void)wave;
    (void)instruction;
}

// For what a check concludes from it.
static void s_waitcnt(struct wave *wave, const struct instruction *instruction)
{
    if (wave->checks)
        checks_wait(wave, instruction);
}

static void s_sleep(struct wave *wave, const struct instruction *instruction)
{
    (void)instruction;
    wave->state = WAVE_YIELDED;
}

static void s_barrier(struct wave *wave, const struct instruction *instruction)
{
    wave->state = WAVE_AT_BARRIER;
    wave->barrier = instruction;
}

static void s_endpgm(struct wave *wave, const struct instruction *instruction)
{
    (void)instruction;
    wave->state = WAVE_ENDED;
}

static void s_code_end(struct wave *wave, const struct instruction *instruction)
{
    wave_fault(wave, instruction, FAULT_ILLEGAL, -1, "the program ran past its last instruction");
}

static void s_sethalt(struct wave *wave, const struct instruction *instruction)
{
    if (instruction->immediate & 1)
        wave_fault(wave, instruction, FAULT_UNSUPPORTED, -1,
                   "s_sethalt stops the wave for a debugger, and there is none");
}

static void s_setkill(struct wave *wave, const struct instruction *instruction)
{
    if (instruction->immediate & 1)
        wave_fault(wave, instruction, FAULT_UNSUPPORTED, -1, "s_setkill is not emulated");
}

enum trap_id { TRAP_ABORT = 2, TRAP_DEBUG = 3 };

static void s_trap(struct wave *wave, const struct instruction *instruction)
{
    unsigned id = instruction->immediate & 0xff;
    if (id == TRAP_DEBUG)
        return;
    if (id == TRAP_ABORT)
        wave_fault(wave, instruction, FAULT_TRAP, -1,
                   "the kernel trapped (abort, a failed assertion or __builtin_trap)");
    else
        wave_fault(wave, instruction, FAULT_TRAP, -1, "the kernel raised trap %u", id);
}

static void s_rfe_b64(struct wave *wave, const struct instruction *instruction)
{
    wave_fault(wave, instruction, FAULT_UNSUPPORTED, -1,
               "only a trap handler may return from an exception");
}

enum message { MESSAGE_INTERRUPT = 1, MESSAGE_DEALLOC_VGPRS = 3 };

static void s_sendmsg(struct wave *wave, const struct instruction *instruction)
{
    bool gfx11 = instruction->target_family == GFX11;
    unsigned message = instruction->immediate & (gfx11 ? 0xff : 0xf);
    if (message == MESSAGE_INTERRUPT) {
        if (wave_interrupt_hook)
            wave_interrupt_hook(wave);
    } else if (!(gfx11 && message == MESSAGE_DEALLOC_VGPRS)) {
        wave_fault(wave, instruction, FAULT_UNSUPPORTED, -1, "message %u is not emulated", message);
    }
}

// What these say is in the low 16 bits of the encoding; their text is not looked at.
#define PROGRAM(name, function, targets) OPCODE(name, function, targets, 0, 0, NONE)
#define BRANCHES(name)                   OPCODE(#name, name, ALL_TARGETS, 0, BRANCH, NONE)

const struct opcode ISA_TABLE(program_opcodes)[] = {
    OPCODE("s_branch", jump, ALL_TARGETS, 0, BRANCH, NONE),
    BRANCHES(s_cbranch_scc0),
    BRANCHES(s_cbranch_scc1),
    BRANCHES(s_cbranch_vccz),
    BRANCHES(s_cbranch_vccnz),
    BRANCHES(s_cbranch_execz),
    BRANCHES(s_cbranch_execnz),
    // Debuggers set these conditions; nobody does here.
    OPCODE("s_cbranch_cdbgsys", no_operation, ALL_TARGETS, 0, BRANCH, NONE),
    OPCODE("s_cbranch_cdbguser", no_operation, ALL_TARGETS, 0, BRANCH, NONE),
    OPCODE("s_cbranch_cdbgsys_or_user", no_operation, ALL_TARGETS, 0, BRANCH, NONE),
    OPCODE("s_cbranch_cdbgsys_and_user", no_operation, ALL_TARGETS, 0, BRANCH, NONE),
    OPCODE("s_getpc_b64", s_getpc_b64, ALL_TARGETS, 1, 0, B64),
    OPCODE("s_setpc_b64", s_setpc_b64, ALL_TARGETS, 0, 0, B64),
    OPCODE("s_swappc_b64", s_swappc_b64, ALL_TARGETS, 1, 0, B64, B64),
    OPCODE("s_call_b64", s_call_b64, ALL_TARGETS, 1, BRANCH, B64, ANY),
    OPCODE("s_subvector_loop_begin", s_subvector_loop_begin, GFX10_UP, 1, BRANCH, B32, ANY),
    OPCODE("s_subvector_loop_end", s_subvector_loop_end, GFX10_UP, 1, BRANCH | READS_RESULT, B32,
           ANY),
    PROGRAM("s_endpgm", s_endpgm, ALL_TARGETS),
    PROGRAM("s_endpgm_saved", s_endpgm, ALL_TARGETS),
    PROGRAM("s_code_end", s_code_end, GFX10_UP),
    PROGRAM("s_barrier", s_barrier, ALL_TARGETS),
    PROGRAM("s_sleep", s_sleep, ALL_TARGETS),
    PROGRAM("s_sethalt", s_sethalt, ALL_TARGETS),
    PROGRAM("s_setkill", s_setkill, ALL_TARGETS),
    PROGRAM("s_trap", s_trap, ALL_TARGETS),
    OPCODE("s_rfe_b64", s_rfe_b64, ALL_TARGETS, 0, 0, B64),
    OPCODE("s_rfe_restore_b64", s_rfe_b64, GFX9, 0, 0, B64, B32),
    PROGRAM("s_sendmsg", s_sendmsg, ALL_TARGETS),
    PROGRAM("s_sendmsghalt", s_sendmsg, ALL_TARGETS),
    PROGRAM("s_nop", no_operation, ALL_TARGETS),
    PROGRAM("s_waitcnt", s_waitcnt, ALL_TARGETS),
    PROGRAM("s_waitcnt_depctr", no_operation, GFX10_UP),
    PROGRAM("s_waitcnt_vscnt", s_waitcnt, GFX10_UP),
    PROGRAM("s_waitcnt_vmcnt", no_operation, GFX10_UP),
    PROGRAM("s_waitcnt_expcnt", no_operation, GFX10_UP),
    PROGRAM("s_waitcnt_lgkmcnt", no_operation, GFX10_UP),
    PROGRAM("s_delay_alu", no_operation, GFX11),
    PROGRAM("s_wait_idle", no_operation, GFX10_UP),
    PROGRAM("s_wait_event", no_operation, GFX11),
    PROGRAM("s_clause", no_operation, GFX10_UP),
    PROGRAM("s_inst_prefetch", no_operation, GFX10),
    PROGRAM("s_set_inst_prefetch_distance", no_operation, GFX11),
    PROGRAM("s_setprio", no_operation, ALL_TARGETS),
    PROGRAM("s_version", no_operation, GFX10_UP),
    PROGRAM("s_wakeup", no_operation, ALL_TARGETS),
    PROGRAM("s_icache_inv", no_operation, ALL_TARGETS),
    PROGRAM("s_ttracedata", no_operation, ALL_TARGETS),
    PROGRAM("s_ttracedata_imm", no_operation, GFX10_UP),
    PROGRAM("s_incperflevel", no_operation, ALL_TARGETS),
    PROGRAM("s_decperflevel", no_operation, ALL_TARGETS),
    OPCODE_END,
};
