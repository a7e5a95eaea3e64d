#include "device_library.h"

#include "file_bytes.h"
#include "sha256.h"
#include "subprocess.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int device_library_version(const char *arch)
{
    size_t length = strcspn(arch, ":");
    if (strncmp(arch, "gfx", 3) != 0 || length < 6 || length > 7)
        return 0;
    // "gfx", the major number, then one hexadecimal digit each for the minor number and the
    // stepping.
    char major[3] = {0}, minor[2] = {arch[length - 2]}, stepping[2] = {arch[length - 1]};
    memcpy(major, arch + 3, length - 5);
    if (!isdigit((unsigned char)major[0]) || !isxdigit((unsigned char)minor[0]) ||
        !isxdigit((unsigned char)stepping[0]))
        return 0;
    return atoi(major) * 1000 + (int)strtol(minor, NULL, 16) * 100 +
           (int)strtol(stepping, NULL, 16);
}

// Where hipcc looks, in its own order: the environment, beside ROCm's hipcc, the distribution.
static bool find_installed(const char *hipcc, char *folder, size_t capacity)
{
    const char *chosen = getenv("HIP_DEVICE_LIB_PATH");
    char pattern[4500], path[4600];
    char *real = realpath(hipcc, NULL);
    char *slash = real != NULL ? strrchr(real, '/') : NULL;
    if (slash != NULL)
        *slash = '\0';
    snprintf(pattern, sizeof pattern, "%s/../amdgcn/bitcode", slash != NULL ? real : "");
    free(real);
    const char *const places[] = {chosen != NULL ? chosen : "",
                                  pattern,
                                  "/opt/rocm/amdgcn/bitcode",
                                  "/usr/lib/*/amdgcn/bitcode",
                                  "/usr/lib*/amdgcn/bitcode",
                                  "/usr/amdgcn/bitcode",
                                  "/usr/lib/llvm-*/lib/clang/*/amdgcn/bitcode"};
    bool found = false;
    for (size_t i = 0; !found && i < sizeof places / sizeof *places; i++) {
        glob_t matches;
        snprintf(path, sizeof path, "%s/ocml.bc", places[i]);
        if (places[i][0] == '\0' || glob(path, 0, NULL, &matches) != 0)
            continue;
        int length = (int)(strlen(matches.gl_pathv[0]) - strlen("/ocml.bc"));
        found = (size_t)snprintf(folder, capacity, "%.*s", length, matches.gl_pathv[0]) < capacity;
        globfree(&matches);
    }
    return found;
}

// The compiler that made the library is hipcc's own LLVM, and names itself in it.
bool device_library_is_llvm_16(const char *hipcc)
{
    static const char name[] = "clang version ";
    char folder[4096], file[4400];
    struct text library = {0};
    if (!find_installed(hipcc, folder, sizeof folder))
        return false;
    snprintf(file, sizeof file, "%s/ocml.bc", folder);
    bool good = file_read(file, &library, NULL);
    const char *found = good ? memmem(library.data, library.length, name, strlen(name)) : NULL;
    bool is_16 = found != NULL && atoi(found + strlen(name)) >= 16;
    text_free(&library);
    return is_16;
}

