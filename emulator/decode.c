// From the disassembler's text to struct instruction.
//
// "v_add_f32_e64 v1, |v2|, -s3 clamp mul:2": a mnemonic with an encoding suffix, operands separated
// by commas, then modifiers separated by blanks. Brackets and parentheses nest.
#include "constants.h"
#include "matrix_operands.h"
#include "modifiers.h"
#include "operand_type.h"
#include "program.h"
#include "registers.h"
#include "wave.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "isa_unknown.h"

#define MAX_OPERANDS (MAX_DESTINATIONS + MAX_SOURCES)

struct reader {
    const struct target *target;
    unsigned lanes;
    char *reason;
    size_t reason_size;
};

static bool fail(struct reader *reader, const char *what, const char *which)
{
    snprintf(reader->reason, reader->reason_size, "%s '%.60s'", what, which);
    return false;
}

// Strip "-", "|...|", "abs(...)", "neg(...)" and "sext(...)" off both ends of text.
static char *strip_modifiers(char *text, uint8_t *modifiers)
{
    static const struct {
        const char *open;
        char close;
        uint8_t modifier;
    } wrappers[] = {
        {"|", '|', MODIFIER_ABSOLUTE},
        {"abs(", ')', MODIFIER_ABSOLUTE},
        {"neg(", ')', MODIFIER_NEGATE},
        {"sext(", ')', MODIFIER_SIGN_EXTEND},
    };
    if (*text == '-' && !isdigit((unsigned char)text[1])) {
        *modifiers |= MODIFIER_NEGATE;
        text++;
    }
    for (size_t i = 0; i < sizeof wrappers / sizeof wrappers[0]; i++) {
        size_t open = strlen(wrappers[i].open), length = strlen(text);
        if (length <= open + 1 || strncmp(text, wrappers[i].open, open) ||
            text[length - 1] != wrappers[i].close)
            continue;
        *modifiers |= wrappers[i].modifier;
        text[length - 1] = 0;
        return strip_modifiers(text + open, modifiers);
    }
    return text;
}

// "hwreg(HW_REG_MODE)", "sendmsg(MSG_INTERRUPT)", "vmcnt(0) lgkmcnt(0)": instruction.immediate says
// it all.
static bool is_opaque(const char *text)
{
    return strchr(text, '(') && *text != '-' && *text != '|' && strncmp(text, "abs(", 4) &&
           strncmp(text, "neg(", 4) && strncmp(text, "sext(", 5);
}

static bool parse_operand(struct reader *reader, char *text, enum operand_type type,
                          struct operand *operand)
{
    const char *whole = text;
    operand->type = (uint8_t)type;
    if (is_opaque(text)) {
        operand->kind = OPERAND_OPAQUE;
        return true;
    }
    text = strip_modifiers(text, &operand->modifiers);
    if (register_parse(text, reader->lanes, operand))
        return true;
    if (!constant_parse(text, type, &operand->value))
        return fail(reader, "unknown operand", whole);
    operand->kind = OPERAND_CONSTANT;
    operand->lanes = constant_lanes(operand->value);
    return operand->lanes || fail(reader, "no memory for operand", whole);
}

// Cut text at top-level commas into pieces. Returns the modifiers behind the last piece ("" if
// none), NULL when there are too many pieces.
static char *split_operands(char *text, char *pieces[MAX_OPERANDS], unsigned *count)
{
    unsigned depth = 0;
    *count = 0;
    if (*text)
        pieces[(*count)++] = text;
    for (; *text; text++) {
        if (*text == '[' || *text == '(')
            depth++;
        else if (depth && (*text == ']' || *text == ')'))
            depth--;
        if (depth || (*text != ',' && *text != ' '))
            continue;
        bool last = *text == ' ';
        *text++ = 0;
        if (last)
            break;
        text += strspn(text, " ");
        if (*count == MAX_OPERANDS)
            return NULL;
        pieces[(*count)++] = text--;
    }
    return text;
}

