/* SPDX-License-Identifier: MIT */
/* Starts and ends the browser's process. */
#include "extract/browser/browser.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "extract/browser/chromium.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    BROWSER_READS = 3, /* the two descriptors that --remote-debugging-pipe prescribes */
    BROWSER_WRITES = 4,
    CHILD_START = 5, /* the start pipe; exec closes it */
    FIRST_FREE_FD = 10,
    ENV_MAX = 16,
    END_TIMEOUT_MS = 5000, /* then it is killed; Chromium mostly needs 0.1 s */
    LAST_LINE_MAX = 400,
};

/* What the child needs. It is made before fork, because only system calls are safe between fork and
 * exec. */
struct launch {
    struct chromium chromium;
    char *env[ENV_MAX];
    int to_browser[2], from_browser[2];
    int output;   /* the browser's standard output and error */
    int start[2]; /* exec closes it; after a failure it carries errno */
    pid_t parent;
};

static void add_env(struct launch *launch, const char *name, const char *value)
{
    size_t count = 0;

    while (launch->env[count])
        count++;
    if (value && count < ENV_MAX - 1)
        launch->env[count] = mem_format("%s=%s", name, value);
}

static void make_environment(struct launch *launch, const char *profile, bool headless)
{
    static const char *const desktop[] = {"DISPLAY", "XAUTHORITY", "WAYLAND_DISPLAY",
                                          "XDG_RUNTIME_DIR"};

    add_env(launch, "PATH", "/usr/local/bin:/usr/bin:/bin");
    add_env(launch, "HOME", profile);
    add_env(launch, "TMPDIR", profile); /* sockets and shared memory are removed with the profile */
    add_env(launch, "TZ", getenv("TZ"));
    add_env(launch, "LANG", getenv("LANG"));
    for (size_t i = 0; !headless && i < sizeof(desktop) / sizeof(*desktop); i++)
        add_env(launch, desktop[i], getenv(desktop[i]));
}

static void close_pair(int pair[2])
{
    for (int i = 0; i < 2; i++)
        if (pair[i] >= 0)
            close(pair[i]);
}

static void launch_done(struct launch *launch)
{
    chromium_done(&launch->chromium);
    for (size_t i = 0; i < ENV_MAX; i++)
        free(launch->env[i]);
    close_pair(launch->to_browser);
    close_pair(launch->from_browser);
    close_pair(launch->start);
    if (launch->output >= 0)
        close(launch->output);
}

