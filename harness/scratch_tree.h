// A folder for a while.
#ifndef WAVEGAUGE_SCRATCH_TREE_H
#define WAVEGAUGE_SCRATCH_TREE_H

#include "error.h"

#include <stddef.h>

// Makes a folder of ours alone in TMPDIR, its name starting with `name`.
bool scratch_tree_create(const char *name, char *path, size_t capacity, struct error *error);

// Removes it and all that is in it.
void scratch_tree_remove(const char *path);

#endif
