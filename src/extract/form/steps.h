/*
 * Taking the steps of a profile on a page.
 */
#ifndef EXTRACT_FORM_STEPS_H
#define EXTRACT_FORM_STEPS_H

#include "base/error.h"
#include "extract/form/act.h"
#include "extract/browser/page.h"
#include "model/portal.h"
#include "model/report.h"
#include "model/settings.h"
#include "model/window.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Locators that needed another alternative than their first, because the page has changed: each is
 * logged once. Zero is valid: none. */
enum { FALLBACK_LOCATORS_MAX = 64 };

struct fallback_locators {
    const struct locator *told[FALLBACK_LOCATORS_MAX]; /* known by their addresses */
    size_t count;
};

/* What steps need to know; everything is borrowed. */
struct stage {
    struct page *page;
    const struct portal *portal;
    const struct settings *settings;
    const char *origin;          /* of the portal: the only place where credentials are typed */
    const struct window *window; /* NULL while there is none: then no step may ask for its days */
    const struct locator *login; /* what tells that we were logged out; NULL while logging in */
    struct login_state *login_state;
    struct fallback_locators *fallbacks;
    int64_t deadline; /* for all steps together, an instant of clock_ms() */
};

/* Takes steps [from, to), those that are optional if they are there when the page has loaded, and
 * waits for the pages they lead to. Errors name the step: "step 2 (fill #user)". */
bool steps_take(const struct stage *stage, const struct steps *steps, size_t from, size_t to,
                struct error *err);

/* The last step, without waiting for a page: what it starts is a download. Before it, the days are
 * read back once more: a file of another period would look like any other. */
bool steps_take_last(const struct stage *stage, const struct steps *steps, struct error *err);

/* How many steps come before the first click: they fill in the form, and the click asks for
 * something. */
size_t steps_before_click(const struct steps *steps);

/*
 * Takes the steps before the first click on a form that was used before. *spent is whether it
 * cannot serve again, as is seen at once where it is gone or disabled; `why` says so then. Only
 * what the form is not to blame for is a failure.
 */
bool steps_fill_again(const struct stage *stage, const struct steps *steps, bool *spent,
                      char why[ACT_WHY_SIZE], struct error *err);

/* Prepends "step N (action locator)" to an error that is set; returns false. */
bool steps_add_context(const struct steps *steps, size_t index, struct error *err);

#endif