static bool launch_init(struct launch *launch, const struct settings *settings, const char *profile,
                        bool sandboxed, struct error *err)
{
    MEM_FREE_TEXT char *output = mem_format("%s/output", profile);

    *launch = (struct launch){.to_browser = {-1, -1},
                              .from_browser = {-1, -1},
                              .start = {-1, -1},
                              .output = -1,
                              .parent = getpid()};
    if (!chromium_find(settings, profile, sandboxed, &launch->chromium, err))
        return false;
    make_environment(launch, profile, settings->headless);
    launch->output = open(output, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (launch->output < 0)
        return error_set_errno(err, ERROR_SYSTEM, "cannot create %s", output);
    if (pipe2(launch->to_browser, O_CLOEXEC) < 0 || pipe2(launch->from_browser, O_CLOEXEC) < 0 ||
        pipe2(launch->start, O_CLOEXEC) < 0)
        return error_set_errno(err, ERROR_SYSTEM, "cannot make pipes to the browser");
    return true;
}

/* Puts the descriptors where the browser expects them. They are first copied to numbers from
 * FIRST_FREE_FD on, because any of them may already be 3 or 4. */
static bool arrange_descriptors(struct launch *launch)
{
    int reads = fcntl(launch->to_browser[0], F_DUPFD_CLOEXEC, FIRST_FREE_FD);
    int writes = fcntl(launch->from_browser[1], F_DUPFD_CLOEXEC, FIRST_FREE_FD);
    int output = fcntl(launch->output, F_DUPFD_CLOEXEC, FIRST_FREE_FD);
    int started = fcntl(launch->start[1], F_DUPFD_CLOEXEC, FIRST_FREE_FD);
    int null = open("/dev/null", O_RDONLY);

    if (reads < 0 || writes < 0 || output < 0 || started < 0 || null < 0)
        return false;
    dup2(null, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    dup2(reads, BROWSER_READS);
    dup2(writes, BROWSER_WRITES);
    dup3(started, CHILD_START, O_CLOEXEC);
    launch->start[1] = CHILD_START;
    closefrom(CHILD_START + 1);
    return true;
}

static void become_browser(struct launch *launch)
{
    const struct rlimit no_core = {0};
    sigset_t none;

    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != launch->parent)
        _exit(EXIT_FAILURE); /* the parent died before PR_SET_PDEATHSIG was set */
    setrlimit(RLIMIT_CORE, &no_core);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (arrange_descriptors(launch))
        execve(launch->chromium.program, (char *const *)(uintptr_t)launch->chromium.argv,
               launch->env);
    int why = errno;
    ssize_t ignored = write(launch->start[1], &why, sizeof(why));
    (void)ignored;
    _exit(127);
}

/* Whether exec has succeeded: then the kernel has closed the other end of the start pipe.
 * ERROR_CONFIG says why it has not. */
static bool has_started(struct launch *launch, struct error *err)
{
    int why = 0;
    ssize_t got;

    close(launch->start[1]);
    launch->start[1] = -1;
    do
        got = read(launch->start[0], &why, sizeof(why));
    while (got < 0 && errno == EINTR);
    if (got == 0)
        return true;
    errno = why;
    return error_set_errno(err, ERROR_CONFIG, "cannot start %s", launch->chromium.program);
}

static bool start(struct launch *launch, struct browser *browser, struct error *err)
{
    pid_t pid = fork();

    if (pid < 0)
        return error_set_errno(err, ERROR_SYSTEM, "cannot start a process");
    if (pid == 0)
        become_browser(launch);
    setpgid(pid, pid); /* parent and child both do it, so neither has to wait */
    browser->pid = pid;
    browser->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    devtools_init(&browser->devtools, launch->from_browser[0], launch->to_browser[1]);
    launch->from_browser[0] = launch->to_browser[1] = -1;
    if (browser->pidfd < 0)
        return error_set_errno(err, ERROR_SYSTEM, "cannot watch the browser's process");
    return has_started(launch, err);
}

/* Whether the browser ends within the time. It is not reaped, so no other process gets its
 * number. */
static bool wait_for_end(const struct browser *browser, int ms)
{
    int64_t deadline = clock_ms() + ms;
    struct pollfd fd = {.fd = browser->pidfd, .events = POLLIN};

    for (;;) {
        int64_t left = deadline - clock_ms();
        int ready = poll(&fd, 1, left > 0 ? (int)left : 0);
        if (ready > 0)
            return true;
        if (ready == 0 || errno != EINTR)
            return false;
    }
}

/* Reads the last line that the browser printed: mostly the reason why it did not start.
 * *lacks_sandbox: whether it printed that the machine gives it no sandbox. */
static void read_output(const struct browser *browser, char line[LAST_LINE_MAX],
                        bool *lacks_sandbox)
{
    /* The zygote is the process that enters the sandbox first. Which words it dies with depends on
     * what is forbidden: user namespaces, chroot, or both. */
    static const char *const signs[] = {"zygote", "sandbox", "new namespace"};
    MEM_FREE_TEXT char *path = mem_format("%s/output", browser->profile.path);
    struct file_map map = {0};
    struct error ignored;

    line[0] = '\0';
    *lacks_sandbox = false;
    if (!file_map_open(path, &map, &ignored))
        return;
    for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
        *lacks_sandbox |= memmem(map.data, map.size, signs[i], strlen(signs[i])) != NULL;
    size_t end = map.size, begin;
    while (end && strchr("\r\n ", map.data[end - 1]))
        end--;
    for (begin = end; begin && map.data[begin - 1] != '\n'; begin--)
        ;
    snprintf(line, LAST_LINE_MAX, "%.*s", (int)(end - begin), map.data + begin);
    file_map_close(&map);
}

/* Replaces the pipe's message ("ended") by the exit status of the process and its last line.
 * Returns false. */
static bool explain_end(const struct browser *browser, const char *program, const char *package,
                        bool *lacks_sandbox, struct error *err)
{
    char line[LAST_LINE_MAX];
    siginfo_t info = {0};

    if (err->kind == ERROR_PORTAL) { /* late or refused, and no portal was asked yet */
        error_context(err, "%s does not answer", program);
        err->kind = ERROR_SYSTEM;
        return error_mark_transient(err);
    }
    if (err->kind != ERROR_SYSTEM || !wait_for_end(browser, END_TIMEOUT_MS) ||
        waitid(P_PID, (id_t)browser->pid, &info, WEXITED | WNOWAIT) < 0)
        return error_context(err, "%s", program);
    read_output(browser, line, lacks_sandbox);
    if (*lacks_sandbox)
        return error_set(err, ERROR_SYSTEM,
                         "%s finds no sandbox: this machine or container forbids user namespaces "
                         "or chroot; allow them (deploy/seccomp.json), or set BROWSER_SANDBOX=off",
                         program);
    return error_set(err, ERROR_SYSTEM,
                     "%s ended at once with %s %d%s%s; apt install %s may repair it", program,
                     info.si_code == CLD_EXITED ? "status" : "signal", info.si_status,
                     *line ? ", saying: " : "", line, package);
}

/* Starts the browser once, with its sandbox or without. */
static bool open_once(const struct settings *settings, int seconds, bool sandboxed,
                      struct browser *out, bool *lacks_sandbox, struct error *err)
{
    int64_t began = clock_ms();
    struct launch launch;

    *out = (struct browser){0};
    *lacks_sandbox = false;
    if (!scratch_open("browser", &out->profile, err))
        return false;
    bool good = launch_init(&launch, settings, out->profile.path, sandboxed, err) &&
                start(&launch, out, err);
    const char *program = launch.chromium.program;
    /* The browser's ends are closed here, so that its death ends the pipe. */
    close_pair(launch.to_browser);
    close_pair(launch.from_browser);
    launch.to_browser[0] = launch.to_browser[1] = -1;
    launch.from_browser[0] = launch.from_browser[1] = -1;
    if (good && !devtools_call(&out->devtools, NULL, "Browser.getVersion", NULL,
                               began + (int64_t)seconds * 1000, NULL, err)) {
        good = explain_end(out, program, chromium_package(settings), lacks_sandbox, err);
    }
    if (good)
        log_debug("browser.started", log_text("program", program), log_int("pid", out->pid),
                  log_int("ms", clock_ms() - began));
    launch_done(&launch);
    if (!good)
        browser_close(out);
    return good;
}

/* Whether a browser of this process has found that the machine gives it no sandbox. */
static atomic_bool no_sandbox_here;

bool browser_open(const struct settings *settings, int seconds, struct browser *out,
                  struct error *err)
{
    const bool sandboxed =
        settings->sandbox == SANDBOX_ON || (settings->sandbox == SANDBOX_AUTO && !no_sandbox_here);
    struct error why; /* not *err: a browser that runs in the end has not failed */
    bool lacks_sandbox;

    if (open_once(settings, seconds, sandboxed, out, &lacks_sandbox, &why))
        return true;
    if (!lacks_sandbox || settings->sandbox != SANDBOX_AUTO) {
        *err = why;
        return false;
    }
    if (!atomic_exchange(&no_sandbox_here, true))
        log_warn("browser.unsandboxed", log_text("why", why.message));
    return open_once(settings, seconds, false, out, &lacks_sandbox, err);
}

void browser_close(struct browser *browser)
{
    if (browser->pid > 0) {
        if (!browser->devtools.broken.kind)
            devtools_send(&browser->devtools, NULL, "Browser.close", NULL);
        devtools_done(&browser->devtools); /* the end of the pipe alone ends the browser, too */
        if (browser->pidfd >= 0)
            wait_for_end(browser, END_TIMEOUT_MS);
        kill(-browser->pid,
             /* Before waitpid: until then no other group has this number. */
             SIGKILL);
        while (waitpid(browser->pid, NULL, 0) < 0 && errno == EINTR)
            ;
        if (browser->pidfd >= 0)
            close(browser->pidfd);
    }
    scratch_close(&browser->profile);
    *browser = (struct browser){0};
}
