// links: wavegauge_emu_static
//
// What an instruction is said to read and write against what it does: executed on registers full of
// random numbers, it changes no register beyond those that it writes, and what it writes does not
// depend on any beyond those that it reads. The instructions are those of compiled kernels.
#include "checks/footprint.h"
#include "device_code.h"
#include "wave_bench.h"

static uint64_t random_state = 3;

static uint32_t any(void)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random_state >> 32);
}

// Vector and scalar arithmetic; memory and what steers the program is left out.
static bool is_arithmetic(const struct instruction *instruction)
{
    static const char *const others[] = {
        "s_load",    "s_buffer", "s_mem",    "s_waitcnt", "s_cbranch",  "s_branch",
        "s_barrier", "s_endpgm", "s_setpc",  "s_swappc",  "s_call",     "s_getreg",
        "s_setreg",  "s_send",   "s_trap",   "s_sleep",   "s_code_end", "s_set_gpr",
        "s_getpc",   "s_round",  "s_denorm", "v_movrel"};
    const char *name = instruction->opcode ? instruction->opcode->name : "";
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (strncmp(name, others[i], strlen(others[i])) == 0)
            return false;
    return strncmp(name, "v_", 2) == 0 || strncmp(name, "s_", 2) == 0;
}

struct registers {
    uint32_t vgpr[(VGPRS + 1) * 64], sgpr[SCALAR_REGISTERS], scc;
    uint64_t exec;
};

static struct registers start, first, second;

static bool listed(const struct register_range *ranges, unsigned count, enum register_file file,
                   unsigned index)
{
    return footprint_touches(ranges, count, file, index, 1);
}

static void load(struct wave_bench *bench, const struct registers *from)
{
    memcpy(bench->wave.vgpr, from->vgpr, (size_t)VGPRS * bench->lanes * 4);
    memcpy(bench->wave.sgpr, from->sgpr, sizeof from->sgpr);
    bench->wave.scc = from->scc;
    wave_set_exec(&bench->wave, from->exec);
}

static void execute(struct wave_bench *bench, const struct instruction *instruction,
                    const struct registers *from, struct registers *to)
{
    load(bench, from);
    bench->wave.state = WAVE_RUNNING;
    instruction->execute(&bench->wave, instruction);
    memcpy(to->vgpr, bench->wave.vgpr, (size_t)VGPRS * bench->lanes * 4);
    memcpy(to->sgpr, bench->wave.sgpr, sizeof to->sgpr);
    to->scc = bench->wave.scc;
    to->exec = bench->wave.exec;
}

static bool is_kept(unsigned index) // EXEC and what cannot be written
{
    return index == EXEC_LO || index == EXEC_HI || index == NULL_REGISTER;
}

static void fill(const struct wave_bench *bench, struct registers *registers)
{
    for (size_t i = 0; i < (size_t)VGPRS * bench->lanes; i++)
        registers->vgpr[i] = any();
    for (unsigned i = 0; i < SCALAR_REGISTERS; i++)
        registers->sgpr[i] = any();
    registers->sgpr[NULL_REGISTER] = 0;
    registers->scc = any() & 1;
    registers->exec = bench->wave.full;
    registers->sgpr[EXEC_LO] = (uint32_t)registers->exec;
    registers->sgpr[EXEC_HI] = (uint32_t)(registers->exec >> 32);
}

// Other values in all registers that are not read; what is written keeps its value, since lanes
// that are not touched do.
static void change_unread(const struct wave_bench *bench, const struct footprint *footprint,
                          struct registers *registers)
{
    for (unsigned k = 0; k < VGPRS; k++)
        if (!listed(footprint->read, footprint->reads, FILE_VGPR, k))
            for (unsigned lane = 0; lane < bench->lanes; lane++)
                registers->vgpr[k * bench->lanes + lane] = any();
    for (unsigned k = 0; k < SCALAR_REGISTERS; k++)
        if (!is_kept(k) && !listed(footprint->read, footprint->reads, FILE_SGPR, k))
            registers->sgpr[k] = any();
    if (!listed(footprint->read, footprint->reads, FILE_SCC, 0))
        registers->scc ^= 1;
}

static void check_instruction(struct wave_bench *bench, const struct instruction *instruction,
                              const char *text)
{
    const struct footprint *footprint = footprint_of(instruction);
    cr_assert_not_null(footprint, "%s", text);
    fill(bench, &start);
    execute(bench, instruction, &start, &first);
    if (bench->wave.state != WAVE_RUNNING)
        return;
    for (unsigned k = 0; k < VGPRS; k++)
        if (!listed(footprint->written, footprint->writes, FILE_VGPR, k))
            cr_assert_arr_eq(first.vgpr + k * bench->lanes, start.vgpr + k * bench->lanes,
                             bench->lanes * 4, "%s writes v%u", text, k);
    for (unsigned k = 0; k < SCALAR_REGISTERS; k++)
        if (!listed(footprint->written, footprint->writes, FILE_SGPR, k))
            cr_assert_eq(first.sgpr[k], start.sgpr[k], "%s writes scalar register %u", text, k);
    if (!listed(footprint->written, footprint->writes, FILE_SCC, 0))
        cr_assert_eq(first.scc, start.scc, "%s writes SCC", text);
    change_unread(bench, footprint, &start);
    execute(bench, instruction, &start, &second);
    for (unsigned k = 0; k < VGPRS; k++)
        if (listed(footprint->written, footprint->writes, FILE_VGPR, k))
            cr_assert_arr_eq(first.vgpr + k * bench->lanes, second.vgpr + k * bench->lanes,
                             bench->lanes * 4, "v%u of %s depends on more", k, text);
    for (unsigned k = 0; k < SCALAR_REGISTERS; k++)
        if (listed(footprint->written, footprint->writes, FILE_SGPR, k))
            cr_assert_eq(first.sgpr[k], second.sgpr[k], "scalar register %u of %s depends on more",
                         k, text);
    if (listed(footprint->written, footprint->writes, FILE_SCC, 0))
        cr_assert_eq(first.scc, second.scc, "SCC of %s depends on more", text);
}

static unsigned check_file(struct wave_bench *bench, const char *file)
{
    struct device_code_source build = {.file = file, .target = bench->kind};
    struct device_code code;
    struct device_code_error error = {{0}};
    size_t begin, size;
    unsigned checked = 0;
    cr_assert(device_code_build(&build, &code, &error), "%s", error.text);
    cr_assert(device_code_text(&code, &begin, &size), "no code in the bundle");
    uint64_t address = (uint64_t)(uintptr_t)code.data + begin;
    struct program *program = program_create(bench->target, address, size, bench->lanes);
    cr_assert_not_null(program);
    for (uint64_t at = 0; at < size;) {
        const struct instruction *instruction = program_at(program, address + at);
        at += instruction->size;
        if (!is_arithmetic(instruction) || at % 9) // a part of them is enough
            continue;
        char text[256];
        program_text(program, instruction, text, sizeof text);
        check_instruction(bench, instruction, text);
        checked++;
    }
    program_destroy(program);
    device_code_free(&code);
    return checked;
}

WaveTest(footprint, is_what_the_instruction_touches)
{
    static const char *const files[] = {"consistency_integer.hip", "crosslane.hip", "division.hip",
                                        "launch.hip"};
    struct wave_bench *bench = wave_bench_create(*target);
    unsigned checked = 0;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        checked += check_file(bench, files[i]);
    cr_assert_gt(checked, 300, "%u", checked);
    cr_log_info("%s: %u instructions", kernel_target_name(*target), checked);
}
