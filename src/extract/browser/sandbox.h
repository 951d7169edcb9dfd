/*
 * Whether Chromium can make its sandbox here.
 *
 * An unprivileged Chromium puts its renderers into namespaces of their own and moves their root to
 * an empty folder. Containers may forbid that: Docker by its default seccomp profile, podman where
 * all capabilities are dropped, Fargate always.
 */
#ifndef EXTRACT_BROWSER_SANDBOX_H
#define EXTRACT_BROWSER_SANDBOX_H

#include <stdbool.h>

/* Tries in a child what Chromium will do. False if that fails, and for root, to whom Chromium
 * refuses a sandbox. */
bool sandbox_is_possible(void);

#endif
