/*
 * Taking the steps of a profile on a page.
 */
#ifndef EXTRACT_STEPS_H
#define EXTRACT_STEPS_H

#include "base/error.h"
#include "extract/page.h"
#include "extract/served.h"
#include "model/portal.h"
#include "model/report.h"
#include "model/settings.h"
#include "model/window.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What steps need to know; everything is borrowed. */
struct stage {
    struct page *page;
    const struct portal *portal;
    const struct settings *settings;
    const char *origin;          /* of the portal: the only place where credentials are typed */
    const struct window *window; /* NULL while there is none: then no step may ask for its days */
    const struct locator *login; /* what tells that we were logged out; NULL while logging in */
    struct served *served;
    int64_t deadline; /* for all steps together, an instant of clock_ms() */
};

/* Takes steps [from, to) and waits for the pages they lead to. Errors name the step: "step 2 (fill
 * #user)". */
bool steps_take(const struct stage *stage, const struct steps *steps, size_t from, size_t to,
                struct error *err);

/* The last step, without waiting for a page: what it starts is a download. Before it, the days are
 * read back once more: a file of another period would look like any other. */
bool steps_take_last(const struct stage *stage, const struct steps *steps, struct error *err);

/* Prepends "step N (action locator)" to an error that is set; returns false. */
bool steps_blame(const struct steps *steps, size_t index, struct error *err);

#endif
