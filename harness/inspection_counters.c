#include "inspection_counters.h"

#include "case_data.h"
#include "device_run.h"
#include "memory_need.h"

struct counting {
    struct inspection *inspection;
    struct inspected_target *target;
    bool failed;
};

static void take_counters(const struct wavegauge_instruction *instruction,
                          const struct wavegauge_counters *counters, void *user)
{
    struct counting *counting = user;
    if (!inspection_count(counting->inspection, counting->target, instruction, counters))
        counting->failed = true;
}

static bool launch(struct counting *counting, const struct inspect_api *api,
                   struct session *session, struct case_data *data, struct result *result,
                   struct error *error)
{
    struct device_run *run =
        device_run_create(&session->device, session->module, data->plan, error);
    if (run == NULL)
        return false;
    session_collect_findings(session, result);
    api->set_counter_handler(take_counters, counting);
    bool good =
        device_run_execute(run, (const void *const *)data->inputs, 0, data->outputs[0], result);
    api->set_counter_handler(NULL, NULL);
    session_collect_findings(session, NULL);
    device_run_free(run);
    if (!good)
        return error_set(error, EXIT_FAILED,
                         "%s does not run to its end, so that there is nothing to count: %s\n"
                         "`wavegauge run` and `wavegauge bisect` say more",
                         result->id, result->message);
    return !counting->failed || error_out_of_memory(error);
}

static bool run_plan(struct counting *counting, const struct inspect_api *api,
                     struct session *session, const struct plan *plan, struct result *result,
                     struct error *error)
{
    struct case_data data = {0};
    bool good = case_data_allocate(&data, plan) || error_out_of_memory(error);
    if (good) {
        case_data_fill(&data, session->seed, plan->check.no_random_pass ? PASS_EXACT : PASS_RANDOM);
        good = launch(counting, api, session, &data, result, error);
    }
    case_data_free(&data);
    return good;
}

bool inspection_run_case(struct inspection *inspection, struct inspected_target *target,
                         const struct inspect_api *api, struct session *session,
                         const struct test_case *test, struct error *error)
{
    struct counting counting = {.inspection = inspection, .target = target};
    struct result *result = result_create(test, session->seed);
    if (result == NULL)
        return error_out_of_memory(error);
    struct plan *plan = plan_create(test, error);
    bool good = plan != NULL && memory_suffices(&session->device, plan, error) &&
                session_load_kernel(session, test->file, result, error) &&
                run_plan(&counting, api, session, plan, result, error);
    plan_free(plan);
    result_free(result);
    inspection->case_id = good ? test->id : NULL;
    inspection->seed = session->seed;
    return good;
}
