#include "own_reference.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define ENTRY "wavegauge_reference"

bool own_reference_is_path(const char *text)
{
    size_t length = strlen(text);
    return strchr(text, '/') != NULL || (length > 2 && strcmp(text + length - 2, ".c") == 0);
}

// What tensors there are and how large is between the case file and its reference.
static bool fits_anything(struct reference_call *call, struct error *error)
{
    (void)call;
    (void)error;
    return true;
}

static const char *const no_names[] = {NULL};

static const struct reference reference_of_numbers = {.name = "of the case file",
                                                      .about = "a C file of its own",
                                                      .tensors = no_names,
                                                      .dimensions = no_names,
                                                      .fits = fits_anything};

static const struct reference reference_of_bits = {.name = "of the case file",
                                                   .about = "a C file of its own",
                                                   .bitwise = true,
                                                   .tensors = no_names,
                                                   .dimensions = no_names,
                                                   .fits = fits_anything};

const struct reference *own_reference_kind(const struct case_file *file)
{
    return file->check.kind == CHECK_BITS ? &reference_of_bits : &reference_of_numbers;
}

static bool write_all(int descriptor, const struct text *bytes)
{
    size_t done = 0;
    while (done < bytes->length) {
        ssize_t count = write(descriptor, bytes->data + done, bytes->length - done);
        if (count <= 0)
            return false;
        done += (size_t)count;
    }
    return true;
}

// By way of a file in memory: none is left behind, whatever happens.
static void *open_library(const struct text *bytes)
{
    char path[64];
    void *library = NULL;
    int descriptor = memfd_create("wavegauge-reference", MFD_CLOEXEC);
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    if (descriptor >= 0 && write_all(descriptor, bytes))
        library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (descriptor >= 0)
        close(descriptor);
    return library;
}

static bool open_reference(struct own_reference *reference, const struct text *bytes,
                           struct error *error)
{
    void *library = open_library(bytes);
    if (library == NULL) {
        const char *reason = dlerror();
        return error_set(error, EXIT_USAGE, "the reference %s does not load: %s", reference->path,
                         reason != NULL ? reason : "there is no memory for it");
    }
    *(void **)&reference->function = dlsym(library, ENTRY);
    if (reference->function == NULL) {
        dlclose(library);
        return error_set(error, EXIT_USAGE,
                         "the reference %s has no function 'void " ENTRY
                         "(struct wavegauge_call *call)', which is where it begins",
                         reference->path);
    }
    reference->library = library;
    return true;
}

bool own_reference_load(const struct case_file *file, struct text *warnings, struct error *error)
{
    struct own_reference *reference = file->own_reference;
    struct text bytes = {0};
    if (reference == NULL || reference->library != NULL)
        return true;
    bool good = own_reference_build(reference, &bytes, warnings, error) &&
                open_reference(reference, &bytes, error);
    text_free(&bytes);
    return good;
}

void own_reference_unload(struct own_reference *reference)
{
    if (reference != NULL && reference->library != NULL)
        dlclose(reference->library);
    if (reference != NULL)
        reference->library = NULL;
}
