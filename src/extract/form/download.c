/* SPDX-License-Identifier: MIT */
/* Reads the browser's events of a download and verifies its file. */
#include "extract/form/download.h"

#include "base/activity.h"
#include "base/clock.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CANCEL_MS = 2000 };

static int64_t number_of(const json_t *object, const char *key)
{
    return (int64_t)json_number_value(json_object_get(object, key));
}

static void on_begin(struct download *download, json_t *params)
{
    download->news = true;
    json_object_set_new(download->begun, devtools_text(params, "guid"), json_false());
    if (json_object_size(download->begun) > 1)
        return;
    download->guid = mem_copy(devtools_text(params, "guid"));
    download->name = mem_copy(devtools_text(params, "suggestedFilename"));
    download->state = DOWNLOAD_RUNNING;
}

/* Keeps the announced and the received size. If the announced size changes, the transfer was cut
 * (download.h), and the first sizes stay for the message. */
static void count_bytes(struct download *download, int64_t total, int64_t received)
{
    if ((download->total > 0 && total != download->total) || received < download->received)
        download->cut = true;
    if (download->cut)
        return;
    download->news |= received > download->received;
    download->total = total;
    download->received = received;
    activity_received(received);
}

static void on_progress(struct download *download, json_t *params)
{
    const char *guid = devtools_text(params, "guid"), *state = devtools_text(params, "state");
    bool completed = strcmp(state, "completed") == 0, canceled = strcmp(state, "canceled") == 0;

    if (!json_object_get(download->begun, guid))
        return; /* of an earlier window */
    if (completed || canceled)
        json_object_set_new(download->begun, guid, json_true());
    if (strcmp(download->guid, guid) != 0)
        return;
    count_bytes(download, number_of(params, "totalBytes"), number_of(params, "receivedBytes"));
    if (completed)
        download->state = DOWNLOAD_COMPLETED;
    else if (canceled)
        download->state = DOWNLOAD_CANCELED;
}

static void on_event(void *arg, const char *method, json_t *params)
{
    struct download *download = arg;

    if (strcmp(method, "Browser.downloadWillBegin") == 0)
        on_begin(download, params);
    else if (strcmp(method, "Browser.downloadProgress") == 0)
        on_progress(download, params);
    else
        outcome_event(download->outcome, method, params);
}

/* Whether something has happened: a part of a file or a certain sign came, or the instant has
 * changed at which a doubtful sign becomes certain. */
static bool has_news(void *arg)
{
    struct download *download = arg;

    if (download->news || download->cut || download->state >= DOWNLOAD_COMPLETED)
        return true;
    if (download->state == DOWNLOAD_AWAITED)
        return outcome_seen(download->outcome) ||
               outcome_alarm(download->outcome) != download->alarm;
    return download->page->crashed;
}

/* Waits until something is certain. A doubtful sign becomes certain without any event, at
 * outcome_alarm, so it is waited for until then, but not longer than `until`. */
static enum devtools_outcome wait_for_news(struct download *download, int64_t until,
                                           struct error *err)
{
    for (;;) {
        const bool awaited = download->state == DOWNLOAD_AWAITED;
        download->alarm = awaited ? outcome_alarm(download->outcome) : INT64_MAX;
        enum devtools_outcome outcome =
            devtools_wait(download->page->devtools, has_news, download,
                          download->alarm < until ? download->alarm : until, err);
        if (outcome == DEVTOOLS_FAILED || (outcome == DEVTOOLS_LATE && clock_ms() >= until))
            return outcome;
        if (outcome == DEVTOOLS_MET &&
            (download->state != DOWNLOAD_AWAITED || outcome_seen(download->outcome)))
            return DEVTOOLS_MET;
    }
}

/* Says what was late. Another try may be faster, and so may a shorter window: transient and
 * divisible. */
static bool explain_lateness(struct download *download, const struct deadlines *deadlines,
                             int64_t deadline, struct error *err)
{
    const struct page *page = download->page;

    if (clock_ms() >= deadline) {
        error_set(err, ERROR_PORTAL, "the export was not finished after %d s", deadlines->window);
    } else if (download->state == DOWNLOAD_RUNNING) {
        error_set(err, ERROR_PORTAL, "the transfer stood still for %d s after %" PRId64 " bytes",
                  deadlines->silence, download->received);
    } else {
        download->silent = true;
        error_set(err, ERROR_PORTAL, "no file and no message within %d s of the click",
                  deadlines->answer);
        if (page->status)
            error_context(err, "the page's last answer was HTTP %d", page->status);
        outcome_quote(download->outcome, err);
    }
    error_mark_transient(err);
    return error_mark_divisible(err);
}

