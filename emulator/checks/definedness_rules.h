// How undefined bits of an instruction's sources become undefined bits of its result, for one lane.
//
// A rule is sound when every bit of the result that depends on an undefined bit is undefined; it is
// exact for what moves, selects and combines bits, and RULE_ALL, one undefined bit makes the whole
// result undefined, for all arithmetic that is not better known.
#ifndef WAVEGAUGE_DEFINEDNESS_RULES_H
#define WAVEGAUGE_DEFINEDNESS_RULES_H

#include <stdbool.h>
#include <stdint.h>

// value is meaningful where undefined is 0.
struct bits {
    uint64_t value, undefined;
};

// a, b, c: the sources in the order of the text.
enum definedness_rule {
    RULE_ALL,
    RULE_DEFINED, // nothing of the result comes from the sources' bits
    RULE_COPY,
    RULE_NOT,
    RULE_AND,
    RULE_OR,
    RULE_XOR,
    RULE_XNOR,
    RULE_AND_NOT, // a & ~b
    RULE_OR_NOT,
    RULE_NAND,
    RULE_NOR,
    RULE_NOT_AND, // ~a & b
    RULE_NOT_OR,
    RULE_AND_OR,
    RULE_OR3,
    RULE_XOR3,
    RULE_BITFIELD_INSERT, // (a & b) | (~a & c)
    RULE_SHIFT_LEFT,      // a << b
    RULE_SHIFT_LEFT_REVERSED,
    RULE_SHIFT_RIGHT,
    RULE_SHIFT_RIGHT_REVERSED,
    RULE_SHIFT_SIGNED,
    RULE_SHIFT_SIGNED_REVERSED,
    RULE_SHIFT_OR,       // (a << b) | c
    RULE_SHIFT_ADD,      // (a << b) + c
    RULE_ADD_SHIFT,      // (a + b) << c
    RULE_XOR_ADD,        // (a ^ b) + c
    RULE_EXTRACT,        // b: first bit, c: width
    RULE_EXTRACT_SIGNED, //
    RULE_SCALAR_EXTRACT, // first bit and width in b
    RULE_SCALAR_EXTRACT_SIGNED,
    RULE_ALIGN_BITS,  // ({a, b} >> c)
    RULE_ALIGN_BYTES, //
    RULE_PERMUTE_BYTES,
    RULE_REVERSE,
    RULE_ADD,        // sums, differences and products: bit i depends on bits 0 to i of the sources
    RULE_MULTIPLY,   // the same, and 0 times anything is 0
    RULE_MULTIPLY24, // of the low 24 bits of a and b
    RULE_MULTIPLY_ADD24,
    RULE_COUNT_ADD,       // any undefined bit of a; b is added
    RULE_SELECT,          // c ? b : a
    RULE_SELECT_REVERSED, // c ? a : b
    RULE_SIGN_EXTEND8,    //
    RULE_SIGN_EXTEND16,   //
    RULE_BYTE0,           // all of the result from one byte
    RULE_BYTE1,           //
    RULE_BYTE2,           //
    RULE_BYTE3,           //
    RULE_PACK_LOW_LOW,    // halves of a and b side by side
    RULE_PACK_LOW_HIGH,   //
    RULE_PACK_HIGH_HIGH,  //
    RULE_PACK_HIGH_LOW,   //
    RULE_PACK_CONVERTED,  // a low half from a, a high half from b
    RULE_EQUAL,           // compares: bit 0 of the result
    RULE_DIFFERENT,       //
    RULE_LESS,            // unsigned
    RULE_LESS_EQUAL,      //
    RULE_GREATER,         //
    RULE_GREATER_EQUAL,   //
    RULE_SIGNED_LESS,     //
    RULE_SIGNED_LESS_EQUAL,
    RULE_SIGNED_GREATER,
    RULE_SIGNED_GREATER_EQUAL,
    RULE_BIT_IS_CLEAR, // bit b of a
    RULE_BIT_IS_SET,
    RULE_FIRST_SET, // the number of the lowest set bit
};

// width: bits of the sources and the result.
struct bits rule_apply(enum definedness_rule rule, unsigned width, const struct bits sources[3]);

// Does the result consist of bits of the sources, so that it is as little the work of the kernel as
// they are?
bool rule_moves(enum definedness_rule rule);

#endif
