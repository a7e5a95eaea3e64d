// A kernel's source as the compiler sees it after preprocessing, taken apart into tokens that know
// their lines, so that it can be printed with an edit.
#ifndef WAVEGAUGE_KERNEL_TEXT_H
#define WAVEGAUGE_KERNEL_TEXT_H

#include "error.h"
#include "text.h"

#include <stddef.h>

enum token_kind { TOKEN_WORD, TOKEN_NUMBER, TOKEN_STRING, TOKEN_MARK, TOKEN_DIRECTIVE };

struct token {
    enum token_kind kind;
    const char *start; // in the text
    unsigned length;
    unsigned file; // index in files
    int line;
    unsigned blanks;  // before it on its line
    bool starts_line; // the first of its line
    bool skipped;     // part of a function that is left out
    size_t partner;   // of a bracket: the other one; else SIZE_MAX
};

// A function with a body.
struct function {
    size_t start;            // of its declaration
    size_t name;             // token
    size_t parameters, body; // opening brackets
    size_t end;              // the closing bracket of the body
    bool is_kernel, is_template;
    bool is_reached;       // from the kernels that are wanted
    bool overloads_header; // the system's headers have a function of this name
};

enum type_class { TYPE_INTEGER, TYPE_FLOAT, TYPE_OTHER };

// What a declaration in the source's own text says.
struct variable_name {
    size_t token;     // where it is declared
    size_t function;  // index, or SIZE_MAX for one outside functions
    size_t scope_end; // the token up to which it is known; SIZE_MAX outside functions
    char type[64];    // "int", "const float*" without const: "float*"
    enum type_class class;
};

struct kernel_text {
    struct text text;   // the preprocessed file
    struct text prefix; // what comes from the system's headers
    char **files;       // that tokens are in
    size_t file_count;
    struct token *tokens;
    size_t token_count;
    struct function *functions;
    size_t function_count;
    struct variable_name *variables;
    size_t variable_count;
};

// Reads a preprocessed file. Tokens are those of files that place_is_in_source (place.h) says are
// the kernel's. Kernels (functions with the attribute `global`) other than the wanted ones are left
// out. Free with kernel_text_free.
bool kernel_text_read(struct kernel_text *kernel, const char *path, const char *folder,
                      const char *const *wanted, size_t wanted_count, struct error *error);
void kernel_text_free(struct kernel_text *kernel);

bool token_is(const struct kernel_text *kernel, size_t index, const char *text);
bool token_same(const struct kernel_text *kernel, size_t left, size_t right);

// The function that a token is part of, or SIZE_MAX.
size_t token_function(const struct kernel_text *kernel, size_t token);

// One replacement of tokens first to end - 1 (none when first == end: an insertion before first).
struct edit {
    size_t first, end;
    char *text;
    // A second one at the same time, for swaps and for wrapping; text2 NULL: none.
    size_t first2, end2;
    char *text2;
    const char *kind; // "bound", "operator", ...
    double weight;    // how likely it is, before anything was tried
};

// Appends the tokens with the edit (or NULL), the wanted kernels called name + suffix; everything
// in a namespace of its own unless `bare`.
void kernel_text_append(const struct kernel_text *kernel, const struct edit *edit,
                        const char *const *wanted, size_t wanted_count, const char *suffix,
                        bool bare, struct text *out);

// Reads the text as it is with the edit; no kernel is left out. False: out of memory. Free with
// kernel_text_free.
bool kernel_text_with_edit(const struct kernel_text *kernel, const struct edit *edit,
                           struct kernel_text *edited);

// The line of the edit as it would read, without blanks around it.
void edit_append_line(const struct kernel_text *kernel, const struct edit *edit, struct text *out);

#endif
