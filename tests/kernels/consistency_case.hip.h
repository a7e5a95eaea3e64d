// The same text as device code and as plain C: what the two call differently.
//
// A case is a function from 16 words of input to 24 words of output for one work-item. hipcc makes
// a kernel of it that runs the case in every work-item, the host's compiler a function that the
// test calls in a loop. The text is what C and C++ share, without undefined behaviour, so that
// there is one right answer, to the bit.
#ifndef CONSISTENCY_CASE_HIP_H
#define CONSISTENCY_CASE_HIP_H

#define CASE_INPUTS  16
#define CASE_OUTPUTS 24

#ifdef __HIP__

typedef unsigned char uint8_t;
typedef unsigned short uint16_t;
typedef unsigned int uint32_t;
typedef unsigned long uint64_t;
typedef signed char int8_t;
typedef short int16_t;
typedef int int32_t;
typedef long int64_t;

#define DEVICE   static __attribute__((device))
#define CONSTANT static __attribute__((constant)) const
#define CASE(name)                                                                                 \
    DEVICE void name##_case(const uint32_t *in, uint32_t *out);                                    \
    extern "C" __attribute__((global)) void name(const uint32_t *in, uint32_t *out,                \
                                                 uint32_t work_items)                              \
    {                                                                                              \
        uint32_t i = __builtin_amdgcn_workgroup_id_x() * __builtin_amdgcn_workgroup_size_x() +     \
                     __builtin_amdgcn_workitem_id_x();                                             \
        if (i < work_items)                                                                        \
            name##_case(in + i * CASE_INPUTS, out + i * CASE_OUTPUTS);                             \
    }                                                                                              \
    DEVICE void name##_case(const uint32_t *in, uint32_t *out)

#else

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#define DEVICE     static
#define CONSTANT   static const
#define CASE(name) static void name##_case(const uint32_t *in, uint32_t *out)

#endif

#define NOINLINE __attribute__((noinline)) DEVICE

// Folds a value into an output word.
DEVICE void mix(uint32_t *word, uint32_t value)
{
    *word = ((*word << 5 | *word >> 27) ^ value) * 16777619u;
}

DEVICE void mix64(uint32_t *word, uint64_t value)
{
    mix(word, (uint32_t)value);
    mix(word, (uint32_t)(value >> 32));
}

DEVICE uint64_t join(uint32_t low, uint32_t high)
{
    return (uint64_t)high << 32 | low;
}

#endif
