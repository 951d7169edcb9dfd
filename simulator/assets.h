/*
 * The portal's style sheet and script, served by the simulator itself: no page names another host.
 */
#ifndef SIMULATOR_ASSETS_H
#define SIMULATOR_ASSETS_H

extern const char assets_css[];
extern const char assets_js[];

#endif
