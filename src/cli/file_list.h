/*
 * Lists the files that the arguments of `etl-sigos load` name, with those in folders, in the order
 * in which they are read.
 */
#ifndef CLI_FILE_LIST_H
#define CLI_FILE_LIST_H

#include "base/error.h"
#include "cli/options.h"
#include "config/profile.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Sorts the downloads of each file in place, by the numbers that browsers put into their names. Of
 * rows with the same key the last one is loaded, so a newer download must come after an older one:
 * "x.csv", "x (1).csv", "x(2).csv" and "x (10).csv" of one folder come in that order. They take the
 * places that downloads of this file had before; other files stay where they are. True if that
 * changed the order. Pure.
 */
bool file_order(const char **paths, size_t count);

struct file_list {
    char **paths; /* the array and its texts are owned */
    size_t count;
};

/*
 * Lists the files. *out is the caller's. A folder stands for the CSV files in it, packed ones too,
 * in the order of their names; with --report, without the files that are another report's by their
 * names. Downloads that a browser numbered come in the order of their numbers (file_order). If a
 * folder was opened or files changed places, the order is logged (files.ordered). ERROR_DATA names
 * an argument that does not exist, or a folder without a file to load.
 */
bool file_list_make(const struct options *options, const struct profile *profile,
                    struct file_list *out, struct error *err);
void file_list_done(struct file_list *list); /* accepts a zeroed one */

/* Returns the report of which the file is an export, by its name; NULL: of none. */
const struct report *file_list_report(const struct profile *profile, const char *path);

/* Appends to an error that is already set which of the arguments are no existing files. */
void file_list_explain_missing(const struct options *options, struct error *err);

#endif
