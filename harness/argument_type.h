// The types that an argument of a launch may be given as: "i32 rows".
#ifndef WAVEGAUGE_ARGUMENT_TYPE_H
#define WAVEGAUGE_ARGUMENT_TYPE_H

#include "case_file.h"

struct argument_type {
    const char *name;
    size_t size; // bytes, and what its place in a structure is a multiple of
    bool is_float;
    int64_t lowest, highest; // of whole numbers; those of 64 bits reach as far as doubles are exact
};

// Of the kinds from ARGUMENT_I8 on.
const struct argument_type *argument_type(enum argument_kind kind);

// The kind whose name a text begins with, before a blank; ARGUMENT_TENSOR when there is none.
enum argument_kind argument_type_find(const char *text);

// "i8, u8, ..., f64"
const char *argument_type_names(void);

#endif
