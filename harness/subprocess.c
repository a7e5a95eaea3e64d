#include "subprocess.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void read_all(int descriptor, struct text *output)
{
    char buffer[4096];
    for (;;) {
        ssize_t count = read(descriptor, buffer, sizeof buffer);
        if (count > 0)
            text_append_bytes(output, buffer, (size_t)count);
        else if (count == 0 || errno != EINTR)
            return;
    }
}

static int wait_for(pid_t process)
{
    int status = 0;
    while (waitpid(process, &status, 0) < 0) {
        if (errno != EINTR)
            return 127;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int start(const char *const *arguments, int output, pid_t *process)
{
    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions) != 0)
        return ENOMEM;
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
    int status =
        posix_spawnp(process, arguments[0], &actions, NULL, (char *const *)arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    return status;
}

bool subprocess_run(const char *const *arguments, struct text *output, int *exit_status,
                    struct error *error)
{
    int ends[2];
    pid_t process;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return error_set(error, EXIT_FAILED, "cannot make a pipe: %s", strerror(errno));
    int status = start(arguments, ends[1], &process);
    close(ends[1]);
    if (status == 0) {
        read_all(ends[0], output);
        *exit_status = wait_for(process);
    }
    close(ends[0]);
    return status == 0 ||
           error_set(error, EXIT_MISSING, "cannot run %s: %s", arguments[0], strerror(status));
}

static bool is_program(const char *path)
{
    struct stat status;
    return access(path, X_OK) == 0 && stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

bool find_program(const char *name, char *path, size_t capacity)
{
    if (strchr(name, '/') != NULL)
        return (size_t)snprintf(path, capacity, "%s", name) < capacity && is_program(path);
    const char *folders = getenv("PATH");
    for (const char *next = folders; next != NULL && *next != '\0';) {
        size_t length = strcspn(next, ":");
        int needed = snprintf(path, capacity, "%.*s/%s", (int)length, next, name);
        if (needed > 0 && (size_t)needed < capacity && is_program(path))
            return true;
        next += length + (next[length] == ':');
    }
    return false;
}
