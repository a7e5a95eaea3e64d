#include "child_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static const int passed_on[] = {SIGINT,  SIGTERM, SIGHUP,   SIGQUIT,
                                SIGUSR1, SIGUSR2, SIGWINCH, SIGCONT};

enum { SIGNAL_COUNT = sizeof passed_on / sizeof *passed_on };

static volatile sig_atomic_t child;

// What comes from the terminal, the child gets from there as well.
static void pass_on(int number, siginfo_t *info, void *context)
{
    (void)context;
    if (child > 0 && info->si_code <= 0)
        kill((pid_t)child, number);
}

// Says through the pipe why the program did not start; a program that did closes it.
static void start(const char *const *words, const struct sigaction *before, const sigset_t *mask,
                  int failure)
{
    for (int i = 0; i < SIGNAL_COUNT; i++)
        sigaction(passed_on[i], &before[i], NULL);
    sigprocmask(SIG_SETMASK, mask, NULL);
    execvp(words[0], (char *const *)words);
    int reason = errno;
    ssize_t written = write(failure, &reason, sizeof reason);
    _exit(written == (ssize_t)sizeof reason ? 127 : 126);
}

static int wait_for(pid_t process)
{
    int status = 0;
    while (waitpid(process, &status, 0) < 0) {
        if (errno != EINTR)
            return 127;
    }
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

// What the program started and did not wait for has this long to end by itself, so that what it
// finds is not lost.
enum { ORPHAN_SECONDS = 5 };

static void wait_for_orphans(void)
{
    for (int tries = 0; tries < ORPHAN_SECONDS * 100; tries++) {
        pid_t ended = waitpid(-1, NULL, WNOHANG);
        if (ended < 0 && errno != EINTR)
            return;
        if (ended == 0)
            usleep(10000);
    }
}

static bool run(const char *const *words, const struct sigaction *before, const sigset_t *mask,
                int *status, struct error *error)
{
    int ends[2], reason = 0;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return error_set(error, EXIT_FAILED, "cannot make a pipe: %s", strerror(errno));
    pid_t process = fork();
    if (process == 0)
        start(words, before, mask, ends[1]);
    child = process;
    sigprocmask(SIG_SETMASK, mask, NULL);
    close(ends[1]);
    ssize_t count = 0;
    if (process > 0) {
        do
            count = read(ends[0], &reason, sizeof reason);
        while (count < 0 && errno == EINTR);
        *status = wait_for(process);
        wait_for_orphans();
    }
    child = 0;
    close(ends[0]);
    if (process < 0)
        return error_set(error, EXIT_FAILED, "cannot start a process: %s", strerror(errno));
    return count != (ssize_t)sizeof reason ||
           error_set(error, EXIT_USAGE, "cannot run %s: %s", words[0], strerror(reason));
}

bool child_process_run(const char *const *words, int *status, struct error *error)
{
    struct sigaction before[SIGNAL_COUNT];
    struct sigaction action = {.sa_sigaction = pass_on, .sa_flags = SA_SIGINFO};
    sigset_t all, mask;
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    // No signal is lost between the fork and the moment from which it can be passed on.
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &mask);
    for (int i = 0; i < SIGNAL_COUNT; i++)
        sigaction(passed_on[i], &action, &before[i]);
    bool good = run(words, before, &mask, status, error);
    for (int i = 0; i < SIGNAL_COUNT; i++)
        sigaction(passed_on[i], &before[i], NULL);
    return good;
}
