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

// The templates and scripts of reports: WAVEGAUGE_REPORTS, else beside the program, else in the
// source tree.
bool program_reports_folder(char *path, size_t capacity);

// The header for references of one's own, likewise.
bool program_reference_headers(char *path, size_t capacity);

// What ci/bundle says of the source that the program and its kernels come from: the commit. False
// when the program is not in a bundle.
bool program_bundle_commit(char *path, size_t capacity);

// The first of ".", "..", "../lib", "../emulator" and so on beside the program that holds name.
bool program_find_library(const char *name, char *path, size_t capacity);

#endif
