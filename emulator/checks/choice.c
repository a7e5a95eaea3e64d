// Which checks are on.
#include "checks.h"

#include "wavegauge_emu.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    enum check check;
    const char *name;
} names[] = {
    {CHECK_MEMORY, "memcheck"}, {CHECK_INIT, "initcheck"}, {CHECK_RACE, "racecheck"},
    {CHECK_SYNC, "synccheck"},  {CHECK_WAIT, "waitcheck"},
};

#define NAMES (sizeof names / sizeof names[0])
#define UNSET UINT32_MAX

static _Atomic uint32_t set_by_program = UNSET;

const char *check_name(enum check check)
{
    for (size_t i = 0; i < NAMES; i++)
        if (names[i].check == check)
            return names[i].name;
    return "";
}

static uint32_t check_of(const char *text, size_t length)
{
    for (size_t i = 0; i < NAMES; i++)
        if (strlen(names[i].name) == length && memcmp(names[i].name, text, length) == 0)
            return names[i].check;
    return 0;
}

bool checks_parse(const char *text, uint32_t *mask, const char **wrong)
{
    *mask = 0;
    if (strcmp(text, "none") == 0)
        return true;
    if (strcmp(text, "all") == 0) {
        *mask = CHECK_ALL;
        return true;
    }
    while (true) {
        size_t length = strcspn(text, ",");
        uint32_t check = check_of(text, length);
        if (!check) {
            *wrong = text;
            return false;
        }
        *mask |= check;
        if (!text[length])
            return true;
        text += length + 1;
    }
}

uint32_t checks_chosen(void)
{
    uint32_t mask = atomic_load(&set_by_program);
    const char *text = getenv("WAVEGAUGE_CHECK"), *wrong;
    if (mask != UNSET)
        return mask;
    if (!text || !*text)
        return CHECK_MEMORY;
    if (checks_parse(text, &mask, &wrong))
        return mask;
    static _Atomic bool said;
    if (!atomic_exchange(&said, true))
        report_text("memcheck", "WAVEGAUGE_CHECK", "",
                    "WAVEGAUGE_CHECK holds a name that is no check; all checks are on. It takes "
                    "all, none, or some of memcheck, initcheck, racecheck, synccheck and waitcheck "
                    "with commas between them");
    return CHECK_ALL;
}

__attribute__((visibility("default"))) int wavegaugeSetChecks(const char *list)
{
    uint32_t mask = UNSET;
    const char *wrong;
    if (list && !checks_parse(list, &mask, &wrong))
        return 1;
    atomic_store(&set_by_program, mask);
    return 0;
}
