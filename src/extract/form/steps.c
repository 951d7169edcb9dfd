/* SPDX-License-Identifier: MIT */
/* Steps of a profile as actions on a page. */
#include "extract/form/steps.h"

#include "base/clock.h"
#include "base/log.h"
#include "extract/form/act.h"

#include <stdio.h>

/* What a form that was there a moment ago gets to be ready again: it may check what was typed. */
enum { READY_MS = 2000 };

static const char *first_way(const struct step *step)
{
    return step->at.any.count ? step->at.any.items[0] : "nothing";
}

static void resolve(const struct stage *stage, const struct step *step, struct action *action)
{
    *action = (struct action){.kind = step->action, .at = &step->at, .login = stage->login};
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

static int64_t within(const struct stage *stage, int seconds)
{
    int64_t deadline = clock_ms() + (int64_t)seconds * 1000;

    return deadline < stage->deadline ? deadline : stage->deadline;
}

static bool take(const struct stage *stage, const struct step *step, struct error *err)
{
    struct action action;
    size_t way;

    resolve(stage, step, &action);
    if (action.kind == STEP_DATE && !stage->window)
        return error_set(err, ERROR_CONFIG, "there is no window yet whose days could be filled in");
    log_debug("portal.step", log_text("action", act_name(step->action)),
              log_text("at", first_way(step)));
    if (!act_perform(stage->page, &action, within(stage, stage->portal->deadlines.element), &way,
                     err))
        return false;
    fallback_locators_note(stage->served, &step->at, way);
    return true;
}

bool steps_add_context(const struct steps *steps, size_t index, struct error *err)
{
    const struct step *step = &steps->items[index];

    return error_context(err, "step %zu (%s %s)", index + 1, act_name(step->action),
                         first_way(step));
}

static bool is_there(const struct stage *stage, const struct step *step, bool *there,
                     struct error *err)
{
    char why[ACT_WHY_SIZE];
    struct action action;

    resolve(stage, step, &action);
    if (!act_inspect(stage->page, &action, within(stage, stage->portal->deadlines.element), why,
                     err))
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
            !page_arrive(stage->page, within(stage, stage->portal->deadlines.page), err))
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

/* Whether all of the form, up to the click that sends it, could be used now. */
static bool look(const struct stage *stage, const struct steps *steps, size_t to, int64_t deadline,
                 char why[ACT_WHY_SIZE], struct error *err)
{
    *why = '\0';
    for (size_t i = 0; i < to && !*why; i++) {
        struct action action;
        resolve(stage, &steps->items[i], &action);
        if (!act_inspect(stage->page, &action, deadline, why, err))
            return false;
    }
    return true;
}

/* A field that does not take a day, or loses it, belongs to a form that is no good any more; a
 * session that ended, a network or a browser that fails is another matter. */
static bool is_forms_fault(const struct page *page, const struct error *err)
{
    return err->kind == ERROR_PORTAL && !page->logged_out && !page->crashed && !page->net_error &&
           !page->devtools->broken.kind;
}

bool steps_fill_again(const struct stage *stage, const struct steps *steps, bool *spent,
                      char why[ACT_WHY_SIZE], struct error *err)
{
    const int64_t deadline = within(stage, stage->portal->deadlines.element);
    const size_t click = steps_before_click(steps);
    const size_t all = click < steps->count ? click + 1 : click;
    struct stage hasty = *stage;
    struct action action;
    struct error fault;

    *spent = false;
    if (!look(stage, steps, all, deadline, why, err))
        return false;
    if (!*why) {
        hasty.deadline = clock_ms() + READY_MS < deadline ? clock_ms() + READY_MS : deadline;
        if (!steps_take(&hasty, steps, 0, click, &fault)) {
            if (!is_forms_fault(stage->page, &fault)) {
                *err = fault;
                return false;
            }
            snprintf(why, ACT_WHY_SIZE, "%.*s", ACT_WHY_SIZE - 1, fault.message);
        } else if (click < steps->count) {
            resolve(stage, &steps->items[click], &action);
            if (!act_await(stage->page, &action, hasty.deadline, err) ||
                !look(stage, steps, all, deadline, why, err))
                return false;
        }
    }
    *spent = *why != '\0';
    return true;
}

bool steps_take_last(const struct stage *stage, const struct steps *steps, struct error *err)
{
    size_t last = steps->count - 1;

    for (size_t i = 0; i < last; i++) {
        struct action action;
        resolve(stage, &steps->items[i], &action);
        if (action.kind == STEP_DATE &&
            !act_check(stage->page, &action, within(stage, stage->portal->deadlines.element), err))
            return steps_add_context(steps, i, err);
    }
    return take(stage, &steps->items[last], err) || steps_add_context(steps, last, err);
}
