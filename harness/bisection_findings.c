#include "bisection_findings.h"

#include <string.h>

// Where the variable is declared that is to blame; NULL: it does not say.
static const char *declaration(const struct finding *finding)
{
    return strstr(finding->text, "declared at ");
}

static bool is_listed(const struct bisection_finding *list, size_t count,
                      const struct finding *finding)
{
    for (size_t i = 0; i < count; i++) {
        const struct finding *other = list[i].finding;
        bool says_more = declaration(finding) != NULL && declaration(other) == NULL;
        if (!says_more && other->line == finding->line &&
            strcmp(other->check, finding->check) == 0 && strcmp(other->kind, finding->kind) == 0 &&
            strcmp(other->file, finding->file) == 0)
            return true;
    }
    return false;
}

static size_t add(const struct result *result, const char *build, struct bisection_finding *list,
                  size_t count)
{
    for (size_t i = 0; result != NULL && i < result->finding_count; i++) {
        if (count < MAX_BISECTION_FINDINGS && !is_listed(list, count, &result->findings[i]))
            list[count++] = (struct bisection_finding){&result->findings[i], build};
    }
    return count;
}

size_t bisection_list_findings(const struct bisection *bisection, struct bisection_finding *list)
{
    size_t count = add(bisection->replays[BUILD_O3], "", list, 0);
    count = add(bisection->original_replay, "", list, count);
    if (bisection->is_emulator)
        count = add(bisection->original, "", list, count);
    count = add(bisection->replays[BUILD_O1], "-O1", list, count);
    count = add(bisection->replays[BUILD_O0], "-O0", list, count);
    return add(bisection->compiler, "compiler", list, count);
}
