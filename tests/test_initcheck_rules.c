// links: isa_fixture wavegauge_emu_static
//
// The rules by which undefined bits go through instructions, for every vector and scalar
// instruction that the emulator knows, with the modifiers that its encoding has: random registers
// of which random bits are undefined; the instruction is executed again and again with other values
// of the undefined bits, and every bit of the results that ever changes must be undefined by the
// rules.
#include "checks/checks.h"
#include "checks/initcheck.h"
#include "isa_encodings.h"
#include "isa_fixture.h"
#include "wave_bench.h"

enum { REGISTERS = 40, TRIALS = 3, FLIPS = 6, VARIATIONS = 2 };

static uint64_t random_state = 1;

static uint32_t random32(void)
{
    return (uint32_t)isa_random(&random_state);
}

static uint32_t any(uint32_t below)
{
    return random32() % below;
}

struct state {
    uint32_t vgpr[REGISTERS][64];
    uint32_t sgpr[SCALAR_REGISTERS];
    uint32_t scc;
};

static struct wave_bench *bench;
static struct wave_checks wave_checks;
static struct launch_checks launch_checks;
static struct group_definedness *shadow;
static struct state values, undefined; // before the instruction
static uint64_t exec;

static uint32_t any_value(void)
{
    static const uint32_t known[] = {0,          1,          0x3f800000, 0xbf800000, 0x7f800000,
                                     0x7fc00000, 0x3c003c00, 0x80000000, 0x7fffffff, 0xffffffff,
                                     0x3ff00000, 0x00010000, 0x0000ffff, 0x41200000};
    switch (any(4)) {
    case 0:
        return known[any(sizeof known / sizeof known[0])];
    case 1:
        return any(70);
    default:
        return random32();
    }
}

static uint32_t any_undefined(void)
{
    switch (any(6)) {
    case 0:
        return 0xffffffff;
    case 1:
        return 0xffff;
    case 2:
        return 0xffff0000;
    case 3:
        return 1u << any(32);
    case 4:
        return 0xffu << 8 * any(4);
    default:
        return random32() & random32();
    }
}

static void begin(void)
{
    struct wave *wave = &bench->wave;
    exec = any(3) ? bench->wave.full : isa_random(&random_state) & bench->wave.full;
    for (unsigned k = 0; k < REGISTERS; k++) {
        uint64_t lanes = any(3) ? isa_random(&random_state) : 0;
        for (unsigned i = 0; i < wave->lanes; i++) {
            values.vgpr[k][i] = any_value();
            undefined.vgpr[k][i] = lanes >> i & 1 ? any_undefined() : 0;
        }
    }
    for (unsigned k = 0; k < SCALAR_REGISTERS; k++) {
        values.sgpr[k] = any_value();
        undefined.sgpr[k] = (k < 40 || k == VCC_LO || k == VCC_HI) && !any(3) ? any_undefined() : 0;
    }
    values.sgpr[M0] = any(3) | any(3) << 16; // registers by its number stay within reach
    values.scc = any(2);
    undefined.scc = !any(3);
}

// Set the wave to the values, with other undefined bits where flips are set.
static void set_wave(const struct state *flips)
{
    struct wave *wave = &bench->wave;
    wave->state = WAVE_RUNNING;
    wave->next = NULL;
    for (unsigned k = 0; k < REGISTERS; k++)
        for (unsigned i = 0; i < wave->lanes; i++)
            wave_bench_register(bench, k)[i] = values.vgpr[k][i] ^ flips->vgpr[k][i];
    for (unsigned k = 0; k < SCALAR_REGISTERS; k++)
        wave->sgpr[k] = values.sgpr[k] ^ flips->sgpr[k];
    wave->sgpr[NULL_REGISTER] = 0;
    wave->scc = values.scc ^ flips->scc;
    wave_set_exec(wave, exec);
}

static void get_wave(struct state *result)
{
    const struct wave *wave = &bench->wave;
    for (unsigned k = 0; k < REGISTERS; k++)
        memcpy(result->vgpr[k], wave_bench_register(bench, k), wave->lanes * 4);
    memcpy(result->sgpr, wave->sgpr, sizeof result->sgpr);
    result->scc = wave->scc;
}

static void set_shadow(void)
{
    struct definedness *definedness = shadow->waves[0];
    memset(definedness->vector, 0, sizeof definedness->vector);
    memset(definedness->fresh, 0, sizeof definedness->fresh);
    for (unsigned k = 0; k < REGISTERS; k++) {
        memcpy(definedness_row(definedness, k), undefined.vgpr[k], bench->lanes * 4);
        memset(definedness_origins(definedness, k), 0, bench->lanes * 4);
        definedness_refresh(definedness, k);
        // What lies in lanes that the masks call defined does not count.
        for (unsigned i = 0; i < bench->lanes; i++)
            if (!undefined.vgpr[k][i])
                definedness_row(definedness, k)[i] = random32();
    }
    memcpy(definedness->scalar, undefined.sgpr, sizeof undefined.sgpr);
    definedness->scalar[SCALAR_SCC] = undefined.scc;
    definedness->asked_by = NULL;
    memset(definedness->scalar_origin, 0, sizeof definedness->scalar_origin);
}

