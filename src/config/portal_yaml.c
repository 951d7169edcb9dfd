/* SPDX-License-Identifier: MIT */
/* Reads the portal from YAML. */
#include "config/portal_yaml.h"

#include "config/steps_yaml.h"
#include "config/timetable_yaml.h"
#include "config/portal_url.h"

enum { DAY_SECONDS = 24 * 60 * 60 };

static bool read_url(struct node root, struct portal *out, struct error *err)
{
    struct node at;

    if (!node_text(root, "url", &out->url, err))
        return false;
    const char *fault = url_portal_fault(out->url);
    if (fault && node_get(root, "url", &at))
        return node_error(at, err, "%s", fault);
    return true;
}

static bool check_notices(struct node login, const struct steps *steps, struct error *err)
{
    struct node list;
    size_t count = 0;

    for (size_t i = 0; i < steps->count; i++)
        count += steps->items[i].optional;
    if (count <= PORTAL_NOTICES_MAX || !node_get(login, "steps", &list))
        return true;
    return node_error(list, err, "at most %d steps may be optional", PORTAL_NOTICES_MAX);
}

static bool read_login(struct node root, struct portal *out, struct error *err)
{
    static const struct node_keys keys = {
        .required = {"steps", "logged_in"},
        .optional = {"login_error", "refusals"},
    };
    struct node at;

    return node_get(root, "login", &at) && node_check_keys(at, &keys, err) &&
           steps_read(at, "steps", STEPS_LOGIN, &out->login, err) &&
           check_notices(at, &out->login, err) &&
           locator_read(at, "logged_in", &out->logged_in, err) &&
           locator_read(at, "login_error", &out->login_error, err) &&
           node_names(at, "refusals", 1, &out->login_refusals, err);
}

static bool read_deadlines(struct node root, struct deadlines *out, struct error *err)
{
    static const struct node_keys keys = {
        .required = {"browser", "page", "element", "answer", "silence", "window"},
    };
    struct node at;

    return node_get(root, "deadlines", &at) && node_check_keys(at, &keys, err) &&
           node_int(at, "browser", 1, DAY_SECONDS, &out->browser, err) &&
           node_int(at, "page", 1, DAY_SECONDS, &out->page, err) &&
           node_int(at, "element", 1, DAY_SECONDS, &out->element, err) &&
           node_int(at, "answer", 1, DAY_SECONDS, &out->answer, err) &&
           node_int(at, "silence", 1, DAY_SECONDS, &out->silence, err) &&
           node_int(at, "window", 1, DAY_SECONDS, &out->window, err);
}

static bool read_mode(struct node root, enum export_mode *out, struct error *err)
{
    static const char *const words[] = {
        [EXPORT_MODE_AUTO] = "auto",
        [EXPORT_MODE_CLICK] = "click",
    };
    size_t choice = *out;

    if (!node_choice(root, "mode", words, sizeof(words) / sizeof(*words), &choice, err))
        return false;
    *out = (enum export_mode)choice;
    return true;
}

bool portal_read(struct node root, struct portal *out, struct error *err)
{
    static const struct node_keys keys = {
        .required = {"portal", "url", "zone", "login", "deadlines"},
        .optional = {"mode", "jobs", "page_error", "refusals", "timetable"},
    };
    struct portal portal = {.jobs = 1};

    if (!node_check_keys(root, &keys, err) || !node_text(root, "portal", &portal.name, err) ||
        !read_url(root, &portal, err) || !node_text(root, "zone", &portal.zone, err) ||
        !read_mode(root, &portal.mode, err) ||
        !node_int(root, "jobs", 1, JOBS_MAX, &portal.jobs, err) ||
        !read_login(root, &portal, err) ||
        !locator_read(root, "page_error", &portal.page_error, err) ||
        !node_names(root, "refusals", 1, &portal.refusals, err) ||
        !read_deadlines(root, &portal.deadlines, err) ||
        !timetable_read(root, &portal.timetable, err))
        return false;
    *out = portal;
    return true;
}
