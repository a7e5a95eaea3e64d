#include "runtime.h"

#include "registration.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static struct {
    pthread_mutex_t mutex;
    hipError_t environment; // what WAVEGAUGE_ARCH came to
    bool environment_read;
    const struct target *target;
    hipError_t pending;
} runtime = {.mutex = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP};

static _Thread_local hipError_t last_error;

void runtime_lock(void)
{
    pthread_mutex_lock(&runtime.mutex);
}

static void list_targets(char *text, size_t size)
{
    size_t used = 0;
    for (unsigned i = 0; target_at(i) && used < size; i++)
        used +=
            (size_t)snprintf(text + used, size - used, "%s%s", i ? ", " : "", target_at(i)->name);
}

static void read_environment(void)
{
    runtime.environment_read = true;
    const char *name = getenv("WAVEGAUGE_ARCH");
    if (!name || !*name)
        return;
    runtime.target = target_by_name(name);
    if (runtime.target)
        return;
    char known[200] = "";
    list_targets(known, sizeof known);
    runtime.environment = runtime_complain(
        hipErrorNoDevice, "hipInit",
        "WAVEGAUGE_ARCH is '%s', which the emulator does not know. It knows: %s.", name, known);
}

hipError_t runtime_begin(void)
{
    runtime_lock();
    if (!runtime.environment_read)
        read_environment();
    if (runtime.environment)
        return runtime.environment;
    return memory_initialise() ? hipSuccess : hipErrorOutOfMemory;
}

hipError_t runtime_end(hipError_t error)
{
    if (error)
        last_error = error;
    return runtime_end_quietly(error);
}

hipError_t runtime_end_quietly(hipError_t error)
{
    pthread_mutex_unlock(&runtime.mutex);
    return error;
}

const struct target *runtime_target(void)
{
    if (!runtime.target)
        runtime.target = registration_target();
    if (!runtime.target)
        runtime.target = target_by_name("gfx1100");
    return runtime.target;
}

static bool carries(const void *image, const char *name, uint32_t *machine)
{
    const void *elf = NULL;
    size_t bytes = 0;
    void *owned = NULL;
    char message[512];
    bool found = bundle_select(image, 0, name, &elf, &bytes, &owned, message, sizeof message);
    if (found && machine && bytes >= 52)
        *machine = *(const uint8_t *)((const char *)elf + 48); // the low byte of e_flags
    free(owned);
    return found;
}

const struct target *runtime_target_for_image(const void *image)
{
    uint32_t machine = 0;
    if (!runtime.target && !registration_target() && !carries(image, "gfx1100", NULL) &&
        carries(image, NULL, &machine))
        runtime.target = target_by_machine(machine);
    return runtime_target();
}

void runtime_set_pending(hipError_t error)
{
    runtime.pending = error;
}

hipError_t runtime_take_pending(void)
{
    hipError_t error = runtime.pending;
    runtime.pending = hipSuccess;
    return error;
}

hipError_t runtime_complain(hipError_t error, const char *function, const char *text, ...)
{
    char line[1024];
    va_list arguments;
    va_start(arguments, text);
    vsnprintf(line, sizeof line, text, arguments);
    va_end(arguments);
    char whole[1200];
    snprintf(whole, sizeof whole, "%s: %s", function, line);
    report_text("HIP", hipGetErrorName(error), "", whole);
    return error;
}

hipError_t hipGetLastError(void)
{
    hipError_t error = last_error;
    last_error = hipSuccess;
    return error;
}

hipError_t hipPeekAtLastError(void)
{
    return last_error;
}

HIP_EXPORT hipError_t hipExtGetLastError(void)
{
    return hipGetLastError();
}

hipError_t hipInit(unsigned int flags)
{
    return runtime_end(runtime_begin() ?: flags ? hipErrorInvalidValue : hipSuccess);
}

hipError_t hipDeviceSynchronize(void)
{
    return runtime_end(runtime_begin() ?: runtime_take_pending());
}
