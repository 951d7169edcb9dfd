/*
 * Does the work of `etl-sigos check --compact`.
 */
#ifndef CLI_CHECK_COMPACT_H
#define CLI_CHECK_COMPACT_H

#include "cli/invocation.h"

/* Removes from the tables of the chosen reports what nobody sees any more, and prints how much that
 * was. Sets *code as check does; what fails is printed. Fails with ERROR_CONFIG for a report that
 * there is not. */
bool check_compact(const struct invocation *invocation, int *code, struct error *err);

#endif
