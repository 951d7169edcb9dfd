/*
 * In which order files that a person names are read: later rows win, so a newer download must come
 * after an older one.
 */
#ifndef CLI_FILE_ORDER_H
#define CLI_FILE_ORDER_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Sorts downloads of one file, which browsers number: "x.csv", "x (1).csv", "x(2).csv", "x
 * (10).csv" in one folder. They take the places that they have among the others, which stay where
 * they are. True if that changed the order. Pure.
 */
bool file_order(const char **paths, size_t count);

#endif
