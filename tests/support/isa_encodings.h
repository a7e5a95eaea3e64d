// The encodings of every instruction of a target: the opcode fields of all formats with a few
// choices of operands. Not all of them are instructions; the disassembler knows.
#ifndef ISA_ENCODINGS_H
#define ISA_ENCODINGS_H

#include "instruction.h"

#include <stddef.h>

enum { ISA_STRIDE = 16 }; // bytes from one encoding to the next, zeros between

struct isa_encodings {
    uint32_t *words;
    size_t count;
};

struct isa_encodings isa_encodings_create(enum target_family target);
void isa_encodings_free(struct isa_encodings *encodings);

#endif
