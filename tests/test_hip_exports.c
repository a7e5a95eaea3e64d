// links: amdhip64
//
// The drop-in library exports every function that the real one does, under the same version, and
// nothing of its own insides or of LLVM's.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE // dlvsym
#endif
#include <criterion/criterion.h>
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#define REAL_LIBRARY "/usr/lib/x86_64-linux-gnu/libamdhip64.so.5"

Test(hip_exports, are_those_of_the_real_library)
{
    FILE *list =
        popen("objdump -T " REAL_LIBRARY " | awk '/ DF .text/ {print $(NF - 1), $NF}'", "r");
    void *library = dlopen(WAVEGAUGE_DROP_IN_FOLDER "/libamdhip64.so.5", RTLD_NOW);
    cr_assert_not_null(list);
    cr_assert_not_null(library, "%s", dlerror());
    char version[64], name[256];
    int count = 0;
    while (fscanf(list, "%63s %255s", version, name) == 2) {
        if (strncmp(version, "hip_", 4))
            continue;
        count++;
        cr_assert_not_null(dlvsym(library, name, version), "%s %s", version, name);
    }
    cr_assert(pclose(list) == 0 && count > 350, "%d", count);
}

Test(hip_exports, are_no_more)
{
    FILE *list = popen("objdump -T " WAVEGAUGE_DROP_IN_FOLDER
                       "/libamdhip64.so.5 | awk '/ DF .text/ {print $(NF - 1), $NF}'",
                       "r");
    char version[64], name[256];
    int count = 0;
    while (fscanf(list, "%63s %255s", version, name) == 2) {
        count++;
        cr_assert_eq(strncmp(version, "hip_", 4), 0, "%s %s", version, name);
    }
    cr_assert(pclose(list) == 0 && count > 350, "%d", count);
}
