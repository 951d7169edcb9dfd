/*
 * What a page and the tabs that it opened are asking the portal for: whether something is on its
 * way that may become a file.
 */
#ifndef EXTRACT_BROWSER_TRAFFIC_H
#define EXTRACT_BROWSER_TRAFFIC_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* Documents and what scripts ask for; or only what may well be an export: documents, and scripts'
 * requests other than GET, by which pages look for news all the time. */
enum traffic_lane { TRAFFIC_ANY, TRAFFIC_ASKING, TRAFFIC_LANES };

struct traffic {
    json_t *open; /* request -> whether it is of TRAFFIC_ASKING, too */
    struct traffic_count {
        int open, sent;
        int64_t moved_ms; /* when one was sent or ended last; 0: never */
    } lanes[TRAFFIC_LANES];
    int64_t script_ms; /* when a script's request was sent or ended last; 0: never */
};

void traffic_begin(struct traffic *traffic);
void traffic_event(struct traffic *traffic, const char *method, json_t *params);
void traffic_done(struct traffic *traffic); /* accepts a zeroed one */

#endif
