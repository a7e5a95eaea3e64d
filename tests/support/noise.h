// Random numbers that are the same everywhere and in every run: xorshift64* (Vigna 2016, "An
// experimental exploration of Marsaglia's xorshift generators, scrambled").
#ifndef WAVEGAUGE_NOISE_H
#define WAVEGAUGE_NOISE_H

#include <math.h>
#include <stdint.h>

static uint64_t noise_state = 1;

// In (0, 1).
static inline double noise_uniform(void)
{
    noise_state ^= noise_state >> 12;
    noise_state ^= noise_state << 25;
    noise_state ^= noise_state >> 27;
    return (double)((noise_state * 0x2545f4914f6cdd1du) >> 11) * 0x1p-53 + 0x1p-54;
}

// Mean 0, standard deviation 1: Box and Muller 1958.
static inline double noise_normal(void)
{
    return sqrt(-2 * log(noise_uniform())) * cos(6.283185307179586 * noise_uniform());
}

#endif
