/* SPDX-License-Identifier: MIT */
/* Sends pings, alerts and digests, and writes metrics. */
#include "notify/notify.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/thread.h"
#include "notify/http_post.h"
#include "notify/metrics.h"
#include "run/exit_code.h"

#include <stdlib.h>

enum { BODY_MAX = 1024 * 1024, URL_MAX = 16 * 1024 };

static void send_message(const char *what, const char *url, const char *type, const char *body)
{
    struct error err;

    if (http_post(url, type, body, &err))
        log_debug("notify.sent", log_text("what", what));
    else
        log_warn("notify.lost", log_text("what", what), log_text("error", err.message));
}

static char *ping_url(const struct settings *settings, bool is_start, int exit_code,
                      const char *run_id)
{
    struct buf url = BUF_INIT(URL_MAX);

    message_add_ping_url(&url, settings->ping_url, is_start, exit_code, run_id);
    return buf_detach(&url);
}

static void *send_start(void *arg)
{
    send_message("ping", arg, "text/plain", "");
    return NULL;
}

void notify_start(struct notifier *notifier, const struct settings *settings, const char *run_id)
{
    *notifier = (struct notifier){.settings = settings};
    if (!settings->ping_url)
        return;
    notifier->start_url = ping_url(settings, true, 0, run_id);
    if (thread_start(&notifier->thread, send_start, notifier->start_url) != 0) {
        secret_free(notifier->start_url);
        notifier->start_url = NULL;
    }
}

/* Waits for the ping of the start, so that it does not come after that of the end. */
static void end_start(struct notifier *notifier)
{
    if (!notifier->start_url)
        return;
    pthread_join(notifier->thread, NULL);
    secret_free(notifier->start_url);
    notifier->start_url = NULL;
}

static void send_end(const struct settings *settings, const struct told_run *run,
                     const char *run_id)
{
    BUF_DONE struct buf text = BUF_INIT(BODY_MAX);
    char *url;

    if (!settings->ping_url || run->exit_code == EXIT_CODE_LOCKED)
        return;
    message_add_text(&text, run);
    url = ping_url(settings, false, run->exit_code, run_id);
    send_message("ping", url, "text/plain; charset=utf-8", buf_text(&text));
    secret_free(url);
}

static void send_alert(const struct settings *settings, const char *event, const char *text,
                       const struct told_run *run)
{
    BUF_DONE struct buf body = BUF_INIT(BODY_MAX);

    message_add_body(&body, settings->alert_format, event, text, run);
    send_message(event, settings->alert_url, "application/json", buf_text(&body));
}

static void send_news(const struct settings *settings, const struct told_run *run,
                      const struct day *day)
{
    BUF_DONE struct buf text = BUF_INIT(BODY_MAX);

    if (!settings->alert_url || run->exit_code == EXIT_CODE_LOCKED)
        return;
    if (message_is_news(run)) {
        message_add_text(&text, run);
        send_alert(settings, run->exit_code ? "failed" : "recovered", buf_text(&text), run);
    }
    if (day && settings->alert_digest) {
        buf_reset(&text);
        message_add_digest(&text, day, run->host);
        send_alert(settings, "digest", buf_text(&text), NULL);
    }
}

void notify_end(struct notifier *notifier, const struct told_run *run, const struct day *day,
                const char *run_id)
{
    const struct settings *settings = notifier->settings;
    struct error err;

    end_start(notifier);
    send_end(settings, run, run_id);
    send_news(settings, run, day);
    if (settings->metrics_file && !metrics_write(settings->metrics_file, run, clock_now(), &err))
        log_warn("notify.lost", log_text("what", "metrics"), log_text("error", err.message));
}
