/*
 * Serves the portal by HTTP on the loopback interface, and nowhere else.
 */
#ifndef SIMULATOR_SERVER_H
#define SIMULATOR_SERVER_H

#include "base/error.h"
#include "simulator/portal.h"

#include <stdint.h>

struct sim_server;

/* Listens on 127.0.0.1 (port 0: any free one) and answers in its own threads until closed. `portal`
 * is borrowed. ERROR_SYSTEM: the port cannot be used. */
bool sim_server_open(struct sim_server **out, struct sim_portal *portal, uint16_t port,
                     struct error *err);
uint16_t sim_server_port(const struct sim_server *server);

/* Ends all waits and joins every thread. Accepts NULL. */
void sim_server_close(struct sim_server *server);

#endif