static bool link_installed(const char *installed, const char *folder, struct error *error)
{
    DIR *directory = opendir(installed);
    if (directory == NULL)
        return error_set(error, EXIT_MISSING, "cannot read %s: %s", installed, strerror(errno));
    bool good = true;
    for (struct dirent *entry; good && (entry = readdir(directory)) != NULL;) {
        char from[5000], to[5000];
        snprintf(from, sizeof from, "%s/%s", installed, entry->d_name);
        snprintf(to, sizeof to, "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] != '.' && symlink(from, to) != 0 && errno != EEXIST)
            good =
                error_set(error, EXIT_FAILED, "cannot make the link %s: %s", to, strerror(errno));
    }
    closedir(directory);
    return good;
}

// hipcc itself turns the text into bitcode, so that its version is one that hipcc reads.
static bool make_bitcode(const char *hipcc, int version, const char *folder, struct text *bitcode,
                         struct error *error)
{
    static const char module[] =
        "target datalayout = "
        "\"e-p:64:64-p1:64:64-p2:32:32-p3:32:32-p4:64:64-p5:32:32-p6:32:32-i64:64"
        "-v16:16-v24:32-v32:32-v48:64-v96:128-v192:256-v256:256-v512:512-v1024:1024-v2048:2048"
        "-n32:64-S32-A5-G1-ni:7\"\n"
        "target triple = \"amdgcn-amd-amdhsa\"\n"
        "@__oclc_ISA_version = linkonce_odr protected local_unnamed_addr addrspace(4) constant i32 "
        "%d, align 4\n";
    char source[4600], result[4600], contents[1024];
    snprintf(source, sizeof source, "%s/isa_version.ll", folder);
    snprintf(result, sizeof result, "%s/isa_version.bc", folder);
    int length = snprintf(contents, sizeof contents, module, version);
    const char *const command[] = {hipcc,        "--cuda-device-only",
                                   "-x",         "ir",
                                   "-target",    "amdgcn-amd-amdhsa",
                                   "-nogpulib",  "-c",
                                   "-emit-llvm", source,
                                   "-o",         result,
                                   NULL};
    struct text output = {0};
    int status = 0;
    bool good = file_write_atomically(source, contents, (size_t)length, error) &&
                subprocess_run(command, &output, &status, error);
    if (good && (status != 0 || !file_read(result, bitcode, NULL)))
        good = error_set(
            error, EXIT_MISSING,
            "hipcc's device library does not know this target, and hipcc cannot make what "
            "is missing (%s, version %d):\n%s",
            source, version, text_get(&output));
    unlink(source);
    unlink(result);
    text_free(&output);
    return good;
}

// From the cache when it was made before.
static bool write_bitcode(const struct cache *cache, const char *hipcc, int version,
                          const char *folder, const char *name, struct error *error)
{
    char key[65], path[4600];
    struct sha256 hash;
    struct text bitcode = {0};
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    sha256_start(&hash);
    sha256_add_text(&hash, "device library");
    sha256_add_text(&hash, hipcc);
    sha256_add_text(&hash, name);
    sha256_finish_hex(&hash, key);
    bool good = cache_find(cache, key, &bitcode);
    if (!good) {
        good = make_bitcode(hipcc, version, folder, &bitcode, error);
        if (good)
            cache_store(cache, key, "", now, &bitcode, NULL);
    }
    snprintf(path, sizeof path, "%s/bitcode/%s", folder, name);
    good = good && file_write_atomically(path, text_get(&bitcode), bitcode.length, error);
    text_free(&bitcode);
    return good;
}

bool device_library_option(const struct cache *cache, const char *hipcc, const char *arch,
                           const char *folder, char *option, size_t capacity, struct error *error)
{
    char installed[4096], file[4400], name[64], library[4400];
    int processor = (int)strcspn(arch, ":");
    int version = device_library_version(arch);
    option[0] = '\0';
    if (version == 0 || !find_installed(hipcc, installed, sizeof installed))
        return true;
    snprintf(name, sizeof name, "oclc_isa_version_%.*s.bc", processor - 3, arch + 3);
    snprintf(file, sizeof file, "%s/%s", installed, name);
    if (access(file, R_OK) == 0)
        return true;
    snprintf(library, sizeof library, "%s/bitcode", folder);
    snprintf(option, capacity, "--rocm-device-lib-path=%s", library);
    return make_folders(library, error) && link_installed(installed, library, error) &&
           write_bitcode(cache, hipcc, version, folder, name, error);
}

void device_library_remove(const char *folder)
{
    char library[4400], path[4700];
    snprintf(library, sizeof library, "%s/bitcode", folder);
    DIR *directory = opendir(library);
    if (directory == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        snprintf(path, sizeof path, "%s/%s", library, entry->d_name);
        if (entry->d_name[0] != '.')
            unlink(path);
    }
    closedir(directory);
    rmdir(library);
}
