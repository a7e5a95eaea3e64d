// A guess as the C file of a reference that is still to be written.
#include "case_guess.h"

#include <stdio.h>
#include <string.h>

static bool is_output(const struct guessed_tensor *tensor)
{
    return tensor->io != IO_IN;
}

static void append_inputs(const struct case_guess *guess, struct text *text)
{
    for (size_t i = 0; i < guess->dim_count; i++)
        text_append(text, "    const int64_t %s = wavegauge_dim(call, \"%s\");\n",
                    guess->dims[i].name, guess->dims[i].name);
    for (size_t i = 0; i < guess->constant_count; i++)
        text_append(text, "    const double %s = %s; // as the case file says\n",
                    guess->constants[i].name, guess->constants[i].value);
    for (size_t i = 0; i < guess->tensor_count; i++) {
        const char *name = guess->tensors[i].name;
        if (!is_output(&guess->tensors[i]))
            text_append(text, "    const double *%s = wavegauge_input(call, \"%s\");\n", name,
                        name);
    }
}

static void append_outputs(const struct case_guess *guess, struct text *text)
{
    for (size_t i = 0; i < guess->tensor_count; i++) {
        const char *name = guess->tensors[i].name;
        if (!is_output(&guess->tensors[i]))
            continue;
        text_append(text,
                    "    double *%s = wavegauge_expected(call, \"%s\");\n"
                    "    double *%s_magnitude = wavegauge_magnitude(call, \"%s\");\n",
                    name, name, name, name);
    }
}

static void append_loops(const struct case_guess *guess, struct text *text)
{
    for (size_t i = 0; i < guess->tensor_count; i++) {
        const char *name = guess->tensors[i].name;
        if (!is_output(&guess->tensors[i]))
            continue;
        text_append(text,
                    "    for (size_t element = 0; element < wavegauge_count(call, \"%s\"); "
                    "element++) {\n"
                    "        %s[element] = 0; // what the kernel is to leave here\n"
                    "        // Of a sum, the sum of the absolute values of its terms.\n"
                    "        %s_magnitude[element] = fabs(%s[element]);\n"
                    "    }\n",
                    name, name, name, name);
    }
}

void case_guess_append_reference(const struct case_guess *guess, const char *case_path,
                                 struct text *text)
{
    text_append(
        text,
        "// What the kernel %s is to compute, in double precision. `wavegauge run %s` "
        "compiles this file\n"
        "// and calls it for every case. wavegauge_reference.h lists what can be asked of a "
        "case;\n"
        "// names are those of the case file, tensors are row-major.\n"
        "#include <wavegauge_reference.h>\n\n"
        "#include <math.h>\n\n"
        "void wavegauge_reference(struct wavegauge_call *call)\n"
        "{\n",
        guess->entry->plain, case_path);
    append_inputs(guess, text);
    append_outputs(guess, text);
    text_append(text, "\n    // Take this line out when what follows is written.\n"
                      "    wavegauge_fail(call, \"not written yet\");\n\n"
                      "    // The most terms that an element is the sum of.\n"
                      "    wavegauge_terms(call, 1);\n");
    append_loops(guess, text);
    text_append(text, "}\n");
}
