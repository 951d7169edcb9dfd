/*
 * "Did you mean …?": the known word that a mistyped one is closest to.
 */
#ifndef CONFIG_SUGGEST_H
#define CONFIG_SUGGEST_H

#include <stddef.h>

/* The item of `known` that differs from `word` by so few letters that it was probably meant; NULL
 * if there is none. Case does not count. */
const char *suggest_nearest(const char *word, const char *const *known, size_t count);

#endif
