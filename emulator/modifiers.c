#include "modifiers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *word;
    uint32_t flag;
} flag_words[] = {
    {"glc", FLAG_GLC}, {"sc0", FLAG_GLC},     {"slc", FLAG_SLC},     {"dlc", FLAG_DLC},
    {"scc", FLAG_SCC}, {"offen", FLAG_OFFEN}, {"idxen", FLAG_IDXEN}, {"lds", FLAG_LDS},
    {"gds", FLAG_GDS}, {"tfe", FLAG_TFE},     {"clamp", FLAG_CLAMP},
};

static const struct {
    const char *word;
    uint8_t kind;
} dpp_words[] = {
    {"quad_perm", DPP_QUAD_PERM},   {"row_shl", DPP_ROW_SHL},
    {"row_shr", DPP_ROW_SHR},       {"row_ror", DPP_ROW_ROR},
    {"wave_shl", DPP_WAVE_SHL},     {"wave_rol", DPP_WAVE_ROL},
    {"wave_shr", DPP_WAVE_SHR},     {"wave_ror", DPP_WAVE_ROR},
    {"row_mirror", DPP_ROW_MIRROR}, {"row_half_mirror", DPP_ROW_HALF_MIRROR},
    {"row_bcast", DPP_ROW_BCAST15}, // :15 or :31
    {"row_share", DPP_ROW_SHARE},   {"row_newbcast", DPP_ROW_SHARE},
    {"row_xmask", DPP_ROW_XMASK},   {"dpp8", DPP_8},
};

// "[0,1,2,3]" into numbers; how many.
static unsigned parse_list(const char *text, uint8_t *numbers, unsigned room)
{
    unsigned count = 0;
    if (*text++ != '[')
        return 0;
    while (*text && *text != ']' && count < room) {
        char *end;
        numbers[count++] = (uint8_t)strtoul(text, &end, 0);
        if (end == text)
            return 0;
        text = end + strspn(end, ", ");
    }
    return count;
}

static bool parse_lane_selects(const char *value, struct dpp *dpp, unsigned count, uint8_t limit)
{
    if (parse_list(value, dpp->select, count) != count)
        return false;
    for (unsigned i = 0; i < count; i++)
        if (dpp->select[i] >= limit)
            return false;
    return true;
}

static bool parse_dpp(const char *word, const char *value, struct dpp *dpp)
{
    for (size_t i = 0; i < sizeof dpp_words / sizeof dpp_words[0]; i++) {
        if (strcmp(word, dpp_words[i].word))
            continue;
        dpp->kind = dpp_words[i].kind;
        if (dpp->kind == DPP_QUAD_PERM)
            return parse_lane_selects(value, dpp, 4, 4);
        if (dpp->kind == DPP_8)
            return parse_lane_selects(value, dpp, 8, 8);
        dpp->amount = (uint8_t)strtoul(value, NULL, 0);
        if (dpp->kind == DPP_ROW_BCAST15 && dpp->amount == 31)
            dpp->kind = DPP_ROW_BCAST31;
        dpp->amount &= 15; // bcast kinds do not use it
        return true;
    }
    return false;
}

// The place of text among count names, or false.
static bool parse_name(const char *text, const char *const *names, uint8_t count, uint8_t *place)
{
    for (uint8_t i = 0; i < count; i++) {
        if (!strcmp(text, names[i])) {
            *place = i;
            return true;
        }
    }
    return false;
}

static bool parse_sdwa(const char *word, const char *value, struct instruction *instruction)
{
    static const char *const selects[] = {"DWORD",  "BYTE_0", "BYTE_1", "BYTE_2",
                                          "BYTE_3", "WORD_0", "WORD_1"};
    static const char *const unused[] = {"UNUSED_PAD", "UNUSED_SEXT", "UNUSED_PRESERVE"};
    if (!strcmp(word, "dst_sel"))
        return parse_name(value, selects, 7, &instruction->destination_select);
    if (!strcmp(word, "dst_unused"))
        return parse_name(value, unused, 3, &instruction->destination_unused);
    if (!strcmp(word, "src0_sel"))
        return parse_name(value, selects, 7, &instruction->source[0].select);
    if (!strcmp(word, "src1_sel"))
        return parse_name(value, selects, 7, &instruction->source[1].select);
    return false;
}

