/*
 * Takes the steps of a profile on a page: fills in a form and clicks.
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

/* Locators of which another alternative than the first found the element, because the page has
 * changed. Each is logged once. Zero is valid: none. */
enum { FALLBACK_LOCATORS_MAX = 64 };

struct fallback_locators {
    const struct locator *logged[FALLBACK_LOCATORS_MAX]; /* compared by address */
    size_t alternatives[FALLBACK_LOCATORS_MAX];          /* which of each found the element */
    size_t count;
};

/* What the steps need; everything is borrowed. */
struct stage {
    struct page *page;
    const struct portal *portal;
    const struct settings *settings;
    const char *origin;          /* the portal's; credentials are typed nowhere else */
    const struct window *window; /* NULL: none yet, so no step may ask for its days */
    const struct locator *login; /* visible if the session has ended; NULL while logging in */
    struct login_state *login_state;
    struct fallback_locators *fallbacks;
    int64_t deadline; /* for all steps together, an instant of clock_ms() */
};

/* Takes the steps [from, to) and waits for the pages to which they lead. An optional step is left
 * out if its element is not there when the page has loaded. Errors are those of act_perform and
 * page_arrive, and name the step: "step 2 (fill #user)". ERROR_CONFIG: a step asks for a day and
 * there is no window. */
bool steps_take(const struct stage *stage, const struct steps *steps, size_t from, size_t to,
                struct error *err);

/* Takes the last step, without waiting for a page: it starts a download. Before that the days are
 * read back once more, because a file of another period would look like any other. */
bool steps_take_last(const struct stage *stage, const struct steps *steps, struct error *err);

/* Returns the number of steps before the first click: they fill in the form, and the click asks for
 * something. */
size_t steps_before_click(const struct steps *steps);

/*
 * Takes the steps before the first click on a form that was used before. *unusable is whether the
 * form cannot serve again because an element is gone or disabled, or does not take its value; then
 * `why` says so. What is gone or disabled is seen at once, the values get 2 s. False only if
 * something else failed: the browser, the network, or the session has ended.
 */
bool steps_fill_again(const struct stage *stage, const struct steps *steps, bool *unusable,
                      char why[ACT_WHY_SIZE], struct error *err);

/* Prepends "step N (action locator)" to an error that is set; returns false. */
bool steps_add_context(const struct steps *steps, size_t index, struct error *err);

#endif
