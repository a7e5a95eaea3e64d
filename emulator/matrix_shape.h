// Where the elements of the matrices of V_MFMA_* and V_WMMA_* lie in registers and lanes.
//
// D = A B + C for each block, A being size x depth, B depth x size, C and D size x size. i counts
// rows of A and D, j columns of B and D, k the products of a sum. The formulas are those that AMD's
// matrix instruction calculator prints; that of V_MFMA_F64_4X4X4F64, where they differ from what
// the other shapes suggest, was also measured on an MI250X by its users.
//
// V_MFMA (waves of 64): a lane holds as many consecutive k as make all of A, or of B, when each
// element is stored once. V_WMMA: a lane holds a whole row of A or column of B; every 16 lanes hold
// all of A and B, and what they compute is made from their own copy. (The manual demands that the
// copies be equal and does not say which is read: a missing copy is to be seen in the result.)
#ifndef WAVEGAUGE_MATRIX_SHAPE_H
#define WAVEGAUGE_MATRIX_SHAPE_H

#include <stdbool.h>
#include <stdint.h>

enum {
    MATRIX_LANES = 64,
    MATRIX_REGISTERS = 32, // of the widest C or D
    WMMA_SIZE = 16,
};

struct matrix_shape {
    uint8_t size, depth, blocks;
    uint8_t bits;        // of an element of A or B
    uint8_t result_bits; // of an element of C or D
    bool wave;           // V_WMMA
    bool floats;         // else integers
    bool bfloat;
    bool patterns; // CBSZ, ABID and BLGP mean something
};

// How many consecutive k a lane holds.
static inline unsigned matrix_per_lane(const struct matrix_shape *shape)
{
    return shape->wave ? shape->depth
                       : (unsigned)shape->size * shape->depth * shape->blocks / MATRIX_LANES;
}

static inline unsigned matrix_input_registers(const struct matrix_shape *shape)
{
    return matrix_per_lane(shape) * shape->bits / 32;
}

static inline unsigned matrix_result_registers(const struct matrix_shape *shape, unsigned lanes)
{
    unsigned elements = (unsigned)shape->size * shape->size * shape->blocks / lanes;
    return shape->result_bits == 64 ? 2 * elements : elements;
}

// V_MFMA: the lane of row 0 of A, or column 0 of B, with the elements k of this block. Rows and
// columns follow in the next lanes.
static inline unsigned matrix_input_lane(const struct matrix_shape *shape, unsigned block,
                                         unsigned k)
{
    return shape->size * (block + shape->blocks * (k / matrix_per_lane(shape)));
}

// Row i of C or D: in which element of the lanes (a register, or a pair of them for 64 bits), and
// the lane of column 0. Columns follow in the next lanes.
struct matrix_row {
    unsigned element, lane;
};

static inline struct matrix_row matrix_result_row(const struct matrix_shape *shape, unsigned lanes,
                                                  unsigned block, unsigned i)
{
    unsigned side = lanes / shape->size; // groups of lanes side by side in a register
    if (shape->wave)
        return (struct matrix_row){i / side, i % side * shape->size};
    if (shape->result_bits == 64) {
        unsigned place = i * shape->blocks + block;
        return (struct matrix_row){place / side, place % side * shape->size};
    }
    // Four rows in consecutive registers.
    unsigned place = block * (shape->size / 4) + i / 4;
    return (struct matrix_row){place / side * 4 + i % 4, place % side * shape->size};
}

// CBSZ: each group of 2^cbsz blocks multiplies the A of its block abid.
static inline unsigned matrix_block_of_a(unsigned block, unsigned cbsz, unsigned abid)
{
    return cbsz ? (block >> cbsz << cbsz) + abid : block;
}

// BLGP: the lane that is read for a lane of B.
static inline unsigned matrix_lane_of_b(unsigned lane, unsigned blgp)
{
    switch (blgp) {
    case 1: // the first 32 lanes for all
        return lane & 31;
    case 2: // the last 32
        return lane | 32;
    case 3: // 16 lanes further, in a circle
        return (lane + 16) & 63;
    case 4: // 16 lanes for all
    case 5:
    case 6:
    case 7:
        return (lane & 15) + 16 * (blgp - 4);
    default:
        return lane;
    }
}

#endif
