// Kernels for docs/patterns.md, each with one mistake. All are meant to be
//
//   dst[dst_offset + i] = src[src_offset + i] for bytes i
//
// Launch: grid [1], block [256].
#include "../../kernels/portable.hip.h"

#define KERNEL(name)                                                                               \
    __device__ static void name(const uint8_t *src, uint8_t *dst, int64_t bytes, int64_t i);       \
    extern "C" __global__ void name##_kernel(const uint8_t *src, uint8_t *dst, int64_t bytes,      \
                                             int64_t src_offset, int64_t dst_offset)               \
    {                                                                                              \
        for (int64_t i = threadIdx.x; i < bytes; i += blockDim.x)                                  \
            name(src + src_offset, dst + dst_offset, bytes, i);                                    \
    }                                                                                              \
    __device__ static void name(const uint8_t *src, uint8_t *dst, int64_t bytes, int64_t i)

KERNEL(right)
{
    dst[i] = src[i];
}

// In words of four bytes, what is left over forgotten.
KERNEL(never_written)
{
    if (i < bytes / 4 * 4)
        dst[i] = src[i];
}

KERNEL(shifted_by_n)
{
    if (i > 0)
        dst[i] = src[i - 1];
    else
        dst[0] = src[0];
}

// Up to a whole number of 16 bytes.
KERNEL(tail_tile)
{
    dst[i] = src[i];
    if (i == bytes - 1) {
        for (int64_t more = bytes; more < (bytes + 15) / 16 * 16; more++)
            dst[more] = src[more];
    }
}

// Halves are exchanged in each word.
KERNEL(permuted)
{
    const int64_t other = i ^ 2;
    dst[other < bytes && i < bytes / 4 * 4 ? other : i] = src[i];
}