static unsigned type_count(const struct opcode *opcode)
{
    unsigned count = 0;
    while (count < MAX_OPERANDS && opcode->types[count] != NONE)
        count++;
    return count;
}

static bool is_float(uint8_t type)
{
    return type == F16 || type == F32 || type == F64;
}

static bool has_packed_types(const struct opcode *opcode)
{
    for (unsigned i = 0; i < MAX_OPERANDS; i++)
        if (type_is_packed(opcode->types[i]))
            return true;
    return false;
}

// op_sel of operations on 16 bits picks the half of each operand; its last bit is the
// destination's.
static void apply_op_sel(struct instruction *instruction)
{
    if (!instruction->op_sel || has_packed_types(instruction->opcode))
        return;
    for (unsigned k = 0; k < instruction->sources; k++)
        if (type_is_half(instruction->source[k].type) && instruction->op_sel >> k & 1)
            instruction->source[k].select = SELECT_WORD_1;
    unsigned last = instruction->op_sel_count ? instruction->op_sel_count - 1u : 0;
    if (last >= instruction->sources && instruction->op_sel >> last & 1)
        instruction->destination_select = SELECT_WORD_1;
}

static void mark_plain(struct instruction *instruction)
{
    for (unsigned k = 0; k < instruction->sources; k++) {
        struct operand *operand = &instruction->source[k];
        bool unchanged = !operand->modifiers && operand->select == SELECT_DWORD;
        operand->plain = (operand->kind == OPERAND_VGPR || operand->kind == OPERAND_CONSTANT) &&
                         (type_is_packed(operand->type) || unchanged) &&
                         !(k == 0 && instruction->flags & FLAG_DPP);
    }
    const struct operand *destination = &instruction->destination[0];
    instruction->result_plain = instruction->destinations && destination->kind == OPERAND_VGPR &&
                                !instruction->output_modifier &&
                                !(instruction->flags & (FLAG_SDWA | FLAG_DPP)) &&
                                !(instruction->flags & FLAG_CLAMP && is_float(destination->type)) &&
                                instruction->destination_select == SELECT_DWORD;
}

// Registers that an operand of this type needs at least.
static unsigned type_registers(uint8_t type, unsigned lanes)
{
    switch (type) {
    case MASK:
        return lanes / 32;
    case B64:
    case I64:
    case F64:
    case PK_F32:
    case PK_B32:
        return 2;
    case B96:
        return 3;
    case B128:
        return 4;
    case B256:
        return 8;
    case B512:
        return 16;
    default:
        return 1;
    }
}

static bool operand_fits(const struct operand *operand, unsigned lanes)
{
    bool is_register = operand->kind == OPERAND_VGPR || operand->kind == OPERAND_SGPR;
    return !is_register || operand->index == NULL_REGISTER ||
           operand->registers >= type_registers(operand->type, lanes);
}

// How many of the opcode's leading destinations the text leaves out.
static unsigned left_out(const struct instruction *instruction)
{
    const struct opcode *opcode = instruction->opcode;
    bool returns = instruction->flags & FLAG_GLC || !(opcode->flags & RETURNS_WITH_GLC);
    return returns ? 0 : opcode->destinations;
}

static bool parse_operands(struct reader *reader, char **pieces, unsigned count,
                           struct instruction *instruction)
{
    const struct opcode *opcode = instruction->opcode;
    unsigned skipped = left_out(instruction), destinations = opcode->destinations - skipped;
    bool flexible = memchr(opcode->types, ANY, MAX_OPERANDS) != NULL;
    if (count + skipped != type_count(opcode) && !flexible)
        return fail(reader, "unexpected number of operands for", opcode->name);
    if (count < destinations || count - destinations > MAX_SOURCES)
        return fail(reader, "unexpected number of operands for", opcode->name);
    instruction->destinations = (uint8_t)destinations;
    instruction->sources = (uint8_t)(count - destinations);
    for (unsigned i = 0; i < count; i++) {
        uint8_t type = i + skipped < MAX_OPERANDS ? opcode->types[i + skipped] : ANY;
        struct operand *operand = i < destinations ? &instruction->destination[i]
                                                   : &instruction->source[i - destinations];
        if (!parse_operand(reader, pieces[i], type ? type : ANY, operand))
            return false;
        if (!operand_fits(operand, reader->lanes))
            return fail(reader, "operand of unexpected size", pieces[i]);
    }
    return true;
}

