/*
 * Whether the summaries are right: the row of the table resumo_estado, and the hash of the settings
 * that they were made with.
 */
#ifndef LAYERS_STATE_H
#define LAYERS_STATE_H

#include "load/destination.h"

#include <stdbool.h>

/* Called once a run: marks the summaries as due where no window was ever loaded. */
bool state_begin(struct destination *dest, struct error *err);

/* Within a window: locks the settings, and says whether the summaries are right and were made with
 * these settings. Marks them as due if only the settings differ. */
bool state_check(struct destination *dest, bool *right, struct error *err);

/* Within a window or work: marks the summaries as due, with the reason in words for people. */
bool state_mark_due(struct destination *dest, const char *reason, struct error *err);
/* Within work: marks them as right, made with the settings as they are. */
bool state_mark_ready(struct destination *dest, struct error *err);
/* Within a window: notes the settings as they are, after the load added values to them. */
bool state_note_settings(struct destination *dest, struct error *err);
/* Within work: nobody else changes a setting until its end. */
bool state_lock_settings(struct destination *dest, struct error *err);

/* Whether the summaries have to be filled anew: they are marked, or a setting changed. */
bool state_is_due(struct destination *dest, bool *due, struct error *err);

#endif
