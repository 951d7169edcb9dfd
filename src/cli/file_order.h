/*
 * Sorts downloads of the same file by the numbers that browsers put into their names. Of rows with
 * the same key the last one is loaded, so a newer download must come after an older one.
 */
#ifndef CLI_FILE_ORDER_H
#define CLI_FILE_ORDER_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Sorts the downloads of each file in place: "x.csv", "x (1).csv", "x(2).csv" and "x (10).csv" of
 * one folder come in that order. They take the places that downloads of this file had before; other
 * files stay where they are. True if that changed the order. Pure.
 */
bool file_order(const char **paths, size_t count);

#endif
