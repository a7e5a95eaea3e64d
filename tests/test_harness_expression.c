// links: wavegauge_harness
#include "harness/expression.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct variable variables[] = {{"seq_q", 33}, {"heads", 2}, {"negative", -7}};

static double evaluate(const char *text)
{
    double value;
    struct error error;
    cr_assert(expression_evaluate(text, variables, 3, &value, &error), "%s", error.text);
    return value;
}

Test(expression, computes)
{
    cr_assert_eq(evaluate("ceil(seq_q / 32)"), 2);
    cr_assert_eq(evaluate("floor(seq_q / 32)"), 1);
    cr_assert_eq(evaluate("seq_q / 2"), 16.5);
    cr_assert_eq(evaluate("1 + 2 * heads - 3"), 2);
    cr_assert_eq(evaluate("(1 + 2) * heads"), 6);
    cr_assert_eq(evaluate("seq_q % 8 * 2"), 2);
    cr_assert_eq(evaluate("2 * seq_q % 8"), 2);
    cr_assert_eq(evaluate("100 - seq_q - heads"), 65);
    cr_assert_eq(evaluate("min(seq_q, heads, 9) + max(1, heads)"), 4);
    cr_assert_eq(evaluate("1 / sqrt(4 * 16)"), 0.125);
    cr_assert_eq(evaluate("abs(negative) + -heads"), 5);
}

Test(expression, refuses_what_is_none)
{
    static const struct {
        const char *text, *part;
    } wrong[] = {
        {"seq_k", "seq_k"},
        {"1 +", ""},
        {"heads = 3", "not an expression"},
        {"1, 2", "2 values"},
        {"1 / 0", "finite"},
        {"sqrt(negative)", "finite"},
        {"system(1)", "system"},
        {"", ""},
        {"heads ^ 2", "not an expression"},
        {"(1", ""},
        {"_pi", "_pi"},
        {"\"text\"", "not an expression"},
        {"min()", "min"},
        {"heads seq_q", ""},
        {"heads ? 1 : 2", "not an expression"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        double value;
        struct error error = {0};
        cr_expect_not(expression_evaluate(wrong[i].text, variables, 3, &value, &error), "%s",
                      wrong[i].text);
        cr_expect_eq(error.status, EXIT_USAGE);
        cr_expect(strstr(error.text, wrong[i].part) != NULL, "%s: %s", wrong[i].text, error.text);
    }
}

Test(expression, whole_numbers_only_where_asked)
{
    int64_t value;
    struct error error;
    cr_assert(expression_evaluate_integer("heads * 16", variables, 3, 1, 32, &value, &error));
    cr_assert_eq(value, 32);
    cr_assert_not(expression_evaluate_integer("heads * 16", variables, 3, 1, 31, &value, &error));
    cr_assert(strstr(error.text, "expected 1 to 31") != NULL, "%s", error.text);
    cr_assert_not(expression_evaluate_integer("seq_q / 2", variables, 3, 1, 31, &value, &error));
    cr_assert(strstr(error.text, "whole number") != NULL, "%s", error.text);
    cr_assert_not(expression_evaluate_integer("1e300", variables, 3, 1, 31, &value, &error));
}

Test(expression, deep_nesting_is_an_answer_or_an_error)
{
    enum { DEPTH = 20000 };
    static char text[2 * DEPTH + 2];
    double value;
    memset(text, '(', DEPTH);
    text[DEPTH] = '1';
    memset(text + DEPTH + 1, ')', DEPTH);
    struct error error;
    if (expression_evaluate(text, NULL, 0, &value, &error))
        cr_assert_eq(value, 1);
}

Test(expression, names_of_dimensions)
{
    cr_assert(expression_name_is_valid("seq_q"));
    cr_assert(expression_name_is_valid("_x1"));
    cr_assert_not(expression_name_is_valid("1x"));
    cr_assert_not(expression_name_is_valid("max"));
    cr_assert_not(expression_name_is_valid("a-b"));
    cr_assert_not(expression_name_is_valid(""));
}
