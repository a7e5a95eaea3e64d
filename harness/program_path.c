#include "program_path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef WAVEGAUGE_SOURCE_FOLDER
#define WAVEGAUGE_SOURCE_FOLDER "."
#endif

bool program_folder(char *path, size_t capacity)
{
    ssize_t length = readlink("/proc/self/exe", path, capacity - 1);
    if (length <= 0)
        return false;
    path[length] = '\0';
    char *slash = strrchr(path, '/');
    if (slash == NULL)
        return false;
    *slash = '\0';
    return true;
}

static bool join_existing(const char *folder, const char *name, char *path, size_t capacity)
{
    int length = snprintf(path, capacity, "%s/%s", folder, name);
    return length > 0 && (size_t)length < capacity && access(path, R_OK) == 0;
}

static bool find_beside_program(const char *const *names, size_t count, char *path, size_t capacity)
{
    char folder[4096];
    if (!program_folder(folder, sizeof folder))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (join_existing(folder, names[i], path, capacity))
            return true;
    }
    return false;
}

bool program_cases_folder(char *path, size_t capacity)
{
    static const char *const places[] = {"../cases", "../share/wavegauge/cases", "../../cases"};
    const char *chosen = getenv("WAVEGAUGE_CASES");
    if (chosen != NULL && chosen[0] != '\0')
        return (size_t)snprintf(path, capacity, "%s", chosen) < capacity;
    if (!find_beside_program(places, sizeof places / sizeof *places, path, capacity) &&
        !join_existing(WAVEGAUGE_SOURCE_FOLDER, "cases", path, capacity))
        return false;
    // Without "..": the path is part of what --json and the terminal say.
    char *real = realpath(path, NULL);
    if (real != NULL)
        snprintf(path, capacity, "%s", real);
    free(real);
    return true;
}

bool program_cuda_headers(char *path, size_t capacity)
{
    static const char *const places[] = {"../cuda/include", "../share/wavegauge/cuda/include",
                                         "../../cuda/include"};
    return find_beside_program(places, sizeof places / sizeof *places, path, capacity) ||
           join_existing(WAVEGAUGE_SOURCE_FOLDER, "cuda/include", path, capacity);
}

bool program_reports_folder(char *path, size_t capacity)
{
    static const char *const places[] = {"../reports", "../share/wavegauge/reports",
                                         "../../reports"};
    const char *chosen = getenv("WAVEGAUGE_REPORTS");
    if (chosen != NULL && chosen[0] != '\0')
        return (size_t)snprintf(path, capacity, "%s", chosen) < capacity;
    return find_beside_program(places, sizeof places / sizeof *places, path, capacity) ||
           join_existing(WAVEGAUGE_SOURCE_FOLDER, "reports", path, capacity);
}

bool program_reference_headers(char *path, size_t capacity)
{
    static const char *const places[] = {
        "../reference/include", "../share/wavegauge/reference/include", "../../reference/include"};
    return find_beside_program(places, sizeof places / sizeof *places, path, capacity) ||
           join_existing(WAVEGAUGE_SOURCE_FOLDER, "reference/include", path, capacity);
}

bool program_bundle_commit(char *path, size_t capacity)
{
    static const char *const places[] = {"../share/wavegauge/commit.txt"};
    return find_beside_program(places, 1, path, capacity);
}

bool program_find_library(const char *name, char *path, size_t capacity)
{
    static const char *const folders[] = {".",        "..",          "../lib", "../lib/wavegauge",
                                          "emulator", "../emulator", "lib"};
    char relative[sizeof folders / sizeof *folders][256];
    const char *names[sizeof folders / sizeof *folders];
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        snprintf(relative[i], sizeof relative[i], "%s/%s", folders[i], name);
        names[i] = relative[i];
    }
    return find_beside_program(names, sizeof names / sizeof *names, path, capacity);
}
