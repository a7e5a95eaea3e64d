// The clock of the GPU, as its driver reports it: whether a sample was taken at full speed.
//
// NVIDIA: through NVML (libnvidia-ml.so.1, or WAVEGAUGE_NVML), which is there with the driver; read
// only, nothing is ever set. Where there is none, as on AMD for now, the clock is not known, and
// results say so.
//
// A reading is throttled when the driver gives heat or the hardware as the reason of its clock, or
// when the clock is under 75% of the highest without a reason that is normal: the power limit,
// under which a busy GPU runs all day, or a setting of the machine's owner.
#ifndef WAVEGAUGE_CLOCK_WATCH_H
#define WAVEGAUGE_CLOCK_WATCH_H

#include <stdbool.h>
#include <stddef.h>

struct clock_reading {
    bool known;
    unsigned mhz; // of the SMs
    unsigned long long reasons;
};

// Zero-initialise.
struct clock_watch {
    void *library;
    void *device; // NVML's handle
    int (*get_clock)(void *device, int domain, unsigned *mhz);
    int (*get_reasons)(void *device, unsigned long long *reasons);
    int (*get_temperature)(void *device, int sensor, unsigned *celsius);
    unsigned highest_mhz;
    char driver[96]; // its version, or ""
};

// Never fails: what cannot be read is not known. pci: the device's bus id, "" when unknown.
void clock_watch_open(struct clock_watch *watch, bool is_nvidia, const char *pci);
void clock_watch_close(struct clock_watch *watch);

struct clock_reading clock_read(const struct clock_watch *watch);
bool clock_is_throttled(const struct clock_watch *watch, const struct clock_reading *reading);
bool clock_is_power_capped(const struct clock_reading *reading);

// Degrees Celsius, 0: not known.
unsigned clock_temperature(const struct clock_watch *watch);

#endif
