/* SPDX-License-Identifier: MIT */
/* Starts servers, and makes them end with the test program. */
#include "tests/support/postgres_process.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "tests/support/postgres_cluster.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <poll.h>
#include <postgresql/libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { START_MS = 30 * 1000, LOG_SHOWN = 4000 };

void process_die(const char *what)
{
    MEM_FREE_TEXT char *log = mem_format("%s/log", cluster.folder ? cluster.folder : "");
    struct error err;
    char *words;

    fprintf(stderr, "postgres_cluster: %s\n", what);
    if (file_read(log, 1024 * 1024, &words, &err)) {
        const size_t len = strlen(words);
        fputs(len > LOG_SHOWN ? words + len - LOG_SHOWN : words, stderr);
        free(words);
    }
    cluster_stop();
    exit(1);
}

char *process_path(const char *name)
{
    return mem_format("%s/%s", cluster.folder, name);
}

/* Returns the user that the servers run as: the current one, unless that is root. */
static bool find_user(uid_t *uid, gid_t *gid)
{
    const struct passwd *user = getpwnam("postgres");

    *uid = user ? user->pw_uid : 65534;
    *gid = user ? user->pw_gid : 65534;
    return geteuid() == 0;
}

static void give_away(const char *path)
{
    uid_t uid;
    gid_t gid;

    if (find_user(&uid, &gid) && chown(path, uid, gid) < 0)
        process_die("cannot give a file away");
}

void process_make_folder(void)
{
    struct error err;

    if (!file_make_temp_dir("test-postgres", &cluster.folder, &err))
        process_die(err.message);
    give_away(cluster.folder);
}

void process_write_file(const char *name, const char *text)
{
    MEM_FREE_TEXT char *path = process_path(name);
    FILE *file = fopen(path, "w");

    if (!file || fputs(text, file) < 0 || fclose(file) != 0)
        process_die("cannot write a file");
    give_away(path);
    chmod(path, 0600);
}

void process_copy_file(const char *from, const char *name)
{
    MEM_FREE_TEXT char *path = process_path(name);
    FILE *to = fopen(path, "w");
    struct file_map map;
    struct error err;

    if (!file_map_open(from, &map, &err))
        process_die(err.message);
    if (!to || fwrite(map.data, 1, map.size, to) != map.size || fclose(to) != 0)
        process_die("cannot copy a file");
    file_map_close(&map);
    give_away(path);
}

static void become_user(void)
{
    uid_t uid;
    gid_t gid;

    if (find_user(&uid, &gid) && (setgroups(0, NULL) < 0 || setgid(gid) < 0 || setuid(uid) < 0))
        _exit(126);
}

/* The change of user clears the death signal, so it is set after that. */
pid_t process_start(const char *const *argv, int at_death)
{
    MEM_FREE_TEXT char *log = process_path("log");
    const pid_t parent = getpid();
    const pid_t pid = fork();

    if (pid != 0)
        return pid;
    const int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0644);
    dup2(fd, STDOUT_FILENO);
    dup2(fd, STDERR_FILENO);
    if (chdir(cluster.folder) < 0)
        _exit(126);
    become_user();
    signal(SIGPIPE, SIG_DFL);
    prctl(PR_SET_PDEATHSIG, at_death);
    if (getppid() != parent)
        _exit(126);
    execvp(argv[0], (char *const *)argv);
    _exit(127);
}

void process_run(const char *const *argv)
{
    int status;
    const pid_t pid = process_start(argv, SIGKILL);

    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
        process_die(argv[0]);
}

void process_stop(pid_t *pid, int by)
{
    if (*pid <= 0)
        return;
    kill(*pid, by);
    waitpid(*pid, NULL, 0);
    *pid = 0;
}

int process_free_port(void)
{
    for (int port = 20000 + getpid() % 9000; port < 32768; port++) {
        struct sockaddr_in address = {.sin_family = AF_INET,
                                      .sin_port = htons((uint16_t)port),
                                      .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
        const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const bool free =
            port != cluster.port && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0;
        close(fd);
        if (free)
            return port;
    }
    process_die("no free port");
}

void process_wait_for(const char *what, const char *url)
{
    const int64_t deadline = clock_ms() + START_MS;

    while (PQping(url) != PQPING_OK) {
        if (clock_ms() > deadline)
            process_die(what);
        poll(NULL, 0, 10);
    }
}
