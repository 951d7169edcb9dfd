/*
 * Counts the requests under way of a page and of the tabs that it opened: one of them may still
 * become a file.
 */
#ifndef EXTRACT_BROWSER_TRAFFIC_H
#define EXTRACT_BROWSER_TRAFFIC_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* Which requests are counted. TRAFFIC_ANY: documents and requests of scripts. TRAFFIC_ASKING: only
 * what may be an export, that is documents and scripts' requests other than GET, because many pages
 * poll with GET all the time. */
enum traffic_lane { TRAFFIC_ANY, TRAFFIC_ASKING, TRAFFIC_LANES };

struct traffic {
    json_t *open; /* request id -> whether it counts as TRAFFIC_ASKING, too; owned */
    struct traffic_count {
        int open, sent;
        int64_t moved_ms; /* when a request was sent or ended last, clock_ms(); 0: never */
    } lanes[TRAFFIC_LANES];
    int64_t script_ms; /* when a script's request was sent, answered or failed last; 0: never */
};

/* Starts to count: no request is under way. traffic_event takes the events of the browser. */
void traffic_begin(struct traffic *traffic);
void traffic_event(struct traffic *traffic, const char *method, json_t *params);
void traffic_done(struct traffic *traffic); /* accepts a zeroed one */

#endif
