// Element types and our own conversions to and from double.
#ifndef WAVEGAUGE_DTYPE_H
#define WAVEGAUGE_DTYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum dtype {
    DTYPE_F32,
    DTYPE_F16,  // IEEE 754 binary16
    DTYPE_BF16, // the upper half of an f32
    DTYPE_U8,
    DTYPE_I32,
    DTYPE_F64,
    DTYPE_I8,
    DTYPE_I16,
    DTYPE_U16,
    DTYPE_U32,
    DTYPE_I64,
    DTYPE_U64,
    DTYPE_COUNT
};

struct dtype_info {
    const char *name;
    size_t size;              // bytes of one element
    bool is_float;            //
    double unit_roundoff;     // floats: half the distance from 1 to the next value; integers: 0
    double smallest_positive; // floats: the smallest denormal; integers: 0
    uint64_t poison[2];       // floats: two different NaNs; integers: two different bit patterns
};

const struct dtype_info *dtype_info(enum dtype dtype);

// True and *dtype filled when there is a type of that name.
bool dtype_from_name(const char *name, enum dtype *dtype);

// "f32, f16, bf16, ..."
const char *dtype_names(void);

// Element `index` of an array of dtype; those of 64 bits to the nearest double.
double dtype_load(enum dtype dtype, const void *array, size_t index);

// Stores value rounded to nearest, ties to even. Floats overflow to infinity and keep NaN a NaN;
// integers saturate and store NaN as 0.
void dtype_store(enum dtype dtype, void *array, size_t index, double value);

// The bits of element `index`, in the low bits of the result.
uint64_t dtype_load_bits(enum dtype dtype, const void *array, size_t index);
void dtype_store_bits(enum dtype dtype, void *array, size_t index, uint64_t bits);

// value rounded to dtype and back.
double dtype_round(enum dtype dtype, double value);

#endif
