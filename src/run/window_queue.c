/* SPDX-License-Identifier: MIT */
/* Who is where. */
#include "run/window_queue.h"

#include "base/mem.h"
#include "run/window_overlap.h"

#include <assert.h>
#include <stdlib.h>

static bool have_a_day(const struct ahead_task *one, const struct ahead_task *next)
{
    return one->report == next->report && shared_day_exists(one->window, next->window);
}

void tasks_init(struct tasks *tasks, const struct ahead_task *list, size_t count, size_t places,
                bool compares, bool keep_files)
{
    assert(places >= 2); /* a window in work, and the one before it that waits for it */
    *tasks = (struct tasks){
        .items = mem_array(count, sizeof(*tasks->items)),
        .count = count,
        .left = count,
        .places = places,
        .keep_files = keep_files,
    };
    for (size_t i = 0; i < count; i++)
        tasks->items[i] = (struct task){
            .what = list[i],
            .settled = !compares || i + 1 == count || !have_a_day(&list[i], &list[i + 1]),
        };
}

static void forget_prepared(const struct tasks *tasks, struct task *task)
{
    if (task->prepared)
        prepared_done(task->prepared, tasks->keep_files);
    free(task->prepared);
    task->prepared = NULL;
}

void tasks_done(struct tasks *tasks)
{
    for (size_t i = 0; i < tasks->count; i++)
        forget_prepared(tasks, &tasks->items[i]);
    free(tasks->items);
    *tasks = (struct tasks){0};
}

/* It leaves, from wherever it is, with what it has. */
static void end_task(struct tasks *tasks, struct task *task)
{
    forget_prepared(tasks, task);
    tasks->on_way -= task->state != TASK_WAITING;
    tasks->left--;
    task->state = TASK_GONE;
}

struct task *tasks_begin(struct tasks *tasks)
{
    struct task *task = tasks->items, *end = task + tasks->count;

    if (tasks->on_way == tasks->places)
        return NULL;
    while (task < end && task->state != TASK_WAITING)
        task++;
    if (task == end)
        return NULL;
    task->state = TASK_IN_WORK;
    task->prepared = mem_alloc(sizeof(*task->prepared));
    tasks->on_way++;
    return task;
}

/* What failed, or is not wanted, is compared with neither neighbour. */
static void settle_both(struct tasks *tasks, struct task *task)
{
    task->settled = true;
    if (task > tasks->items)
        task[-1].settled = true;
}

void tasks_ready(struct tasks *tasks, struct task *task)
{
    assert(task->state == TASK_IN_WORK);
    task->state = TASK_READY;
    if (task->prepared->error.kind != ERROR_NONE)
        settle_both(tasks, task);
    if (task->dropped)
        end_task(tasks, task);
}

void tasks_return(struct tasks *tasks, struct task *task)
{
    assert(task->state == TASK_IN_WORK);
    forget_prepared(tasks, task);
    task->state = TASK_WAITING;
    tasks->on_way--;
    if (task->dropped)
        end_task(tasks, task);
}

struct task *tasks_begin_pair(struct tasks *tasks)
{
    for (size_t i = 0; i + 1 < tasks->count; i++) {
        struct task *task = &tasks->items[i];
        if (!task->settled && task[0].state == TASK_READY && task[1].state == TASK_READY) {
            task[0].state = task[1].state = TASK_IN_WORK;
            return task;
        }
    }
    return NULL;
}

void tasks_end_pair(struct tasks *tasks, struct task *earlier)
{
    earlier->settled = true;
    tasks_ready(tasks, earlier);
    tasks_ready(tasks, earlier + 1);
}

/* It is ready, and whatever was to be compared with it was. */
static bool is_confirmed(const struct tasks *tasks, const struct task *task)
{
    return task->state == TASK_READY && task->settled && (task == tasks->items || task[-1].settled);
}

bool tasks_can_take(const struct tasks *tasks)
{
    for (size_t i = 0; i < tasks->count; i++)
        if (is_confirmed(tasks, &tasks->items[i]))
            return true;
    return false;
}

bool tasks_take(struct tasks *tasks, struct ahead_task *out, struct prepared *prepared)
{
    for (size_t i = 0; i < tasks->count; i++) {
        struct task *task = &tasks->items[i];
        if (!is_confirmed(tasks, task))
            continue;
        *out = task->what;
        *prepared = *task->prepared;
        *task->prepared = (struct prepared){0};
        end_task(tasks, task);
        return true;
    }
    return false;
}

bool tasks_doubt(struct tasks *tasks, const struct ahead_task *what,
                 const struct prepared *prepared)
{
    for (size_t i = 0; i < tasks->count; i++) {
        struct task *task = &tasks->items[i];
        if (task->state != TASK_GONE || task->what.report != what->report ||
            task->what.window.first != what->window.first)
            continue;
        if (task->dropped)
            return false;
        task->state = TASK_DOUBTED;
        task->prepared = mem_alloc(sizeof(*task->prepared));
        *task->prepared = *prepared;
        tasks->left++;
        tasks->on_way++;
        return true;
    }
    return false;
}

struct task *tasks_begin_doubted(struct tasks *tasks)
{
    for (size_t i = 0; i < tasks->count; i++) {
        struct task *task = &tasks->items[i];
        if (task->state != TASK_DOUBTED)
            continue;
        task->state = TASK_IN_WORK;
        return task;
    }
    return NULL;
}

void tasks_skip(struct tasks *tasks, size_t report)
{
    for (size_t i = 0; i < tasks->count; i++) {
        struct task *task = &tasks->items[i];
        if (task->what.report != report || task->state == TASK_GONE)
            continue;
        task->dropped = true;
        settle_both(tasks, task);
        if (task->state != TASK_IN_WORK)
            end_task(tasks, task);
    }
}
