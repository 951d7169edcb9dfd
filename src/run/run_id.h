/*
 * The name of a run.
 */
#ifndef RUN_RUN_ID_H
#define RUN_RUN_ID_H

#include "model/ledger.h"

/* Begins a run of that mode (borrowed) now: its id is unique, sorts by start and ends with
 * `ending`. */
void run_id_make(struct run *run, const char *mode, const char *ending);

#endif
