// A device: one shared library that provides HIP, chosen at run time. Nothing behind this header
// knows which one it is.
#ifndef WAVEGAUGE_DEVICE_H
#define WAVEGAUGE_DEVICE_H

#include "error.h"
#include "hip_api.h"
#include "../emulator/wavegauge_emu.h"

struct device_api {
#define HIP_MEMBER(name, result, parameters) result(*name) parameters;
    HIP_FUNCTIONS(HIP_MEMBER)
#undef HIP_MEMBER
    // What only the emulator offers, or it and the CUDA layer (arguments); NULL elsewhere.
    int (*wavegaugeMemorySetAccessible)(void *allocation, size_t offset, size_t bytes);
    int (*wavegaugeMemorySetName)(void *allocation, const char *name);
    hipError_t (*hipModuleGetGlobal)(void **pointer, size_t *bytes, hipModule_t module,
                                     const char *name);
    void (*wavegaugeSetInstructionLimit)(uint64_t instructions);
    void (*wavegaugeSetWorkgroups)(uint64_t first, uint64_t count);
    uint64_t (*wavegaugeInstructionCount)(void);
    void (*wavegaugeSetReportHandler)(wavegauge_report_handler handler, void *user);
    int (*wavegaugeFunctionArguments)(void *function, struct wavegauge_argument *arguments,
                                      size_t capacity, size_t *count);
};

struct device {
    struct device_api api;
    void *library;
    char library_path[512];
    char name[256]; // as the runtime says it
    char arch[64];  // as hipcc wants it, "gfx90a:sramecc+:xnack-"; of NVIDIA's GPUs "sm_90"
    int runtime_version;
    int count;
    size_t memory_bytes; // in all
};

// What --arch may say, for the emulator.
struct target {
    char arch[32];
    bool wave64; // compile for 64 lanes per wave on a target whose default is 32
};

// "gfx1030", "gfx1030:wave64", ... NULL is the default target.
bool target_parse(const char *text, struct target *target, struct error *error);

// Loads the library of the device called `kind` ("emu", "amd" or "nvidia"), initialises it and asks
// what it is. target is for "emu" only and may be NULL elsewhere. The error's status is
// EXIT_MISSING when the library or a device is not there, EXIT_USAGE for a kind that does not
// exist. WAVEGAUGE_DEVICE_LIBRARY names another library that provides HIP, whatever the kind.
bool device_open(struct device *device, const char *kind, const struct target *target,
                 struct error *error);
void device_close(struct device *device);

// Loads the emulator's library into a process that will fork and open the device in its children:
// to load it takes longer than most cases run. Hardware's libraries do not live through a fork.
void device_prepare(const char *kind);

// Turns a status into an error that names the call and what the runtime says about it.
bool device_check(const struct device *device, hipError_t status, const char *call,
                  struct error *error);

// HIP_CALL(device, error, hipFree(pointer)): false, with an error that quotes the call, unless it
// succeeds.
#define HIP_CALL(device, error, call) device_check(device, (device)->api.call, #call, error)

#endif
