/* SPDX-License-Identifier: MIT */
/* Starts processes of this program with the environment that this one was started with. */
#include "serve/runner.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/thread.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS_MAX = 24, FIRST_FREE_FD = 3 };

/* The thread that waits for a process. It may live longer than the runner, so it owns this. */
struct wait {
    pthread_mutex_t lock;
    pid_t pid;
    bool going_on;
    bool forgotten; /* the runner is gone: the thread frees this */
};

struct runner {
    const struct serve_options *options;
    pthread_mutex_t lock;
    struct wait *wait; /* of the last process; NULL: none was started */
};

struct runner *runner_new(const struct serve_options *options)
{
    struct runner *runner = mem_alloc(sizeof(*runner));

    runner->options = options;
    pthread_mutex_init(&runner->lock, NULL);
    return runner;
}

static void free_wait(struct wait *wait)
{
    pthread_mutex_destroy(&wait->lock);
    free(wait);
}

/* Gives the record to its thread, or frees it if the process has ended. */
static void forget(struct wait *wait)
{
    if (!wait)
        return;
    pthread_mutex_lock(&wait->lock);
    const bool going_on = wait->going_on;
    wait->forgotten = true;
    pthread_mutex_unlock(&wait->lock);
    if (!going_on)
        free_wait(wait);
}

void runner_free(struct runner *runner)
{
    if (!runner)
        return;
    forget(runner->wait);
    pthread_mutex_destroy(&runner->lock);
    free(runner);
}

static void *wait_for_end(void *arg)
{
    struct wait *wait = arg;
    int status = 0;
    pid_t got;

    do
        got = waitpid(wait->pid, &status, 0);
    while (got < 0 && errno == EINTR);
    log_info("serve.run_ended", log_int("exit_code", WIFEXITED(status) ? WEXITSTATUS(status)
                                                                       : 128 + WTERMSIG(status)));
    pthread_mutex_lock(&wait->lock);
    wait->going_on = false;
    const bool forgotten = wait->forgotten;
    pthread_mutex_unlock(&wait->lock);
    if (forgotten)
        free_wait(wait);
    return NULL;
}

/* Returns the environment with the variables that were taken out of it; the caller frees the array
 * and the added texts, which are its last ones from *added on. */
static char **make_environment(const struct serve_options *options, size_t *added)
{
    size_t count = 0;

    while (environ[count])
        count++;
    char **all = mem_array(count + options->variable_count + 1, sizeof(*all));
    memcpy(all, environ, count * sizeof(*all));
    *added = count;
    for (size_t i = 0; i < options->variable_count; i++)
        if (options->variables[i].value)
            all[count++] =
                mem_format("%s=%s", options->variables[i].name, options->variables[i].value);
    return all;
}

static void free_environment(char **all, size_t added)
{
    for (size_t i = added; all[i]; i++) {
        explicit_bzero(all[i], strlen(all[i]));
        free(all[i]);
    }
    free(all);
}

/* Signals are as a shell would leave them, and the process is in a session of its own, so that what
 * stops the server does not stop it. */
static int spawn(const struct serve_options *options, char *const *argv, pid_t *pid)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, defaults;
    size_t added;

    sigemptyset(&none);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", 0, 0);
    posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&files, FIRST_FREE_FD);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    char **environment = make_environment(options, &added);
    const int failed = posix_spawn(pid, "/proc/self/exe", &files, &attributes, argv, environment);
    free_environment(environment, added);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return failed;
}

static void add_option(const char **argv, size_t *count, const char *option, const char *value)
{
    if (!value)
        return;
    argv[(*count)++] = option;
    argv[(*count)++] = value;
}

static bool start(struct runner *runner, const char *const *words, struct error *err)
{
    const struct serve_options *options = runner->options;
    const char *argv[WORDS_MAX] = {"etl-sigos"};
    size_t count = 1;
    pthread_t thread;
    pid_t pid;

    while (*words && count < WORDS_MAX - 5) /* room for two options and the end */
        argv[count++] = *words++;
    add_option(argv, &count, "--profile", options->profile);
    add_option(argv, &count, "--env-file", options->env_file);
    const int failed = spawn(options, (char *const *)argv, &pid);
    if (failed) {
        errno = failed;
        return error_set_errno(err, ERROR_SYSTEM, "cannot start a cycle");
    }
    forget(runner->wait);
    runner->wait = mem_alloc(sizeof(*runner->wait));
    pthread_mutex_init(&runner->wait->lock, NULL);
    runner->wait->pid = pid;
    runner->wait->going_on = true;
    if (thread_start(&thread, wait_for_end, runner->wait) == 0)
        pthread_detach(thread);
    else
        runner->wait->going_on = false; /* the lease tells of it */
    log_info("serve.run_started", log_text("command", argv[1]), log_int("process", pid));
    return true;
}

bool runner_start(struct runner *runner, const char *const *words, struct error *err)
{
    bool going_on = false;

    pthread_mutex_lock(&runner->lock);
    if (runner->wait) {
        pthread_mutex_lock(&runner->wait->lock);
        going_on = runner->wait->going_on;
        pthread_mutex_unlock(&runner->wait->lock);
    }
    const bool ok =
        going_on ? error_set(err, ERROR_LOCKED, "a run is going on") : start(runner, words, err);
    pthread_mutex_unlock(&runner->lock);
    return ok;
}
