// A decoded instruction and the table of opcodes that decoding looks names up in.
//
// LLVM's disassembler turns bytes into text; decode.c parses that text once into struct
// instruction, which names the function that executes it and holds every operand in a form that
// costs nothing to read.
#ifndef WAVEGAUGE_INSTRUCTION_H
#define WAVEGAUGE_INSTRUCTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wave;
struct instruction;
struct definedness_plan;
struct matrix_shape;

typedef void execute_function(struct wave *wave, const struct instruction *instruction);

// How many bits an operand has and how a constant in it is expanded. 32-bit literals of a 64-bit
// operand become the high half of an F64, are zero-extended in a B64 and sign-extended in an I64.
enum operand_type {
    NONE = 0,
    B16, // 16-bit integer or bits, in the low (or selected) half of a register
    B32,
    B64,
    I64,
    B96,
    B128,
    B256,
    B512,
    F16,
    F32,
    F64,
    MASK,   // one bit per lane: one SGPR in wave32, a pair in wave64
    PK_B16, // two 16-bit integers
    PK_F16,
    PK_F32, // two floats in a register pair
    PK_B32,
    ANY, // whatever the text says; constants expand as B32
};

// Operand numbers of scalar registers are the same on all targets here, whatever the encoding says.
enum scalar_register {
    SGPR_LIMIT = 106,
    VCC_LO = 106,
    VCC_HI = 107,
    TTMP0 = 108, // ..123
    M0 = 124,
    NULL_REGISTER = 125, // reads 0, writes vanish
    EXEC_LO = 126,
    EXEC_HI = 127,
    FLAT_SCRATCH_LO = 128,
    FLAT_SCRATCH_HI = 129,
    XNACK_LO = 130,
    XNACK_HI = 131,
    SCALAR_REGISTERS = 132,
};

enum operand_kind {
    OPERAND_NONE,
    OPERAND_VGPR,     // also AGPRs, which are registers 256..511
    OPERAND_CONSTANT, // inline constant or literal
    OPERAND_SGPR,     // enum scalar_register
    OPERAND_SCC,
    OPERAND_VCCZ,
    OPERAND_EXECZ,
    OPERAND_SHARED_BASE, // apertures: 64-bit values, their high half as a 32-bit operand
    OPERAND_SHARED_LIMIT,
    OPERAND_PRIVATE_BASE,
    OPERAND_PRIVATE_LIMIT,
    OPERAND_OFF,    // "off" of memory instructions
    OPERAND_OPAQUE, // hwreg(...), sendmsg(...), counters: see instruction.immediate
    OPERAND_LDS_DIRECT,
};

enum operand_modifier {
    MODIFIER_NEGATE = 1,
    MODIFIER_ABSOLUTE = 2,
    MODIFIER_SIGN_EXTEND = 4, // SDWA sext()
};

// SDWA selects; SELECT_DWORD is the default of every operand.
enum select {
    SELECT_DWORD = 0,
    SELECT_BYTE_0,
    SELECT_BYTE_1,
    SELECT_BYTE_2,
    SELECT_BYTE_3,
    SELECT_WORD_0,
    SELECT_WORD_1,
};

struct operand {
    uint8_t kind;      // enum operand_kind
    uint8_t type;      // enum operand_type, from the opcode
    uint8_t modifiers; // enum operand_modifier
    uint8_t select;    // enum select; 16-bit operands taken from the high half by op_sel have
                       // SELECT_WORD_1
    bool
        plain; // a VGPR or constant with no modifier, select or DPP: its lanes can be read in place
    uint8_t registers;     // how many consecutive registers the text names
    uint16_t index;        // first register
    uint32_t offset;       // VGPR: index of lane 0 of that register in wave->vgpr
    uint64_t value;        // constant, expanded for the type
    const uint32_t *lanes; // constant: 64 lanes of the low half, then 64 of the high half
};

// DPP control, normalised from the text.
enum dpp_kind {
    DPP_NONE = 0,
    DPP_QUAD_PERM,
    DPP_ROW_SHL,
    DPP_ROW_SHR,
    DPP_ROW_ROR,
    DPP_WAVE_SHL,
    DPP_WAVE_ROL,
    DPP_WAVE_SHR,
    DPP_WAVE_ROR,
    DPP_ROW_MIRROR,
    DPP_ROW_HALF_MIRROR,
    DPP_ROW_BCAST15,
    DPP_ROW_BCAST31,
    DPP_ROW_SHARE, // also gfx90a's row_newbcast
    DPP_ROW_XMASK,
    DPP_8,
};

struct dpp {
    uint8_t kind;
    uint8_t amount;    // shift, share lane or xmask
    uint8_t select[8]; // quad_perm uses 4, dpp8 8
    uint8_t row_mask, bank_mask;
    bool bound_control, fetch_inactive;
};

