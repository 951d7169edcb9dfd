/*
 * The portal's style sheet and scripts (simulator/www), served by the simulator itself: no page
 * names another host.
 */
#ifndef SIMULATOR_ASSETS_H
#define SIMULATOR_ASSETS_H

#include <stddef.h>

struct asset {
    const char *name; /* below dist/ */
    const char *type;
    const char *text, *end;
};

const struct asset *asset_find(const char *name); /* NULL: no such file */

#endif
