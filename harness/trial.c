#include "trial.h"

#include "session.h"

#include <stdlib.h>
#include <string.h>

bool trials_add(struct trials *trials, const struct case_file *file, enum dtype dtype,
                const int64_t *dims, struct error *error)
{
    struct test_case test = {.file = file, .about = "", .position = {1, 1}, .dtype = dtype};
    memcpy(test.dims, dims, sizeof test.dims);
    return case_list_add_case(&trials->cases, &test, error);
}

static void ignore_result(const struct result *result, const struct test_case *test, void *user)
{
    (void)result;
    (void)test;
    (void)user;
}

static void count_trial(const struct result *result, void *user)
{
    (void)result;
    ((struct trial_runner *)user)->count++;
}

static void ignore_start(const struct test_case *test, size_t number, void *user)
{
    (void)test;
    (void)number;
    (void)user;
}

bool trials_run(struct trials *trials, struct trial_runner *runner, struct error *error)
{
    int interrupted = 0;
    free(trials->results);
    trials->results = calloc(trials->cases.count + 1, sizeof *trials->results);
    if (trials->results == NULL)
        return error_out_of_memory(error);
    if (runner->interrupted != 0 || trials->cases.count == 0)
        return true;
    struct schedule schedule = {.options = &runner->options,
                                .cases = &trials->cases,
                                .results = trials->results,
                                .on_result = ignore_result,
                                .on_finish = count_trial,
                                .on_start = ignore_start,
                                .user = runner};
    bool good = schedule_run(&schedule, &interrupted, error);
    json_decref(schedule.environment);
    runner->interrupted = interrupted;
    return good;
}

struct result *trials_take(struct trials *trials, size_t index)
{
    if (trials->results == NULL || index >= trials->cases.count)
        return NULL;
    struct result *result = trials->results[index];
    trials->results[index] = NULL;
    return result;
}

void trials_free(struct trials *trials)
{
    for (size_t i = 0; trials->results != NULL && i < trials->cases.count; i++)
        result_free(trials->results[i]);
    free(trials->results);
    case_list_free(&trials->cases);
    *trials = (struct trials){0};
}

struct result *trial(struct trial_runner *runner, const struct case_file *file, enum dtype dtype,
                     const int64_t *dims, struct error *error)
{
    struct trials trials = {0};
    struct result *result = NULL;
    if (trials_add(&trials, file, dtype, dims, error) && trials_run(&trials, runner, error)) {
        result = trials_take(&trials, 0);
        if (result == NULL)
            error_set(error, EXIT_FAILED, "interrupted");
    }
    trials_free(&trials);
    return result;
}

bool trial_time_left(const struct trial_runner *runner)
{
    return runner->interrupted == 0 && (runner->deadline == 0 || seconds_now() < runner->deadline);
}

struct case_file *case_file_variant(const struct case_file *file)
{
    struct case_file *variant = malloc(sizeof *variant);
    if (variant == NULL)
        return NULL;
    *variant = *file;
    variant->arena = (struct arena){0};
    return variant;
}

struct case_file *case_file_with_flags(const struct case_file *file, const char *const *flags,
                                       size_t count)
{
    if (file->flag_count + count > MAX_FLAGS)
        return NULL;
    struct case_file *variant = case_file_variant(file);
    for (size_t i = 0; variant != NULL && i < count; i++)
        variant->flags[variant->flag_count++] = flags[i];
    return variant;
}
