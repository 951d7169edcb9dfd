/*
 * A line that breaks at the right moment: a process between the program and the server that passes
 * bytes on until it sees a certain text go by, unencrypted.
 */
#ifndef TESTS_SUPPORT_POSTGRES_PROXY_H
#define TESTS_SUPPORT_POSTGRES_PROXY_H

#include <stddef.h>
#include <sys/types.h>

enum proxy_fault {
    PROXY_CUT_BEFORE,   /* the text never reaches the server */
    PROXY_CUT_AFTER,    /* it does, and the server's answer is lost */
    PROXY_CUT_FOR_GOOD, /* as PROXY_CUT_AFTER, and nobody gets through any more */
    PROXY_HOLD, /* it does, and the line is dead at once, of which the server hears nothing */
};

struct proxy {
    pid_t pid;
    int port;
};

/* The fault happens once; later connections are passed on. */
struct proxy proxy_start(int server_port, enum proxy_fault fault, const void *text, size_t len);
void proxy_stop(struct proxy *proxy);

#endif
