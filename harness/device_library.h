// The device library of an installation that is older than a target.
//
// hipcc links one small bitcode file per target, which says nothing but the target's number. Where
// only that file is missing (gfx1100 in hipcc 5.2), a folder with links to the installed files and
// a file of our own makes the target compile.
#ifndef WAVEGAUGE_DEVICE_LIBRARY_H
#define WAVEGAUGE_DEVICE_LIBRARY_H

#include "cache.h"

// Writes the option that hipcc needs to find a complete device library for arch, or "" when it
// finds one by itself or when we do not know where its library is. A folder that has to be made for
// it is made in `folder`, as folder/bitcode; remove it with device_library_remove when the compiler
// is done.
bool device_library_option(const struct cache *cache, const char *hipcc, const char *arch,
                           const char *folder, char *option, size_t capacity, struct error *error);
void device_library_remove(const char *folder);

// Does the installed device library belong to an LLVM of 16 or later? Its bitcode names the
// compiler that made it; hipcc would take half a second to say which LLVM it is. False when none is
// found.
bool device_library_is_llvm_16(const char *hipcc);

// The number that bitcode calls the target by: 11000 for gfx1100, 9010 for gfx90a. 0 when arch is
// none.
int device_library_version(const char *arch);

#endif
