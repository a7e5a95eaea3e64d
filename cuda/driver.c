#include "driver.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct driver driver;

static char problem[1024];

static void *open_library(void)
{
    static const char *const places[] = {
        "libcuda.so.1",
        "/usr/local/nvidia/lib64/libcuda.so.1",
        "/usr/local/nvidia/lib/libcuda.so.1",
        "/usr/lib/wsl/lib/libcuda.so.1",
    };
    const char *chosen = getenv("WAVEGAUGE_CUDA_DRIVER");
    if (chosen != NULL && chosen[0] != '\0') {
        void *library = dlopen(chosen, RTLD_NOW | RTLD_LOCAL);
        if (library == NULL)
            snprintf(problem, sizeof problem,
                     "WAVEGAUGE_CUDA_DRIVER is no library that can be loaded: %s", dlerror());
        return library;
    }
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        void *library = dlopen(places[i], RTLD_NOW | RTLD_LOCAL);
        if (library != NULL)
            return library;
    }
    snprintf(problem, sizeof problem,
             "the NVIDIA driver's library was not found; looked for %s where the loader looks, and "
             "for %s, %s and %s; install the driver, or set WAVEGAUGE_CUDA_DRIVER to its path",
             places[0], places[1], places[2], places[3]);
    return NULL;
}

static void load(void)
{
    void *library = open_library();
    if (library == NULL)
        return;
#define CUDA_LOOK_UP(name, parameters)                                                             \
    *(void **)&driver.name = dlsym(library, #name);                                                \
    if (driver.name == NULL && problem[0] == '\0')                                                 \
        snprintf(problem, sizeof problem,                                                          \
                 "the CUDA driver has no function %s; a driver of CUDA 11 or later is needed",     \
                 #name);
#define CUDA_LOOK_UP_LATER(name, parameters) *(void **)&driver.name = dlsym(library, #name);
    CUDA_FUNCTIONS(CUDA_LOOK_UP)
    CUDA_LATER_FUNCTIONS(CUDA_LOOK_UP_LATER)
#undef CUDA_LOOK_UP
#undef CUDA_LOOK_UP_LATER
}

const char *driver_load(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    return problem[0] != '\0' ? problem : NULL;
}
