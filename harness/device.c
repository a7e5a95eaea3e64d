#include "device.h"

#include "program_path.h"
#include "text.h"

#include <ctype.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_PLACES = 5 };

struct device_kind {
    const char *name;
    const char *libraries[MAX_PLACES + 1]; // tried in this order; NULL at the end
    bool beside_program;
    const char *when_missing;
};

static const struct device_kind kinds[] = {
    {"emu", {"libwavegauge-emu.so"}, true, "build it (ninja -C build)"},
    // Distributions without ROCm's development package have a versioned name only.
    {"amd",
     {"libamdhip64.so", "libamdhip64.so.7", "libamdhip64.so.6", "libamdhip64.so.5",
      "/opt/rocm/lib/libamdhip64.so"},
     false,
     "install ROCm"},
    {"nvidia", {"libwavegauge-cuda.so"}, true, "build it (ninja -C build)"},
};

static const struct device_kind *find_kind(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    }
    return NULL;
}

bool target_parse(const char *text, struct target *target, struct error *error)
{
    static const char *const known[] = {"gfx1030", "gfx1100", "gfx90a"};
    static const char choices[] =
        "gfx1030, gfx1030:wave64, gfx1100 (default), gfx1100:wave64 or gfx90a";
    *target = (struct target){.arch = "gfx1100"};
    if (text == NULL)
        return true;
    size_t length = strcspn(text, ":");
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strlen(known[i]) != length || memcmp(known[i], text, length) != 0)
            continue;
        snprintf(target->arch, sizeof target->arch, "%s", known[i]);
        target->wave64 = strcmp(text + length, ":wave64") == 0;
        // gfx90a has waves of 64 lanes only; asking for them is no mistake.
        if (text[length] == '\0' || target->wave64) {
            target->wave64 = target->wave64 && strcmp(known[i], "gfx90a") != 0;
            return true;
        }
    }
    return error_set(error, EXIT_USAGE, "--arch %s: expected %s", text, choices);
}

static void *try_library(struct device *device, const char *path)
{
    snprintf(device->library_path, sizeof device->library_path, "%s", path);
    return dlopen(device->library_path, RTLD_NOW | RTLD_LOCAL);
}

static bool report_no_library(const struct device_kind *kind, struct error *error)
{
    struct text places = {0};
    for (size_t i = 0; kind->libraries[i] != NULL; i++)
        text_append(&places, "%s%s", i > 0 ? ", " : "", kind->libraries[i]);
    error_set(error, EXIT_MISSING,
              "device %s is not there: looked for %s %s; %s, or set WAVEGAUGE_DEVICE_LIBRARY to "
              "its path (%s)",
              kind->name, text_get(&places),
              kind->beside_program ? "beside the program and where the loader looks"
                                   : "where the loader looks",
              kind->when_missing, dlerror());
    text_free(&places);
    return false;
}

static bool open_library(struct device *device, const struct device_kind *kind, struct error *error)
{
    char beside[sizeof device->library_path];
    const char *chosen = getenv("WAVEGAUGE_DEVICE_LIBRARY");
    if (chosen != NULL && chosen[0] != '\0') {
        device->library = try_library(device, chosen);
        return device->library != NULL ||
               error_set(error, EXIT_MISSING,
                         "device %s is not there: WAVEGAUGE_DEVICE_LIBRARY: %s", kind->name,
                         dlerror());
    }
    if (kind->beside_program && program_find_library(kind->libraries[0], beside, sizeof beside))
        device->library = try_library(device, beside);
    for (size_t i = 0; device->library == NULL && kind->libraries[i] != NULL; i++)
        device->library = try_library(device, kind->libraries[i]);
    return device->library != NULL || report_no_library(kind, error);
}

void device_prepare(const char *kind)
{
    static bool prepared;
    char beside[sizeof((struct device *)NULL)->library_path];
    if (!prepared && strcmp(kind, "emu") == 0 &&
        program_find_library(find_kind(kind)->libraries[0], beside, sizeof beside))
        dlopen(beside, RTLD_NOW | RTLD_LOCAL); // stays open; device_open says what is wrong with it
    prepared = true;
}

