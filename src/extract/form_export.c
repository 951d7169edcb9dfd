/* SPDX-License-Identifier: MIT */
/* Fills in a report's form, clicks, takes the file that comes, and checks that it is no page. */
#include "extract/form_export.h"

#include "base/clock.h"
#include "base/content.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "extract/browser/inline_answer.h"
#include "extract/form/download.h"
#include "extract/form/outcome.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { READ_MAX = 256 * 1024, TITLE_MAX = 120 };

static bool has_password_field(const char *text)
{
    static const char *const forms[] = {"type=\"password\"", "type='password'", "type=password"};

    for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++)
        if (strcasestr(text, forms[i]))
            return true;
    return false;
}

/* Copies the title as one line of ASCII. The page may be in any encoding, and messages are
 * UTF-8. */
static void copy_title(const char *text, size_t text_len, char out[TITLE_MAX])
{
    size_t title_len = 0, len = 0;
    const char *title = content_title(text, text_len, &title_len);

    for (size_t i = 0; i < title_len && len + 1 < TITLE_MAX; i++) {
        const unsigned char c = (unsigned char)title[i];
        out[len++] = isspace(c) ? ' ' : isprint(c) && c < 0x80 ? (char)c : '?';
    }
    out[len] = '\0';
}

/* True if the file does not begin as HTML; everything else is for transform/ to judge. Portals send
 * a page under the file's name when the session has ended or their script has failed, and a page's
 * own script saves whatever it gets. Then *login is whether the page has a field for a password,
 * and err holds ERROR_PORTAL (transient) if so, else ERROR_DATA (transient, divisible) with the
 * page's title. A file that cannot be opened is ERROR_DATA, too, one that cannot be read
 * ERROR_SYSTEM. */
static bool is_no_page(const char *path, bool *login, struct error *err)
{
    struct file_map map;
    char title[TITLE_MAX];

    if (!file_map_open(path, &map, err))
        return false;
    const size_t len = map.size < READ_MAX ? map.size : READ_MAX;
    MEM_FREE_TEXT char *text = mem_copy_n(map.data, len);
    file_map_close(&map);
    if (!content_is_page(content_of(text, len, NULL)))
        return true;
    copy_title(text, len, title);
    *login = has_password_field(text);
    if (*login) {
        error_set(err, ERROR_PORTAL,
                  "the portal logged us out: it sent its login page as the file");
        return error_mark_transient(err);
    }
    error_set(err, ERROR_DATA, "the portal sent a page as the file: '%s'", title);
    error_mark_divisible(err);
    return error_mark_transient(err);
}

enum { PATTERNS_MAX = 256 }; /* bytes of a message */

/* One call of form_export; all borrowed. */
struct attempt {
    struct visit *visit;
    struct replay_strategy *replay;
    const struct report *report;
    struct stage stage;
    const char *path;
    bool silent; /* the form gave neither a file nor a word */
};

/* A wrong name is not worth another try: the portal will give it again (run/window_prepare.h asks
 * once more, as for every file that is not what it should be). */
static bool check_name(const struct report *report, const char *name, struct error *err)
{
    char patterns[PATTERNS_MAX] = "";
    size_t len = 0;

    if (report_names_file(&report->files, name) || strcmp(name, INLINE_ANSWER_NAME) == 0)
        return true;
    for (size_t i = 0; i < report->files.count && len < sizeof(patterns); i++)
        len += (size_t)snprintf(patterns + len, sizeof(patterns) - len, "%s%s", i ? ", " : "",
                                report->files.items[i]);
    return error_set(err, ERROR_DATA, "the portal sent '%s', and not %s", name, patterns);
}

/* Whether the file is one of the report's, as far as its name and its first bytes tell. */
static bool check_file(const struct attempt *attempt, const char *downloaded, const char *name,
                       struct error *err)
{
    return is_no_page(downloaded, &attempt->visit->login_state.logged_out, err) &&
           check_name(attempt->report, name, err);
}

static bool move(const char *from, const char *to, struct error *err)
{
    return rename(from, to) == 0 ||
           error_set_errno(err, ERROR_SYSTEM, "cannot rename %s to %s", from, to);
}

