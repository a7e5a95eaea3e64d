// What instructions do while they run, counted: wavegauge_inspect.h says what comes out.
//
// No check, but it looks on from the same places. The rules:
//   - Global memory: of each instruction of a wave, the bytes that its active lanes ask for, and
//     the different cache lines that hold them. A line is one of the first vector cache: 128 bytes
//     on gfx1030 and gfx1100 ("RDNA architecture", the L0 cache), 64 on gfx90a (the vL1D of MI200,
//     ROCm's performance model; CDNA 3 was the first to have 128). What another instruction or wave
//     has brought is not known here: no cache is simulated.
//   - LDS: 32 banks of 4 bytes, the bank is the address divided by 4 modulo 32. RDNA has 64 in a
//     workgroup processor, 32 for each compute unit ("RDNA 2" and "RDNA3 Instruction Set
//     Architecture", Local Data Share). Lanes are served by as many at a time, in order, as 128
//     bytes are enough for: 32 of up to 4 bytes, that is half a wave of 64 ("AMD Accelerated
//     Parallel Processing OpenCL Programming Guide": threads 0 to 31 are checked for conflicts, as
//     are 32 to 63), 16 of 8, 8 of 12 or 16. These lanes take as many passes as the busiest bank
//     has different dwords; a dword that several lanes want counts once, except for atomics, each
//     of which counts. The conflicts are the passes beyond one for each such part with an active
//     lane. Hardware may serve wide accesses in another order of lanes: the rule for them is ours.
//     Both addresses of an instruction with two count as accesses of their own.
//   - Scratch and scalar loads: bytes. Hardware interleaves the scratch of lanes.
// Counting is by instruction, in an array for each host thread, so that nobody waits.
#ifndef WAVEGAUGE_COUNTERS_H
#define WAVEGAUGE_COUNTERS_H

#include "access.h"
#include "launch.h"

enum { COUNTERS_LDS_BANKS = 32 };

struct counters;

uint32_t counters_line_bytes(const struct target *target);

// Does somebody want the next launch counted?
bool counters_wanted(void);

// NULL: out of memory.
struct counters *counters_begin(const struct launch *launch);
// Tells the handler what was counted, and frees it. NULL is fine.
void counters_end(struct counters *counters, struct launch *launch);

// Counts of the calling thread, for a workgroup that it begins; NULL: out of memory. By the
// instruction's place in the code, in dwords.
struct wavegauge_counters *counters_of_thread(struct counters *counters);

// As in checks.h.
void counters_before(struct wave *wave, const struct instruction *instruction);
void counters_row(struct wave *wave, const struct instruction *instruction, uint64_t first,
                  const struct access *access);
void counters_global(struct wave *wave, const struct instruction *instruction,
                     const uint64_t *address, const struct access *access);
void counters_flat(struct wave *wave, const struct instruction *instruction,
                   const uint64_t *address, const struct access *access);
void counters_bounded(struct wave *wave, const struct instruction *instruction,
                      enum memory_space space, const uint32_t *address, uint32_t offset,
                      const struct access *access);
void counters_scratch_row(struct wave *wave, const struct instruction *instruction,
                          const struct access *access);
void counters_scalar(struct wave *wave, const struct instruction *instruction, uint32_t bytes);

// The rules themselves, for lanes of access->lanes. How many different lines of `line` bytes
// (a power of two):
uint64_t counters_lines(const uint64_t *address, const struct access *access, uint32_t line);
// The passes, and in *conflicts those beyond the least.
uint64_t counters_lds_passes(const uint32_t *address, uint32_t offset, const struct access *access,
                             unsigned lanes, uint64_t *conflicts);

#endif
