/*
 * Finds the known word that is closest to a mistyped one ("did you mean …?").
 */
#ifndef CONFIG_SUGGEST_H
#define CONFIG_SUGGEST_H

#include <stddef.h>

/* Returns the item of `known` that differs least from `word`, if at most a third of its letters
 * differ, rounded up; else NULL. Case does not count. */
const char *suggest_nearest(const char *word, const char *const *known, size_t count);

#endif
