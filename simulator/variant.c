/* SPDX-License-Identifier: MIT */
/* Has one table of settings for flags, endpoint and state. */
#include "simulator/variant.h"

#include "simulator/number.h"

#include <stddef.h>
#include <string.h>

static const char *const exports[] = {"form",     "fetch",   "newtab", "job",
                                      "job-link", "refresh", "frame",  NULL};
static const char *const dates[] = {"date", "text", "masked", "events", NULL};
static const char *const logins[] = {"form", "scripted", NULL};
static const char *const transfers[] = {"length", "chunked", "close", NULL};
static const char *const spents[] = {"nothing", "button", "fields", "form", "silent", NULL};
static const char *const dialogs[] = {"none", "alert", "confirm", "leave", NULL};
static const char *const switches[] = {"off", "on", NULL};

static const struct setting {
    const char *name;
    size_t offset;
    const char *const *words; /* in the order of their enum; NULL: a number up to max */
    uint64_t max;
    const char *expects;
} settings[] = {
    {"export", offsetof(struct variant, export), exports, 0,
     "form, fetch, newtab, job, job-link, refresh or frame"},
    {"dates", offsetof(struct variant, dates), dates, 0, "date, text, masked or events"},
    {"login", offsetof(struct variant, login), logins, 0, "form or scripted"},
    {"transfer", offsetof(struct variant, transfer), transfers, 0, "length, chunked or close"},
    {"spent", offsetof(struct variant, spent), spents, 0,
     "nothing, button, fields, form or silent"},
    {"dialog", offsetof(struct variant, dialog), dialogs, 0, "none, alert, confirm or leave"},
    {"notice", offsetof(struct variant, notice), switches, 0, "on or off"},
    {"lock-session", offsetof(struct variant, lock_session), switches, 0, "on or off"},
    {"single-session", offsetof(struct variant, single_session), switches, 0, "on or off"},
    {"check-origin", offsetof(struct variant, check_origin), switches, 0, "on or off"},
    {"bind-agent", offsetof(struct variant, bind_agent), switches, 0, "on or off"},
    {"expire-exports", offsetof(struct variant, expire_exports), NULL, 1000000,
     "a number from 0 to 1000000"},
    {"idle-ms", offsetof(struct variant, idle_ms), NULL, VARIANT_MS_MAX,
     "a number from 0 to 3600000"},
    {"delay-ms", offsetof(struct variant, delay_ms), NULL, VARIANT_MS_MAX,
     "a number from 0 to 3600000"},
    {"gather", offsetof(struct variant, gather), NULL, 64, "a number from 0 to 64"},
    {"await-logins", offsetof(struct variant, await_logins), NULL, 64, "a number from 0 to 64"},
    {"rate", offsetof(struct variant, rate), NULL, UINT32_MAX, "a number from 0 to 4294967295"},
};

enum { SETTINGS = sizeof settings / sizeof settings[0] };

static const struct setting *find(const char *name)
{
    for (size_t i = 0; i < SETTINGS; i++)
        if (strcmp(settings[i].name, name) == 0)
            return &settings[i];
    return NULL;
}

static uint32_t *place(struct variant *variant, const struct setting *setting)
{
    return (uint32_t *)(void *)((char *)variant + setting->offset);
}

static bool read_value(const struct setting *setting, const char *value, uint32_t *out)
{
    uint64_t number;

    if (!setting->words) {
        if (!sim_number_parse(value, setting->max, &number))
            return false;
        *out = (uint32_t)number;
        return true;
    }
    for (uint32_t i = 0; setting->words[i]; i++)
        if (strcmp(setting->words[i], value) == 0) {
            *out = i;
            return true;
        }
    return false;
}

bool variant_set(struct variant *variant, const char *name, const char *value)
{
    const struct setting *setting = find(name);

    return setting && read_value(setting, value, place(variant, setting));
}

const char *variant_expects(const char *name)
{
    const struct setting *setting = find(name);
    return setting ? setting->expects : NULL;
}

void variant_show(const struct variant *variant, struct buf *out)
{
    struct variant copy = *variant;

    for (size_t i = 0; i < SETTINGS; i++) {
        uint32_t value = *place(&copy, &settings[i]);
        buf_addf(out, "%s\"%s\": ", i ? ", " : "{", settings[i].name);
        if (settings[i].words)
            buf_addf(out, "\"%s\"", settings[i].words[value]);
        else
            buf_addf(out, "%u", value);
    }
    buf_add_char(out, '}');
}
