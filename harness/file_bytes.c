#include "file_bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool file_read(const char *path, struct text *contents, struct error *error)
{
    char buffer[65536];
    FILE *stream = fopen(path, "rb");
    if (stream == NULL)
        return error_set(error, EXIT_FAILED, "cannot read %s: %s", path, strerror(errno));
    size_t count;
    while ((count = fread(buffer, 1, sizeof buffer, stream)) > 0)
        text_append_bytes(contents, buffer, count);
    bool bad = ferror(stream) != 0;
    int reason = errno;
    fclose(stream);
    if (bad)
        return error_set(error, EXIT_FAILED, "cannot read %s: %s", path, strerror(reason));
    return !contents->failed || error_out_of_memory(error);
}

static bool write_all(int descriptor, const char *bytes, size_t count)
{
    while (count > 0) {
        ssize_t written = write(descriptor, bytes, count);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes += written;
        count -= (size_t)written;
    }
    return true;
}

bool file_is_special(const char *path)
{
    struct stat status;
    return strncmp(path, "/dev/", 5) == 0 || strncmp(path, "/proc/", 6) == 0 ||
           (stat(path, &status) == 0 && !S_ISREG(status.st_mode));
}

static bool write_directly(const char *path, int flags, const void *bytes, size_t count)
{
    int descriptor = open(path, O_WRONLY | O_CLOEXEC | flags, 0666);
    if (descriptor < 0)
        return false;
    bool good = write_all(descriptor, bytes, count);
    int reason = errno;
    good = close(descriptor) == 0 && good;
    errno = good ? 0 : reason;
    return good;
}

// Fails with EEXIST when there is something at the path.
static bool rename_to_new(const char *from, const char *path)
{
    if (renameat2(AT_FDCWD, from, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
        return true;
    // Not every file system can.
    if (errno != EINVAL && errno != ENOSYS)
        return false;
    if (access(path, F_OK) != 0)
        return rename(from, path) == 0;
    errno = EEXIST;
    return false;
}

static bool write_beside(const char *path, bool replace, const void *bytes, size_t count)
{
    char *temporary = format_text("%s.XXXXXX", path);
    int descriptor = temporary != NULL ? mkstemp(temporary) : -1;
    bool good = descriptor >= 0;
    if (good) {
        mode_t mask = umask(0);
        umask(mask);
        good = write_all(descriptor, bytes, count) && fchmod(descriptor, 0666 & ~mask) == 0;
        good = close(descriptor) == 0 && good;
        good = good && (replace ? rename(temporary, path) == 0 : rename_to_new(temporary, path));
        if (!good) {
            int reason = errno;
            unlink(temporary);
            errno = reason;
        }
    }
    free(temporary);
    return good;
}

bool file_write_atomically(const char *path, const void *bytes, size_t count, struct error *error)
{
    char *target = file_is_special(path) ? NULL : realpath(path, NULL);
    bool good = file_is_special(path)
                    ? write_directly(path, 0, bytes, count)
                    : write_beside(target != NULL ? target : path, true, bytes, count);
    if (!good)
        error_set(error, EXIT_FAILED, "cannot write %s: %s", path, strerror(errno));
    free(target);
    return good;
}

bool file_write_text(char *path, const struct text *text, struct error *error)
{
    bool good = path != NULL && !text->failed
                    ? file_write_atomically(path, text_get(text), text->length, error)
                    : error_out_of_memory(error);
    free(path);
    return good;
}

bool file_append(const char *path, const void *bytes, size_t count, struct error *error)
{
    return write_directly(path, O_APPEND | O_CREAT, bytes, count) ||
           error_set(error, EXIT_FAILED, "cannot write %s: %s", path, strerror(errno));
}

bool file_create(const char *path, const void *bytes, size_t count, struct error *error)
{
    return write_beside(path, false, bytes, count) ||
           error_set(error, errno == EEXIST ? EXIT_USAGE : EXIT_FAILED, "cannot write %s: %s", path,
                     strerror(errno));
}

bool make_folders(const char *path, struct error *error)
{
    char *copy = strdup(path);
    if (copy == NULL)
        return error_out_of_memory(error);
    for (char *slash = strchr(copy + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(copy, 0777);
        *slash = '/';
    }
    struct stat status;
    bool good = mkdir(copy, 0777) == 0 || (stat(copy, &status) == 0 && S_ISDIR(status.st_mode));
    if (!good)
        error_set(error, EXIT_FAILED, "cannot make the folder %s: %s", path, strerror(errno));
    free(copy);
    return good;
}
