// The checks of vector memory accesses, off the fast path: which lane is wrong, and what is wrong
// with it.
//
// The handlers under isa/ check all lanes at once and come here when that does not settle it.
//
// Alignment. ROCm runs the hardware in its unaligned mode and hipcc counts on it: a load of a
// packed struct member, a memcpy of four bytes, a copied struct of bytes and neighbouring byte
// loads all become the very instruction that a dereferenced misaligned pointer becomes. What can
// still be told apart decides:
//   - atomics must be naturally aligned in every lane;
//   - swizzled scratch (MUBUF) is never accessed across dwords by compiled code, since the hardware
//   cannot:
//     16-bit accesses need 2 bytes and all others 4, in every lane;
//   - in global memory and LDS, dwords and wider that miss 4-byte alignment by the same amount in
//   every active lane are what a wrong pointer cast looks like, and a fault, unless they read
//   constants of the code object, kernel arguments or the dispatch packet (the compiler joins its
//   16-bit block sizes into one load). Lanes misaligned in different ways (arrays of packed
//   structs, strings) are let pass;
//   - in scratch the member of a packed struct is misaligned by the same amount in every lane as
//   well, so that accesses outside MUBUF tell nothing: no check;
//   - 16-bit accesses are put anywhere by the compiler: no check.
// Wider accesses need no more than 4 bytes, because the compiler joins neighbouring dwords.
// WAVEGAUGE_MISALIGNED=allow in the environment lets all but atomics and swizzled scratch pass.
#ifndef WAVEGAUGE_ACCESS_H
#define WAVEGAUGE_ACCESS_H

#include "wave.h"

// The lanes of a mask, in order.
#define FOR_EACH_LANE(mask, lane)                                                                  \
    for (uint64_t rest_ = (mask); rest_; rest_ &= rest_ - 1)                                       \
        for (unsigned lane = (unsigned)__builtin_ctzll(rest_), once_ = 1; once_; once_ = 0)

struct atomic_operation;

// Lanes of an atomic that have been found to leave memory as it is, and what they get from it:
// checks/idle_atomics.h.
struct idle_lanes {
    uint64_t lanes;
    uint64_t old[64];
};

// What lanes of a wave do.
struct access {
    uint32_t bytes;
    uint32_t alignment; // a power of two; 1: not checked
    uint8_t element;    // enum element of loads and stores
    bool write;         // atomics as well
    bool atomic;
    bool strict;    // a fault when any lane is misaligned
    uint64_t lanes; // which ones
    // Lane 0 of the first register: what a store or an atomic takes its data from, where a load
    // goes.
    const uint32_t *data;
    // Of atomics in global memory, FLAT ones too; else NULL.
    const struct atomic_operation *operation;
    struct idle_lanes *idle;
};

// One look-up is enough to say why device memory may not be accessed like this; false: it may.
bool access_global_fault(uint64_t address, const struct access *access, enum fault_kind *kind);

// Look at the lanes in turn. False: one of them is wrong and the fault has been raised.
bool access_check_global(struct wave *wave, const struct instruction *instruction,
                         const uint64_t *address, const struct access *access);
// LDS: limit is the group's lds_size; scratch: the bytes of a lane. offset is added to each
// address.
bool access_check_bounded(struct wave *wave, const struct instruction *instruction,
                          enum memory_space space, const uint32_t *address, uint32_t offset,
                          uint32_t limit, const struct access *access);
// FLAT: each lane goes where its address says.
bool access_check_flat(struct wave *wave, const struct instruction *instruction,
                       const uint64_t *address, const struct access *access);

#endif
