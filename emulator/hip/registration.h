// What a program compiled by hipcc registers before main: its fat binaries, kernels and variables.
//
// Code is loaded when a kernel or variable of the fat binary is first used.
#ifndef WAVEGAUGE_REGISTRATION_H
#define WAVEGAUGE_REGISTRATION_H

#include "runtime.h"

// The first target that the program's fat binaries carry and the emulator knows, one that all of
// them carry if there is such; NULL without fat binaries.
const struct target *registration_target(void);

// The kernel behind the host address of a __global__ function. The error has been explained to the
// user.
hipError_t registration_kernel(const void *host_function, struct kernel **kernel);

// The device variable behind the host address of a __device__, __constant__ or __managed__ one.
hipError_t registration_variable(const void *host_variable, void **address, size_t *bytes);

#endif
