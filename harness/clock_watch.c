#include "clock_watch.h"

#include <dlfcn.h>
#include <stdlib.h>

enum { NVML_CLOCK_SM = 1, NVML_TEMPERATURE_GPU = 0 };

// Reasons for the clock, as NVML numbers them.
enum {
    REASON_SETTING = 0x2,
    REASON_POWER_CAP = 0x4,
    REASON_HARDWARE = 0x8,
    REASON_SOFTWARE_HEAT = 0x20,
    REASON_HARDWARE_HEAT = 0x40,
    REASON_POWER_BRAKE = 0x80,
};

static void *open_library(void)
{
    static const char *const places[] = {"libnvidia-ml.so.1",
                                         "/usr/local/nvidia/lib64/libnvidia-ml.so.1",
                                         "/usr/lib/wsl/lib/libnvidia-ml.so.1"};
    const char *chosen = getenv("WAVEGAUGE_NVML");
    if (chosen != NULL && chosen[0] != '\0')
        return dlopen(chosen, RTLD_NOW | RTLD_LOCAL);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        void *library = dlopen(places[i], RTLD_NOW | RTLD_LOCAL);
        if (library != NULL)
            return library;
    }
    return NULL;
}

static bool find_device(struct clock_watch *watch, const char *pci)
{
    int (*init)(void), (*by_pci)(const char *, void **), (*by_index)(unsigned, void **);
    int (*get_highest)(void *, int, unsigned *), (*get_driver)(char *, unsigned);
    *(void **)&init = dlsym(watch->library, "nvmlInit_v2");
    *(void **)&by_pci = dlsym(watch->library, "nvmlDeviceGetHandleByPciBusId_v2");
    *(void **)&by_index = dlsym(watch->library, "nvmlDeviceGetHandleByIndex_v2");
    *(void **)&get_highest = dlsym(watch->library, "nvmlDeviceGetMaxClockInfo");
    *(void **)&get_driver = dlsym(watch->library, "nvmlSystemGetDriverVersion");
    *(void **)&watch->get_clock = dlsym(watch->library, "nvmlDeviceGetClockInfo");
    *(void **)&watch->get_reasons =
        dlsym(watch->library, "nvmlDeviceGetCurrentClocksThrottleReasons");
    *(void **)&watch->get_temperature = dlsym(watch->library, "nvmlDeviceGetTemperature");
    if (init == NULL || by_index == NULL || watch->get_clock == NULL || init() != 0)
        return false;
    bool found = by_pci != NULL && pci[0] != '\0' && by_pci(pci, &watch->device) == 0;
    if (!found && by_index(0, &watch->device) != 0)
        return false;
    if (get_driver == NULL || get_driver(watch->driver, sizeof watch->driver) != 0)
        watch->driver[0] = '\0';
    if (get_highest == NULL || get_highest(watch->device, NVML_CLOCK_SM, &watch->highest_mhz) != 0)
        watch->highest_mhz = 0;
    return true;
}

void clock_watch_open(struct clock_watch *watch, bool is_nvidia, const char *pci)
{
    if (!is_nvidia)
        return;
    watch->library = open_library();
    if (watch->library == NULL || find_device(watch, pci))
        return;
    clock_watch_close(watch);
}

void clock_watch_close(struct clock_watch *watch)
{
    if (watch->library != NULL)
        dlclose(watch->library);
    *watch = (struct clock_watch){0};
}

struct clock_reading clock_read(const struct clock_watch *watch)
{
    struct clock_reading reading = {0};
    if (watch->library == NULL)
        return reading;
    reading.known = watch->get_clock(watch->device, NVML_CLOCK_SM, &reading.mhz) == 0;
    if (watch->get_reasons == NULL || watch->get_reasons(watch->device, &reading.reasons) != 0)
        reading.reasons = 0;
    return reading;
}

bool clock_is_power_capped(const struct clock_reading *reading)
{
    return (reading->reasons & REASON_POWER_CAP) != 0;
}

bool clock_is_throttled(const struct clock_watch *watch, const struct clock_reading *reading)
{
    const unsigned long long bad =
        REASON_HARDWARE | REASON_SOFTWARE_HEAT | REASON_HARDWARE_HEAT | REASON_POWER_BRAKE;
    if (!reading->known)
        return false;
    if (reading->reasons & bad)
        return true;
    if (reading->reasons & (REASON_POWER_CAP | REASON_SETTING))
        return false;
    return reading->mhz < watch->highest_mhz / 4 * 3;
}

unsigned clock_temperature(const struct clock_watch *watch)
{
    unsigned celsius = 0;
    if (watch->library == NULL || watch->get_temperature == NULL ||
        watch->get_temperature(watch->device, NVML_TEMPERATURE_GPU, &celsius) != 0)
        return 0;
    return celsius;
}