static bool parse_bits(const char *value, uint8_t *bits, uint8_t *count)
{
    uint8_t list[8];
    unsigned n = parse_list(value, list, 8);
    *bits = 0;
    for (unsigned i = 0; i < n; i++)
        *bits |= (uint8_t)((list[i] & 1) << i);
    *count = (uint8_t)n;
    return n > 0;
}

static bool parse_output_modifier(const char *word, const char *value,
                                  struct instruction *instruction)
{
    if (!strcmp(word, "mul") && (*value == '2' || *value == '4')) {
        instruction->output_modifier = *value == '2' ? 1 : 2;
        return true;
    }
    if (!strcmp(word, "div") && *value == '2') {
        instruction->output_modifier = 3;
        return true;
    }
    return false;
}

static bool parse_valued(const char *word, const char *value, struct instruction *instruction)
{
    uint8_t ignored;
    int32_t number = (int32_t)strtol(value, NULL, 0);
    if (!strcmp(word, "offset") || !strcmp(word, "offset0"))
        instruction->offset = number;
    else if (!strcmp(word, "offset1"))
        instruction->offset1 = number;
    else if (!strcmp(word, "row_mask"))
        instruction->dpp.row_mask = (uint8_t)number;
    else if (!strcmp(word, "bank_mask"))
        instruction->dpp.bank_mask = (uint8_t)number;
    else if (!strcmp(word, "bound_ctrl"))
        instruction->dpp.bound_control = true; // printed only when set, as :0 or :1
    else if (!strcmp(word, "fi"))
        instruction->dpp.fetch_inactive = number != 0;
    else if (!strcmp(word, "op_sel"))
        return parse_bits(value, &instruction->op_sel, &instruction->op_sel_count);
    else if (!strcmp(word, "op_sel_hi"))
        return parse_bits(value, &instruction->op_sel_hi, &ignored);
    else if (!strcmp(word, "neg_lo"))
        return parse_bits(value, &instruction->neg_lo, &ignored);
    else if (!strcmp(word, "neg_hi"))
        return parse_bits(value, &instruction->neg_hi, &ignored);
    else if (!strcmp(word, "cbsz"))
        instruction->cbsz = (uint8_t)number;
    else if (!strcmp(word, "abid"))
        instruction->abid = (uint8_t)number;
    else if (!strcmp(word, "blgp"))
        instruction->blgp = (uint8_t)number;
    else if (!strcmp(word, "format"))
        return true; // see instruction.format
    else
        return parse_output_modifier(word, value, instruction) ||
               parse_sdwa(word, value, instruction) || parse_dpp(word, value, &instruction->dpp);
    return true;
}

static bool parse_word(char *word, struct instruction *instruction)
{
    for (size_t i = 0; i < sizeof flag_words / sizeof flag_words[0]; i++) {
        if (!strcmp(word, flag_words[i].word)) {
            instruction->flags |= flag_words[i].flag;
            return true;
        }
    }
    char *colon = strchr(word, ':');
    if (!colon)
        return parse_dpp(word, "", &instruction->dpp);
    *colon = 0;
    bool known = parse_valued(word, colon + 1, instruction);
    *colon = ':';
    return known;
}

bool modifiers_parse(char *text, struct instruction *instruction, char *reason, size_t reason_size)
{
    instruction->dpp.row_mask = instruction->dpp.bank_mask = 15;
    while (*(text += strspn(text, " "))) {
        size_t length = 0;
        for (bool in_list = false; text[length] && (in_list || text[length] != ' '); length++)
            in_list = text[length] == '[' || (in_list && text[length] != ']');
        char *end = text + length;
        char after = *end;
        *end = 0;
        if (!parse_word(text, instruction)) {
            snprintf(reason, reason_size, "modifier not supported: '%.60s'", text);
            return false;
        }
        text = end + (after != 0);
    }
    return true;
}
