/*
 * What a report form asks for.
 */
#ifndef SIMULATOR_ORDER_H
#define SIMULATOR_ORDER_H

#include "simulator/message.h"
#include "simulator/pages.h"
#include "simulator/report.h"

#include <stdint.h>

struct order {
    enum report_kind kind;
    int32_t first, last; /* days, as they were asked for */
};

/* The form as it was sent, to show it again. Texts belong to the request. */
struct sim_pages_choice order_choice(const struct sim_request *request);

/* What is wrong with the form, in the portal's words; NULL: nothing, and the order stands in `out`.
 * `br`: dates are dd/mm/yyyy, and nothing else, instead of ISO. */
const char *order_read(const struct sim_pages_choice *choice, bool br, struct order *out);

#endif
