// Executing the instructions of one wave.
#ifndef WAVEGAUGE_INTERPRETER_H
#define WAVEGAUGE_INTERPRETER_H

#include "wave.h"

// Run a wave that is WAVE_RUNNING until it ends, parks, yields, faults or has executed budget
// instructions. Returns how many it executed.
unsigned wave_run(struct wave *wave, unsigned budget);

#endif