/* Whether the transfer goes on: one download, not cut, not at its end. */
static bool is_going_on(const struct download *download)
{
    return json_object_size(download->begun) <= 1 && !download->cut &&
           download->state == DOWNLOAD_RUNNING;
}

static bool verify(const struct download *download, const char *path, struct error *err)
{
    struct stat info;

    if (json_object_size(download->begun) > 1)
        return error_set(err, ERROR_PORTAL, "the click started %zu downloads instead of one",
                         json_object_size(download->begun));
    if (download->cut || download->state == DOWNLOAD_CANCELED) {
        error_set(err, ERROR_PORTAL, "the transfer was cut after %" PRId64 " bytes",
                  download->received);
        if (download->total)
            error_context(err, "%" PRId64 " bytes announced", download->total);
        error_mark_transient(err);
        return error_mark_divisible(err);
    }
    if (download->total > 0 && download->received != download->total) {
        error_set(err, ERROR_PORTAL, "%" PRId64 " bytes came instead of %" PRId64,
                  download->received, download->total);
        return error_mark_transient(err);
    }
    if (stat(path, &info) < 0)
        return error_set_errno(err, ERROR_SYSTEM, "the downloaded file %s", path);
    if (info.st_size != download->received)
        return error_set(err, ERROR_SYSTEM, "%s has %" PRId64 " bytes instead of %" PRId64, path,
                         (int64_t)info.st_size, download->received);
    return true;
}

static bool wait_for_end(struct download *download, const struct deadlines *deadlines,
                         int64_t deadline, struct error *err)
{
    int64_t silence_ms = (int64_t)deadlines->answer * 1000;

    do {
        int64_t until = clock_ms() + silence_ms;
        download->news = false;
        switch (wait_for_news(download, until < deadline ? until : deadline, err)) {
        case DEVTOOLS_FAILED:
            return false;
        case DEVTOOLS_LATE:
            return explain_lateness(download, deadlines, deadline, err);
        case DEVTOOLS_MET:
            break;
        }
        if (download->state == DOWNLOAD_AWAITED)
            return outcome_explain(download->outcome, err);
        if (download->page->crashed)
            return page_report_crash(err);
        silence_ms = (int64_t)deadlines->silence * 1000;
    } while (is_going_on(download));
    return true;
}

static bool have_ended(void *arg)
{
    json_t *begun = ((struct download *)arg)->begun;

    for (void *at = json_object_iter(begun); at; at = json_object_iter_next(begun, at))
        if (!json_is_true(json_object_iter_value(at)))
            return false;
    return true;
}

static void remove_file(const char *folder, const char *guid, const char *suffix)
{
    MEM_FREE_TEXT char *path = mem_format("%s/%s%s", folder, guid, suffix);

    unlink(path);
}

/* Cancels the downloads and removes their files. The browser is waited for, because it would go on
 * writing. */
static void cancel_downloads(struct download *download)
{
    struct devtools *devtools = download->page->devtools;
    json_t *begun = download->begun;
    struct error ignored;
    void *at;

    for (at = json_object_iter(begun); at; at = json_object_iter_next(begun, at))
        if (!json_is_true(json_object_iter_value(at)))
            devtools_send(devtools, NULL, "Browser.cancelDownload",
                          json_pack("{s:s, s:s}", "guid", json_object_iter_key(at),
                                    "browserContextId", download->page->context));
    devtools_wait(devtools, have_ended, download, clock_ms() + CANCEL_MS, &ignored);
    for (at = json_object_iter(begun); at; at = json_object_iter_next(begun, at)) {
        remove_file(download->folder, json_object_iter_key(at), "");
        remove_file(download->folder, json_object_iter_key(at), ".crdownload");
    }
}

void download_begin(struct download *download, struct outcome *outcome, const char *folder)
{
    *download = (struct download){
        .page = outcome->page, .outcome = outcome, .folder = folder, .begun = json_object()};
    page_forget_dialog(outcome->page);
    page_follow(outcome->page, on_event, download);
}

bool download_wait(struct download *download, const struct deadlines *deadlines, int64_t deadline,
                   char **path, struct error *err)
{
    if (wait_for_end(download, deadlines, deadline, err)) {
        char *file = mem_format("%s/%s", download->folder, download->guid);
        if (verify(download, file, err)) {
            *path = file;
            return true;
        }
        free(file);
    }
    cancel_downloads(download);
    return false;
}

void download_done(struct download *download)
{
    if (!download->page)
        return;
    page_follow(download->page, NULL, NULL);
    json_decref(download->begun);
    free(download->guid);
    free(download->name);
    *download = (struct download){0};
}
