// The kernels of a code object and their parameters as their source declares them, for whoever is
// to call them: `wavegauge new` writes case files from it.
//
// Look the function up with dlsym, as those of wavegauge_emu.h.
#ifndef WAVEGAUGE_DESCRIBE_H
#define WAVEGAUGE_DESCRIBE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum wavegauge_type {
    WAVEGAUGE_TYPE_OTHER, // a union, a bit-field, nothing that is known
    WAVEGAUGE_TYPE_BOOL,
    WAVEGAUGE_TYPE_I8,
    WAVEGAUGE_TYPE_U8,
    WAVEGAUGE_TYPE_I16,
    WAVEGAUGE_TYPE_U16,
    WAVEGAUGE_TYPE_I32,
    WAVEGAUGE_TYPE_U32,
    WAVEGAUGE_TYPE_I64,
    WAVEGAUGE_TYPE_U64,
    WAVEGAUGE_TYPE_F16,
    WAVEGAUGE_TYPE_BF16,
    WAVEGAUGE_TYPE_F32,
    WAVEGAUGE_TYPE_F64,
};

// What a parameter is made of: one part, or the members of a structure by value, those of
// structures and arrays in it among them.
struct wavegauge_part {
    char name[64];   // "rows"; of a member "limits.rows" or "scale[1]", without the parameter's
    uint32_t offset; // bytes, from the start of the parameter
    uint32_t size;
    enum wavegauge_type type; // of the value; of what a pointer points to
    int is_pointer;
    int is_const;           // what the pointer points to
    uint32_t vector;        // pointers: how many of the type make one element; 4 of `float4 *`
    uint32_t element_bytes; // pointers: of one element; 0: unknown, as of `void *`
};

struct wavegauge_parameter {
    char name[64];     // "" when the debug information does not say
    char type[96];     // as the source has it, likewise
    uint32_t offset;   // in the kernarg segment, bytes
    uint32_t size;     // bytes
    int is_pointer;    // to global memory
    size_t part_count; // 0: it is not known what the parameter is made of
    const struct wavegauge_part *parts;
};

struct wavegauge_kernel_description {
    const char *name;       // as hipModuleGetFunction takes it
    const char *plain_name; // "void scale<float>(float*, int)" where the name is mangled
    const char *base_name;  // "scale<float>", without namespaces; "": unknown
    int line;               // of the declaration; 0: unknown
    uint32_t lds_bytes;     // of a workgroup, without what a launch adds
    uint32_t max_threads;   // of a workgroup
    size_t parameter_count; // those that the compiler adds left out
    const struct wavegauge_parameter *parameters;
};

typedef void (*wavegauge_kernel_handler)(const struct wavegauge_kernel_description *kernel,
                                         void *user);

// Calls the handler for each kernel of an ELF file or an offload bundle; what it is given lives
// until it returns. Any bytes are safe. target: "gfx1030" and so on. Returns 0, or 1 with a message
// that says what is wrong.
int wavegaugeDescribeKernels(const void *image, size_t bytes, const char *target,
                             wavegauge_kernel_handler handler, void *user, char *message,
                             size_t message_size);

#ifdef __cplusplus
}
#endif
#endif
