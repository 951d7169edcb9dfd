/*
 * Sends an answer: how fast its body leaves, and how it ends.
 */
#ifndef SIMULATOR_TRANSMIT_H
#define SIMULATOR_TRANSMIT_H

#include "simulator/message.h"
#include "simulator/pause.h"

#include <microhttpd.h>

/* Queues the answer and takes its body. Runs in the connection's own thread and may wait. False:
 * the connection is to be closed without an answer. */
bool transmit(struct MHD_Connection *connection, struct sim_answer *answer,
              const struct pause *pause);

#endif
