// Puts kernels into the cache of the tests ahead of time:  precompile_kernels FILE STAMP
//
// Builds FILE for every target with the flags of each of its "// build:" lines, then writes STAMP.
#include "support_file.h"
#include "device_code.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool build_for_all_targets(const char *file, const char *flags)
{
    for (int target = 0; target < KERNEL_TARGET_COUNT; target++) {
        struct device_code_source build = {.file = file, .flags = flags, .target = target};
        struct device_code image;
        struct device_code_error error;
        if (!device_code_build(&build, &image, &error)) {
            fprintf(stderr, "%s for %s: %s\n", file, kernel_target_name(target), error.text);
            return false;
        }
        device_code_free(&image);
    }
    return true;
}

static bool build_as_asked(const char *file, char *text)
{
    static const char marker[] = "// build:";
    bool asked = false;
    char *rest = NULL;
    for (char *line = strtok_r(text, "\n", &rest); line && strncmp(line, "//", 2) == 0;
         line = strtok_r(NULL, "\n", &rest)) {
        if (strncmp(line, marker, strlen(marker)) != 0)
            continue;
        asked = true;
        char *flags = line + strlen(marker);
        flags += strspn(flags, " ");
        if (!build_for_all_targets(file, flags))
            return false;
    }
    return asked || build_for_all_targets(file, NULL);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: precompile_kernels FILE STAMP\n");
        return 2;
    }
    void *text = NULL;
    size_t size = 0;
    if (!support_read_file(argv[1], &text, &size)) {
        fprintf(stderr, "cannot read %s\n", argv[1]);
        return 1;
    }
    // The name without its folder: that is what tests ask for, and part of the key.
    const char *slash = strrchr(argv[1], '/');
    bool built =
        build_as_asked(slash ? slash + 1 : argv[1], text) && support_write_file(argv[2], "", 0);
    free(text);
    return built ? 0 : 1;
}
