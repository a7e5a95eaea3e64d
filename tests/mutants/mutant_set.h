// The mutants: kernels with one mistake each, as tests/mutants/*.yaml describe them.
#ifndef WAVEGAUGE_MUTANT_SET_H
#define WAVEGAUGE_MUTANT_SET_H

#include "harness/arena.h"
#include "harness/case_file.h"
#include "harness/error.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    MAX_KERNELS = 16,
    MAX_KERNEL_MUTANTS = 100,
    MAX_RIGHT = 12,
    MAX_FIRST_CASES = 8,
    MAX_DTYPE_LINES = 8
};

// The mistakes that people make. Each is planted at least once.
extern const char *const mutant_kinds[];
extern const size_t mutant_kind_count;

struct mutant_kernel;

// One mistake. Texts belong to its file.
struct mutant {
    const struct mutant_kernel *kernel;
    struct position position; // in the YAML file
    const char *name;
    const char *kind;
    const char *source;  // a file of its host's folder
    const char *find;    // stands there exactly once, with any white space where this has some
    const char *replace; // what stands there instead
    const char *also_at; // another place that is as right to name, or NULL: its text, found once
    const char *planted; // in words
    size_t right_count;
    const char *right[MAX_RIGHT]; // pattern classes and checks, each of which is a right answer
    const char *equivalent;       // why no program can tell it from the kernel, or NULL
    bool all_dtypes;              // shows in one element type only, perhaps not in f32
    bool tuned;                   // planted in the tuned kernel, not in the simple one
    size_t first_count;
    const char *first[MAX_FIRST_CASES]; // cases to try before the others; else the kernel's
};

// One YAML file.
struct mutant_kernel {
    struct case_file *file; // owner of the texts
    const char *name;
    const char *source;
    size_t first_count;
    const char *first[MAX_FIRST_CASES];
    // Lines of the source that make the other element types: left out, they cost no compile time.
    size_t dtype_line_count;
    const char *dtype_lines[MAX_DTYPE_LINES];
    size_t mutant_count;
    struct mutant mutants[MAX_KERNEL_MUTANTS];
};

// Where the kernels are that mistakes are planted in.
struct mutant_hosts {
    const char *simple; // tests/mutants/kernels: as one first writes them, with heads of case files
    const char *tuned;  // kernels/, whose headers the simple ones include too
};

struct mutant_set {
    size_t kernel_count;
    struct mutant_kernel *kernels[MAX_KERNELS];
};

// Reads every *.yaml of a folder, in the order of their names. Free with mutant_set_free.
bool mutant_set_load(struct mutant_set *set, const char *folder, struct error *error);
void mutant_set_free(struct mutant_set *set);

// True when the set is as the project wants it: each text is found once in the source of its host,
// at least `total` mutants that count, at least `each` per kernel, every kind there. The error
// names the first thing that is not.
bool mutant_set_check(const struct mutant_set *set, const struct mutant_hosts *hosts, size_t total,
                      size_t each, struct error *error);

#endif
