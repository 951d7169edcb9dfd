/* SPDX-License-Identifier: MIT */
/* Turns a profile's steps into actions on a page. */
#include "extract/form/steps.h"

#include "base/clock.h"
#include "base/log.h"
#include "extract/form/act.h"

#include <stdio.h>

/* The time that a form that was used before gets to be ready again: it may check what was typed. */
enum { READY_MS = 2000 };

static const char *first_alternative(const struct step *step)
{
    return step->at.any.count ? step->at.any.items[0] : "nothing";
}

/* Logs the locator, once, if another alternative than its first found the element. */
static void note_fallback(struct fallback_locators *fallbacks, const struct locator *locator,
                          size_t alternative)
{
    if (alternative == 0 || alternative >= locator->any.count ||
        fallbacks->count == FALLBACK_LOCATORS_MAX)
        return;
    for (size_t i = 0; i < fallbacks->count; i++)
        if (fallbacks->logged[i] == locator)
            return;
    fallbacks->alternatives[fallbacks->count] = alternative;
    fallbacks->logged[fallbacks->count++] = locator;
    log_info("portal.changed", log_text("gone", locator->any.items[0]),
             log_text("served", locator->any.items[alternative]),
             log_int("alternative", (int64_t)alternative + 1));
}

static void make_action(const struct stage *stage, const struct step *step, struct action *action)
{
    *action = (struct action){.kind = step->action,
                              .at = &step->at,
                              .login = stage->login,
                              .login_state = stage->login_state};
    switch (step->value) {
    case STEP_LITERAL:
        action->text = step->text;
        break;
    case STEP_USER:
        action->text = stage->settings->user;
        action->origin = stage->origin;
        break;
    case STEP_PASSWORD:
        action->text = stage->settings->password;
        action->origin = stage->origin;
        break;
    case STEP_FIRST:
        action->day = stage->window ? stage->window->first : 0;
        break;
    case STEP_LAST:
        action->day = stage->window ? stage->window->last : 0;
        break;
    }
}

/* Returns the instant so many seconds from now, but not after the stage's deadline. */
static int64_t deadline_in(const struct stage *stage, int seconds)
{
    int64_t deadline = clock_ms() + (int64_t)seconds * 1000;

    return deadline < stage->deadline ? deadline : stage->deadline;
}

static bool take(const struct stage *stage, const struct step *step, struct error *err)
{
    struct action action;
    size_t alternative;

    make_action(stage, step, &action);
    if (action.kind == STEP_DATE && !stage->window)
        return error_set(err, ERROR_CONFIG, "there is no window yet whose days could be filled in");
    log_debug("portal.step", log_text("action", act_name(step->action)),
              log_text("at", first_alternative(step)));
    if (!act_perform(stage->page, &action, deadline_in(stage, stage->portal->deadlines.element),
                     &alternative, err))
        return false;
    note_fallback(stage->fallbacks, &step->at, alternative);
    return true;
}

bool steps_add_context(const struct steps *steps, size_t index, struct error *err)
{
    const struct step *step = &steps->items[index];

    return error_context(err, "step %zu (%s %s)", index + 1, act_name(step->action),
                         first_alternative(step));
}

static bool is_there(const struct stage *stage, const struct step *step, bool *there,
                     struct error *err)
{
    char why[ACT_WHY_SIZE];
    struct action action;

    make_action(stage, step, &action);
    if (!act_inspect(stage->page, &action, deadline_in(stage, stage->portal->deadlines.element),
                     why, err))
        return false;
    *there = *why == '\0';
    return true;
}

bool steps_take(const struct stage *stage, const struct steps *steps, size_t from, size_t to,
                struct error *err)
{
    for (size_t i = from; i < to; i++) {
        bool there = true;
        if (steps->items[i].optional && !is_there(stage, &steps->items[i], &there, err))
            return steps_add_context(steps, i, err);
        if (!there)
            continue;
        if (!take(stage, &steps->items[i], err) ||
            !page_arrive(stage->page, deadline_in(stage, stage->portal->deadlines.page), err))
            return steps_add_context(steps, i, err);
    }
    return true;
}

size_t steps_before_click(const struct steps *steps)
{
    size_t count = 0;

    while (count < steps->count && steps->items[count].action != STEP_CLICK)
        count++;
    return count;
}

/* Inspects the form up to the click that sends it. `why` is the first reason why it cannot be used
 * now; "" if it can. */
static bool inspect_form(const struct stage *stage, const struct steps *steps, size_t to,
                         int64_t deadline, char why[ACT_WHY_SIZE], struct error *err)
{
    *why = '\0';
    for (size_t i = 0; i < to && !*why; i++) {
        struct action action;
        make_action(stage, &steps->items[i], &action);
        if (!act_inspect(stage->page, &action, deadline, why, err))
            return false;
    }
    return true;
}

/* Whether the form is to blame for the error. A field that does not take a day, or loses it,
 * belongs to a form that cannot be used any more. A session that ended, and a network or a browser
 * that failed, are not the fault of the form. */
static bool is_fault_of_form(const struct stage *stage, const struct error *err)
{
    const struct page *page = stage->page;

    return err->kind == ERROR_PORTAL && !stage->login_state->logged_out && !page->crashed &&
           !page->net_error && !page->devtools->broken.kind;
}

bool steps_fill_again(const struct stage *stage, const struct steps *steps, bool *unusable,
                      char why[ACT_WHY_SIZE], struct error *err)
{
    const int64_t deadline = deadline_in(stage, stage->portal->deadlines.element);
    const size_t click = steps_before_click(steps);
    const size_t all = click < steps->count ? click + 1 : click;
    struct stage shorter = *stage;
    struct action action;
    struct error fault;

    *unusable = false;
    if (!inspect_form(stage, steps, all, deadline, why, err))
        return false;
    if (!*why) {
        shorter.deadline = clock_ms() + READY_MS < deadline ? clock_ms() + READY_MS : deadline;
        if (!steps_take(&shorter, steps, 0, click, &fault)) {
            if (!is_fault_of_form(stage, &fault)) {
                *err = fault;
                return false;
            }
            snprintf(why, ACT_WHY_SIZE, "%.*s", ACT_WHY_SIZE - 1, fault.message);
        } else if (click < steps->count) {
            make_action(stage, &steps->items[click], &action);
            if (!act_await(stage->page, &action, shorter.deadline, err) ||
                !inspect_form(stage, steps, all, deadline, why, err))
                return false;
        }
    }
    *unusable = *why != '\0';
    return true;
}

bool steps_take_last(const struct stage *stage, const struct steps *steps, struct error *err)
{
    size_t last = steps->count - 1;

    for (size_t i = 0; i < last; i++) {
        struct action action;
        make_action(stage, &steps->items[i], &action);
        if (action.kind == STEP_DATE &&
            !act_check(stage->page, &action, deadline_in(stage, stage->portal->deadlines.element),
                       err))
            return steps_add_context(steps, i, err);
    }
    return take(stage, &steps->items[last], err) || steps_add_context(steps, last, err);
}
