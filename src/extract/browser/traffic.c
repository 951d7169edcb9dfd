/* SPDX-License-Identifier: MIT */
/* Requests that are under way. */
#include "extract/browser/traffic.h"

#include "base/clock.h"
#include "extract/browser/devtools.h"

#include <string.h>

void traffic_begin(struct traffic *traffic)
{
    *traffic = (struct traffic){.open = json_object()};
}

static void move(struct traffic *traffic, bool asking, int open, int sent)
{
    for (int lane = TRAFFIC_ANY; lane <= (asking ? TRAFFIC_ASKING : TRAFFIC_ANY); lane++) {
        traffic->lanes[lane].open += open;
        traffic->lanes[lane].sent += sent;
        traffic->lanes[lane].moved_ms = clock_ms();
    }
}

static void end(struct traffic *traffic, const char *id)
{
    const json_t *asking = json_object_get(traffic->open, id);

    if (!asking)
        return;
    move(traffic, json_is_true(asking), -1, 0);
    json_object_del(traffic->open, id);
}

static void begin(struct traffic *traffic, const char *id, bool document, json_t *params)
{
    const char *method = devtools_text(json_object_get(params, "request"), "method");
    bool asking = document || strcmp(method, "GET") != 0;

    end(traffic, id); /* a redirect has the same id */
    json_object_set_new(traffic->open, id, json_boolean(asking));
    move(traffic, asking, 1, 1);
}

void traffic_event(struct traffic *traffic, const char *method, json_t *params)
{
    const char *id = devtools_text(params, "requestId"), *type = devtools_text(params, "type");
    bool document = strcmp(type, "Document") == 0;
    bool script = strcmp(type, "XHR") == 0 || strcmp(type, "Fetch") == 0;

    if (strcmp(method, "Network.requestWillBeSent") == 0 && (document || script))
        begin(traffic, id, document, params);
    else if (strcmp(method, "Network.loadingFinished") == 0 ||
             strcmp(method, "Network.loadingFailed") == 0 ||
             (document && strcmp(method, "Network.responseReceived") == 0)) /* it will be seen */
        end(traffic, id);
    if (script)
        traffic->script_ms = clock_ms();
}

void traffic_done(struct traffic *traffic)
{
    json_decref(traffic->open);
    *traffic = (struct traffic){0};
}
