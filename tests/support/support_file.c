#define _GNU_SOURCE // nftw
#include "support_file.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool read_stream(FILE *stream, void **data, size_t *size)
{
    struct stat status;
    if (fstat(fileno(stream), &status) != 0 || !S_ISREG(status.st_mode))
        return false;
    size_t bytes = (size_t)status.st_size;
    char *text = malloc(bytes + 1);
    if (!text)
        return false;
    if (fread(text, 1, bytes, stream) != bytes) {
        free(text);
        return false;
    }
    text[bytes] = 0;
    *data = text;
    *size = bytes;
    return true;
}

bool support_read_file(const char *path, void **data, size_t *size)
{
    *data = NULL;
    *size = 0;
    FILE *stream = fopen(path, "rb");
    if (!stream)
        return false;
    bool done = read_stream(stream, data, size);
    fclose(stream);
    return done;
}

bool support_write_file(const char *path, const void *data, size_t size)
{
    FILE *stream = fopen(path, "wb");
    if (!stream)
        return false;
    bool done = fwrite(data, 1, size, stream) == size;
    return fclose(stream) == 0 && done;
}

bool support_make_folder(const char *path)
{
    char part[1024];
    if (snprintf(part, sizeof part, "%s", path) >= (int)sizeof part)
        return false;
    for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        mkdir(part, 0777);
        *slash = '/';
    }
    mkdir(part, 0777);
    struct stat status;
    return stat(part, &status) == 0 && S_ISDIR(status.st_mode);
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    remove(path);
    return 0;
}

void support_remove_folder(const char *path)
{
    nftw(path, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}
