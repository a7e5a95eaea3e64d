#include "scratch_tree.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool scratch_tree_create(const char *name, char *path, size_t capacity, struct error *error)
{
    const char *base = getenv("TMPDIR");
    if (base == NULL || base[0] == '\0')
        base = "/tmp";
    if ((size_t)snprintf(path, capacity, "%s/%s-XXXXXX", base, name) >= capacity)
        return error_set(error, EXIT_USAGE, "the path in TMPDIR is too long");
    if (mkdtemp(path) != NULL)
        return true;
    return error_set(error, EXIT_FAILED, "cannot make a folder like %s: %s", path, strerror(errno));
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

void scratch_tree_remove(const char *path)
{
    if (path[0] != '\0')
        nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}
