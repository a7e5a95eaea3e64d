// links: scratch_folder wavegauge-emu
//
// Every case of the gate as a test of its own, on the default target: the same selection and the
// same engine as `wavegauge run`, in the test's process. With sanitizers, which are many times
// slower, one in four has to do.
#include "harness/case_run.h"
#include "harness/program_path.h"
#include "harness/selection.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <stdlib.h>

#ifdef __SANITIZE_ADDRESS__
#define STEP 4
#else
#define STEP 1
#endif

struct gate_case {
    char id[512];
};

static void select_all(struct selection *selection)
{
    struct error error;
    setenv("WAVEGAUGE_CASES", TEST_SOURCE_FOLDER "/cases", 1);
    setenv("WAVEGAUGE_CACHE", TEST_KERNEL_CACHE, 1);
    unsetenv("WAVEGAUGE_DEVICE_LIBRARY");
    unsetenv("WAVEGAUGE_HIPCC");
    cr_assert(selection_create(selection, NULL, 0, &error), "%s", error.text);
}

static void free_cases(struct criterion_test_params *parameters)
{
    cr_free(parameters->params);
}

ParameterizedTestParameters(gate_cases, pass)
{
    struct selection selection;
    select_all(&selection);
    size_t count = selection.cases.count / STEP;
    struct gate_case *cases = cr_malloc(count * sizeof *cases);
    for (size_t i = 0; i < count; i++)
        snprintf(cases[i].id, sizeof cases[i].id, "%s", selection.cases.cases[i * STEP].id);
    selection_free(&selection);
    return cr_make_param_array(struct gate_case, cases, count, free_cases);
}

ParameterizedTest(struct gate_case *parameter, gate_cases, pass, .timeout = 300)
{
    struct selection selection;
    struct session session = {.device_kind = "emu", .seed = 1};
    struct result *result = NULL;
    struct error error;
    select_all(&selection);
    const struct test_case *test = case_list_find(&selection.cases, parameter->id);
    cr_assert_not_null(test, "%s", parameter->id);
    cr_assert(session_open(&session, &error), "%s", error.text);
    cr_assert(case_run(&session, test, &result, &error), "%s", error.text);
    cr_assert_eq(result->status, STATUS_PASS, "%s: %s: %s", parameter->id,
                 status_name(result->status), result->message);
    cr_assert(result->elements > 0 || result->worst_index == -1);
    result_free(result);
    session_close(&session);
    selection_free(&selection);
}
