/* SPDX-License-Identifier: MIT */
/* Runs sigos-sim: serves the portal, writes the truth about it, or writes its exports. */
#include "base/mem.h"
#include "simulator/export.h"
#include "simulator/clock.h"
#include "simulator/options.h"
#include "simulator/server.h"
#include "simulator/truth.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#define EXPORT_BYTES_MAX ((size_t)16 << 30)

static const char *setting(const char *name, const char *otherwise)
{
    const char *value = getenv(name);
    return value && *value ? value : otherwise;
}

/*
 * Ends with the parent: a test that dies must not leave its portal behind. The parent may have died
 * before the kernel was told, so it is asked for afterwards.
 */
static void die_with_parent(pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        raise(SIGTERM);
}

static bool serve(const struct sim_options *options, pid_t parent, struct error *err)
{
    struct sim_portal *portal = mem_alloc(sizeof *portal); /* too large for a stack */
    struct sim_server *server;
    sigset_t stop;
    int signal_number;

    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    pthread_sigmask(SIG_BLOCK, &stop, NULL); /* before any thread begins, so that all inherit it */
    signal(SIGPIPE, SIG_IGN);
    die_with_parent(parent);
    sim_portal_init(portal, &options->history, setting("SIM_USUARIO", "demo"),
                    setting("SIM_SENHA", "demo"));
    portal->variant = options->variant;
    portal->faults = options->faults;
    bool ok = sim_server_open(&server, portal, options->port, err);
    if (ok) {
        printf("listening http://127.0.0.1:%" PRIu16 "/sigos/\n", sim_server_port(server));
        fflush(stdout);
        sigwait(&stop, &signal_number);
        sim_server_close(server);
    }
    sim_portal_done(portal);
    free(portal);
    return ok;
}

static bool truth(const struct sim_options *options, struct error *err)
{
    return truth_write(&options->history, options->report, options->from, options->to, stdout, err);
}

static bool export(const struct sim_options *options, struct error *err)
{
    BUF_DONE struct buf out = BUF_INIT(EXPORT_BYTES_MAX);

    sim_export_csv(&options->history, options->report, options->from, options->to, &out);
    if (out.full)
        return error_set(err, ERROR_DATA, "the export of this period does not fit in memory");
    if (fwrite(buf_text(&out), 1, out.len, stdout) != out.len || fflush(stdout) != 0)
        return error_set_errno(err, ERROR_SYSTEM, "cannot write the export");
    return true;
}

static bool run(const struct sim_options *options, pid_t parent, struct error *err)
{
    switch (options->command) {
    case OPTIONS_SERVE:
        return serve(options, parent, err);
    case OPTIONS_TRUTH:
        return truth(options, err);
    case OPTIONS_EXPORT:
        return export(options, err);
    case OPTIONS_HELP:
        fputs(sim_options_help, stdout);
        fputs(sim_options_help_faults, stdout);
        return true;
    case OPTIONS_VERSION:
        puts("sigos-sim 1");
        return true;
    }
    return false;
}

int main(int argc, char **argv)
{
    pid_t parent = getppid();
    struct sim_options options;
    struct error err = {0};

    if (!sim_options_parse(&options, argc, argv, sim_clock_today(NULL), &err) ||
        !run(&options, parent, &err)) {
        fprintf(stderr, "sigos-sim: %s\n", err.message);
        return err.kind == ERROR_CONFIG ? 2 : 1;
    }
    return 0;
}
