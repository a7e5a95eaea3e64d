#include "case_guess.h"

#include "described_type.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { MOST_SHAPE_DIMS = 6, USUAL_THREADS = 256 };

struct guessing {
    struct case_guess *guess;
    const struct kernel_catalog *catalog;
    size_t parameter; // the one that is looked at
    struct error *error;
};

static bool is_taken(const struct case_guess *guess, const char *name)
{
    // What the C file of the reference calls something else.
    static const char *const others[] = {"call",   "element", "restrict", "inline", "register",
                                         "signed", "double",  "true",     "false",  "null"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (strcasecmp(others[i], name) == 0)
            return true;
    }
    for (size_t i = 0; i < guess->dim_count; i++) {
        if (strcmp(guess->dims[i].name, name) == 0)
            return true;
    }
    for (size_t i = 0; i < guess->tensor_count; i++) {
        if (strcmp(guess->tensors[i].name, name) == 0)
            return true;
    }
    for (size_t i = 0; i < guess->constant_count; i++) {
        if (strcmp(guess->constants[i].name, name) == 0)
            return true;
    }
    return !case_file_may_name_dimension(name);
}

// "limits_rows_" of `limits.rows[]`, and one that nothing else has.
static void make_name(const struct guessing *guessing, const char *part, char name[GUESS_NAME])
{
    const struct wavegauge_parameter *parameter =
        &guessing->guess->kernel->parameters[guessing->parameter];
    char wanted[GUESS_NAME];
    if (parameter->name[0] == '\0')
        snprintf(wanted, sizeof wanted, "arg%zu", guessing->parameter);
    else
        snprintf(wanted, sizeof wanted, "%.32s", parameter->name);
    size_t length = strlen(wanted);
    if (part[0] != '\0')
        snprintf(wanted + length, sizeof wanted - length, "%s%.40s", part[0] == '[' ? "" : "_",
                 part);
    for (char *c = wanted; *c != '\0'; c++) {
        if (!isalnum((unsigned char)*c))
            *c = '_';
    }
    for (length = strlen(wanted); length > 1 && wanted[length - 1] == '_'; length--)
        wanted[length - 1] = '\0';
    snprintf(name, GUESS_NAME, "%s", wanted);
    for (unsigned i = 2; is_taken(guessing->guess, name) && i < 1000; i++)
        snprintf(name, GUESS_NAME, "%.70s_%u", wanted, i);
}

// Does the pointer lead to the case's own type, whichever kernel of the family runs?
static bool follows_case(const struct guessing *guessing, const struct wavegauge_part *part,
                         size_t index)
{
    const struct case_guess *guess = guessing->guess;
    const struct catalog_entry *entry = guess->entry;
    for (size_t i = 0; entry->count > 1 && i < entry->count; i++) {
        const struct wavegauge_kernel_description *kernel =
            &guessing->catalog->kernels[entry->kernels[i]];
        enum dtype dtype;
        if (!described_dtype(kernel->parameters[guessing->parameter].parts[index].type, &dtype) ||
            dtype != entry->dtypes[i])
            return false;
    }
    enum dtype dtype;
    return entry->count > 1 || (described_dtype(part->type, &dtype) && dtype == guess->dtypes[0]);
}

static void describe_tensor(const struct guessing *guessing, const struct wavegauge_part *part,
                            struct guessed_tensor *tensor)
{
    const struct wavegauge_parameter *parameter =
        &guessing->guess->kernel->parameters[guessing->parameter];
    const char *star = strrchr(parameter->type, '*');
    bool ends = star != NULL && star[1] == '\0';
    bool known = part->element_bytes > 0 && part->type != WAVEGAUGE_TYPE_OTHER;
    snprintf(tensor->about, sizeof tensor->about, "%s%s%s%s%s%s", parameter->type,
             parameter->type[0] == '\0' || ends ? "" : " ", parameter->name,
             part->name[0] != '\0' && part->name[0] != '[' ? "." : "", part->name,
             tensor->io == IO_IN ? ""
                                 : "; GUESS: written only, say io: inout if it is read as well");
    if (!known) {
        size_t length = strlen(tensor->about);
        snprintf(tensor->about + length, sizeof tensor->about - length,
                 "; GUESS: the element type is not known");
    }
}

static void guess_fill(struct guessed_tensor *tensor, enum wavegauge_type type)
{
    const char *fill = "";
    if (tensor->io == IO_OUT)
        return;
    if (type == WAVEGAUGE_TYPE_BOOL)
        fill = "{uniform: [0, 1]}";
    else if (type == WAVEGAUGE_TYPE_OTHER)
        fill = "bits";
    else if (!described_is_float(type))
        fill = "{uniform: [0, 100]}";
    snprintf(tensor->fill, sizeof tensor->fill, "%s", fill);
}