static void get_shadow(struct state *result)
{
    struct definedness *definedness = shadow->waves[0];
    for (unsigned k = 0; k < REGISTERS; k++) {
        definedness_prepare(definedness, k);
        memcpy(result->vgpr[k], definedness_row(definedness, k), bench->lanes * 4);
    }
    memcpy(result->sgpr, definedness->scalar, sizeof result->sgpr);
    result->scc = definedness->scalar[SCALAR_SCC];
}

// Other values of undefined bits: all of them, one, or any.
static uint32_t flip(uint32_t bits, unsigned kind)
{
    return kind == 0 ? bits : kind == 1 ? bits & (1u << any(32)) : bits & random32();
}

static void any_flips(struct state *flips)
{
    unsigned kind = any(3);
    for (unsigned k = 0; k < REGISTERS; k++)
        for (unsigned i = 0; i < bench->lanes; i++)
            flips->vgpr[k][i] = flip(undefined.vgpr[k][i], kind);
    for (unsigned k = 0; k < SCALAR_REGISTERS; k++)
        flips->sgpr[k] = flip(undefined.sgpr[k], kind);
    flips->scc = flip(undefined.scc, kind == 1 ? 2 : kind);
}

static const char *text_of(const struct program *program, const struct instruction *instruction)
{
    static char text[256];
    return program_text(program, instruction, text, sizeof text);
}

// False: more of the same would say the same.
static bool compare(const struct program *program, const struct instruction *instruction,
                    const struct state *first, const struct state *other, const struct state *rules)
{
    const char *name = kernel_target_name(bench->kind);
    for (unsigned k = 0; k < REGISTERS; k++)
        for (unsigned i = 0; i < bench->lanes; i++) {
            uint32_t missed = (first->vgpr[k][i] ^ other->vgpr[k][i]) & ~rules->vgpr[k][i];
            if (!missed)
                continue;
            cr_expect(false, "%s: %s: v%u lane %u: bits %08x change, undefined is %08x, exec %llx",
                      name, text_of(program, instruction), k, i, missed, rules->vgpr[k][i],
                      (unsigned long long)exec);
            return false;
        }
    for (unsigned k = 0; k < SCALAR_REGISTERS; k++) {
        uint32_t missed = (first->sgpr[k] ^ other->sgpr[k]) & ~rules->sgpr[k];
        if (!missed)
            continue;
        cr_expect(false, "%s: %s: s%u: bits %08x change, undefined is %08x", name,
                  text_of(program, instruction), k, missed, rules->sgpr[k]);
        return false;
    }
    if (first->scc != other->scc && !rules->scc) {
        cr_expect(false, "%s: %s: SCC changes", name, text_of(program, instruction));
        return false;
    }
    return true;
}

static bool writes_exec(const struct instruction *instruction)
{
    const char *name = instruction->opcode->name;
    return instruction->opcode->flags & WRITES_EXEC || strstr(name, "saveexec") ||
           strstr(name, "wrexec");
}

static bool try_once(const struct program *program, const struct instruction *instruction)
{
    static struct state flips, first, other, rules;
    static const struct state no_flips;
    begin();
    set_wave(&no_flips);
    set_shadow();
    // The same mistake in another launch is reported again.
    launch_checks.serial += writes_exec(instruction);
    launch_checks.findings = findings_create();
    bench->wave.checks = &wave_checks;
    initcheck_before(&bench->wave, instruction);
    bench->wave.checks = NULL;
    bool reported = findings_count(launch_checks.findings) > 0;
    findings_destroy(launch_checks.findings);
    if (reported)
        return true; // of a write to EXEC; what depends on it is defined from then on
    get_shadow(&rules);
    instruction->execute(&bench->wave, instruction);
    if (bench->wave.state != WAVE_RUNNING)
        return true;
    get_wave(&first);
    for (unsigned k = 0; k < FLIPS; k++) {
        any_flips(&flips);
        set_wave(&flips);
        instruction->execute(&bench->wave, instruction);
        get_wave(&other);
        if (!compare(program, instruction, &first, &other, &rules))
            return false;
    }
    return true;
}

