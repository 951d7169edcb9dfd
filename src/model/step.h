/*
 * Steps on a page as a profile lists them: which element, what to do with it, with which value.
 */
#ifndef MODEL_STEP_H
#define MODEL_STEP_H

#include <stdbool.h>
#include <stddef.h>

/* A list of texts; the member that holds it says which texts they are. */
struct names {
    const char *const *items;
    size_t count;
};

/* Where an element is on a page: alternatives, tried in order. An entry that begins with '/' or '('
 * is XPath, any other is a CSS selector. */
struct locator {
    struct names any;
};

enum step_action {
    STEP_CLICK,
    STEP_FILL,   /* sets the value of a text field */
    STEP_SELECT, /* chooses the option with that value */
    STEP_DATE,   /* sets a date field to the window's first or last day */
    STEP_WAIT,   /* only waits until the element is visible */
};

enum step_value {
    STEP_LITERAL,  /* `text` */
    STEP_USER,     /* the settings' user; `text` is NULL */
    STEP_PASSWORD, /* the settings' password; never logged, `text` is NULL */
    STEP_FIRST,    /* first day asked for */
    STEP_LAST,     /* last day asked for */
};

struct step {
    enum step_action action;
    struct locator at;
    enum step_value value;
    const char *text;
    bool optional; /* a STEP_CLICK of the login: skipped if its element is not there */
};

struct steps {
    const struct step *items;
    size_t count;
};

#endif
