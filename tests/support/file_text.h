// Whole files in and out.
#ifndef FILE_TEXT_H
#define FILE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

// Reads all of a file into *data, for free(), with a zero byte after it that *size does not count.
// Returns false, and sets *data to NULL, when it cannot be read.
bool file_read(const char *path, void **data, size_t *size);

bool file_write(const char *path, const void *data, size_t size);

// Makes the folder and those above it. True when it is there afterwards.
bool folder_make(const char *path);

// Removes the folder with all that is in it; links are removed, not followed.
void folder_remove(const char *path);

#endif
