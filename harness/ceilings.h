// What this device can do at most, measured in the same run as the kernels that are set against it.
#ifndef WAVEGAUGE_CEILINGS_H
#define WAVEGAUGE_CEILINGS_H

#include "device_timer.h"

struct ceilings {
    double copy_bytes_per_second; // read plus written, of a device-to-device copy by the driver
    size_t copy_bytes;            // its size
    double fma_f32;               // floating-point operations a second, two for each multiply-add
    double fma_f16;               // the same of pairs of f16 by the vector units; 0: not measured.
                                  // Matrix units are not in it, and may pass it
};

// The copy is of 1 GiB, or of as much as fits in a quarter of the free memory.
bool ceilings_measure(struct device_timer *timer, struct ceilings *ceilings, struct error *error);

// How much of what it could do at most a launch did.
struct ceiling_share {
    double memory;     // 0: no bytes, or the ceiling is not known
    double compute;    //
    const char *binds; // "memory" or "compute", whichever is nearer; "" when neither is known
};

struct ceiling_share ceilings_compare(const struct ceilings *ceilings, bool is_half, double bytes,
                                      double flops, double microseconds);

#endif