// Cut the encoding suffix off a mnemonic and note what it means.
static void strip_suffix(char *mnemonic, struct instruction *instruction)
{
    static const struct {
        const char *suffix;
        uint32_t flags;
    } suffixes[] = {
        {"_e64_dpp8", FLAG_E64 | FLAG_DPP},
        {"_e64_dpp", FLAG_E64 | FLAG_DPP},
        {"_e32", 0},
        {"_e64", FLAG_E64},
        {"_sdwa", FLAG_SDWA},
        {"_dpp8", FLAG_DPP},
        {"_dpp", FLAG_DPP},
    };
    size_t length = strlen(mnemonic);
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        size_t suffix = strlen(suffixes[i].suffix);
        if (length > suffix && !strcmp(mnemonic + length - suffix, suffixes[i].suffix)) {
            mnemonic[length - suffix] = 0;
            instruction->flags |= suffixes[i].flags;
            return;
        }
    }
}

static const struct opcode *find_opcode(const struct reader *reader, char *mnemonic,
                                        struct instruction *instruction)
{
    const struct opcode *opcode = opcode_find(mnemonic, reader->target->family);
    if (opcode)
        return opcode;
    strip_suffix(mnemonic, instruction);
    return opcode_find(mnemonic, reader->target->family);
}

// One instruction, or one half of a dual-issue one.
static bool decode_single(struct reader *reader, char *text, struct instruction *instruction)
{
    char *pieces[MAX_OPERANDS];
    unsigned count;
    char *mnemonic = text + strspn(text, " \t");
    char *rest = mnemonic + strcspn(mnemonic, " \t");
    if (*rest)
        *rest++ = 0;
    rest += strspn(rest, " \t");
    instruction->opcode = find_opcode(reader, mnemonic, instruction);
    if (!instruction->opcode)
        return fail(reader, "instruction not supported:", mnemonic);
    instruction->execute = instruction->opcode->execute;
    if (instruction->opcode->types[0] == NONE)
        return true;
    char *modifiers = split_operands(rest, pieces, &count);
    if (!modifiers)
        return fail(reader, "too many operands:", mnemonic);
    // What op_sel_hi is when the text does not say: mixed-precision operations default to 0.
    bool mixed = !strncmp(mnemonic, "v_fma_mix", 9) || !strncmp(mnemonic, "v_mad_mix", 9);
    if (has_packed_types(instruction->opcode) && !mixed)
        instruction->op_sel_hi = 7;
    if (count && is_opaque(pieces[count - 1]))
        modifiers += strlen(modifiers); // more of the same
    if (!modifiers_parse(modifiers, instruction, reader->reason, reader->reason_size) ||
        !parse_operands(reader, pieces, count, instruction))
        return false;
    if (instruction->dpp.kind != DPP_NONE)
        instruction->flags |= FLAG_DPP; // gfx11 compares have no suffix that says so
    apply_op_sel(instruction);
    mark_plain(instruction);
    const char *wrong =
        instruction->opcode->matrix ? matrix_operands_check(instruction, reader->lanes) : NULL;
    return !wrong || fail(reader, wrong, mnemonic);
}

// v_dual_X: both halves read their operands before either writes.
struct dual {
    struct instruction first, second;
    uint32_t copied; // offset of a register to keep in the spare one, or NOTHING_COPIED
};

#define NOTHING_COPIED UINT32_MAX

