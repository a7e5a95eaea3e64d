// The way from a folder to a file.
#ifndef WAVEGAUGE_RELATIVE_PATH_H
#define WAVEGAUGE_RELATIVE_PATH_H

#include "error.h"

// "../kernels/scale.hip" from the folder "cases" to "kernels/scale.hip", links followed; the
// absolute path where they share no folder but the root. Both must be there: NULL with an error
// (EXIT_USAGE) otherwise. Free it.
char *relative_path(const char *folder, const char *file, struct error *error);

#endif
