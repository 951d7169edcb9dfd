/* SPDX-License-Identifier: MIT */
/* Tries what Chromium's sandbox needs of the kernel. */
#include "extract/browser/sandbox.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* Only system calls: other threads may hold locks at the moment of the fork. */
static void try_sandbox(void)
{
    const bool good = unshare(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET) == 0 && chroot("/") == 0;

    _exit(good ? EXIT_SUCCESS : EXIT_FAILURE);
}

bool sandbox_is_possible(void)
{
    int status = -1;
    pid_t pid;

    if (geteuid() == 0)
        return false;
    pid = fork();
    if (pid == 0)
        try_sandbox();
    if (pid < 0)
        return false;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
}
