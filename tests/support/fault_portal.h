/*
 * A portal of hand-made pages, each for one thing that goes wrong: what the simulator, which is a
 * portal that works, does not look like. It logs in "ana" with "s@nha" at "/", a menu leads to a
 * page for each fault, whose form has #first, #last and #export. One at a time. It is also a proxy,
 * behind which every host is this portal.
 */
#ifndef TESTS_SUPPORT_FAULT_PORTAL_H
#define TESTS_SUPPORT_FAULT_PORTAL_H

#include <stdbool.h>
#include <stddef.h>

bool fault_portal_open(void);
void fault_portal_close(void);

/* Connections that are open: the page that "newtabwords" opens in a tab holds one as long as it is
 * there. */
size_t fault_portal_connections(void);

char *fault_portal_url(const char *path); /* owned by the caller */

#endif
