/*
 * A portal of hand-made pages, one for each fault that the simulator, a portal that works, does not
 * have. It logs in "ana" with "s@nha" at "/". A menu leads to a page for each fault, whose form has
 * #first, #last and #export. Only one such portal runs at a time. It is also a proxy that serves
 * its own pages for every host.
 */
#ifndef TESTS_SUPPORT_FAULT_PORTAL_H
#define TESTS_SUPPORT_FAULT_PORTAL_H

#include <stdbool.h>
#include <stddef.h>

bool fault_portal_open(void);
void fault_portal_close(void);

/* Returns the number of open connections. The tab that "newtabwords" opens holds one until it is
 * closed. */
size_t fault_portal_connections(void);

char *fault_portal_url(const char *path); /* owned by the caller */

#endif
