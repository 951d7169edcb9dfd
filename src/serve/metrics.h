/*
 * What the ledger and the server tell a machine that watches them, as metrics of Prometheus.
 */
#ifndef SERVE_METRICS_H
#define SERVE_METRICS_H

#include "serve/visit.h"

/* Whether the request may read them: it comes from this machine, or bears the token. */
bool metrics_may_read(const struct serve_options *options, const struct incoming *in);

/* Answers with them. The database's are left out while it is away: etl_sigos_database_up is 0
 * then. */
void metrics_answer(const struct router *router, struct reply *out);

#endif
