// A case file: everything a run of one kernel needs that is not code. docs/case-files.md is the
// user's description; this is what the harness makes of it.
#ifndef WAVEGAUGE_CASE_FILE_H
#define WAVEGAUGE_CASE_FILE_H

#include "arena.h"
#include "dtype.h"
#include "error.h"

#include <stddef.h>
#include <stdint.h>

enum {
    MAX_DIMENSIONS = 16,
    MAX_TENSORS = 32,
    MAX_RANK = 8,
    MAX_LAUNCHES = 16,
    MAX_ARGUMENTS = 48,
    MAX_MEMBERS = 64,
    MAX_ARGUMENT_BYTES = 1024,
    MAX_ARGUMENT_POINTERS = 16, // in a structure
    MAX_FLAGS = 16,
    MAX_SWEEP_VALUES = 256,
    MAX_SUPPRESSIONS = 64,
};

// Where something stands in a file, counted from 1. Line 0: nowhere in particular.
struct position {
    int line;
    int column;
};

struct formula {
    const char *text;
    struct position position;
};

struct dimension {
    const char *name;
    int64_t default_value;
};

enum tensor_io { IO_IN, IO_OUT, IO_INOUT, IO_SCRATCH };

enum fill_kind {
    FILL_NORMAL,   // a: mean, b: standard deviation
    FILL_UNIFORM,  // from a up to b
    FILL_SOFTMAX,  // rows (last dimension) that are >= 0 and sum to 1
    FILL_BITS,     // any bit pattern, with NaNs, infinities and denormals among them
    FILL_QUERIES,  // normal; in the exact pass, rows that pick out one column of keys
    FILL_KEYS,     // normal; in the exact pass, columns in which one, two or four rows are highest
    FILL_CONSTANT, // a
    FILL_SAMPLER   // logits or a parameter of a sampler, by the tensor's name (sampler_data.h)
};

struct fill {
    enum fill_kind kind;
    double a, b;
};

struct tensor {
    const char *name;
    enum tensor_io io;
    bool has_own_dtype; // else the case's
    enum dtype dtype;
    struct fill fill;
    size_t rank;
    struct formula shape[MAX_RANK];
    struct position position;
};

enum argument_kind {
    ARGUMENT_TENSOR,
    ARGUMENT_STRUCTURE,
    ARGUMENT_PADDING, // in structures
    // argument_type.h has the others.
    ARGUMENT_BOOL,
    ARGUMENT_I8,
    ARGUMENT_U8,
    ARGUMENT_I16,
    ARGUMENT_U16,
    ARGUMENT_I32,
    ARGUMENT_U32,
    ARGUMENT_I64,
    ARGUMENT_U64,
    ARGUMENT_F16,
    ARGUMENT_BF16,
    ARGUMENT_F32,
    ARGUMENT_F64
};

struct argument {
    enum argument_kind kind;
    struct position position;
    size_t size;          // bytes
    size_t tensor;        // ARGUMENT_TENSOR: which
    struct formula value; // of numbers
    // ARGUMENT_STRUCTURE: what is in it, by value.
    size_t member_count;
    struct argument *members;
    size_t offset; // of a member, from the start of the structure
};

struct launch {
    const char *function; // may contain {dtype}
    struct position position;
    struct formula grid[3];  // workgroups
    struct formula block[3]; // threads of a workgroup
    struct formula lds;      // bytes of dynamic LDS
    size_t argument_count;
    struct argument arguments[MAX_ARGUMENTS];
};

enum check_kind {
    CHECK_BOUND,    // the running-error bound, times `factor`
    CHECK_ALLCLOSE, // |got - expected| <= atol + rtol * |expected|
    CHECK_BITS,     // every bit
    CHECK_DRAWS     // one of the tokens that are right
};

struct check {
    enum check_kind kind;
    double factor;
    double atol, rtol;
    bool exact_pass;     // also run on exactly representable data, where the answer must be exact
    bool no_random_pass; // for trials of the exact pass alone
};

// One entry of `suppressions`: findings that are no mistakes.
struct suppression {
    const char *check;
    const char *function; // a glob over the kernel's name or the function's; "*": any
    int line;             // 0: any
    const char *reason;
};

// One entry of `cases`, `sweeps` or `bench`: lists sweep, the case is every combination.
struct sweep {
    struct position position;
    const char *about;  // "" when there is none
    bool large;         // run only when there is memory for it
    size_t dtype_count; // 0: all of the file's
    enum dtype dtypes[DTYPE_COUNT];
    size_t value_counts[MAX_DIMENSIONS]; // 0: the default
    int64_t *values[MAX_DIMENSIONS];
};

struct own_reference; // own_reference.h

struct case_file {
    struct arena arena;
    const char *path; // as it is named in messages
    const char *kernel;
    const char *about;
    const char *source; // path of the kernel's source, as it can be opened
    const char *object; // of a code object to take instead of building the source; NULL: none
    const char *edit_variable; // an int in the object that is set to edit_number; NULL: none
    int edit_number;
    struct position source_position;
    const char *reference; // a name, or as the file has it when it is a path
    struct position reference_position;
    struct own_reference *own_reference; // of a path; NULL: `reference` is a name
    size_t flag_count;
    const char *flags[MAX_FLAGS]; // for the compiler
    size_t dimension_count;
    struct dimension dimensions[MAX_DIMENSIONS];
    size_t dtype_count;
    enum dtype dtypes[DTYPE_COUNT];
    size_t tensor_count;
    struct tensor tensors[MAX_TENSORS];
    size_t launch_count;
    struct launch launches[MAX_LAUNCHES];
    struct formula flops; // text NULL: not given
    struct formula bytes; // text NULL: every tensor once
    struct check check;
    struct position check_position;
    bool has_check;
    size_t suppression_count;
    struct suppression suppressions[MAX_SUPPRESSIONS];
    size_t sweep_count;
    struct sweep *sweeps;
    size_t further_count; // `sweeps`: run when asked for
    struct sweep *further;
    size_t bench_count;
    struct sweep *bench;
    size_t independent_count;           // dims along which results do not depend on each other,
    size_t independent[MAX_DIMENSIONS]; // the outermost of every tensor that has them
};

// Reads and checks a file. NULL with an error of the form "path:line:column: what is wrong, what
// was expected" unless everything in it is as it should be; what a case's numbers make of it is
// checked by case_list_add (cases.h). Free with case_file_free.
struct case_file *case_file_load(const char *path, struct error *error);
void case_file_free(struct case_file *file);

// The same for contents in memory. `path` is named in messages, and paths in the file are relative
// to it.
struct case_file *case_file_parse(const char *path, const char *contents, size_t length,
                                  struct error *error);

// error_set with the place in front: case_file_error(file, position, error, format, ...), false.
#define case_file_error(...) error_false(case_file_fill_error(__VA_ARGS__))

int case_file_fill_error(const struct case_file *file, struct position position,
                         struct error *error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

const char *tensor_io_name(enum tensor_io io);

bool case_file_may_name_dimension(const char *name);

// The index of a dimension or tensor, or SIZE_MAX.
size_t case_file_find_dimension(const struct case_file *file, const char *name);
size_t case_file_find_tensor(const struct case_file *file, const char *name);

static inline enum dtype tensor_dtype(const struct tensor *tensor, enum dtype case_dtype)
{
    return tensor->has_own_dtype ? tensor->dtype : case_dtype;
}

#endif
