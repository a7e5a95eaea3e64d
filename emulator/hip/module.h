// Loaded code objects: those of modules and those of the program's own fat binaries.
#ifndef WAVEGAUGE_MODULE_H
#define WAVEGAUGE_MODULE_H

#include "runtime.h"

// Load the code that fits the device out of an image; bytes 0: unknown. function names the API call
// in messages.
hipError_t module_load_image(const char *function, const void *image, size_t bytes,
                             struct code_object **object);
void module_unload_image(struct code_object *object);

// The kernel behind a handle of hipModuleGetFunction, or NULL when it is none.
struct kernel *module_kernel(hipFunction_t function);

#endif
