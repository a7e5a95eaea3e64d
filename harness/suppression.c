#include "suppression.h"

#include <fnmatch.h>
#include <string.h>

bool suppressions_start(const struct case_file *file, struct result *result)
{
    for (size_t i = 0; i < file->suppression_count; i++) {
        const struct suppression *given = &file->suppressions[i];
        struct suppressed entry = {.check = (char *)given->check,
                                   .function = (char *)given->function,
                                   .reason = (char *)given->reason,
                                   .line = given->line};
        if (!result_add_suppressed(result, &entry))
            return false;
    }
    return true;
}

// Mangled names hold the plain one after its length: "_Z4loadPKf" is load(float const *).
static bool matches_mangled(const char *glob, const char *name)
{
    char plain[256];
    for (const char *next = name; *next != '\0'; next++) {
        if (next[0] < '1' || next[0] > '9')
            continue;
        size_t length = 0;
        while (*next >= '0' && *next <= '9' && length < sizeof plain)
            length = 10 * length + (size_t)(*next++ - '0');
        if (length == 0 || length >= sizeof plain || strlen(next) < length)
            return false;
        memcpy(plain, next, length);
        plain[length] = '\0';
        if (fnmatch(glob, plain, 0) == 0)
            return true;
        next += length - 1;
    }
    return false;
}

static bool matches_name(const char *glob, const char *name)
{
    return name != NULL && (fnmatch(glob, name, 0) == 0 ||
                            (strncmp(name, "_Z", 2) == 0 && matches_mangled(glob, name + 2)));
}

bool suppression_matches(struct result *result, const struct finding *finding)
{
    for (size_t i = 0; i < result->suppression_count; i++) {
        struct suppressed *entry = &result->suppressions[i];
        if (strcmp(entry->check, finding->check) != 0 ||
            (entry->line > 0 && entry->line != finding->line) ||
            (!matches_name(entry->function, finding->function) &&
             !matches_name(entry->function, finding->kernel)))
            continue;
        entry->matched += finding->count;
        return true;
    }
    return false;
}