static bool add_tensor(struct guessing *guessing, const struct wavegauge_part *part, size_t index,
                       struct text *text)
{
    struct case_guess *guess = guessing->guess;
    if (guess->tensor_count == MAX_TENSORS)
        return error_set(guessing->error, EXIT_USAGE,
                         "the kernel %s has more than %d pointers, which no case file can have",
                         guess->kernel->plain_name, MAX_TENSORS);
    struct guessed_tensor *tensor = &guess->tensors[guess->tensor_count];
    *tensor = (struct guessed_tensor){.io = part->is_const ? IO_IN : IO_OUT, .inner = 1};
    make_name(guessing, part->name, tensor->name);
    guess->tensor_count++;
    if (part->vector > 1)
        tensor->inner = part->vector;
    tensor->has_own_dtype = !follows_case(guessing, part, index);
    if (!described_dtype(part->type, &tensor->dtype)) {
        tensor->dtype = DTYPE_U8;
        tensor->inner = part->element_bytes > 0 ? part->element_bytes : 4;
    }
    describe_tensor(guessing, part, tensor);
    guess_fill(tensor, part->type);
    text_append(text, "%s", tensor->name);
    return true;
}

static void add_dim(struct guessing *guessing, const struct wavegauge_part *part, struct text *text)
{
    struct case_guess *guess = guessing->guess;
    struct guessed_dim *dim = &guess->dims[guess->dim_count];
    make_name(guessing, part->name, dim->name);
    dim->in_shapes = guess->dim_count < MOST_SHAPE_DIMS;
    dim->value = 1;
    guess->dim_count++;
    text_append(text, "%s %s", described_argument(part->type), dim->name);
}

// 0.5 is exact in every type, and unlike 1 it shows when a kernel forgets it.
static void add_constant(struct guessing *guessing, const struct wavegauge_part *part,
                         struct text *text)
{
    struct case_guess *guess = guessing->guess;
    const char *value = described_is_float(part->type) ? "0.5" : "1";
    text_append(text, "%s %s", described_argument(part->type), value);
    if (guess->constant_count == MAX_MEMBERS)
        return;
    struct guessed_constant *constant = &guess->constants[guess->constant_count];
    make_name(guessing, part->name, constant->name);
    snprintf(constant->value, sizeof constant->value, "%s", value);
    guess->constant_count++;
}

static bool add_part(struct guessing *guessing, const struct wavegauge_part *part, size_t index,
                     struct text *text)
{
    if (part->is_pointer)
        return add_tensor(guessing, part, index, text);
    if (part->type == WAVEGAUGE_TYPE_OTHER)
        text_append(text, "pad %u", part->size);
    else if (described_may_be_size(part->type) && guessing->guess->dim_count < MAX_DIMENSIONS)
        add_dim(guessing, part, text);
    else
        add_constant(guessing, part, text);
    return true;
}

// `pad` stands where the source's layout is not that of the members one behind the other.
static bool add_structure(struct guessing *guessing, const struct wavegauge_parameter *parameter,
                          struct text *text)
{
    uint64_t end = 0, largest = 1;
    text_append(text, "[");
    for (size_t i = 0; i < parameter->part_count; i++) {
        const struct wavegauge_part *part = &parameter->parts[i];
        uint64_t size = part->size > 0 ? part->size : 1;
        uint64_t natural = (end + size - 1) / size * size;
        if (i > 0)
            text_append(text, ", ");
        if (natural != part->offset)
            text_append(text, "pad %u, ", (unsigned)(part->offset - end));
        if (!add_part(guessing, part, i, text))
            return false;
        largest = size > largest ? size : largest;
        end = (uint64_t)part->offset + part->size;
    }
    uint64_t natural = (end + largest - 1) / largest * largest;
    if (natural != parameter->size)
        text_append(text, "%spad %u", parameter->part_count > 0 ? ", " : "",
                    (unsigned)(parameter->size - end));
    text_append(text, "]");
    return true;
}

// Without debug information a value is a whole number, if it has the size of one.
static struct wavegauge_part unknown_part(const struct wavegauge_parameter *parameter)
{
    struct wavegauge_part part = {.size = parameter->size, .vector = 1};
    part.is_pointer = parameter->is_pointer;
    if (parameter->is_pointer)
        part.type = WAVEGAUGE_TYPE_F32;
    else if (parameter->size == 4)
        part.type = WAVEGAUGE_TYPE_I32;
    else if (parameter->size == 8)
        part.type = WAVEGAUGE_TYPE_I64;
    return part;
}

static bool add_argument(struct guessing *guessing, const struct wavegauge_parameter *parameter,
                         struct text *text)
{
    struct wavegauge_part unknown = unknown_part(parameter);
    bool declared = parameter->name[0] != '\0';
    bool plain = parameter->part_count == 1 && parameter->parts[0].size == parameter->size;
    if (parameter->size > MAX_ARGUMENT_BYTES)
        return error_set(guessing->error, EXIT_USAGE,
                         "the parameter %s of the kernel %s is a structure of %u bytes; a case "
                         "file can give at most %d",
                         parameter->name, guessing->guess->kernel->plain_name, parameter->size,
                         MAX_ARGUMENT_BYTES);
    if (parameter->part_count > MAX_MEMBERS / 2 ||
        (parameter->part_count == 0 && (declared || unknown.type == WAVEGAUGE_TYPE_OTHER))) {
        text_append(text, "[pad %u]", parameter->size);
        return true;
    }
    if (parameter->part_count == 0)
        return add_part(guessing, &unknown, 0, text);
    return plain ? add_part(guessing, &parameter->parts[0], 0, text)
                 : add_structure(guessing, parameter, text);
}

