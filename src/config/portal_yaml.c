/* SPDX-License-Identifier: MIT */
/* Reads the portal and its timetable from YAML. */
#include "config/portal_yaml.h"

#include "config/steps_yaml.h"
#include "model/report.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { MINUTES_PER_DAY = 24 * 60, LATE_MAX = 7 * MINUTES_PER_DAY, HOURS_MAX = 10000 };

static bool read_days(struct node rule, uint8_t *out, struct error *err)
{
    static const char *const words[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
    struct names names = {0};
    struct node at = rule;

    if (!node_names(rule, "days", 1, &names, err))
        return false;
    node_get(rule, "days", &at);
    for (size_t i = 0; i < names.count; i++) {
        int day = 0;
        while (day < 7 && strcmp(names.items[i], words[day]) != 0)
            day++;
        if (day == 7)
            return node_error(at, err, "'%s' is no day; use sun, mon, tue, wed, thu, fri, sat",
                              names.items[i]);
        *out |= (uint8_t)(1U << day);
    }
    return true;
}

static bool read_clock(struct node rule, const char *key, int *out, struct error *err)
{
    const char *text = NULL;
    struct node at;
    int hour, minute, used = 0;

    if (!node_text(rule, key, &text, err))
        return false;
    if (!text)
        return true;
    node_get(rule, key, &at);
    if (sscanf(text, "%2d:%2d%n", &hour, &minute, &used) != 2 || text[used] || hour < 0 ||
        hour > 23 || minute < 0 || minute > 59)
        return node_error(at, err, "'%s' is no time of day; write it in quotes, as '9:30'", text);
    *out = hour * 60 + minute;
    return true;
}

static bool read_rule(struct node timetable, const char *key, struct timetable_rule *out,
                      struct error *err)
{
    static const struct node_keys keys = {
        .required = {"days", "from"},
        .optional = {"to", "every", "late"},
    };
    struct timetable_rule rule = {.last = -1, .every = MINUTES_PER_DAY, .late = -1};
    struct node at;

    if (!node_get(timetable, key, &at))
        return true;
    if (!node_check_keys(at, &keys, err) || !read_days(at, &rule.days, err) ||
        !read_clock(at, "from", &rule.first, err) || !read_clock(at, "to", &rule.last, err) ||
        !node_int(at, "every", 1, MINUTES_PER_DAY, &rule.every, err) ||
        !node_int(at, "late", 0, LATE_MAX, &rule.late, err))
        return false;
    if (rule.late < 0)
        rule.late = rule.every;
    if (rule.last < 0)
        rule.last = rule.first;
    if (rule.last < rule.first)
        return node_error(at, err, "`to` is before `from`");
    *out = rule;
    return true;
}

/* Reads the key `timetable`. Without it *out stays empty, and no cycle runs by itself. */
static bool read_timetable(struct node root, struct timetable *out, struct error *err)
{
    static const struct node_keys keys = {.optional = {"incremental", "full"}};
    struct node at;

    if (!node_get(root, "timetable", &at))
        return true;
    return node_check_keys(at, &keys, err) &&
           read_rule(at, "incremental", &out->incremental, err) &&
           read_rule(at, "full", &out->full, err);
}

/* Reads the key `freshness`: after how many working hours data is late, and stale. */
static bool read_freshness(struct node root, struct timetable *out, struct error *err)
{
    static const struct node_keys keys = {.required = {"late_after", "stale_after"}};
    struct node at;

    if (!node_get(root, "freshness", &at))
        return true;
    if (!node_check_keys(at, &keys, err) ||
        !node_int(at, "late_after", 1, HOURS_MAX, &out->late_after, err) ||
        !node_int(at, "stale_after", 1, HOURS_MAX, &out->stale_after, err))
        return false;
    return out->late_after <= out->stale_after ||
           node_error(at, err, "`stale_after` is before `late_after`");
}

const char *url_portal_fault(const char *url)
{
    size_t scheme = strncasecmp(url, "https://", 8) == 0 ? 8 : 7;

    if (scheme == 7 && strncasecmp(url, "http://", 7) != 0)
        return "must begin with https:// or http://";
    size_t host = strcspn(url + scheme, "/?#");
    if (host == 0)
        return "has no host";
    if (memchr(url + scheme, '@', host))
        return "must hold no credentials: they go to SIGOS_USUARIO and SIGOS_SENHA";
    if (strpbrk(url, " \t\r\n"))
        return "holds a blank";
    return NULL;
}

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
        .optional = {"mode", "jobs", "page_error", "refusals", "timetable", "freshness"},
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
        !read_timetable(root, &portal.timetable, err) ||
        !read_freshness(root, &portal.timetable, err))
        return false;
    *out = portal;
    return true;
}
