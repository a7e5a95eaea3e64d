#include "run_tool.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

// The environment with another TMPDIR, for free(); variable holds the new entry.
static char **environment_with(char *variable)
{
    size_t count = 0;
    while (environ[count])
        count++;
    char **copy = malloc((count + 2) * sizeof *copy);
    if (!copy)
        return NULL;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (strncmp(environ[i], "TMPDIR=", 7) != 0)
            copy[kept++] = environ[i];
    copy[kept++] = variable;
    copy[kept] = NULL;
    return copy;
}

static bool start(char *const *words, char **environment, const char *log, pid_t *child)
{
    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions) != 0)
        return false;
    bool started =
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0) == 0 &&
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log, O_WRONLY | O_CREAT | O_TRUNC,
                                         0666) == 0 &&
        posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO) == 0 &&
        posix_spawnp(child, words[0], &actions, NULL, words, environment) == 0;
    posix_spawn_file_actions_destroy(&actions);
    return started;
}

bool support_run_tool(char *const *words, const char *temporary, const char *log)
{
    char variable[1024];
    if (snprintf(variable, sizeof variable, "TMPDIR=%s", temporary) >= (int)sizeof variable)
        return false;
    char **environment = environment_with(variable);
    pid_t child = -1;
    bool started = environment && start(words, environment, log, &child);
    free(environment);
    if (!started)
        return false;
    int status = 0;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return false;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
