#include "named_ratio.h"

#include <math.h>
#include <stdio.h>

static const struct {
    double value;
    const char *name;
} constants[] = {
    {-1, "-1"},
    {2, "2"},
    {0.5, "1/2"},
    {1.4426950408889634, "log2(e)"},
    {0.6931471805599453, "ln(2)"},
    {2.718281828459045, "e"},
    {4, "4"},
    {0.25, "1/4"},
    {3, "3"},
    {1.0 / 3, "1/3"},
    {8, "8"},
    {0.125, "1/8"},
    {16, "16"},
    {1.0 / 16, "1/16"},
    {32, "32"},
    {1.0 / 32, "1/32"},
    {64, "64"},
    {1.0 / 64, "1/64"},
    {1.4142135623730951, "sqrt(2)"},
    {0.7071067811865476, "1/sqrt(2)"},
};

enum {
    COMMON = 6,
    CONSTANTS = sizeof constants / sizeof *constants,
    FORMS_OF_ONE = 4,
    FORMS_OF_TWO = 4
};

static void of_one(int form, double d, const char *name, double *value, char *text, size_t capacity)
{
    static const char *const open[FORMS_OF_ONE] = {"sqrt(", "1/sqrt(", "", "1/"};
    const double values[FORMS_OF_ONE] = {sqrt(d), 1 / sqrt(d), d, 1 / d};
    *value = values[form];
    snprintf(text, capacity, "%s%s%s", open[form], name, form < 2 ? ")" : "");
}

static void of_two(int form, double a, double b, const char *first, const char *second,
                   double *value, char *text, size_t capacity)
{
    static const char *const open[FORMS_OF_TWO] = {"", "sqrt(", "1/(", "1/sqrt("};
    static const char *const sign[FORMS_OF_TWO] = {"/", "/", "*", "*"};
    const double values[FORMS_OF_TWO] = {a / b, sqrt(a / b), 1 / (a * b), 1 / sqrt(a * b)};
    *value = values[form];
    snprintf(text, capacity, "%s%s%s%s%s", open[form], first, sign[form], second,
             form == 0 ? "" : ")");
}

// The commonest constants, then dimensions one by one, the last first (head_dim is one), the other
// constants, and pairs.
bool named_ratio_at(const struct plan *plan, size_t index, double *value, char *name,
                    size_t capacity)
{
    const struct case_file *file = plan->test->file;
    const size_t dims = file->dimension_count, singles = dims * FORMS_OF_ONE;
    if (index >= COMMON && index < COMMON + singles) {
        size_t form = (index - COMMON) % FORMS_OF_ONE;
        size_t i = dims - 1 - (index - COMMON) / FORMS_OF_ONE;
        of_one((int)form, (double)plan->test->dims[i], file->dimensions[i].name, value, name,
               capacity);
        return true;
    }
    index -= index >= COMMON ? singles : 0;
    if (index < CONSTANTS) {
        *value = constants[index].value;
        snprintf(name, capacity, "%s", constants[index].name);
        return true;
    }
    index -= CONSTANTS;
    if (index >= dims * dims * FORMS_OF_TWO)
        return false;
    size_t pair = index / FORMS_OF_TWO, i = pair / dims, j = pair % dims;
    of_two((int)(index % FORMS_OF_TWO), (double)plan->test->dims[i], (double)plan->test->dims[j],
           file->dimensions[i].name, file->dimensions[j].name, value, name, capacity);
    return true;
}

double named_ratio(const struct plan *plan, double ratio, double tolerance, char *name,
                   size_t capacity)
{
    char text[80];
    double value;
    for (size_t i = 0; named_ratio_at(plan, i, &value, text, sizeof text); i++) {
        if (isfinite(value) && value != 1 && fabs(value - ratio) <= tolerance * fabs(ratio)) {
            snprintf(name, capacity, "%s (%.6g)", text, value);
            return value;
        }
    }
    snprintf(name, capacity, "%.6g", ratio);
    return ratio;
}
