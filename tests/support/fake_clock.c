#include "fake_clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define EXPORT __attribute__((visibility("default")))

enum { SPIN = 1001, FMA_F32, FMA_F16, TICKS_PER_US = 1500 };

static double now_us;
static size_t launches;

int fake_clock_is_set(void)
{
    return getenv("FAKE_CUDA_CLOCK") != NULL;
}

static double planted(const char *name, double otherwise)
{
    const char *text = getenv("FAKE_CUDA_CLOCK");
    size_t length = strlen(name);
    for (; text != NULL && *text != '\0'; text += strcspn(text, " "), text += *text == ' ') {
        if (strncmp(text, name, length) == 0 && text[length] == '=')
            return strtod(text + length + 1, NULL);
    }
    return otherwise;
}

// Evenly from 0 to 1, the same in every run.
static double draw(void)
{
    static uint64_t state = 1;
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (double)(state >> 11) * 0x1p-53;
}

static int is_hot(void)
{
    double launch = (double)launches;
    return launch >= planted("hot_from", 1e18) && launch < planted("hot_to", 1e18);
}

double fake_clock_now(void)
{
    struct timespec now;
    if (fake_clock_is_set())
        return now_us / planted("slow", 1);
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec * 1e-3;
}

void fake_clock_launch(double factor)
{
    double microseconds = factor * planted("us", 50);
    microseconds *= 1 + planted("noise", 0) * (2 * draw() - 1);
    microseconds *= 1 + planted("drift", 0) * (double)launches;
    if (draw() < planted("outliers", 0))
        microseconds *= 10;
    if (is_hot())
        microseconds *= 2;
    now_us += microseconds;
    launches++;
}

void fake_clock_launch_peer(void)
{
    fake_clock_launch(planted("peer", 1));
}

// What takes long is really waited for: programs may look at the host's clock.
void fake_clock_work(double microseconds)
{
    now_us += microseconds;
    if (microseconds > 100000) {
        const struct timespec pause = {(time_t)(microseconds * 1e-6),
                                       (long)(microseconds * 1e3) % 1000000000};
        nanosleep(&pause, NULL);
    }
}

uintptr_t fake_clock_function(const char *name)
{
    static const char *const names[] = {"spin", "fma_rate_f32", "fma_rate_f16"};
    for (size_t i = 0; fake_clock_is_set() && i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], name) == 0)
            return SPIN + i;
    }
    return 0;
}

void fake_clock_launch_function(uintptr_t function, void **parameters)
{
    long long ticks = 0; // a parameter of the spinning kernel alone
    if (function == SPIN)
        memcpy(&ticks, parameters[1], sizeof ticks);
    fake_clock_work(function == SPIN      ? (double)ticks / TICKS_PER_US
                    : function == FMA_F32 ? 2000
                                          : 1000);
}

// The part of NVML that is asked for a clock.
EXPORT int nvmlInit_v2(void);
EXPORT int nvmlDeviceGetHandleByPciBusId_v2(const char *pci, void **device);
EXPORT int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **device);
EXPORT int nvmlDeviceGetClockInfo(void *device, int domain, unsigned *mhz);
EXPORT int nvmlDeviceGetMaxClockInfo(void *device, int domain, unsigned *mhz);
EXPORT int nvmlDeviceGetCurrentClocksThrottleReasons(void *device, unsigned long long *reasons);
EXPORT int nvmlDeviceGetTemperature(void *device, int sensor, unsigned *celsius);
EXPORT int nvmlSystemGetDriverVersion(char *text, unsigned capacity);

static int a_device;

int nvmlInit_v2(void)
{
    return 0;
}

int nvmlDeviceGetHandleByPciBusId_v2(const char *pci, void **device)
{
    *device = &a_device;
    return strcmp(pci, "0000:70:00.0") == 0 ? 0 : 6;
}

int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **device)
{
    *device = &a_device;
    return index == 0 ? 0 : 2;
}

int nvmlDeviceGetClockInfo(void *device, int domain, unsigned *mhz)
{
    *mhz = is_hot() ? 900 : TICKS_PER_US;
    return device == &a_device && domain == 1 ? 0 : 2;
}

int nvmlDeviceGetMaxClockInfo(void *device, int domain, unsigned *mhz)
{
    *mhz = TICKS_PER_US;
    return device == &a_device && domain == 1 ? 0 : 2;
}

int nvmlDeviceGetCurrentClocksThrottleReasons(void *device, unsigned long long *reasons)
{
    *reasons = is_hot() ? 0x40 : planted("power_cap", 0) > 0 ? 0x4 : 0;
    return device == &a_device ? 0 : 2;
}

int nvmlDeviceGetTemperature(void *device, int sensor, unsigned *celsius)
{
    *celsius = is_hot() ? 95 : 55;
    return device == &a_device && sensor == 0 ? 0 : 2;
}

int nvmlSystemGetDriverVersion(char *text, unsigned capacity)
{
    snprintf(text, capacity, "580.0");
    return 0;
}
