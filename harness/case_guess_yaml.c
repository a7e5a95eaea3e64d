// A guess as a case file.
#include "case_guess.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

// Between double quotes, as YAML has it.
static void append_quoted(const char *words, struct text *text)
{
    text_append(text, "\"");
    for (const char *c = words; *c != '\0'; c++)
        text_append(text, "%s%c", *c == '"' || *c == '\\' ? "\\" : "", *c);
    text_append(text, "\"");
}

// "n" or "rows, columns"; with another separator for a product.
static void append_shape(const struct case_guess *guess, const char *separator, struct text *text)
{
    bool first = true;
    for (size_t i = 0; i < guess->dim_count; i++) {
        if (!guess->dims[i].in_shapes)
            continue;
        text_append(text, "%s%s", first ? "" : separator, guess->dims[i].name);
        first = false;
    }
}

static void append_head(const struct case_guess *guess, struct text *text)
{
    text_append(text,
                "# A case file for the kernel %s, made by `wavegauge new`.\n"
                "# What is marked GUESS cannot be read from the kernel: look at it, then take the "
                "mark out.\n"
                "# docs/case-files.md explains every key.\n"
                "kernel: %s\n"
                "about: %s # what the kernel computes, in a few words\n"
                "source: ",
                guess->entry->plain, guess->name, guess->name);
    append_quoted(guess->source, text);
    text_append(text, "\nreference: ");
    append_quoted(guess->reference, text);
    text_append(text, " # what the kernel is to compute; to be written\n");
}

static void append_dims(const struct case_guess *guess, struct text *text)
{
    text_append(text,
                "# GUESS: the whole numbers that the kernel is given, with defaults\ndims: {");
    for (size_t i = 0; i < guess->dim_count; i++)
        text_append(text, "%s%s: %" PRId64, i > 0 ? ", " : "", guess->dims[i].name,
                    guess->dims[i].value);
    text_append(text, "}\ndtypes: [");
    for (size_t i = 0; i < guess->dtype_count; i++)
        text_append(text, "%s%s", i > 0 ? ", " : "", dtype_info(guess->dtypes[i])->name);
    text_append(text, "]\n");
}

static void append_tensors(const struct case_guess *guess, struct text *text)
{
    text_append(text, "# GUESS: every tensor has an element for every combination of the dims\n"
                      "tensors:\n");
    for (size_t i = 0; i < guess->tensor_count; i++) {
        const struct guessed_tensor *tensor = &guess->tensors[i];
        text_append(text, "  %s: {io: %s, shape: [", tensor->name, tensor_io_name(tensor->io));
        append_shape(guess, ", ", text);
        if (tensor->inner > 1)
            text_append(text, ", %" PRIu64, tensor->inner);
        text_append(text, "]");
        if (tensor->has_own_dtype)
            text_append(text, ", dtype: %s", dtype_info(tensor->dtype)->name);
        if (tensor->fill[0] != '\0')
            text_append(text, ", fill: %s", tensor->fill);
        text_append(text, "} # %s\n", tensor->about);
    }
}

static void append_launch(const struct case_guess *guess, struct text *text)
{
    text_append(text, "launches:\n  - function: \"%s\"", guess->entry->name);
    if (strcmp(guess->entry->name, guess->entry->plain) != 0)
        text_append(text, " # %s", guess->entry->plain);
    text_append(text, "\n    grid: [ceil(");
    append_shape(guess, " * ", text);
    text_append(text, " / %u)] # GUESS: workgroups, for one thread per element\n", guess->threads);
    text_append(text, "    block: [%u] # GUESS: threads of a workgroup; at most %u\n",
                guess->threads, guess->kernel->max_threads);
    if (guess->has_dynamic_lds)
        text_append(text,
                    "    lds: %u # GUESS: bytes of `extern __shared__` memory of a workgroup\n",
                    4 * guess->threads);
    text_append(text, "    args:\n");
    for (size_t i = 0; i < guess->argument_count; i++)
        text_append(text, "      - %s%s%s\n", guess->arguments[i].text,
                    guess->arguments[i].about[0] != '\0' ? " # " : "", guess->arguments[i].about);
}

static bool has_float_output(const struct case_guess *guess)
{
    for (size_t i = 0; i < guess->tensor_count; i++) {
        const struct guessed_tensor *tensor = &guess->tensors[i];
        if (tensor->io != IO_IN && !tensor->has_own_dtype && dtype_info(guess->dtypes[0])->is_float)
            return true;
        if (tensor->io != IO_IN && tensor->has_own_dtype && dtype_info(tensor->dtype)->is_float)
            return true;
    }
    return false;
}

static void append_check(const struct case_guess *guess, struct text *text)
{
    if (has_float_output(guess))
        text_append(
            text,
            "# How far off an answer may be. bound: as far as rounding in f32 can take it, worked "
            "out by the reference.\n"
            "# Or say it yourself: {allclose: {atol: 1e-5, rtol: 1e-5}}. Add `exact: false` when "
            "answers are never exact\n"
            "# whole numbers and fractions of two, as those of exp() or a division.\n"
            "check: {bound: 1}\n");
    else
        text_append(text,
                    "check: {allclose: {atol: 0, rtol: 0}} # the outputs are whole numbers\n");
}

// One dim: around the sizes at which kernels go wrong. Several: one of everything, and the
// defaults.
static void append_cases(const struct case_guess *guess, struct text *text)
{
    text_append(text, "# A list stands for a case of each value; `about` says what a case is there "
                      "to catch.\ncases:\n");
    if (guess->dim_count == 1) {
        text_append(text, "  - {%s: [1, %u, %u, %u, 1000]}\n", guess->dims[0].name,
                    guess->threads - 1, guess->threads, guess->threads + 1);
        return;
    }
    for (int small = 0; small < 2; small++) {
        text_append(text, "  - {");
        for (size_t i = 0; i < guess->dim_count; i++)
            text_append(text, "%s%s: %" PRId64, i > 0 ? ", " : "", guess->dims[i].name,
                        small ? 1 : guess->dims[i].value);
        text_append(text, "%s}\n", small ? ", about: one of everything" : "");
    }
}

void case_guess_append_yaml(const struct case_guess *guess, struct text *text)
{
    append_head(guess, text);
    append_dims(guess, text);
    append_tensors(guess, text);
    append_launch(guess, text);
    append_check(guess, text);
    append_cases(guess, text);
}
