/*
 * Prints what became of a run on standard output.
 */
#ifndef CLI_PRINT_SUMMARY_H
#define CLI_PRINT_SUMMARY_H

#include "run/summary.h"

/* Prints a table with one line a report, and below it what went wrong, for a person. */
void print_summary(const struct summary *summary);

/* Prints one JSON object on one line, with an array of the reports, for a program. */
void print_summary_json(const struct summary *summary);

#endif
