#include "registers.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    uint8_t kind;
    uint16_t index;
    uint8_t registers;
} named_registers[] = {
    {"vcc", OPERAND_SGPR, VCC_LO, 2},
    {"vcc_lo", OPERAND_SGPR, VCC_LO, 1},
    {"vcc_hi", OPERAND_SGPR, VCC_HI, 1},
    {"exec", OPERAND_SGPR, EXEC_LO, 2},
    {"exec_lo", OPERAND_SGPR, EXEC_LO, 1},
    {"exec_hi", OPERAND_SGPR, EXEC_HI, 1},
    {"m0", OPERAND_SGPR, M0, 1},
    {"null", OPERAND_SGPR, NULL_REGISTER, 1},
    {"flat_scratch", OPERAND_SGPR, FLAT_SCRATCH_LO, 2},
    {"flat_scratch_lo", OPERAND_SGPR, FLAT_SCRATCH_LO, 1},
    {"flat_scratch_hi", OPERAND_SGPR, FLAT_SCRATCH_HI, 1},
    {"xnack_mask", OPERAND_SGPR, XNACK_LO, 2},
    {"xnack_mask_lo", OPERAND_SGPR, XNACK_LO, 1},
    {"xnack_mask_hi", OPERAND_SGPR, XNACK_HI, 1},
    {"scc", OPERAND_SCC, 0, 1},
    {"src_scc", OPERAND_SCC, 0, 1},
    {"vccz", OPERAND_VCCZ, 0, 1},
    {"src_vccz", OPERAND_VCCZ, 0, 1},
    {"execz", OPERAND_EXECZ, 0, 1},
    {"src_execz", OPERAND_EXECZ, 0, 1},
    {"src_shared_base", OPERAND_SHARED_BASE, 0, 2},
    {"src_shared_limit", OPERAND_SHARED_LIMIT, 0, 2},
    {"src_private_base", OPERAND_PRIVATE_BASE, 0, 2},
    {"src_private_limit", OPERAND_PRIVATE_LIMIT, 0, 2},
    {"off", OPERAND_OFF, 0, 0},
    {"lds_direct", OPERAND_LDS_DIRECT, 0, 1},
    {"src_lds_direct", OPERAND_LDS_DIRECT, 0, 1},
};

// "3]" or "2:5]" behind a bracket, else "7": first register and how many.
static bool parse_range(const char *text, bool bracket, unsigned *first, unsigned *count)
{
    char *end;
    if (!isdigit((unsigned char)*text))
        return false;
    *first = (unsigned)strtoul(text, &end, 10);
    *count = 1;
    if (!bracket)
        return !*end;
    if (*end == ':') {
        unsigned last = (unsigned)strtoul(end + 1, &end, 10);
        if (last < *first)
            return false;
        *count = last - *first + 1;
    }
    return *end == ']' && !end[1];
}

static bool parse_numbered(const char *text, const char *prefix, unsigned base, unsigned limit,
                           struct operand *operand)
{
    size_t length = strlen(prefix);
    if (strncmp(text, prefix, length))
        return false;
    bool bracket = text[length] == '[';
    unsigned first, count;
    if (!parse_range(text + length + bracket, bracket, &first, &count) || first >= limit ||
        count > limit - first)
        return false;
    operand->index = (uint16_t)(base + first);
    operand->registers = (uint8_t)count;
    return true;
}

bool register_parse(const char *text, unsigned lanes, struct operand *operand)
{
    if (parse_numbered(text, "v", 0, 256, operand) ||
        parse_numbered(text, "a", 256, 256, operand)) {
        operand->kind = OPERAND_VGPR;
        operand->offset = operand->index * lanes;
        return true;
    }
    if (parse_numbered(text, "s", 0, SGPR_LIMIT, operand) ||
        parse_numbered(text, "ttmp", TTMP0, 16, operand)) {
        operand->kind = OPERAND_SGPR;
        return true;
    }
    for (size_t i = 0; i < sizeof named_registers / sizeof named_registers[0]; i++) {
        if (strcmp(text, named_registers[i].name))
            continue;
        operand->kind = named_registers[i].kind;
        operand->index = named_registers[i].index;
        operand->registers = named_registers[i].registers;
        return true;
    }
    return false;
}
