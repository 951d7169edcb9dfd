/*
 * The files of `etl-sigos load`: what its arguments name, folders opened, in the order in which
 * they are read.
 */
#ifndef CLI_FILE_LIST_H
#define CLI_FILE_LIST_H

#include "base/error.h"
#include "cli/options.h"
#include "config/profile.h"

#include <stddef.h>

struct file_list {
    char **paths; /* owned, as their texts */
    size_t count;
};

/*
 * A folder stands for the CSV files in it, packed ones too, by name; with --report for those that
 * are not, by their names, another report's. Downloads that a browser numbered come in the order of
 * their numbers (file_order.h); where the order is not the one given, it is logged (files.ordered).
 * ERROR_DATA names what is not there, and a folder without a file to load.
 */
bool file_list_make(const struct options *options, const struct profile *profile,
                    struct file_list *out, struct error *err);
void file_list_done(struct file_list *list); /* accepts a zeroed one */

/* The report that a file is an export of, by its name; NULL: of none. */
const struct report *file_list_report(const struct profile *profile, const char *path);

/* Appends to an error that is already set which of the arguments are not there. */
void file_list_explain_missing(const struct options *options, struct error *err);

#endif
