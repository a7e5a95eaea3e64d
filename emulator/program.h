// The instructions of one loaded code object, decoded when they are first reached.
//
// Wave32 and wave64 have programs of their own, since operands hold register offsets that depend on
// the wave size.
#ifndef WAVEGAUGE_PROGRAM_H
#define WAVEGAUGE_PROGRAM_H

#include "instruction.h"

#include <stddef.h>

struct target {
    const char *name; // "gfx1030"
    uint32_t machine; // EF_AMDGPU_MACH value of e_flags
    enum target_family family;
};

// NULL when the emulator does not know it.
const struct target *target_by_name(const char *name);
const struct target *target_by_machine(uint32_t machine);
// Index 0, 1, ... until NULL.
const struct target *target_at(unsigned index);

struct program;

// code: device address of executable bytes that stay readable as long as the program lives.
// NULL: out of memory or LLVM has no such target.
struct program *program_create(const struct target *target, uint64_t code, uint64_t bytes,
                               unsigned lanes);
void program_destroy(struct program *program);
const struct target *program_target(const struct program *program);
unsigned program_lanes(const struct program *program); // of its waves: 32 or 64

// The instruction at a device address, decoded now if need be. Never NULL for an address inside the
// code that is a multiple of 4 (an instruction that cannot be executed faults when it runs); NULL
// outside or out of memory. Safe to call from several threads.
const struct instruction *program_at(struct program *program, uint64_t address);

// The text of the instruction as the disassembler has it; returns text.
const char *program_text(const struct program *program, const struct instruction *instruction,
                         char *text, size_t size);

// Fill in everything that the text says. False and a reason when it cannot be executed;
// thread-safe.
bool decode_text(const char *text, const struct target *target, unsigned lanes,
                 struct instruction *instruction, char *reason, size_t reason_size);
// The instruction itself, or the two halves of a dual-issue one; how many.
unsigned decode_halves(const struct instruction *instruction, const struct instruction *halves[2]);

#endif
