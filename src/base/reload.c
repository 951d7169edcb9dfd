/* SPDX-License-Identifier: MIT */
/* Turns SIGHUP into a readable pipe. */
#include "base/reload.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static int reload_pipe[2] = {-1, -1};

static void on_hangup(int number)
{
    const int saved = errno;

    (void)number;
    ssize_t ignored = write(reload_pipe[1], "", 1); /* a full pipe has a request already */
    (void)ignored;
    errno = saved;
}

bool reload_install(struct error *err)
{
    struct sigaction action = {.sa_handler = on_hangup, .sa_flags = SA_RESTART};

    if (pipe2(reload_pipe, O_CLOEXEC | O_NONBLOCK) < 0)
        return error_set_errno(err, ERROR_SYSTEM, "cannot make the pipe for SIGHUP");
    sigemptyset(&action.sa_mask);
    sigaction(SIGHUP, &action, NULL);
    return true;
}

int reload_fd(void)
{
    return reload_pipe[0];
}

bool reload_take(void)
{
    char requests[64];
    bool any = false;

    while (reload_pipe[0] >= 0 && read(reload_pipe[0], requests, sizeof(requests)) > 0)
        any = true;
    return any;
}