// The declaration, "const float *x".
static void describe_argument(const struct wavegauge_parameter *parameter,
                              struct guessed_argument *argument)
{
    size_t length = strlen(parameter->type);
    bool ends_in_star = length > 0 && parameter->type[length - 1] == '*';
    bool unknown = strncmp(argument->text, "[pad ", 5) == 0;
    snprintf(argument->about, sizeof argument->about, "%s%s%s%s", parameter->type,
             length == 0 || ends_in_star ? "" : " ", parameter->name,
             unknown ? "; its members are not known: all zeros" : "");
}

static bool add_arguments(struct guessing *guessing)
{
    struct case_guess *guess = guessing->guess;
    const struct wavegauge_kernel_description *kernel = guess->kernel;
    if (kernel->parameter_count > MAX_ARGUMENTS)
        return error_set(guessing->error, EXIT_USAGE,
                         "the kernel %s has more than %d parameters, which no case file can give",
                         kernel->plain_name, MAX_ARGUMENTS);
    for (size_t i = 0; i < kernel->parameter_count; i++) {
        struct guessed_argument *argument = &guess->arguments[guess->argument_count++];
        const struct wavegauge_parameter *parameter = &kernel->parameters[i];
        struct text text = {0};
        guessing->parameter = i;
        bool good = add_argument(guessing, parameter, &text);
        snprintf(argument->text, sizeof argument->text, "%s", text_get(&text));
        describe_argument(parameter, argument);
        text_free(&text);
        if (!good)
            return false;
    }
    return true;
}

// The case's type: that of the first pointer to floats, or of the first pointer.
static void choose_dtypes(struct case_guess *guess)
{
    const struct wavegauge_kernel_description *kernel = guess->kernel;
    bool found = false;
    guess->dtype_count = 1;
    guess->dtypes[0] = DTYPE_F32;
    for (size_t i = 0; i < kernel->parameter_count; i++) {
        for (size_t j = 0; j < kernel->parameters[i].part_count; j++) {
            const struct wavegauge_part *part = &kernel->parameters[i].parts[j];
            enum dtype dtype;
            if (!part->is_pointer || !described_dtype(part->type, &dtype))
                continue;
            if (!found ||
                (described_is_float(part->type) && !dtype_info(guess->dtypes[0])->is_float))
                guess->dtypes[0] = dtype;
            found = true;
        }
    }
    for (size_t i = 0; guess->entry->count > 1 && i < guess->entry->count; i++) {
        guess->dtypes[i] = guess->entry->dtypes[i];
        guess->dtype_count = guess->entry->count;
    }
}

// Different sizes, none a multiple of another: so mixed up ones show.
static void choose_sizes(struct case_guess *guess)
{
    static const int64_t sizes[MOST_SHAPE_DIMS][MOST_SHAPE_DIMS] = {
        {1000}, {37, 53}, {7, 11, 13}, {2, 5, 7, 11}, {2, 3, 5, 7, 11}, {2, 3, 4, 5, 7, 11}};
    size_t count = guess->dim_count < MOST_SHAPE_DIMS ? guess->dim_count : MOST_SHAPE_DIMS;
    for (size_t i = 0; i < count; i++)
        guess->dims[i].value = sizes[count - 1][i];
}

// Something has to come out.
static bool choose_outputs(struct case_guess *guess, struct error *error)
{
    if (guess->tensor_count == 0)
        return error_set(error, EXIT_USAGE,
                         "the kernel %s takes no pointer, so that there is no output to compare",
                         guess->kernel->plain_name);
    for (size_t i = 0; i < guess->tensor_count; i++) {
        if (guess->tensors[i].io != IO_IN)
            return true;
    }
    struct guessed_tensor *last = &guess->tensors[guess->tensor_count - 1];
    size_t length = strlen(last->about);
    last->io = IO_OUT;
    last->fill[0] = '\0';
    snprintf(last->about + length, sizeof last->about - length, "; GUESS: what is written");
    return true;
}

bool case_guess_fill(struct case_guess *guess, const struct kernel_catalog *catalog,
                     const struct catalog_entry *entry, struct error *error)
{
    struct guessing guessing = {.guess = guess, .catalog = catalog, .error = error};
    guess->entry = entry;
    guess->kernel = &catalog->kernels[entry->kernels[0]];
    guess->threads = guess->kernel->max_threads < USUAL_THREADS && guess->kernel->max_threads > 0
                         ? guess->kernel->max_threads
                         : USUAL_THREADS;
    choose_dtypes(guess);
    if (!add_arguments(&guessing) || !choose_outputs(guess, error))
        return false;
    if (guess->dim_count == 0) {
        struct guessed_dim *dim = &guess->dims[guess->dim_count];
        snprintf(dim->name, sizeof dim->name, "%s", is_taken(guess, "n") ? "elements" : "n");
        dim->in_shapes = true;
        guess->dim_count++;
    }
    choose_sizes(guess);
    return true;
}
