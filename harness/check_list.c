#include "check_list.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[] = {"memcheck", "initcheck", "racecheck", "synccheck", "waitcheck"};

enum { NAME_COUNT = sizeof names / sizeof *names };

static bool is_known(const char *text, size_t length)
{
    for (size_t i = 0; i < NAME_COUNT; i++) {
        if (strlen(names[i]) == length && memcmp(names[i], text, length) == 0)
            return true;
    }
    return false;
}

bool check_name_is_known(const char *name)
{
    return is_known(name, strlen(name));
}

const char *check_names(void)
{
    return "memcheck, initcheck, racecheck, synccheck, waitcheck";
}

bool check_list_is_valid(const char *text, struct error *error)
{
    if (strcmp(text, "all") == 0 || strcmp(text, "none") == 0)
        return true;
    for (const char *next = text;; next++) {
        size_t length = strcspn(next, ",");
        if (!is_known(next, length))
            return error_set(error, EXIT_USAGE,
                             "--check %s: there is no check '%.*s', expected all, none or a list "
                             "of %s",
                             text, (int)length, next, check_names());
        next += length;
        if (*next == '\0')
            return true;
    }
}

bool check_list_has(const char *text, const char *name)
{
    size_t length = strlen(name);
    if (strcmp(text, "all") == 0)
        return true;
    for (const char *next = text;; next++) {
        size_t part = strcspn(next, ",");
        if (part == length && memcmp(next, name, length) == 0)
            return true;
        next += part;
        if (*next == '\0')
            return false;
    }
}

bool check_list_apply(const char *text, struct error *error)
{
    int status = setenv("WAVEGAUGE_CHECK", text != NULL ? text : "all", text != NULL);
    return status == 0 || error_out_of_memory(error);
}
