/*
 * A connection that breaks at a chosen moment: a process between the program and the server passes
 * unencrypted bytes on until it sees a given text.
 */
#ifndef TESTS_SUPPORT_PROXY_H
#define TESTS_SUPPORT_PROXY_H

#include <stddef.h>
#include <sys/types.h>

enum proxy_fault {
    PROXY_CUT_BEFORE,   /* the text never reaches the server */
    PROXY_CUT_AFTER,    /* the text reaches the server, and the answer is lost */
    PROXY_CUT_FOR_GOOD, /* as PROXY_CUT_AFTER, and later connections are refused */
    PROXY_HOLD,         /* as PROXY_CUT_AFTER, but the server does not notice */
};

struct proxy {
    pid_t pid;
    int port;
};

/* Starts a proxy. Its fault happens once, and later connections are passed on. */
struct proxy proxy_start(int server_port, enum proxy_fault fault, const void *text, size_t len);
void proxy_stop(struct proxy *proxy);

#endif
