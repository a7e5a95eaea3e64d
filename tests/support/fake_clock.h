// The time of the fake CUDA driver, which launches advance by set amounts, with planted noise.
//
// FAKE_CUDA_CLOCK holds what is planted, as words NAME=NUMBER:
//   us         a launch takes this long, in microseconds; 50
//   noise      and up to so much more or less, as a share of it, drawn evenly
//   drift      every launch takes this share more than the one before
//   outliers   this share of the launches take ten times as long
//   peer       a product by the fake cuBLAS takes so many times as long as a launch; 1
//   hot_from, hot_to   from launch to launch the GPU is too hot: it says so, and takes twice as
//   long power_cap  if above 0, the GPU says that it runs at its power limit slow       its events
//   say that time runs so many times slower than it does
// Without the variable, time is the host's.
#ifndef FAKE_CLOCK_H
#define FAKE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

int fake_clock_is_set(void);

// Now, in microseconds.
double fake_clock_now(void);

// A launch of a kernel that takes `factor` times what the variable says.
void fake_clock_launch(double factor);

// A call of the fake cuBLAS.
void fake_clock_launch_peer(void);

// Work of a known duration.
void fake_clock_work(double microseconds);

// The functions of the driver that time itself: 0 unless one has this name. Numbers above 1000.
uintptr_t fake_clock_function(const char *name);

// Launches one of them.
void fake_clock_launch_function(uintptr_t function, void **parameters);

#endif
