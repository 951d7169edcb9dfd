/*
 * What `etl-sigos check --verify` does.
 */
#ifndef CLI_CHECK_VERIFY_H
#define CLI_CHECK_VERIFY_H

#include "cli/invocation.h"

/* Reads the tables of the chosen reports and prints which of their rows are not what was loaded.
 * *code is then EXIT_CODE_DATA_TEST if there are any. The database is opened to be read only. */
bool check_verify(const struct invocation *invocation, int *code, struct error *err);

#endif