/* Clicks, and waits for the file. */
static bool receive(const struct attempt *attempt, struct download *download, struct export *out,
                    struct error *err)
{
    const struct steps *steps = &attempt->report->window;
    const time_t clicked = clock_now();
    char *downloaded = NULL;
    bool good = false;

    if (!steps_take_last(&attempt->stage, steps, err))
        return false;
    outcome_ask(download->outcome);
    if (download_wait(download, &attempt->visit->portal->deadlines, attempt->stage.deadline,
                      &downloaded, err)) {
        good = check_file(attempt, downloaded, download->name, err) &&
               move(downloaded, attempt->path, err);
        if (!good)
            unlink(downloaded);
    }
    free(downloaded);
    if (!good)
        return steps_add_context(steps, steps->count - 1, err);
    export_add(out, attempt->path);
    out->extracted_at = clicked;
    return true;
}

/* The form is filled in up to the first click. */
static bool send_form(struct attempt *attempt, struct export *out, struct error *err)
{
    const struct report *report = attempt->report;
    const struct steps *steps = &report->window;
    struct visit *visit = attempt->visit;
    struct download download;
    struct outcome outcome;

    if (!steps_take(&attempt->stage, steps, steps_before_click(steps), steps->count - 1, err))
        return false;
    bool good = outcome_begin(&outcome, &visit->page, &visit->login_state, visit->portal,
                              &steps->items[0].at, attempt->stage.deadline, err);
    download_begin(&download, &outcome, visit->folder);
    replay_strategy_watch(attempt->replay, report, attempt->stage.window);
    good = good && receive(attempt, &download, out, err);
    replay_strategy_learn(attempt->replay, report, attempt->stage.window,
                          good ? attempt->path : NULL);
    attempt->silent = download.silent;
    download_done(&download);
    outcome_done(&outcome);
    return good;
}

static bool open_form(const struct attempt *attempt, struct error *err)
{
    const struct steps *steps = &attempt->report->window;

    return visit_open_report(attempt->visit, attempt->report, err) &&
           steps_take(&attempt->stage, steps, 0, steps_before_click(steps), err);
}

/* Opens the form where it is not open, and where it cannot be used for another window: many forms
 * serve once for each time that they are loaded. *fresh says whether no export was asked for by it
 * yet. */
static bool fill_form(const struct attempt *attempt, const struct form_habits *habits, bool *fresh,
                      struct error *err)
{
    char why[ACT_WHY_SIZE] = "it has served only once before";
    bool spent = habits->serves_once == attempt->report;

    *fresh = attempt->visit->opened != attempt->report;
    if (*fresh)
        return open_form(attempt, err);
    if (!spent && !steps_fill_again(&attempt->stage, &attempt->report->window, &spent, why, err))
        return false;
    *fresh = spent;
    if (!spent)
        return true;
    log_info("portal.reopened", log_text("report", attempt->report->name), log_text("why", why));
    visit_leave(attempt->visit);
    return open_form(attempt, err);
}

static void learn(struct form_habits *habits, const struct attempt *attempt, bool fresh, bool good)
{
    if (!fresh && attempt->silent)
        habits->silent = attempt->report;
    else if (good && fresh && habits->silent == attempt->report)
        habits->serves_once = attempt->report;
    if (good)
        habits->silent = NULL;
}

bool form_export(struct visit *visit, struct form_habits *habits, struct replay_strategy *replay,
                 const struct report *report, const struct window *window, const char *path,
                 struct export *out, struct error *err)
{
    struct attempt attempt = {
        .visit = visit,
        .replay = replay,
        .report = report,
        .stage = visit_stage(visit, window),
        .path = path,
    };
    const unsigned logins = visit->logins;
    bool fresh;

    assert(report->window.count > 0); /* config/ sees to it: the last step starts the download */
    const bool filled = fill_form(&attempt, habits, &fresh, err);
    if (visit->logins != logins)
        replay_strategy_forget(replay); /* requests hold what belonged to the session that ended */
    if (!filled)
        return false;
    const bool good = send_form(&attempt, out, err);
    learn(habits, &attempt, fresh, good);
    return good;
}
