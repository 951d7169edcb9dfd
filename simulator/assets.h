/*
 * Holds the portal's style sheet and scripts (simulator/www). The simulator serves them itself, so
 * no page names another host.
 */
#ifndef SIMULATOR_ASSETS_H
#define SIMULATOR_ASSETS_H

#include <stddef.h>

struct asset {
    const char *name; /* the path below dist/ */
    const char *type;
    const char *text, *end;
};

/* Returns a constant file; NULL: there is no such file. */
const struct asset *asset_find(const char *name);

#endif
