/*
 * Draws a service in the field: the key columns that the two reports share.
 *
 * Keys never change with the generation. The UC numbers of a day's slots differ, except for
 * siblings: sometimes a slot has its neighbour's UC and differs only in the code, the TOI or the
 * team, so that no part of the key can be left out.
 */
#ifndef SIMULATOR_SERVICE_H
#define SIMULATOR_SERVICE_H

#include "simulator/history.h"

enum { SERVICE_TEXT_SIZE = HISTORY_COMPOSED_SIZE };

struct service {
    uint32_t consumer; /* index of the UC; what belongs to the place is drawn by it */
    char uc_shown[SERVICE_TEXT_SIZE];
    char uc_held[SERVICE_TEXT_SIZE];
    char toi[SERVICE_TEXT_SIZE]; /* may be empty */
    struct text code;
    const struct team *team;
    bool dated;
};

/* Returns the key for draws about a row. */
uint64_t service_row_key(const struct history *history, enum report_kind kind, int32_t day,
                         struct history_id id);
/* Returns the key for draws about a day. */
uint64_t service_day_key(const struct history *history, enum report_kind kind, int32_t day);

/* Returns the number of general services of a day, at least 1. */
uint32_t service_slots(const struct history *history, int32_t day);

/* Draws the service of a general row. */
void service_general(struct service *out, const struct history *history, int32_t day,
                     struct history_id id);

/* Draws the service that a return row sends back: mostly a general one of the day. */
void service_return(struct service *out, const struct history *history, int32_t day,
                    struct history_id id);

#endif
