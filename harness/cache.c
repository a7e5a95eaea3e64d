#include "cache.h"

#include "file_bytes.h"
#include "sha256.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const char manifest_start[] = "wavegauge manifest 1\n";

static bool choose_folder(struct cache *cache, struct error *error)
{
    const char *own = getenv("WAVEGAUGE_CACHE");
    const char *shared = getenv("XDG_CACHE_HOME");
    const char *home = getenv("HOME");
    int length;
    if (own != NULL && own[0] != '\0')
        length = snprintf(cache->folder, sizeof cache->folder, "%s", own);
    else if (shared != NULL && shared[0] != '\0')
        length = snprintf(cache->folder, sizeof cache->folder, "%s/wavegauge", shared);
    else if (home != NULL && home[0] != '\0')
        length = snprintf(cache->folder, sizeof cache->folder, "%s/.cache/wavegauge", home);
    else
        return error_set(error, EXIT_USAGE,
                         "no place for built kernels: set WAVEGAUGE_CACHE or HOME");
    return (size_t)length < sizeof cache->folder ||
           error_set(error, EXIT_USAGE, "the path of the cache folder is too long");
}

bool cache_open(struct cache *cache, struct error *error)
{
    if (!choose_folder(cache, error))
        return false;
    if (make_folders(cache->folder, error))
        return true;
    error_prefix(error, "no place for built kernels: set WAVEGAUGE_CACHE to a folder that can be "
                        "written; ");
    error->status = EXIT_USAGE;
    return false;
}

bool cache_path(const struct cache *cache, const char *name, char *path, size_t capacity,
                struct error *error)
{
    int length = snprintf(path, capacity, "%s/%s", cache->folder, name);
    if (length < 0 || (size_t)length >= capacity)
        return error_set(error, EXIT_USAGE, "the path of the cache folder is too long");
    char *slash = strrchr(path, '/');
    *slash = '\0';
    bool good = make_folders(path, error);
    *slash = '/';
    return good;
}

static bool named_path(const struct cache *cache, const char *folder, const char *name,
                       const char *ending, char *path, size_t capacity, struct error *error)
{
    char relative[256];
    snprintf(relative, sizeof relative, "%s/%s%s", folder, name, ending);
    return cache_path(cache, relative, path, capacity, error);
}

// Files of the system change only when something is installed, so size and time will do for them;
// others may be edited at any moment and count by content.
static bool is_system_file(const char *path)
{
    return strncmp(path, "/usr/", 5) == 0 || strncmp(path, "/opt/", 5) == 0;
}

static bool describe_content(const char *path, char *description, size_t capacity)
{
    struct text contents = {0};
    bool good = file_read(path, &contents, NULL);
    if (good) {
        struct sha256 hash;
        char hex[65];
        sha256_start(&hash);
        sha256_add(&hash, text_get(&contents), contents.length);
        sha256_finish_hex(&hash, hex);
        snprintf(description, capacity, "sha256:%s", hex);
    }
    text_free(&contents);
    return good;
}

// What a file must still be like for an object made from it to count.
static bool describe_file(const char *path, char *description, size_t capacity)
{
    struct stat status;
    if (!is_system_file(path))
        return describe_content(path, description, capacity);
    if (stat(path, &status) != 0)
        return false;
    snprintf(description, capacity, "stat:%lld:%lld.%09ld", (long long)status.st_size,
             (long long)status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
    return true;
}

// Line by line: "object HASH", then "file DESCRIPTION PATH" each.
static bool check_manifest_line(char *line, char object[65])
{
    char now[128];
    if (strncmp(line, "object ", 7) == 0)
        return strlen(line + 7) == 64 && memcpy(object, line + 7, 65) != NULL;
    if (strncmp(line, "file ", 5) != 0)
        return false;
    char *path = strchr(line + 5, ' ');
    if (path == NULL)
        return false;
    *path++ = '\0';
    return describe_file(path, now, sizeof now) && strcmp(now, line + 5) == 0;
}

static bool check_manifest(struct text *manifest, char object[65])
{
    size_t start = sizeof manifest_start - 1;
    object[0] = '\0';
    if (manifest->length <= start || memcmp(manifest->data, manifest_start, start) != 0)
        return false;
    bool ended = false;
    for (char *line = manifest->data + start; *line != '\0';) {
        char *next = strchr(line, '\n');
        if (next == NULL)
            return false;
        *next = '\0';
        ended = strcmp(line, "end") == 0;
        if (!ended && !check_manifest_line(line, object))
            return false;
        line = next + 1;
    }
    return ended && object[0] != '\0';
}

static bool read_object(const struct cache *cache, const char *name, struct text *object)
{
    char path[4400], content[128], expected[128];
    snprintf(expected, sizeof expected, "sha256:%s", name);
    return named_path(cache, "objects", name, ".co", path, sizeof path, NULL) &&
           describe_content(path, content, sizeof content) && strcmp(content, expected) == 0 &&
           file_read(path, object, NULL);
}

bool cache_find(const struct cache *cache, const char *key, struct text *object)
{
    char path[4400], name[65];
    struct text manifest = {0};
    bool found = named_path(cache, "manifests", key, "", path, sizeof path, NULL) &&
                 file_read(path, &manifest, NULL) && check_manifest(&manifest, name) &&
                 read_object(cache, name, object);
    text_free(&manifest);
    return found;
}

static bool changed_since(const char *path, struct timespec moment)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return true;
    struct timespec changed = status.st_mtim;
    return changed.tv_sec != moment.tv_sec ? changed.tv_sec > moment.tv_sec
                                           : changed.tv_nsec >= moment.tv_nsec;
}

static bool write_manifest(const struct cache *cache, const char *key, const char *dependencies,
                           struct timespec started, const char *object, struct error *error)
{
    char path[4400], description[128];
    struct text manifest = {0};
    text_append(&manifest, "%sobject %s\n", manifest_start, object);
    for (const char *line = dependencies; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        char *name = format_text("%.*s", (int)length, line);
        if (name != NULL && !changed_since(name, started) &&
            describe_file(name, description, sizeof description))
            text_append(&manifest, "file %s %s\n", description, name);
        else
            manifest.failed = true;
        free(name);
        line += length + (line[length] == '\n');
    }
    text_append(&manifest, "end\n");
    bool good =
        !manifest.failed ||
        error_set(error, EXIT_FAILED, "a file that the kernel includes was changed meanwhile");
    good = good && named_path(cache, "manifests", key, "", path, sizeof path, error) &&
           file_write_atomically(path, text_get(&manifest), manifest.length, error);
    text_free(&manifest);
    return good;
}

bool cache_store(const struct cache *cache, const char *key, const char *dependencies,
                 struct timespec started, const struct text *object, struct error *error)
{
    char path[4400], name[65];
    struct sha256 hash;
    sha256_start(&hash);
    sha256_add(&hash, text_get(object), object->length);
    sha256_finish_hex(&hash, name);
    return named_path(cache, "objects", name, ".co", path, sizeof path, error) &&
           file_write_atomically(path, text_get(object), object->length, error) &&
           write_manifest(cache, key, dependencies, started, name, error);
}

int cache_lock(const struct cache *cache, const char *key)
{
    char path[4400];
    if (!named_path(cache, "locks", key, "", path, sizeof path, NULL))
        return -1;
    int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    while (lock >= 0 && flock(lock, LOCK_EX) != 0) {
        if (errno != EINTR) {
            close(lock);
            return -1;
        }
    }
    return lock;
}

void cache_unlock(int lock)
{
    if (lock >= 0)
        close(lock);
}
