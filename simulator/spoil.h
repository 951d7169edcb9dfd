/*
 * Applies a fault to an export that is made: to the order, to the file, or to how it is sent.
 * Faults without a file are in reporting.c.
 */
#ifndef SIMULATOR_SPOIL_H
#define SIMULATOR_SPOIL_H

#include "simulator/fault_spec.h"
#include "simulator/history.h"
#include "simulator/order.h"

/* Changes the order, or the history from which it is made. `before` is the order before it, or
 * NULL. */
void spoil_order(const struct fault *fault, const struct order *before, struct order *order,
                 struct history *history);

/* Changes the bytes of the file. */
void spoil_file(const struct fault *fault, struct buf *file);

/* Changes how a file of `len` bytes is sent. */
void spoil_delivery(const struct fault *fault, size_t len, struct sim_delivery *delivery);

#endif
