// The device libraries for gfx1100, of which Debian 12's lack the one file that names the
// processor.
#ifndef DEVICE_LIBRARY_H
#define DEVICE_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

// Makes, once, a folder inside cache with the system's device libraries and the missing file, and
// writes the compiler's option for it to option. Returns false with a message in error.
bool support_device_library(const char *cache, char *option, size_t option_size, char *error,
                            size_t error_size);

#endif
