#include "footprint.h"

#include "definedness_opcode.h"
#include "opcode_name.h"
#include "operand_type.h"
#include "program.h"
#include "wait_kind.h"

#include <stdlib.h>
#include <string.h>

static bool starts_with_any(const char *name, const char *const *prefixes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (starts_with(name, prefixes[i]))
            return true;
    return false;
}

#define ANY_OF(name, ...)                                                                          \
    starts_with_any(name, (const char *const[]){__VA_ARGS__},                                      \
                    sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static uint64_t bits_of(struct register_range range)
{
    uint64_t bits = 0;
    for (unsigned i = 0; i < range.count; i++)
        bits |= UINT64_C(1) << ((range.first + i) & 63);
    return bits;
}

static void add(struct footprint *footprint, bool write, enum register_file file, unsigned first,
                unsigned count)
{
    struct register_range range = {(uint16_t)first, (uint8_t)count, (uint8_t)file};
    uint8_t *used = write ? &footprint->writes : &footprint->reads;
    if (!count || *used == FOOTPRINT_RANGES)
        return;
    (write ? footprint->written : footprint->read)[(*used)++] = range;
    if (file == FILE_VGPR)
        footprint->vgprs |= bits_of(range);
    else if (file == FILE_SGPR)
        footprint->sgprs |= bits_of(range);
}

static void reads(struct footprint *footprint, enum register_file file, unsigned first,
                  unsigned count)
{
    add(footprint, false, file, first, count);
}

static void writes(struct footprint *footprint, enum register_file file, unsigned first,
                   unsigned count)
{
    add(footprint, true, file, first, count);
}

static void add_operand(struct footprint *footprint, const struct operand *operand, bool write)
{
    if (operand->kind == OPERAND_VGPR)
        add(footprint, write, FILE_VGPR, operand->index, operand->registers);
    else if (operand->kind == OPERAND_SGPR && operand->index != NULL_REGISTER)
        add(footprint, write, FILE_SGPR, operand->index, operand->registers);
    else if (operand->kind == OPERAND_SCC)
        add(footprint, write, FILE_SCC, 0, 1);
    else if (operand->kind == OPERAND_VCCZ)
        reads(footprint, FILE_SGPR, VCC_LO, 2);
    else if (operand->kind == OPERAND_EXECZ)
        reads(footprint, FILE_SGPR, EXEC_LO, 2);
    else if (operand->kind == OPERAND_LDS_DIRECT)
        reads(footprint, FILE_SGPR, M0, 1);
}

// Is there a part of a vector destination that is kept in lanes that are written?
static bool keeps_part(const struct instruction *instruction)
{
    const char *name = instruction->opcode->name;
    unsigned flags = instruction->opcode->flags;
    bool half = type_is_half(instruction->destination[0].type);
    if (flags & (READS_RESULT | KEEPS_HALF))
        return true;
    if (instruction->flags & FLAG_DPP)
        return !instruction->dpp.bound_control || instruction->dpp.row_mask != 15 ||
               instruction->dpp.bank_mask != 15;
    if (instruction->flags & FLAG_SDWA)
        return instruction->destination_unused == 2;
    return strstr(name, "d16") || instruction->destination_select == SELECT_WORD_1 ||
           (half && instruction->target_family != GFX9 && starts_with(name, "v_"));
}

static void add_vcc(struct footprint *footprint, bool write, unsigned lanes_registers)
{
    add(footprint, write, FILE_SGPR, VCC_LO, lanes_registers);
}

static bool reads_m0(const char *name)
{
    return ANY_OF(name, "s_movrel", "v_movrel", "v_swaprel", "s_sendmsg", "ds_append", "ds_consume",
                  "ds_gws", "s_set_gpr_idx_idx", "s_set_gpr_idx_mode") ||
           strstr(name, "addtid_b32");
}

static void add_scalar_implied(struct footprint *footprint, const char *name, unsigned lanes)
{
    if (scalar_rule(name)->scc != SCC_KEPT)
        writes(footprint, FILE_SCC, 0, 1);
    if (scalar_reads_scc(name))
        reads(footprint, FILE_SCC, 0, 1);
    if (strstr(name, "saveexec") || strstr(name, "_wrexec")) {
        reads(footprint, FILE_SGPR, EXEC_LO, lanes);
        writes(footprint, FILE_SGPR, EXEC_LO, lanes);
    }
    if (starts_with(name, "s_subvector_loop")) {
        reads(footprint, FILE_SGPR, EXEC_LO, 2);
        writes(footprint, FILE_SGPR, EXEC_LO, 2);
    }
    if (starts_with(name, "s_cbranch_vcc"))
        add_vcc(footprint, false, lanes);
    if (starts_with(name, "s_cbranch_exec"))
        reads(footprint, FILE_SGPR, EXEC_LO, lanes);
    if (starts_with(name, "s_set_gpr_idx_"))
        writes(footprint, FILE_SGPR, M0, strcmp(name, "s_set_gpr_idx_off") != 0);
}

// With M0 as the index any register may be meant.
static void add_relative(struct footprint *footprint, const char *name)
{
    bool swap = starts_with(name, "v_swaprel"), both = swap || strstr(name, "movrelsd") != NULL;
    footprint->source_moves = both || strstr(name, "movrels_") != NULL;
    footprint->destination_moves = both || strstr(name, "movreld_") != NULL;
    if (footprint->source_moves || footprint->destination_moves)
        footprint->vgprs = footprint->sgprs = ~UINT64_C(0);
}

// A buffer atomic names one register for the data and, with glc, the result; of a comparing one
// the data are twice as wide.
static void add_buffer_atomic(struct footprint *footprint, const struct instruction *instruction)
{
    const struct operand *data = &instruction->source[0];
    bool compares = strstr(instruction->opcode->name, "cmpswap") != NULL;
    if (instruction->flags & FLAG_GLC && data->kind == OPERAND_VGPR)
        writes(footprint, FILE_VGPR, data->index,
               compares ? data->registers / 2u : (unsigned)data->registers);
}

static void add_single(struct footprint *footprint, const struct instruction *instruction,
                       unsigned mask_registers)
{
    const struct opcode *opcode = instruction->opcode;
    const char *name = opcode->name;
    for (unsigned k = 0; k < instruction->destinations; k++)
        add_operand(footprint, &instruction->destination[k], true);
    for (unsigned k = 0; k < instruction->sources; k++)
        add_operand(footprint, &instruction->source[k], false);
    if (instruction->destinations && keeps_part(instruction))
        add_operand(footprint, &instruction->destination[0], false);
    if (opcode->flags & READS_VCC)
        add_vcc(footprint, false, mask_registers);
    if (opcode->flags & WRITES_VCC)
        add_vcc(footprint, true, mask_registers);
    if (opcode->flags & WRITES_EXEC)
        writes(footprint, FILE_SGPR, EXEC_LO, mask_registers);
    if (starts_with(name, "v_swap"))
        for (unsigned k = 0; k < instruction->destinations; k++)
            add_operand(footprint, &instruction->destination[k], false);
    if (starts_with(name, "buffer_atomic"))
        add_buffer_atomic(footprint, instruction);
    if (starts_with(name, "s_"))
        add_scalar_implied(footprint, name, mask_registers);
    if (reads_m0(name) || instruction->flags & FLAG_LDS)
        reads(footprint, FILE_SGPR, M0, 1);
    add_relative(footprint, name);
}

static enum flow flow_of(const char *name)
{
    if (starts_with(name, "s_cbranch_"))
        return FLOW_CHOICE;
    if (starts_with(name, "v_cmp_"))
        return FLOW_COMPARE;
    if (starts_with(name, "s_swappc_") || starts_with(name, "s_call_"))
        return FLOW_CALL;
    return starts_with(name, "s_setpc_") ? FLOW_RETURN : FLOW_NONE;
}

static struct footprint *make(const struct instruction *instruction)
{
    struct footprint *footprint = calloc(1, sizeof *footprint);
    if (!footprint)
        return NULL;
    unsigned mask_registers = program_lanes(instruction->program) / 32;
    const struct instruction *halves[2];
    unsigned count = decode_halves(instruction, halves);
    const char *name = instruction->opcode->name;
    for (unsigned i = 0; i < count; i++)
        add_single(footprint, halves[i], mask_registers);
    footprint->wait = (uint8_t)wait_kind_of(instruction);
    footprint->flow = (uint8_t)flow_of(name);
    return footprint;
}

const struct footprint *footprint_make(const struct instruction *instruction)
{
    struct footprint **slot = (struct footprint **)&instruction->footprint;
    struct footprint *footprint = __atomic_load_n(slot, __ATOMIC_ACQUIRE), *none = NULL;
    if (footprint || !instruction->opcode)
        return footprint;
    footprint = make(instruction);
    if (!footprint || __atomic_compare_exchange_n(slot, &none, footprint, false, __ATOMIC_ACQ_REL,
                                                  __ATOMIC_ACQUIRE))
        return footprint;
    free(footprint); // another thread was first
    return none;
}

bool footprint_touches(const struct register_range *ranges, unsigned count, enum register_file file,
                       unsigned first, unsigned registers)
{
    for (unsigned i = 0; i < count; i++)
        if (ranges[i].file == file && ranges[i].first < first + registers &&
            first < ranges[i].first + ranges[i].count)
            return true;
    return false;
}
