// initcheck: undefined values that reach an address, a branch or memory that others see.
//
// Reading something undefined is no mistake: compilers load padding, whole words of which a part
// is used, and registers of lanes that are switched off. So undefined bits are followed through the
// registers and memory of a launch (definedness.h), and reported where they decide something.
#ifndef WAVEGAUGE_INITCHECK_H
#define WAVEGAUGE_INITCHECK_H

#include "access.h"
#include "findings.h"
#include "definedness.h"
#include "launch.h"

bool initcheck_launch_begin(struct launch *launch);
// A launch without initcheck.
void initcheck_launch_unwatched(void);
bool initcheck_group_create(struct workgroup *group);
void initcheck_group_destroy(struct workgroup *group);
void initcheck_group_start(struct workgroup *group);

// The hooks of checks.h.
void initcheck_before(struct wave *wave, const struct instruction *instruction);
void initcheck_indexed(struct wave *wave, const struct instruction *instruction,
                       const struct instruction *moved);
void initcheck_row(struct wave *wave, const struct instruction *instruction, uint64_t first,
                   const struct access *access);
void initcheck_global(struct wave *wave, const struct instruction *instruction,
                      const uint64_t *address, const struct access *access);
void initcheck_flat(struct wave *wave, const struct instruction *instruction,
                    const uint64_t *address, const struct access *access);
void initcheck_bounded(struct wave *wave, const struct instruction *instruction,
                       enum memory_space space, const uint32_t *address, uint32_t offset,
                       const struct access *access);
void initcheck_scratch_row(struct wave *wave, const struct instruction *instruction, uint32_t base,
                           const struct access *access);
void initcheck_scalar(struct wave *wave, const struct instruction *instruction, uint64_t address,
                      uint32_t bytes, unsigned destination);

// One finding for an undefined value used by this lane. address: of the access, or NULL.
void initcheck_report(struct wave *wave, const struct instruction *instruction, const char *kind,
                      unsigned lane, uint64_t count, uint32_t origin, const struct finding *about);

#endif
