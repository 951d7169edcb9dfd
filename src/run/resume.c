/* SPDX-License-Identifier: MIT */
/* Finds the windows that interrupted cycles have loaded, and takes them out of a run. */
#include "run/resume.h"

#include "base/date.h"
#include "base/mem.h"
#include "load/history.h"
#include "run/run_id.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The bits of a window. */
enum {
    LOADED = 1,  /* a cycle that was interrupted loaded it */
    BY_LAST = 2, /* the cycle of the last row loaded it */
};

void resume_init(struct resume *resume, const struct report_run *parts, size_t part_count,
                 bool is_partial)
{
    *resume = (struct resume){.parts = parts, .part_count = part_count, .is_partial = is_partial};
    for (size_t i = 0; i < part_count; i++)
        resume->window_count += parts[i].windows.count;
    resume->windows = mem_array(resume->window_count, sizeof(*resume->windows));
}

void resume_done(struct resume *resume)
{
    free(resume->windows);
    *resume = (struct resume){0};
}

bool resume_has(const struct resume *resume, size_t at)
{
    return resume->windows[at] & LOADED;
}

/* Whether every window of this run was loaded, by whichever cycle. */
static bool all_are_loaded(const struct resume *resume)
{
    for (size_t i = 0; i < resume->window_count; i++)
        if (!resume->windows[i])
            return false;
    return true;
}

void resume_end(struct resume *resume)
{
    /* A cycle that ended well makes what was interrupted before it obsolete. */
    const bool closes =
        resume->ended && (!resume->was_partial || (resume->is_partial && all_are_loaded(resume)));

    for (size_t i = 0; i < resume->window_count; i++) {
        uint8_t *window = &resume->windows[i];
        if (closes)
            *window = 0;
        else if (resume->ended)
            *window &= LOADED;
        else if (*window)
            *window = LOADED;
    }
    resume->ended = false;
}

static bool is_day(struct cell cell, int32_t day)
{
    char text[DATE_ISO_SIZE];

    return cell_is(cell, date_format_iso(day, text));
}

/* Notes the window of a row as loaded by the row's cycle, if this run has the same window. */
static void note_window(struct resume *resume, const struct cell *cells)
{
    size_t at = 0;

    for (size_t j = 0; j < resume->part_count; j++) {
        const struct report_run *part = &resume->parts[j];
        const bool same_report = cell_is(cells[0], part->report->name);
        for (size_t i = 0; i < part->windows.count; i++, at++) {
            const struct window window = part->windows.items[i];
            if (same_report && is_day(cells[1], window.first) && is_day(cells[2], window.last) &&
                is_day(cells[3], window.own_first) && is_day(cells[4], window.own_last))
                resume->windows[at] |= BY_LAST;
        }
    }
}

bool resume_note(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct resume *resume = arg;

    (void)count;
    (void)err;
    if (!cell_is(cells[0], resume->run)) {
        resume_end(resume);
        snprintf(resume->run, sizeof(resume->run), "%.*s", (int)cells[0].len, cells[0].text);
        resume->was_partial = run_id_is_partial(resume->run);
        resume->ended = cell_is(cells[1], "0");
    }
    if (cells[2].text)
        note_window(resume, cells + 2);
    return true;
}

/* Takes the loaded windows out of the parts, in place. */
static void remove_loaded(const struct resume *resume, struct report_run *parts)
{
    size_t at = 0;

    for (size_t j = 0; j < resume->part_count; j++) {
        struct report_run *part = &parts[j];
        size_t kept = 0;
        for (size_t i = 0; i < part->windows.count; i++)
            if (!resume_has(resume, at++))
                part->windows.items[kept++] = part->windows.items[i];
        if (kept < part->windows.count) {
            part->summary->resumed += part->windows.count - kept;
            part->summary->windows = kept;
            part->judges_undated = false;
        }
        part->windows.count = kept;
    }
}

bool resume_skip_loaded(struct destination *dest, const char *mode, bool is_partial, int32_t since,
                        struct report_run *parts, size_t part_count, struct error *err)
{
    struct resume resume;

    resume_init(&resume, parts, part_count, is_partial);
    const bool good = history_cycles(dest, mode, since, resume_note, &resume, err);
    resume_end(&resume);
    if (good)
        remove_loaded(&resume, parts);
    resume_done(&resume);
    return good;
}
