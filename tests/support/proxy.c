/* SPDX-License-Identifier: MIT */
/* The proxy, a child process with one more for each connection. */
#include "tests/support/proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct rule {
    enum proxy_fault fault;
    const void *text;
    size_t len;
    atomic_bool *happened; /* shared by all connections */
};

static struct sockaddr_in loopback(int port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
}

static int connect_to(int port)
{
    const struct sockaddr_in address = loopback(port);
    const int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    close(fd);
    return -1;
}

static bool pass_on(int to, const char *bytes, size_t len)
{
    while (len) {
        const ssize_t sent = send(to, bytes, len, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes += sent;
        len -= (size_t)sent;
    }
    return true;
}

/* Waits for the server's answer and drops it, so that the server has done the statement. */
static void lose_answer(int server)
{
    struct pollfd answer = {.fd = server, .events = POLLIN};

    poll(&answer, 1, 10 * 1000);
}

/* Passes bytes on until one side ends or the fault applies. Returns whether it applied. */
static bool serve(int client, int server, const struct rule *rule)
{
    char bytes[65536];
    struct pollfd ends[] = {{.fd = client, .events = POLLIN}, {.fd = server, .events = POLLIN}};

    for (;;) {
        poll(ends, 2, -1);
        for (int i = 0; i < 2; i++) {
            if (!ends[i].revents)
                continue;
            const ssize_t got = recv(ends[i].fd, bytes, sizeof(bytes), 0);
            if (got <= 0)
                return false;
            const bool hit = i == 0 && memmem(bytes, (size_t)got, rule->text, rule->len) &&
                             !atomic_exchange(rule->happened, true);
            if (hit && rule->fault == PROXY_CUT_BEFORE)
                return true;
            if (!pass_on(ends[1 - i].fd, bytes, (size_t)got))
                return false;
            if (hit && rule->fault != PROXY_HOLD)
                lose_answer(server);
            if (hit)
                return true;
        }
    }
}

_Noreturn static void serve_one(int client, int server_port, const struct rule *rule)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int server = connect_to(server_port);
    if (server < 0 || !serve(client, server, rule))
        _exit(0);
    if (rule->fault == PROXY_CUT_FOR_GOOD)
        kill(getppid(), SIGKILL); /* with it all connections end */
    close(client);
    if (rule->fault == PROXY_HOLD)
        pause();
    _exit(0);
}

_Noreturn static void work(int listener, int server_port, const struct rule *rule)
{
    signal(SIGCHLD, SIG_IGN);
    for (;;) {
        const int client = accept(listener, NULL, NULL);
        if (client < 0)
            _exit(1);
        if (fork() == 0) {
            close(listener);
            serve_one(client, server_port, rule);
        }
        close(client);
    }
}

struct proxy proxy_start(int server_port, enum proxy_fault fault, const void *text, size_t len)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    int port = 29000 + getpid() % 1000;

    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    do
        address = loopback(++port);
    while (bind(listener, (struct sockaddr *)&address, sizeof(address)) < 0 && port < 32767);
    listen(listener, 8);
    const pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        const struct rule rule = {.fault = fault,
                                  .text = text,
                                  .len = len,
                                  .happened =
                                      mmap(NULL, sizeof(atomic_bool), PROT_READ | PROT_WRITE,
                                           MAP_SHARED | MAP_ANONYMOUS, -1, 0)};
        work(listener, server_port, &rule);
    }
    close(listener);
    return (struct proxy){.pid = pid, .port = port};
}

void proxy_stop(struct proxy *proxy)
{
    if (proxy->pid > 0) {
        kill(proxy->pid, SIGKILL);
        waitpid(proxy->pid, NULL, 0);
    }
    *proxy = (struct proxy){0};
}
