// Whole files in and out.
#ifndef SUPPORT_FILE_H
#define SUPPORT_FILE_H

#include <stdbool.h>
#include <stddef.h>

// Reads all of a file into *data, for free(), with a zero byte after it that *size does not count.
// Returns false, and sets *data to NULL, when it cannot be read.
bool support_read_file(const char *path, void **data, size_t *size);

bool support_write_file(const char *path, const void *data, size_t size);

// Makes the folder and those above it. True when it is there afterwards.
bool support_make_folder(const char *path);

// Removes the folder with all that is in it; links are removed, not followed.
void support_remove_folder(const char *path);

#endif
