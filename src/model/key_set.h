/*
 * A set of keys. Add all keys, then seal the set, then ask it.
 */
#ifndef MODEL_KEY_SET_H
#define MODEL_KEY_SET_H

#include "model/hash.h"

#include <stdbool.h>
#include <stddef.h>

struct key_set {
    struct hash128 *keys;
    size_t count, room;
};

void key_set_done(struct key_set *set); /* accepts a zeroed one */
void key_set_add(struct key_set *set, struct hash128 key);
/* Sorts the keys; to be called after the last key is added and before key_set_has. */
void key_set_seal(struct key_set *set);
bool key_set_has(const struct key_set *set, struct hash128 key);

#endif