enum instruction_flag {
    FLAG_GLC = 1 << 0, // atomics: return the old value (gfx90a prints it as glc too)
    FLAG_SLC = 1 << 1,
    FLAG_DLC = 1 << 2,
    FLAG_OFFEN = 1 << 3,
    FLAG_IDXEN = 1 << 4,
    FLAG_LDS = 1 << 5,
    FLAG_GDS = 1 << 6,
    FLAG_TFE = 1 << 7,
    FLAG_CLAMP = 1 << 8,
    FLAG_SDWA = 1 << 9,
    FLAG_DPP = 1 << 10,
    FLAG_LITERAL = 1 << 11,
    FLAG_E64 = 1 << 12, // the text says _e64
    FLAG_SCC = 1 << 13, // cache bit of gfx90a
};

#define MAX_DESTINATIONS 2
#define MAX_SOURCES      5

struct instruction {
    execute_function *execute;
    const struct instruction *next;             // fall-through; NULL until somebody got there
    const struct instruction *target;           // branch target; NULL until somebody got there
    const struct opcode *opcode;                // NULL: cannot be executed, see text
    const struct definedness_plan *definedness; // initcheck's, made when first executed with it
    uint64_t address;                           // device address
    uint8_t size;                               // bytes
    uint8_t destinations, sources;              // how many of the arrays below are used
    uint8_t output_modifier;                    // 0 none, 1 times 2, 2 times 4, 3 divided by 2
    bool result_plain;       // no clamp, output modifier, SDWA or op_sel on the first destination
    uint8_t target_family;   // enum target_family
    uint16_t immediate;      // low 16 bits of the first word: simm16 of SOPP and SOPK
    uint32_t flags;          // enum instruction_flag
    uint32_t literal;        // FLAG_LITERAL: the dword after a 32-bit encoding
    int32_t offset, offset1; // memory: offset or offset0, offset1
    uint8_t op_sel, op_sel_hi, neg_lo,
        neg_hi;           // one bit per operand, the destination last in op_sel
    uint8_t op_sel_count; // how many bits the text gave
    uint8_t destination_select,
        destination_unused;   // SDWA: enum select; 0 pad, 1 sign-extend, 2 preserve
    uint8_t format;           // buffer format of tbuffer instructions
    uint8_t cbsz, abid, blgp; // of V_MFMA; see matrix_shape.h
    struct dpp dpp;
    struct operand destination[MAX_DESTINATIONS];
    struct operand source[MAX_SOURCES];
    const struct instruction *second; // VOPD: the other half
    const struct program *program;
    const struct footprint *footprint; // NULL until somebody asked (checks/footprint.h)
};

enum target_family {
    GFX9 = 1,  // gfx90a
    GFX10 = 2, // gfx1030
    GFX11 = 4, // gfx1100
    GFX10_UP = GFX10 | GFX11,
    ALL_TARGETS = 7,
};

enum opcode_flag {
    ROUND_F32 = 1,    // obeys the f32 rounding and denormal mode
    ROUND_F64 = 2,    // obeys the f64 and f16 rounding and denormal mode
    READS_RESULT = 4, // the first destination is also a source (fmac, cndmask-like preserves)
    BRANCH = 8,       // has a target at address + 4 + 4 * immediate
    DPP_OLD =
        16, // needs the old destination when DPP suppresses lanes (all VALU: handled by commit)
    WRITES_VCC = 32,        // implicit
    READS_VCC = 64,         // implicit
    WRITES_EXEC = 128,      // v_cmpx
    RETURNS_WITH_GLC = 256, // atomic: the first text operand is a destination only with glc
    KEEPS_HALF = 512,       // 16-bit result: gfx9 keeps the other half of the destination
};

struct opcode {
    const char *name; // mnemonic without _e32, _e64, _dpp, _sdwa; NULL ends a table
    execute_function *execute;
    uint8_t targets;      // enum target_family bits
    uint8_t destinations; // how many of the leading operands in the text are written
    uint16_t flags;       // enum opcode_flag
    uint8_t
        types[MAX_DESTINATIONS + MAX_SOURCES]; // of each operand in text order, destinations first
    const struct matrix_shape *matrix;         // of V_MFMA and V_WMMA, else NULL
};

// One row of a table: name, function, targets, number of destinations, flags, operand types in text
// order.
#define OPCODE(name, function, targets, destinations, flags, ...)                                  \
    OPCODE_MATRIX(name, function, targets, destinations, flags, NULL, __VA_ARGS__)
#define OPCODE_MATRIX(name, function, targets, destinations, flags, shape, ...)                    \
    {                                                                                              \
        name, function, targets, destinations, flags, {__VA_ARGS__}, shape                         \
    }
#define OPCODE_END OPCODE(NULL, NULL, 0, 0, 0, NONE)

// The files under isa/ are compiled once per CPU level (baseline, AVX2, AVX-512); each build's
// tables carry the level in their name: const struct opcode ISA_TABLE(scalar_opcodes)[].
#ifndef ISA_LEVEL
#define ISA_LEVEL baseline
#endif
#define ISA_TABLE_(name, level)  name##_##level
#define ISA_TABLE__(name, level) ISA_TABLE_(name, level)
#define ISA_TABLE(name)          ISA_TABLE__(name, ISA_LEVEL)

#endif
