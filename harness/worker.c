#include "worker.h"

#include "case_run.h"
#include "environment.h"
#include "result_json.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static bool write_line(int descriptor, json_t *message)
{
    char *text = message != NULL ? json_dumps(message, JSON_COMPACT) : NULL;
    json_decref(message);
    if (text == NULL)
        return false;
    size_t length = strlen(text), done = 0;
    text[length] = '\n'; // instead of the NUL
    while (done <= length) {
        ssize_t written = write(descriptor, text + done, length + 1 - done);
        if (written < 0 && errno != EINTR)
            break;
        done += written > 0 ? (size_t)written : 0;
    }
    free(text);
    return done > length;
}

static void send_fatal(int messages, const struct error *error)
{
    write_line(messages, json_pack("{s:s, s:i, s:s}", "kind", "fatal", "status", (int)error->status,
                                   "text", error->text));
}

static void send_verdict(const struct result *result, void *messages)
{
    write_line(*(const int *)messages,
               json_pack("{s:s, s:o}", "kind", "verdict", "result", result_to_json(result)));
}

static void send_build(const char *what, void *messages)
{
    write_line(*(const int *)messages, json_pack("{s:s}", "kind", what));
}

static bool read_index(int commands, size_t *index)
{
    size_t done = 0;
    while (done < sizeof *index) {
        ssize_t count = read(commands, (char *)index + done, sizeof *index - done);
        if (count == 0 || (count < 0 && errno != EINTR))
            return false;
        done += count > 0 ? (size_t)count : 0;
    }
    return true;
}

// Runs cases until told no more. After a device error the worker ends, and the next case gets a new
// one.
static void serve(struct session *session, const struct case_list *cases, int commands,
                  int messages)
{
    size_t index;
    while (!session->tainted && read_index(commands, &index) && index < cases->count) {
        struct error error;
        struct result *result;
        bool good = case_run(session, &cases->cases[index], &result, &error);
        if (!good) {
            send_fatal(messages, &error);
            return;
        }
        write_line(messages, json_pack("{s:s, s:o, s:b}", "kind", "result", "result",
                                       result_to_json(result), "last", session->tainted));
        result_free(result);
    }
}

// A device that can say where a kernel was looping should do so before the case is ended from
// outside.
static void limit_launches(double timeout_seconds)
{
    char text[32];
    if (timeout_seconds <= 0)
        return;
    snprintf(text, sizeof text, "%.3f", 0.8 * timeout_seconds);
    setenv("WAVEGAUGE_TIMEOUT", text, 0);
}

static void run_worker(const struct worker_options *options, const struct case_list *cases,
                       int commands, int messages)
{
    struct error error;
    struct session session = {.device_kind = options->device_kind,
                              .arch = options->arch,
                              .checks = options->checks,
                              .heat_map_folder = options->heat_map_folder,
                              .seed = options->seed,
                              .keeps_going = options->keeps_going,
                              .no_diagnosis = options->no_diagnosis,
                              .trial = options->trial,
                              .on_build = send_build,
                              .on_verdict = send_verdict,
                              .user = &messages};
    // What kernels print must not mix with the results on stdout.
    dup2(STDERR_FILENO, STDOUT_FILENO);
    limit_launches(options->timeout_seconds);
    if (options->own_library)
        unsetenv("WAVEGAUGE_DEVICE_LIBRARY");
    if (!session_open(&session, &error)) {
        send_fatal(messages, &error);
    } else {
        write_line(messages, json_pack("{s:s, s:o}", "kind", "hello", "environment",
                                       environment_to_json(&session)));
        serve(&session, cases, commands, messages);
    }
    // No clean-up of a device that may be in any state: the process takes everything with it.
    fflush(NULL);
    _exit(0);
}

// A worker that held the other workers' pipes open would keep them from seeing their end.
static void close_all_but(int first, int second)
{
    unsigned lower = (unsigned)(first < second ? first : second);
    unsigned upper = (unsigned)(first < second ? second : first);
    if (lower > 3)
        close_range(3, lower - 1, 0);
    if (upper > lower + 1)
        close_range(lower + 1, upper - 1, 0);
    close_range(upper + 1, ~0u, 0);
}

bool worker_start(struct worker *worker, const struct worker_options *options,
                  const struct case_list *cases, struct error *error)
{
    int commands[2], messages[2];
    if (pipe2(commands, O_CLOEXEC) != 0)
        return error_set(error, EXIT_FAILED, "cannot make a pipe: %s", strerror(errno));
    if (pipe2(messages, O_CLOEXEC) != 0) {
        close(commands[0]);
        close(commands[1]);
        return error_set(error, EXIT_FAILED, "cannot make a pipe: %s", strerror(errno));
    }
    fflush(NULL);
    *worker = (struct worker){.commands = commands[1], .messages = messages[0]};
    worker->process = fork();
    if (worker->process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        signal(SIGINT, SIG_IGN); // the parent decides what an interrupt means
        signal(SIGTERM, SIG_DFL);
        close_all_but(commands[0], messages[1]);
        run_worker(options, cases, commands[0], messages[1]);
    }
    close(commands[0]);
    close(messages[1]);
    if (worker->process > 0)
        return true;
    close(commands[1]);
    close(messages[0]);
    *worker = (struct worker){0};
    return error_set(error, EXIT_FAILED, "cannot start a process: %s", strerror(errno));
}

bool worker_send(struct worker *worker, size_t case_index)
{
    worker->busy = true;
    worker->case_index = case_index;
    return write(worker->commands, &case_index, sizeof case_index) == (ssize_t)sizeof case_index;
}

bool worker_receive(struct worker *worker)
{
    char buffer[65536];
    ssize_t count = read(worker->messages, buffer, sizeof buffer);
    if (count > 0)
        text_append_bytes(&worker->received, buffer, (size_t)count);
    return count > 0 || (count < 0 && errno == EINTR);
}

char *worker_next_line(struct worker *worker)
{
    struct text *received = &worker->received;
    char *end = received->length > 0 ? memchr(received->data, '\n', received->length) : NULL;
    if (end == NULL)
        return NULL;
    size_t length = (size_t)(end - received->data);
    char *line = strndup(received->data, length);
    received->length -= length + 1;
    memmove(received->data, end + 1, received->length + 1);
    return line;
}

void worker_end(struct worker *worker, bool kill_it, char *how, size_t capacity)
{
    int status = 0;
    if (capacity > 0)
        how[0] = '\0';
    if (worker->process <= 0)
        return;
    close(worker->commands);
    if (kill_it)
        kill(worker->process, SIGKILL);
    while (waitpid(worker->process, &status, 0) < 0 && errno == EINTR)
        continue;
    close(worker->messages);
    if (WIFSIGNALED(status))
        snprintf(how, capacity, "was ended by signal %d (%s)", WTERMSIG(status),
                 strsignal(WTERMSIG(status)));
    else
        snprintf(how, capacity, "ended with exit status %d", WEXITSTATUS(status));
    text_free(&worker->received);
    *worker = (struct worker){0};
}
