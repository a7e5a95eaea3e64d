// Where undefined values come from: the instruction that first read something that nothing had
// written.
//
// Origins are numbers that travel with undefined values through registers and memory, from launch
// to launch. One mistake makes many undefined values; its origin is reported once.
#ifndef WAVEGAUGE_INITCHECK_ORIGIN_H
#define WAVEGAUGE_INITCHECK_ORIGIN_H

#include "findings.h"

// Set in an origin when the value has been computed from the undefined one, not just moved.
#define ORIGIN_COMPUTED 0x80000000u

struct access;

// A register that nothing has written, read by a lane; registers as DWARF numbers them.
uint32_t origin_of_register(const struct wave *wave, const struct instruction *instruction,
                            unsigned lane, unsigned register_number);
unsigned origin_vector_register(const struct wave *wave, unsigned index);
unsigned origin_scalar_register(unsigned index);
// Memory that nothing has written.
uint32_t origin_of_memory(const struct wave *wave, const struct instruction *instruction,
                          unsigned lane, enum memory_space space, uint64_t address);

// Is this the use to report for the origin? The first instruction that asks is.
bool origin_claim(uint32_t origin, const struct instruction *instruction, const char *kind);
// Fill in other and text of a finding.
void origin_describe(uint32_t origin, const struct launch *launch, struct finding *finding);

#endif
