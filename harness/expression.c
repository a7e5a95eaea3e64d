#include "expression.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <muParserDLL.h>
#include <string.h>

enum { PRECEDENCE_OF_MULTIPLICATION = 6 };

static const char *const function_names[] = {"min", "max", "ceil", "floor", "sqrt", "abs"};

bool expression_name_is_valid(const char *name)
{
    if (!isalpha((unsigned char)name[0]) && name[0] != '_')
        return false;
    for (const char *c = name; *c != '\0'; c++) {
        if (!isalnum((unsigned char)*c) && *c != '_')
            return false;
    }
    for (size_t i = 0; i < sizeof function_names / sizeof *function_names; i++) {
        if (strcmp(name, function_names[i]) == 0)
            return false;
    }
    return true;
}

static double smallest(const double *values, int count)
{
    double result = values[0];
    for (int i = 1; i < count; i++)
        result = fmin(result, values[i]);
    return result;
}

static double largest(const double *values, int count)
{
    double result = values[0];
    for (int i = 1; i < count; i++)
        result = fmax(result, values[i]);
    return result;
}

// Dimensions are constants to the parser, so that an expression cannot assign to one.
static void define_language(muParserHandle_t parser, const struct variable *variables, size_t count)
{
    mupClearFun(parser);
    mupClearConst(parser);
    mupDefineMultFun(parser, "min", smallest, 0);
    mupDefineMultFun(parser, "max", largest, 0);
    mupDefineFun1(parser, "ceil", ceil, 0);
    mupDefineFun1(parser, "floor", floor, 0);
    mupDefineFun1(parser, "sqrt", sqrt, 0);
    mupDefineFun1(parser, "abs", fabs, 0);
    mupDefineOprt(parser, "%", fmod, PRECEDENCE_OF_MULTIPLICATION, muOPRT_ASCT_LEFT, 0);
    for (size_t i = 0; i < count; i++)
        mupDefineConst(parser, variables[i].name, variables[i].value);
}

static bool evaluate(muParserHandle_t parser, const char *expression, double *value,
                     struct error *error)
{
    mupSetExpr(parser, expression);
    int result_count = 0;
    const double *results = mupEvalMulti(parser, &result_count);
    if (mupError(parser)) {
        const char *message = mupGetErrorMsg(parser);
        return error_set(error, EXIT_USAGE, "in the expression '%s': %s", expression, message);
    }
    if (results == NULL || result_count != 1)
        return error_set(error, EXIT_USAGE, "the expression '%s' gives %d values, expected one",
                         expression, result_count);
    *value = results[0];
    if (!isfinite(*value))
        return error_set(error, EXIT_USAGE, "the expression '%s' is %g, expected a finite number",
                         expression, *value);
    return true;
}

// The parser reports errors through this, or by printing and ending the process if there is none.
static void keep_error(muParserHandle_t parser)
{
    (void)parser;
}

// Characters with a meaning to the parser that is not part of our language.
static bool has_only_our_characters(const char *expression)
{
    for (const char *c = expression; *c != '\0'; c++) {
        if (!isalnum((unsigned char)*c) && strchr("_.+-*/%(), \t", *c) == NULL)
            return false;
    }
    return true;
}

bool expression_evaluate(const char *expression, const struct variable *variables, size_t count,
                         double *value, struct error *error)
{
    if (!has_only_our_characters(expression))
        return error_set(error, EXIT_USAGE,
                         "'%s' is not an expression: expected dimensions, numbers, + - * / %% ( ) "
                         "and min, max, ceil, floor, sqrt, abs",
                         expression);
    muParserHandle_t parser = mupCreate(muBASETYPE_FLOAT);
    if (parser == NULL)
        return error_out_of_memory(error);
    mupSetErrorHandler(parser, keep_error);
    define_language(parser, variables, count);
    bool good = evaluate(parser, expression, value, error);
    mupRelease(parser);
    return good;
}

bool expression_evaluate_integer(const char *expression, const struct variable *variables,
                                 size_t count, int64_t lowest, int64_t highest, int64_t *value,
                                 struct error *error)
{
    double real;
    if (!expression_evaluate(expression, variables, count, &real, error))
        return false;
    // 2^53: beyond it a double no longer tells neighbouring integers apart.
    if (real != floor(real) || fabs(real) > 0x1p53)
        return error_set(error, EXIT_USAGE, "'%s' is %.17g, expected a whole number", expression,
                         real);
    *value = (int64_t)real;
    if (*value < lowest || *value > highest)
        return error_set(error, EXIT_USAGE, "'%s' is %" PRId64 ", expected %" PRId64 " to %" PRId64,
                         expression, *value, lowest, highest);
    return true;
}
