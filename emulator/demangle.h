// C++ names as their source has them.
#ifndef WAVEGAUGE_DEMANGLE_H
#define WAVEGAUGE_DEMANGLE_H

#include <stddef.h>

// "void scale<int>(int*)" for "_Z5scaleIiEvPT_"; any other name as it is. Cut to size. Returns
// text.
const char *demangle(const char *name, char *text, size_t size);

#endif
