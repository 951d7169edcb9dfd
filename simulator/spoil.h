/*
 * What a fault does to an export that is made: to what is asked of the history, to the file, to its
 * way to the client. Faults that make no file at all are reporting.c's.
 */
#ifndef SIMULATOR_SPOIL_H
#define SIMULATOR_SPOIL_H

#include "simulator/fault_spec.h"
#include "simulator/history.h"
#include "simulator/order.h"

/* Another order than the one that was given. `before` is the one before it, or NULL. */
void spoil_order(const struct fault *fault, const struct order *before, struct order *order,
                 struct history *history);

void spoil_file(const struct fault *fault, struct buf *file);

void spoil_delivery(const struct fault *fault, size_t len, struct sim_delivery *delivery);

#endif
