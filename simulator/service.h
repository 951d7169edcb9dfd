/*
 * One service in the field: the key columns that the two reports share.
 *
 * Keys never change with the generation. Within a day the UC numbers of the slots are distinct,
 * except for siblings: now and then a slot repeats its neighbour's UC and differs in the code, the
 * TOI or the team alone, so that no part of the key can be left out.
 */
#ifndef SIMULATOR_SERVICE_H
#define SIMULATOR_SERVICE_H

#include "simulator/history.h"

enum { SERVICE_TEXT_SIZE = HISTORY_COMPOSED_SIZE };

struct service {
    uint32_t consumer; /* index of the UC: what stays with the place draws on it */
    char uc_shown[SERVICE_TEXT_SIZE];
    char uc_held[SERVICE_TEXT_SIZE];
    char toi[SERVICE_TEXT_SIZE]; /* may be empty */
    struct text code;
    const struct team *team;
    bool dated;
};

/* The key for draws about a row, and about a day as a whole. */
uint64_t service_row_key(const struct history *history, enum report_kind kind, int32_t day,
                         struct history_id id);
uint64_t service_day_key(const struct history *history, enum report_kind kind, int32_t day);

/* How many general services the day has. */
uint32_t service_slots(const struct history *history, int32_t day);

/* The service of a general row. */
void service_general(struct service *out, const struct history *history, int32_t day,
                     struct history_id id);

/* The service that a return row sends back: a general one of the day where it can be. */
void service_return(struct service *out, const struct history *history, int32_t day,
                    struct history_id id);

#endif
