/*
 * Runs a script of sql/layers/load/ with its values put in.
 */
#ifndef LAYERS_SCRIPT_H
#define LAYERS_SCRIPT_H

#include "load/destination.h"

/* A value for ":name" in a script. The list ends with a NULL name. */
struct script_value {
    const char *name;
    const char *text;
};

/* Runs the statements of a script within a window or work. Each :name becomes the value as a
 * literal; a name that is not in the list is a mistake of ours, and aborts. NULL for the list: the
 * script has none. */
bool layer_script_run(struct destination *dest, const char *purpose, const char *script,
                      const struct script_value *values, struct error *err);

#endif
