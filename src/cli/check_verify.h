/*
 * Does the work of `etl-sigos check --verify`.
 */
#ifndef CLI_CHECK_VERIFY_H
#define CLI_CHECK_VERIFY_H

#include "cli/invocation.h"

/* Reads the tables of the chosen reports, prints which rows are not what was loaded, and sets
 * *code: EXIT_CODE_DATA_TEST if there are any, else EXIT_CODE_DONE. The database is only read.
 * Fails with ERROR_CONFIG for a report that there is not, and as verify_report does. */
bool check_verify(const struct invocation *invocation, int *code, struct error *err);

#endif
