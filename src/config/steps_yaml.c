/* SPDX-License-Identifier: MIT */
/* Reads steps and locators from YAML. */
#include "config/steps_yaml.h"

#include <string.h>

enum { ACTIONS = STEP_WAIT + 1 };

static const char *const verbs[ACTIONS] = {
    [STEP_CLICK] = "click", [STEP_FILL] = "fill", [STEP_SELECT] = "select",
    [STEP_DATE] = "date",   [STEP_WAIT] = "wait",
};

bool locator_read(struct node map, const char *key, struct locator *out, struct error *err)
{
    return node_names(map, key, 1, &out->any, err);
}

static bool read_verb(struct node at, struct step *out, struct error *err)
{
    struct node value;
    size_t found = 0;

    for (size_t i = 0; i < ACTIONS; i++) {
        if (!node_get(at, verbs[i], &value))
            continue;
        found++;
        out->action = (enum step_action)i;
    }
    if (found != 1)
        return node_error(at, err, "a step has exactly one of click, fill, select, date, wait");
    return locator_read(at, verbs[out->action], &out->at, err);
}

static bool read_credential(struct node at, enum steps_place place, struct step *out,
                            struct error *err)
{
    static const char *const words[] = {"user", "password"};
    static const enum step_value values[] = {STEP_USER, STEP_PASSWORD};
    struct node value;
    size_t which = 0;

    if (!node_choice(at, "credential", words, 2, &which, err))
        return false;
    if (place != STEPS_LOGIN) {
        node_get(at, "credential", &value);
        return node_error(value, err, "only the login steps of portal.yaml may use credentials");
    }
    out->value = values[which];
    return true;
}

static bool read_day(struct node at, enum steps_place place, struct step *out, struct error *err)
{
    static const char *const words[] = {"first", "last"};
    static const enum step_value values[] = {STEP_FIRST, STEP_LAST};
    size_t which = 0;

    if (place != STEPS_WINDOW)
        return node_error(at, err, "only the steps of export.window have days");
    if (!node_choice(at, "value", words, 2, &which, err))
        return false;
    out->value = values[which];
    return true;
}

/* Checks that a step has the value or credential that its verb needs. */
static bool check_arguments(struct node at, const struct step *step, bool has_value,
                            bool has_credential, struct error *err)
{
    const char *verb = verbs[step->action];

    switch (step->action) {
    case STEP_FILL:
        if (has_value == has_credential)
            return node_error(at, err, "fill needs either a value or a credential");
        return true;
    case STEP_SELECT:
    case STEP_DATE:
        if (has_credential)
            return node_error(at, err, "%s takes no credential", verb);
        if (!has_value)
            return node_error(at, err, "%s needs a value%s", verb,
                              step->action == STEP_DATE ? ": first or last" : "");
        return true;
    default:
        if (has_value || has_credential)
            return node_error(at, err, "%s takes no %s", verb, has_value ? "value" : "credential");
        return true;
    }
}

/* Reads `optional`, for clicks of the login only: a window without one of its steps would export
 * something else. */
static bool read_optional(struct node at, enum steps_place place, struct step *out,
                          struct error *err)
{
    struct node value;

    if (!node_bool(at, "optional", &out->optional, err))
        return false;
    if (!out->optional || (place == STEPS_LOGIN && out->action == STEP_CLICK))
        return true;
    node_get(at, "optional", &value);
    return node_error(value, err, "only a click of the login's steps may be optional");
}

static bool read_step(struct node at, enum steps_place place, struct step *out, struct error *err)
{
    static const struct node_keys keys = {
        .optional = {"click", "fill", "select", "date", "wait", "value", "credential", "optional"},
    };
    struct node unused;

    if (!node_check_keys(at, &keys, err) || !read_verb(at, out, err))
        return false;
    bool has_value = node_get(at, "value", &unused);
    bool has_credential = node_get(at, "credential", &unused);
    if (!check_arguments(at, out, has_value, has_credential, err))
        return false;
    if (!read_optional(at, place, out, err))
        return false;
    if (has_credential)
        return read_credential(at, place, out, err);
    if (out->action == STEP_DATE)
        return read_day(at, place, out, err);
    return node_text_or_empty(at, "value", &out->text, err);
}

/* Checks that both days are put in the form: else every window would export the same days. */
static bool check_window(struct node list, const struct step *items, size_t count,
                         struct error *err)
{
    bool first = false, last = false;

    for (size_t i = 0; i < count; i++) {
        first = first || items[i].value == STEP_FIRST;
        last = last || items[i].value == STEP_LAST;
    }
    if (!first || !last)
        return node_error(list, err, "no step sets the %s day (date: …, value: %s)",
                          first ? "last" : "first", first ? "last" : "first");
    if (items[count - 1].action != STEP_CLICK)
        return node_error(node_item(list, count - 1), err,
                          "the last step must be the click that starts the download");
    return true;
}

bool steps_read(struct node map, const char *key, enum steps_place place, struct steps *out,
                struct error *err)
{
    struct node list;
    size_t count;

    if (!node_list(map, key, 1, &list, &count, err))
        return false;
    if (count == 0)
        return true;
    struct step *items = node_alloc(list, count, sizeof(*items));
    for (size_t i = 0; i < count; i++)
        if (!read_step(node_item(list, i), place, &items[i], err))
            return false;
    if (place == STEPS_WINDOW && !check_window(list, items, count, err))
        return false;
    *out = (struct steps){.items = items, .count = count};
    return true;
}