static bool look_up_functions(struct device *device, struct error *error)
{
    struct device_api *api = &device->api;
#define HIP_LOOK_UP(function, result, parameters)                                                  \
    *(void **)&api->function = dlsym(device->library, #function);                                  \
    if (api->function == NULL)                                                                     \
        return error_set(error, EXIT_MISSING, "%s has no function %s: it is not a HIP runtime",    \
                         device->library_path, #function);
    HIP_FUNCTIONS(HIP_LOOK_UP)
#undef HIP_LOOK_UP
    *(void **)&api->wavegaugeMemorySetAccessible =
        dlsym(device->library, "wavegaugeMemorySetAccessible");
    *(void **)&api->wavegaugeMemorySetName = dlsym(device->library, "wavegaugeMemorySetName");
    *(void **)&api->hipModuleGetGlobal = dlsym(device->library, "hipModuleGetGlobal");
    *(void **)&api->wavegaugeSetReportHandler = dlsym(device->library, "wavegaugeSetReportHandler");
    *(void **)&api->wavegaugeFunctionArguments =
        dlsym(device->library, "wavegaugeFunctionArguments");
    *(void **)&api->wavegaugeSetInstructionLimit =
        dlsym(device->library, "wavegaugeSetInstructionLimit");
    *(void **)&api->wavegaugeSetWorkgroups = dlsym(device->library, "wavegaugeSetWorkgroups");
    *(void **)&api->wavegaugeInstructionCount = dlsym(device->library, "wavegaugeInstructionCount");
    return true;
}

bool device_check(const struct device *device, hipError_t status, const char *call,
                  struct error *error)
{
    if (status == hipSuccess)
        return true;
    const char *meaning = device->api.hipGetErrorString(status);
    return error_set(error, EXIT_FAILED, "%s: %s (%d)", call,
                     meaning != NULL ? meaning : "unknown error", status);
}

static bool is_arch(const char *text)
{
    return (memcmp(text, "gfx", 3) == 0 || memcmp(text, "sm_", 3) == 0) &&
           isdigit((unsigned char)text[3]);
}

// The architecture's text is the only one in the structure that starts with "gfx" or "sm_" and does
// not belong to the name, wherever this version of HIP puts it.
static bool find_arch(const struct device_properties *properties, char *arch, size_t capacity)
{
    const char *text = properties->rest;
    const char *end = text + sizeof properties->rest - 3;
    while (text < end && !is_arch(text))
        text++;
    if (text >= end)
        return false;
    snprintf(arch, capacity, "%.63s", text);
    return true;
}

static bool ask_device(struct device *device, struct error *error)
{
    struct device_properties *properties = calloc(1, sizeof *properties);
    if (properties == NULL)
        return error_out_of_memory(error);
    size_t free_bytes;
    bool good = HIP_CALL(device, error, hipInit(0)) &&
                HIP_CALL(device, error, hipGetDeviceCount(&device->count)) &&
                HIP_CALL(device, error, hipSetDevice(0)) &&
                HIP_CALL(device, error, hipGetDeviceProperties(properties, 0)) &&
                HIP_CALL(device, error, hipMemGetInfo(&free_bytes, &device->memory_bytes)) &&
                HIP_CALL(device, error, hipRuntimeGetVersion(&device->runtime_version));
    if (good) {
        snprintf(device->name, sizeof device->name, "%.255s", properties->name);
        if (!find_arch(properties, device->arch, sizeof device->arch))
            good = error_set(error, EXIT_MISSING, "device 0 does not say its architecture");
    } else if (error != NULL) {
        error->status = EXIT_MISSING;
    }
    free(properties);
    return good;
}

bool device_open(struct device *device, const char *kind_name, const struct target *target,
                 struct error *error)
{
    *device = (struct device){0};
    const struct device_kind *kind = find_kind(kind_name);
    if (kind == NULL)
        return error_set(error, EXIT_USAGE, "--device %s: expected emu, amd or nvidia", kind_name);
    if (target != NULL && setenv("WAVEGAUGE_ARCH", target->arch, 1) != 0)
        return error_out_of_memory(error);
    if (!open_library(device, kind, error))
        return false;
    bool is_hip = look_up_functions(device, error);
    if (is_hip && ask_device(device, error))
        return true;
    error_prefix(error,
                 is_hip ? "device %s is not there: looked for a GPU through %s: "
                        : "device %s (%s): ",
                 kind->name, device->library_path);
    device_close(device);
    return false;
}

void device_close(struct device *device)
{
    if (device->library != NULL)
        dlclose(device->library);
    *device = (struct device){0};
}
