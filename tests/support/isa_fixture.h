// Executes single instructions on a wave whose registers the test sets: assembled by LLVM, decoded
// by the emulator, without launching a kernel.
//
// A test file needs  // links: isa_fixture wavegauge_emu_static
#ifndef ISA_FIXTURE_H
#define ISA_FIXTURE_H

#include "kernel_target.h"
#include "program.h"
#include "wave.h"

#include <stddef.h>

struct isa_fixture {
    enum kernel_target target;
    enum target_family family;
    unsigned lanes;
    uint64_t full;     // a mask of all lanes
    struct wave *wave; // set and look at its registers; isa_reset makes it as new
    const struct instruction **instructions; // one for each line; NULL where the line is NULL
    size_t count;
    struct isa_fixture_private *private;
};

// Assembles the lines for the target; what cannot be assembled or decoded fails the test. Lines
// that are NULL are left out. {vcc}, {exec} and {s10} stand for registers with one bit per lane:
// vcc_lo, exec_lo and s10, or vcc, exec and s[10:11].
struct isa_fixture *isa_fixture_create(enum kernel_target target, const char *const *lines,
                                       size_t count);
void isa_fixture_destroy(struct isa_fixture *fixture);

// All registers 0, every lane active, MODE as HIP sets it.
void isa_reset(struct isa_fixture *fixture);

// Execute one line, as the interpreter would. False when it faulted.
bool isa_execute(struct isa_fixture *fixture, size_t line);
// What the fault said.
const char *isa_fault_text(const struct isa_fixture *fixture);

uint32_t *isa_vgpr(const struct isa_fixture *fixture, unsigned index); // its lanes

enum target_family isa_family(enum kernel_target target);

// Reproducible numbers.
uint64_t isa_random(uint64_t *state);
// One of the values at the edges of an integer of so many bits (0, 1, the least and greatest signed
// and unsigned ones and their neighbours), or any number.
uint64_t isa_random_integer(uint64_t *state, unsigned bits);

#endif
