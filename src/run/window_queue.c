/* SPDX-License-Identifier: MIT */
/* Keeps the state of each window of a run, and of each pair of neighbours. */
#include "run/window_queue.h"

#include "base/mem.h"
#include "run/window_overlap.h"

#include <assert.h>
#include <stdlib.h>

static bool share_a_day(const struct report_window *one, const struct report_window *next)
{
    return one->report == next->report && window_overlap_exists(one->window, next->window);
}

void window_queue_init(struct window_queue *queue, const struct report_window *list, size_t count,
                       size_t places, bool compares, bool keep_files)
{
    assert(places >= 2); /* a ready window waits for its neighbour, which needs another place */
    *queue = (struct window_queue){
        .items = mem_array(count, sizeof(*queue->items)),
        .count = count,
        .left = count,
        .places = places,
        .keep_files = keep_files,
    };
    for (size_t i = 0; i < count; i++)
        queue->items[i] = (struct queue_entry){
            .what = list[i],
            .settled = !compares || i + 1 == count || !share_a_day(&list[i], &list[i + 1]),
        };
}

static void forget_prepared(const struct window_queue *queue, struct queue_entry *entry)
{
    if (entry->prepared)
        prepared_done(entry->prepared, queue->keep_files);
    free(entry->prepared);
    entry->prepared = NULL;
}

void window_queue_done(struct window_queue *queue)
{
    for (size_t i = 0; i < queue->count; i++)
        forget_prepared(queue, &queue->items[i]);
    free(queue->items);
    *queue = (struct window_queue){0};
}

/* Drops a window in any state and frees what was prepared of it. */
static void end_entry(struct window_queue *queue, struct queue_entry *entry)
{
    forget_prepared(queue, entry);
    queue->on_way -= entry->state != QUEUE_WAITING;
    queue->left--;
    entry->state = QUEUE_GONE;
}

static void put_into_work(struct queue_entry *entry)
{
    entry->begun_as = entry->state;
    entry->state = QUEUE_IN_WORK;
}

struct queue_entry *window_queue_begin(struct window_queue *queue)
{
    struct queue_entry *entry = queue->items, *end = entry + queue->count;

    if (queue->on_way == queue->places)
        return NULL;
    while (entry < end && entry->state != QUEUE_WAITING)
        entry++;
    if (entry == end)
        return NULL;
    put_into_work(entry);
    entry->prepared = mem_alloc(sizeof(*entry->prepared));
    queue->on_way++;
    return entry;
}

/* Ends the need to compare a window with its neighbours, because it failed or was dropped. */
static void settle_both(struct window_queue *queue, struct queue_entry *entry)
{
    entry->settled = true;
    if (entry > queue->items)
        entry[-1].settled = true;
}

void window_queue_ready(struct window_queue *queue, struct queue_entry *entry)
{
    assert(entry->state == QUEUE_IN_WORK);
    entry->state = QUEUE_READY;
    if (entry->prepared->error.kind != ERROR_NONE)
        settle_both(queue, entry);
    if (entry->dropped)
        end_entry(queue, entry);
}

void window_queue_return(struct window_queue *queue, struct queue_entry *entry)
{
    assert(entry->state == QUEUE_IN_WORK);
    entry->state = entry->begun_as;
    if (entry->state == QUEUE_WAITING) {
        forget_prepared(queue, entry);
        queue->on_way--;
    } else {
        entry->prepared->error = (struct error){0};
        entry->prepared->confirmed = false;
    }
    if (entry->dropped)
        end_entry(queue, entry);
}

struct queue_entry *window_queue_begin_pair(struct window_queue *queue)
{
    for (size_t i = 0; i + 1 < queue->count; i++) {
        struct queue_entry *entry = &queue->items[i];
        if (!entry->settled && entry[0].state == QUEUE_READY && entry[1].state == QUEUE_READY) {
            put_into_work(&entry[0]);
            put_into_work(&entry[1]);
            return entry;
        }
    }
    return NULL;
}

void window_queue_end_pair(struct window_queue *queue, struct queue_entry *earlier)
{
    earlier->settled = true;
    window_queue_ready(queue, earlier);
    window_queue_ready(queue, earlier + 1);
}

/* Whether a window can be loaded: it is ready and need not be compared with a neighbour. */
static bool can_take(const struct window_queue *queue, const struct queue_entry *entry)
{
    return entry->state == QUEUE_READY && entry->settled &&
           (entry == queue->items || entry[-1].settled);
}

bool window_queue_can_take(const struct window_queue *queue)
{
    for (size_t i = 0; i < queue->count; i++)
        if (can_take(queue, &queue->items[i]))
            return true;
    return false;
}

bool window_queue_take(struct window_queue *queue, struct report_window *out,
                       struct prepared *prepared)
{
    for (size_t i = 0; i < queue->count; i++) {
        struct queue_entry *entry = &queue->items[i];
        if (!can_take(queue, entry))
            continue;
        *out = entry->what;
        *prepared = *entry->prepared;
        *entry->prepared = (struct prepared){0};
        end_entry(queue, entry);
        return true;
    }
    return false;
}

bool window_queue_doubt(struct window_queue *queue, const struct report_window *what,
                        const struct prepared *prepared)
{
    for (size_t i = 0; i < queue->count; i++) {
        struct queue_entry *entry = &queue->items[i];
        if (entry->state != QUEUE_GONE || entry->what.report != what->report ||
            entry->what.window.first != what->window.first)
            continue;
        if (entry->dropped)
            return false;
        entry->state = QUEUE_DOUBTED;
        entry->prepared = mem_alloc(sizeof(*entry->prepared));
        *entry->prepared = *prepared;
        queue->left++;
        queue->on_way++;
        return true;
    }
    return false;
}

struct queue_entry *window_queue_begin_doubted(struct window_queue *queue)
{
    for (size_t i = 0; i < queue->count; i++) {
        struct queue_entry *entry = &queue->items[i];
        if (entry->state != QUEUE_DOUBTED)
            continue;
        put_into_work(entry);
        return entry;
    }
    return NULL;
}

void window_queue_skip(struct window_queue *queue, size_t report)
{
    for (size_t i = 0; i < queue->count; i++) {
        struct queue_entry *entry = &queue->items[i];
        if (entry->what.report != report || entry->state == QUEUE_GONE)
            continue;
        entry->dropped = true;
        settle_both(queue, entry);
        if (entry->state != QUEUE_IN_WORK)
            end_entry(queue, entry);
    }
}
