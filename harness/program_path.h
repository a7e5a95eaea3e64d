// Where things lie beside this program, so that a build or an installation can be moved.
#ifndef WAVEGAUGE_PROGRAM_PATH_H
#define WAVEGAUGE_PROGRAM_PATH_H

#include <stdbool.h>
#include <stddef.h>

// The folder of the running program.
bool program_folder(char *path, size_t capacity);

// The folder of the project's own case files: WAVEGAUGE_CASES, else beside the program (a build or
// an installation), else in the source tree that the program was built from.
bool program_cases_folder(char *path, size_t capacity);

// The headers that stand in for HIP's under nvcc: beside the program, else in the source tree.
bool program_cuda_headers(char *path, size_t capacity);

// The first of ".", "..", "../lib", "../emulator" and so on beside the program that holds name.
bool program_find_library(const char *name, char *path, size_t capacity);

#endif
