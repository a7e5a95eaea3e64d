#include "isa_encodings.h"

#include <criterion/criterion.h>
#include <stdlib.h>

enum { MOST_ENCODINGS = 200000 };

static void add(struct isa_encodings *all, uint32_t first, uint32_t second)
{
    cr_assert_lt(all->count, MOST_ENCODINGS);
    all->words[all->count * ISA_STRIDE / 4] = first;
    all->words[all->count * ISA_STRIDE / 4 + 1] = second;
    all->count++;
}

// One encoding: where its opcode field is, and the words with operands that it is tried with. The
// disassembler insists on zeros in fields that an instruction does not use, so there is a choice
// for each number of operands.
struct family {
    unsigned targets;
    uint32_t base;
    unsigned shift, bits;
    uint32_t first[4], second[12];
    unsigned firsts, seconds;
};

#define COUNT(...) (sizeof((uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))
#define LIST(...)  __VA_ARGS__
#define FAMILY(targets, base, shift, bits, first, second)                                          \
    {                                                                                              \
        targets, base, shift, bits, {LIST first}, {LIST second}, COUNT(LIST first),                \
            COUNT(LIST second)                                                                     \
    }

#define SDWA_AND_DPP (0x06060602, 0x06060002, 0xff015002, 0xff00e402)
#define VOP3_OPERANDS                                                                              \
    (0x04120d04, 0x00080404, 0x10120d04, 0x00020d04, 0x00000804, 0x00000904, 0x00000104)
#define VOP3P_OPERANDS (0x1c120d04, 0x18100804, 0x18020d04, 0x18000104)
#define DS_OPERANDS                                                                                \
    (0x0c080402, 0x08000002, 0x00000402, 0x00080402, 0x08000402, 0x08000000, 0x00000002, 0)
// Results and data with a scalar base, and with what says "no base" on each target.
#define FLAT_OPERANDS                                                                              \
    (0x00040402, 0x08040002, 0x08040402, 0x007f0402, 0x087f0002, 0x087f0402, 0x007d0402,           \
     0x087d0002, 0x087d0402, 0x007c0402, 0x087c0002, 0x087c0402)
#define PLAIN_FLAT_OPERANDS (0x00000402, 0x08000002, 0x08000402, 0x00040000, 0x08040000, 0x00040400)

// Registers are even numbers below 16, for instructions that want pairs and quads.
static const struct family families[] = {
    // SOP2, SOPK, SOP1, SOPC, SOPP
    FAMILY(ALL_TARGETS, 0x80000000, 23, 7, (0x00080402, 0x00087e02), (0)),
    FAMILY(ALL_TARGETS, 0xb0000000, 23, 5, (0x00040010, 0x00047801), (8)),
    FAMILY(ALL_TARGETS, 0xbe800000, 8, 8, (0x00040002, 0x00040083), (0)),
    FAMILY(ALL_TARGETS, 0xbf000000, 16, 7, (0x0402), (0)),
    FAMILY(ALL_TARGETS, 0xbf800000, 16, 7, (0, 1), (0)),
    // SMEM
    FAMILY(GFX9, 0xc0000000, 18, 8, (0x00020202, 0x00000202, 0x00030202, 0x00024202), (8)),
    FAMILY(GFX10_UP, 0xf4000000, 18, 8, (0x202), (0xfa000008, 0x08000010, 0xfa1fffff)),
    // VOP2, VOP1, VOPC; each again with SDWA (0xf9), DPP (0xfa) and DPP8 (0xe9)
    FAMILY(ALL_TARGETS, 0, 25, 6, (0x00040502, 0x00040402), (0x12345678)),
    FAMILY(ALL_TARGETS, 0, 25, 6, (0x000404f9, 0x000404fa, 0x000404e9), SDWA_AND_DPP),
    FAMILY(ALL_TARGETS, 0x7e000000, 9, 8, (0x00040102, 0x00040002, 0), (0)),
    FAMILY(ALL_TARGETS, 0x7e000000, 9, 8, (0x000400f9, 0x000400fa, 0x000400e9), SDWA_AND_DPP),
    FAMILY(ALL_TARGETS, 0x7c000000, 17, 8, (0x00000502, 0x00000402), (0)),
    FAMILY(ALL_TARGETS, 0x7c000000, 17, 8, (0x000004f9, 0x000004fa, 0x000004e9), SDWA_AND_DPP),
    // VOP3, with DPP too; VOP3P; VOPD
    FAMILY(GFX9, 0xd0000000, 16, 10, (0x8, 0x0408, 0), VOP3_OPERANDS),
    FAMILY(GFX10_UP, 0xd4000000, 16, 10, (0x8, 0x0408, 0x8008, 0), VOP3_OPERANDS),
    FAMILY(GFX11, 0xd4000000, 16, 10, (0x8), (0x04120cfa, 0x04120ce9, 0x00020cfa, 0x000000fa)),
    FAMILY(GFX9, 0xd3800000, 16, 6, (0x8, 0x4008), VOP3P_OPERANDS),
    // Matrix instructions: A and B in AGPRs and in VGPRs, C a constant; moves of AGPRs
    FAMILY(GFX9, 0xd3c00000, 16, 6, (0x8), (0x1c120d04, 0x04120d04, 0x02060d04, 0x18000104)),
    FAMILY(GFX10_UP, 0xcc000000, 16, 7, (0x8, 0x4008), VOP3P_OPERANDS),
    FAMILY(GFX11, 0xc8000000, 17, 9, (0x00000d02, 0x00000102), (0x08080c03, 0x08080103)),
    // DS, FLAT (without and with glc), MUBUF, MTBUF
    FAMILY(GFX9, 0xd8000000, 17, 8, (0, 0x10), DS_OPERANDS),
    FAMILY(GFX10_UP, 0xd8000000, 18, 8, (0, 0x10), DS_OPERANDS),
    FAMILY(ALL_TARGETS, 0xdc000000, 18, 7, (0, 0x4000, 0x8000, 0x10000), FLAT_OPERANDS),
    FAMILY(ALL_TARGETS, 0xdc010000, 18, 7, (0, 0x4000, 0x8000), FLAT_OPERANDS),
    FAMILY(ALL_TARGETS, 0xdc000000, 18, 7, (0, 0x10000, 0x8000, 0x18000), PLAIN_FLAT_OPERANDS),
    FAMILY(GFX11, 0xdc000000, 18, 7, (0x10000, 0x14000, 0x20000, 0x24000), FLAT_OPERANDS),
    FAMILY(ALL_TARGETS, 0xe0000000, 18, 8, (0x10, 0x1010, 0x4010),
           (0x80020402, 0x80820402, 0x80420402)),
    FAMILY(ALL_TARGETS, 0xe8000000, 15, 11, (0x10), (0x80020402, 0x80820402)),
};

struct isa_encodings isa_encodings_create(enum target_family target)
{
    struct isa_encodings encodings = {.words = calloc(MOST_ENCODINGS, ISA_STRIDE)};
    struct isa_encodings *all = &encodings;
    cr_assert_not_null(all->words);
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        const struct family *family = &families[i];
        if (!(family->targets & target))
            continue;
        for (uint32_t opcode = 0; opcode < 1u << family->bits; opcode++)
            for (unsigned f = 0; f < family->firsts; f++)
                for (unsigned s = 0; s < family->seconds; s++)
                    add(all, family->base | opcode << family->shift | family->first[f],
                        family->second[s]);
    }
    return encodings;
}

void isa_encodings_free(struct isa_encodings *encodings)
{
    free(encodings->words);
    encodings->words = NULL;
}
