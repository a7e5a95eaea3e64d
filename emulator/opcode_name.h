// Opcodes are told apart by the beginnings of their names.
#ifndef WAVEGAUGE_OPCODE_NAME_H
#define WAVEGAUGE_OPCODE_NAME_H

#include <stdbool.h>
#include <string.h>

static inline bool starts_with(const char *name, const char *beginning)
{
    return strncmp(name, beginning, strlen(beginning)) == 0;
}

#endif
