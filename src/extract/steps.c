/* SPDX-License-Identifier: MIT */
/* Steps of a profile as actions on a page. */
#include "extract/steps.h"

#include "base/clock.h"
#include "base/log.h"
#include "extract/act.h"

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
    if (!act(stage->page, &action, within(stage, stage->portal->deadlines.element), &way, err))
        return false;
    served_note(stage->served, &step->at, way);
    return true;
}

bool steps_blame(const struct steps *steps, size_t index, struct error *err)
{
    const struct step *step = &steps->items[index];

    return error_context(err, "step %zu (%s %s)", index + 1, act_name(step->action),
                         first_way(step));
}

bool steps_take(const struct stage *stage, const struct steps *steps, size_t from, size_t to,
                struct error *err)
{
    for (size_t i = from; i < to; i++) {
        if (!take(stage, &steps->items[i], err) ||
            !page_arrive(stage->page, within(stage, stage->portal->deadlines.page), err))
            return steps_blame(steps, i, err);
    }
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
            return steps_blame(steps, i, err);
    }
    return take(stage, &steps->items[last], err) || steps_blame(steps, last, err);
}
