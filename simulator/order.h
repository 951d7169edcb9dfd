/*
 * Reads what a report form asks for.
 */
#ifndef SIMULATOR_ORDER_H
#define SIMULATOR_ORDER_H

#include "simulator/message.h"
#include "simulator/pages.h"
#include "simulator/report.h"

#include <stdint.h>

struct order {
    enum report_kind kind;
    int32_t first, last; /* days, inclusive, as they were asked for */
};

/* Returns the form as it was sent, to show it again. Its texts are borrowed from the request. */
struct sim_pages_choice order_choice(const struct sim_request *request);

/* Reads the order. Returns what is wrong with the form, in the portal's words; NULL: nothing, and
 * *out is set. `br`: dates must be dd/mm/yyyy, else ISO. */
const char *order_read(const struct sim_pages_choice *choice, bool br, struct order *out);

#endif
