/* SPDX-License-Identifier: MIT */
/* Turns signals into a flag and a readable pipe. */
#include "base/stop.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

static atomic_int requested; /* lock-free, so that a handler may set it and threads may read it */
static int stop_pipe[2] = {-1, -1};

static void on_signal(int number)
{
    int saved = errno;

    requested = number;
    ssize_t ignored = write(stop_pipe[1], "", 1);
    (void)ignored;
    errno = saved;
}

bool stop_install(struct error *err)
{
    struct sigaction action = {.sa_handler = on_signal};

    if (stop_pipe[0] >= 0)
        return true;
    if (pipe2(stop_pipe, O_CLOEXEC | O_NONBLOCK) < 0)
        return error_set_errno(err, ERROR_SYSTEM, "cannot make the pipe for signals");
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN); /* a write to a dead browser must fail and not end the process */
    return true;
}

int stop_signal(void)
{
    return requested;
}

int stop_fd(void)
{
    return stop_pipe[0];
}

bool stop_check(struct error *err)
{
    if (!requested)
        return true;
    return error_set(err, ERROR_STOPPED, "stopped by %s", strsignal(requested));
}
