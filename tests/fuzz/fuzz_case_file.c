// libFuzzer target: any bytes as a case file, to its cases and their plans. What is accepted must
// have cases that can be planned; what is refused must say where and why.
#include "harness/cases.h"
#include "harness/plan.h"
#include "harness/shard.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_CASES = 2000 };

static void require(int condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "broken promise: %s\n", what);
    abort();
}

// "path:line:column: message", the numbers from 1, or what goes without a place.
static void check_refusal(const char *path, const struct error *error)
{
    int line = 0, column = 0;
    require(error->text[0] != '\0', "a reason for refusal");
    if (error->status != EXIT_USAGE)
        return;
    require(strncmp(error->text, path, strlen(path)) == 0, "the path first");
    require(sscanf(error->text + strlen(path), ":%d:%d: ", &line, &column) == 2, "a place");
    require(line >= 1 && column >= 1, "places from 1");
}

static double count_cases(const struct case_file *file, const struct sweep *sweeps, size_t count)
{
    double cases = 0;
    for (size_t i = 0; i < count; i++) {
        double product = DTYPE_COUNT;
        for (size_t j = 0; j < file->dimension_count; j++)
            product *= sweeps[i].value_counts[j] > 0 ? sweeps[i].value_counts[j] : 1;
        cases += product;
    }
    return cases;
}

// A sweep of many long lists is right and slow.
static int is_small(const struct case_file *file)
{
    return count_cases(file, file->sweeps, file->sweep_count) +
               count_cases(file, file->further, file->further_count) <=
           MOST_CASES;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char path[] = "/dev/case.yaml"; // beside /dev/null, a source that can be read
    struct error error = {0};
    struct case_list list = {0};
    struct case_file *file = case_file_parse(path, (const char *)data, size, &error);
    if (file == NULL) {
        check_refusal(path, &error);
        return 0;
    }
    if (is_small(file) && (!case_list_add(&list, file, file->sweeps, file->sweep_count, &error) ||
                           !case_list_add_further(&list, file, 0, &error))) {
        check_refusal(path, &error);
    } else {
        for (size_t i = 0; i < list.count; i++) {
            struct plan *plan = plan_create(&list.cases[i], &error);
            require(plan != NULL, "cases of a list can be planned");
            require(case_cost(&list.cases[i]) > 0, "a cost above 0");
            plan_free(plan);
        }
    }
    case_list_free(&list);
    case_file_free(file);
    return 0;
}
