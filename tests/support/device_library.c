#include "device_library.h"
#include "support_file.h"
#include "run_tool.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int is_bitcode(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot && strcmp(dot, ".bc") == 0;
}

static bool link_system_libraries(const char *folder)
{
    struct dirent **entries = NULL;
    int count = scandir(WAVEGAUGE_DEVICE_LIBRARY_FOLDER, &entries, is_bitcode, NULL);
    bool linked = count > 0;
    for (int i = 0; i < count; i++) {
        char from[1024], to[1024];
        snprintf(from, sizeof from, WAVEGAUGE_DEVICE_LIBRARY_FOLDER "/%s", entries[i]->d_name);
        snprintf(to, sizeof to, "%s/%s", folder, entries[i]->d_name);
        linked = linked && symlink(from, to) == 0;
        free(entries[i]);
    }
    free(entries);
    return linked;
}

// Copies the data layout line of what clang emits for gfx1100; the linker warns about a module
// without.
static bool read_data_layout(const char *folder, char *line, size_t line_size)
{
    char output[1024], log[1024];
    snprintf(output, sizeof output, "%s/layout.ll", folder);
    snprintf(log, sizeof log, "%s/layout.log", folder);
    char *words[] = {WAVEGAUGE_CLANG,
                     "-target",
                     "amdgcn-amd-amdhsa",
                     "-mcpu=gfx1100",
                     "-nogpulib",
                     "-S",
                     "-emit-llvm",
                     "-x",
                     "c",
                     "/dev/null",
                     "-o",
                     output,
                     NULL};
    void *text = NULL;
    size_t size = 0;
    bool found = false;
    if (support_run_tool(words, folder, log) && support_read_file(output, &text, &size)) {
        char *start = strstr(text, "target datalayout");
        size_t length = start ? strcspn(start, "\n") : 0;
        found = start && length < line_size;
        if (found)
            snprintf(line, line_size, "%.*s", (int)length, start);
    }
    free(text);
    unlink(output);
    unlink(log);
    return found;
}

static bool assemble_isa_version(const char *folder)
{
    char layout[1024], module[2048], source[1024], bitcode[1024], log[1024];
    if (!read_data_layout(folder, layout, sizeof layout))
        return false;
    snprintf(source, sizeof source, "%s/isa.ll", folder);
    snprintf(bitcode, sizeof bitcode, "%s/oclc_isa_version_1100.bc", folder);
    snprintf(log, sizeof log, "%s/isa.log", folder);
    snprintf(module, sizeof module,
             "%s\n"
             "target triple = \"amdgcn-amd-amdhsa\"\n"
             "@__oclc_ISA_version = linkonce_odr protected local_unnamed_addr addrspace(4) "
             "constant i32 11000, align 4\n",
             layout);
    char *words[] = {WAVEGAUGE_LLVM_AS, "-o", bitcode, source, NULL};
    bool made =
        support_write_file(source, module, strlen(module)) && support_run_tool(words, folder, log);
    unlink(source);
    unlink(log);
    return made;
}

bool support_device_library(const char *cache, char *option, size_t option_size, char *error,
                            size_t error_size)
{
    char folder[512], last[600];
    snprintf(folder, sizeof folder, "%s/device-libraries-gfx1100", cache);
    snprintf(last, sizeof last, "%s/oclc_isa_version_1100.bc", folder);
    snprintf(option, option_size, "--rocm-device-lib-path=%s", folder);
    if (access(last, R_OK) == 0)
        return true;

    char scratch[560];
    snprintf(scratch, sizeof scratch, "%s/device-libraries-XXXXXX", cache);
    bool made = mkdtemp(scratch) != NULL && chmod(scratch, 0755) == 0 &&
                link_system_libraries(scratch) && assemble_isa_version(scratch) &&
                rename(scratch, folder) == 0;
    if (!made)
        support_remove_folder(scratch);
    // Another process may have been first.
    if (access(last, R_OK) == 0)
        return true;
    snprintf(error, error_size,
             "cannot make %s from " WAVEGAUGE_DEVICE_LIBRARY_FOLDER
             " (are the packages of ci/packages installed?)",
             folder);
    return false;
}
