/*
 * HTTP on the loopback interface, nowhere else.
 */
#ifndef SIMULATOR_SERVER_H
#define SIMULATOR_SERVER_H

#include "base/error.h"
#include "simulator/portal.h"

#include <stdint.h>

struct sim_server;

/* Listens on 127.0.0.1 (port 0: any free one) and answers from its own threads until closed. */
bool sim_server_open(struct sim_server **out, struct sim_portal *portal, uint16_t port,
                     struct error *err);
uint16_t sim_server_port(const struct sim_server *server);

/* Ends the waits of pending exports and hanging clients, joins every thread. NULL is fine. */
void sim_server_close(struct sim_server *server);

#endif
