// Atomics that leave memory as it is: a compare and swap that fails, an exchange for the same
// value, a maximum that is none.
//
// They are loads: nobody can tell whether such a one came before or after his own, so that it
// releases nothing. Threads that wait for a lock make them without end. What memory holds is looked
// at before the atomic happens, and may change until it does: so those lanes take what was seen,
// and do nothing more, as if they had come at that moment.
#ifndef WAVEGAUGE_IDLE_ATOMICS_H
#define WAVEGAUGE_IDLE_ATOMICS_H

#include "access.h"

// Of the addresses in list, in order, those where an atomic of a lane does change memory stay;
// gives their number. The lanes of the others go to access->idle.
unsigned idle_atomics(const struct wave *wave, const struct access *access, const uint64_t *address,
                      uint64_t *list, unsigned count);

#endif
