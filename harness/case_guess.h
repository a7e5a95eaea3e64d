// What a case file for a kernel could say, guessed from the kernel's parameters: a start for
// whoever writes it, with what is only a guess marked as such.
#ifndef WAVEGAUGE_CASE_GUESS_H
#define WAVEGAUGE_CASE_GUESS_H

#include "case_file.h"
#include "kernel_catalog.h"
#include "text.h"

enum { GUESS_NAME = 80 };

struct guessed_dim {
    char name[GUESS_NAME];
    int64_t value;
    bool in_shapes;
};

struct guessed_tensor {
    char name[GUESS_NAME];
    enum tensor_io io;
    bool has_own_dtype;
    enum dtype dtype;
    uint64_t inner;  // elements that belong together, as of float4; 1: none
    char fill[48];   // "": the default
    char about[512]; // a comment: what the source declares, and what is a guess
};

// A number that the kernel gets and that is no dim.
struct guessed_constant {
    char name[GUESS_NAME];
    char value[16];
};

struct guessed_argument {
    char text[4096]; // for `args`
    char about[256]; // a comment; "": none
};

struct case_guess {
    const char *name;   // of the case file's kernel
    const char *source; // its path, from the folder of the case file
    const char *reference;
    const struct catalog_entry *entry;
    const struct wavegauge_kernel_description *kernel; // the first of the entry
    size_t dtype_count;
    enum dtype dtypes[DTYPE_COUNT];
    size_t dim_count;
    struct guessed_dim dims[MAX_DIMENSIONS];
    size_t tensor_count;
    struct guessed_tensor tensors[MAX_TENSORS];
    size_t constant_count;
    struct guessed_constant constants[MAX_MEMBERS];
    size_t argument_count;
    struct guessed_argument arguments[MAX_ARGUMENTS];
    unsigned threads;     // of a workgroup
    bool has_dynamic_lds; // the source says `extern __shared__`
};

// Fills everything but the texts at the top, which are the caller's. False with an error for what
// no case file can describe: a kernel without a pointer, with too many parameters or a structure
// that is too large.
bool case_guess_fill(struct case_guess *guess, const struct kernel_catalog *catalog,
                     const struct catalog_entry *entry, struct error *error);

// The guess as a case file and as the C file of its reference.
void case_guess_append_yaml(const struct case_guess *guess, struct text *text);
void case_guess_append_reference(const struct case_guess *guess, const char *case_path,
                                 struct text *text);

#endif
