#include "demangle.h"

#include <stdio.h>
#include <stdlib.h>

// Of the C++ ABI's own library, which LLVM brings along.
extern char *__cxa_demangle(const char *name, char *buffer, size_t *size, int *status);

const char *demangle(const char *name, char *text, size_t size)
{
    int status = 0;
    char *plain =
        name[0] == '_' && name[1] == 'Z' ? __cxa_demangle(name, NULL, NULL, &status) : NULL;
    snprintf(text, size, "%s", plain ? plain : name);
    free(plain);
    return text;
}