static void execute_dual(struct wave *wave, const struct instruction *instruction)
{
    const struct dual *dual = (const struct dual *)instruction->second;
    if (dual->copied != NOTHING_COPIED)
        memcpy(wave->vgpr + VGPR_SPARE * wave->lanes, wave->vgpr + dual->copied,
               wave->lanes * sizeof *wave->vgpr);
    dual->first.execute(wave, &dual->first);
    dual->second.execute(wave, &dual->second);
}

static bool decode_half(struct reader *reader, char *text, const struct instruction *whole,
                        struct instruction *half)
{
    char single[256], *mnemonic = strstr(text, "v_dual_");
    if (!mnemonic)
        return fail(reader, "not a dual-issue half:", text);
    bool implicit_vcc = !strncmp(mnemonic + 7, "cndmask", 7) && !strstr(mnemonic, "vcc");
    snprintf(single, sizeof single, "v_%s%s", mnemonic + 7, implicit_vcc ? ", vcc_lo" : "");
    half->address = whole->address;
    half->size = whole->size;
    half->program = whole->program;
    half->target_family = whole->target_family;
    return decode_single(reader, single, half);
}

static void keep_for_second(struct dual *dual, unsigned lanes)
{
    uint32_t written = dual->first.destination[0].offset;
    dual->copied = NOTHING_COPIED;
    for (unsigned k = 0; k < dual->second.sources; k++) {
        struct operand *source = &dual->second.source[k];
        if (source->kind != OPERAND_VGPR || source->offset != written)
            continue;
        source->offset = VGPR_SPARE * lanes;
        dual->copied = written;
    }
}

static bool decode_dual(struct reader *reader, char *text, char *separator,
                        struct instruction *instruction)
{
    static const struct opcode opcode = OPCODE("v_dual", execute_dual, GFX11, 0, ROUND_F32, NONE);
    struct dual *dual = calloc(1, sizeof *dual);
    if (!dual)
        return fail(reader, "no memory for", text);
    *separator = 0;
    if (!decode_half(reader, text, instruction, &dual->first) ||
        !decode_half(reader, separator + 4, instruction, &dual->second)) {
        free(dual);
        return false;
    }
    keep_for_second(dual, reader->lanes);
    instruction->opcode = &opcode;
    instruction->execute = execute_dual;
    instruction->second = &dual->first;
    return true;
}

bool decode_text(const char *text, const struct target *target, unsigned lanes,
                 struct instruction *instruction, char *reason, size_t reason_size)
{
    struct reader reader = {target, lanes, reason, reason_size};
    char copy[512];
    snprintf(copy, sizeof copy, "%s", text);
    char *separator = strstr(copy, " :: ");
    bool decoded = separator ? decode_dual(&reader, copy, separator, instruction)
                             : decode_single(&reader, copy, instruction);
    if (!decoded)
        instruction->opcode = NULL;
    return decoded;
}

unsigned decode_halves(const struct instruction *instruction, const struct instruction *halves[2])
{
    const struct dual *dual = (const struct dual *)instruction->second;
    halves[0] = dual ? &dual->first : instruction;
    halves[1] = dual ? &dual->second : NULL;
    return dual ? 2 : 1;
}

void decode_release(struct instruction *instruction)
{
    free((void *)instruction->second);
    free((void *)instruction->footprint);
    free((void *)instruction->definedness);
}

void execute_unknown(struct wave *wave, const struct instruction *instruction)
{
    // Decoding once more gives the reason, so that it need not be kept.
    char text[512], reason[128] = "";
    struct instruction again = {.target_family = instruction->target_family};
    const struct target *target = program_target(instruction->program);
    program_text(instruction->program, instruction, text, sizeof text);
    decode_text(text, target, wave->lanes, &again, reason, sizeof reason);
    wave_fault(wave, instruction, FAULT_UNSUPPORTED, -1, "%s (%s)",
               *reason ? reason : "instruction not supported", target->name);
}

void execute_illegal(struct wave *wave, const struct instruction *instruction)
{
    wave_fault(wave, instruction, FAULT_ILLEGAL, -1, "these bytes are no %s instruction",
               program_target(instruction->program)->name);
}
