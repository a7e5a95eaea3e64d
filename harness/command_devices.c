// wavegauge devices: what cases can run on here.
#include "commands.h"

#include "device.h"
#include "options.h"

#include <stdio.h>
#include <string.h>

static const char usage[] = "devices";
static const char about[] =
    "Shows the devices that `wavegauge run --device` knows, and which of them are there.";

static const struct command_example examples[] = {
    {"wavegauge devices", "all of them"},
    {NULL, NULL},
};

static const char exit_status[] = "0 there is one, 3 there is none.";

static bool print_device(const char *kind)
{
    struct device device;
    struct error error;
    struct target target;
    bool emulated = kind[0] == 'e';
    target_parse(NULL, &target, NULL);
    if (!device_open(&device, kind, emulated ? &target : NULL, &error)) {
        // The error starts with "device KIND is not there: ".
        const char *reason = strstr(error.text, "not there: ");
        printf("%-7s %s\n", kind, reason != NULL ? reason : error.text);
        return false;
    }
    printf("%-7s %s, %s, %.1f GiB, from %s\n", kind, device.name, device.arch,
           (double)device.memory_bytes / (1 << 30), device.library_path);
    if (emulated)
        printf(
            "        --arch gfx1030, gfx1030:wave64, gfx1100 (default), gfx1100:wave64, gfx90a\n");
    device_close(&device);
    return true;
}

static int list_devices(const struct option_values *values)
{
    static const char *const kinds[] = {"emu", "amd", "nvidia"};
    struct error error;
    bool any = false;
    if (values->word_count > 0) {
        error_set(&error, EXIT_USAGE, "devices takes no words, found '%s'", values->words[0]);
        return report_error(&error);
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        any = print_device(kinds[i]) || any;
    return any ? EXIT_PASSED : EXIT_MISSING;
}

const struct command command_devices = {
    .name = "devices",
    .brief = "show what cases can run on here",
    .usage = usage,
    .about = about,
    .examples = examples,
    .exit_status = exit_status,
    .run = list_devices,
};
