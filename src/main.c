/* SPDX-License-Identifier: MIT */
/* etl-sigos: a live, queryable copy of a system that offers nothing but a web portal with CSV
 * exports. */
#include "cli/command.h"

#include <locale.h>
#include <sys/prctl.h>
#include <sys/resource.h>

/* Credentials are in our memory: no core file, no debugger of another process. (The leak checker of
 * the sanitizers is such a debugger.) */
static void guard_memory(void)
{
#ifndef __SANITIZE_ADDRESS__
    prctl(PR_SET_DUMPABLE, 0);
#endif
    setrlimit(RLIMIT_CORE, &(struct rlimit){0});
}

int main(int argc, char **argv)
{
    guard_memory();
    setlocale(LC_ALL, "C");
    return cli_run(argc, argv);
}