// Branches, memory and messages have no results that follow from registers; s_set_gpr_idx changes
// what comes after it; MODE is no operand.
static bool has_rules(const struct instruction *instruction)
{
    static const char *const others[] = {
        "s_cbranch", "s_branch",  "s_setpc", "s_swappc",   "s_call",       "s_rfe",        "s_load",
        "s_buffer",  "s_set",     "s_get",   "s_mem",      "s_sendmsg",    "s_subvector",  "s_trap",
        "s_endpgm",  "s_barrier", "s_sleep", "s_code_end", "s_round_mode", "s_denorm_mode"};
    if (!instruction->opcode)
        return false;
    const char *name = instruction->opcode->name;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (!strncmp(name, others[i], strlen(others[i])))
            return false;
    // Wave32 has no use for the upper half of EXEC.
    if (bench->lanes == 32 && strstr(name, "exec_b64"))
        return false;
    return !strncmp(name, "v_", 2) || !strncmp(name, "s_", 2);
}

// Registers within those that the test looks at.
static bool in_reach(const struct instruction *instruction)
{
    const struct instruction *halves[2] = {instruction->second ? instruction->second : instruction,
                                           instruction->second ? instruction->second + 1
                                                               : instruction};
    for (unsigned h = 0; h < 2; h++) {
        for (unsigned k = 0; k < halves[h]->sources; k++)
            if (halves[h]->source[k].kind == OPERAND_VGPR && halves[h]->source[k].index > 28)
                return false;
        for (unsigned k = 0; k < halves[h]->destinations; k++)
            if (halves[h]->destination[k].kind == OPERAND_VGPR &&
                halves[h]->destination[k].index > 28)
                return false;
    }
    return true;
}

// Selects and the treatment of the unused part that exist: LLVM's printer stops the process at
// others.
static uint32_t valid_sdwa(uint32_t word)
{
    static const struct {
        unsigned shift;
        uint32_t mask;
    } fields[] = {{8, 7}, {11, 3}, {16, 7}, {24, 7}};
    for (unsigned i = 0; i < 4; i++)
        if ((word >> fields[i].shift & fields[i].mask) == fields[i].mask)
            word &= ~(fields[i].mask << fields[i].shift);
    return word;
}

// Other modifiers: op_sel, abs, neg, clamp and omod of VOP3 and VOP3P, the second dword of SDWA and
// DPP; both sources the same.
static void vary(uint32_t *words)
{
    bool vop3 = words[0] >> 26 == 0x34 || words[0] >> 26 == 0x35 || words[0] >> 26 == 0x33;
    uint32_t source = words[0] & 0x1ff;
    bool dpp = source == 0xf9 || source == 0xfa || source == 0xe9;
    if (vop3) {
        words[0] ^= random32() & random32() & 0xff00;
        words[1] ^= random32() & random32() & 0xf8000000;
        if (!any(4))
            words[1] = (words[1] & ~(0x1ffu << 9)) | (words[1] & 0x1ff) << 9;
    } else if (dpp && words[0] >> 31 == 0) {
        words[1] ^= random32() & random32() & 0xffffff00;
        if (source == 0xf9)
            words[1] = valid_sdwa(words[1]);
    }
}

static void set_up(enum kernel_target target)
{
    bench = wave_bench_create(target);
    shadow = definedness_create(&bench->group, bench->lanes, 64);
    cr_assert_not_null(shadow);
    wave_checks = (struct wave_checks){.mask = CHECK_INIT, .definedness = shadow->waves[0]};
    launch_checks = (struct launch_checks){.mask = CHECK_INIT};
    bench->launch.checks = &launch_checks;
}

WaveTest(initcheck_rules, cover_what_changes)
{
    set_up(*target);
    random_state = 1 + (uint64_t)*target;
    struct isa_encodings all = isa_encodings_create(bench->target->family);
    size_t tried = 0;
    char last[64] = "";
    for (unsigned variation = 0; variation < VARIATIONS; variation++) {
        for (size_t i = 0; variation && i < all.count; i++)
            vary(all.words + i * ISA_STRIDE / 4);
        uint64_t code = (uint64_t)(uintptr_t)all.words;
        struct program *program =
            program_create(bench->target, code, all.count * ISA_STRIDE, bench->lanes);
        cr_assert_not_null(program);
        for (size_t i = 0; i < all.count; i++) {
            const struct instruction *instruction = program_at(program, code + i * ISA_STRIDE);
            if (!has_rules(instruction) || !in_reach(instruction) ||
                !strcmp(instruction->opcode->name, last))
                continue;
            tried++;
            for (unsigned k = 0; k < TRIALS; k++)
                if (!try_once(program, instruction)) {
                    snprintf(last, sizeof last, "%s", instruction->opcode->name);
                    break;
                }
        }
        program_destroy(program);
    }
    cr_assert_gt(tried, 5000, "only %zu encodings tried", tried);
    isa_encodings_free(&all);
}
