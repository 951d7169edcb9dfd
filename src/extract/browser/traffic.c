/* SPDX-License-Identifier: MIT */
/* Follows each request from its beginning to its end. */
#include "extract/browser/traffic.h"

#include "base/clock.h"
#include "extract/browser/devtools.h"

#include <string.h>

void traffic_begin(struct traffic *traffic)
{
    *traffic = (struct traffic){.open = json_object()};
}

static void count(struct traffic *traffic, bool may_export, int open, int sent)
{
    for (int lane = TRAFFIC_ANY; lane <= (may_export ? TRAFFIC_ASKING : TRAFFIC_ANY); lane++) {
        traffic->lanes[lane].open += open;
        traffic->lanes[lane].sent += sent;
        traffic->lanes[lane].moved_ms = clock_ms();
    }
}

static void end_request(struct traffic *traffic, const char *id)
{
    const json_t *may_export = json_object_get(traffic->open, id);

    if (!may_export)
        return;
    count(traffic, json_is_true(may_export), -1, 0);
    json_object_del(traffic->open, id);
}

static void begin_request(struct traffic *traffic, const char *id, bool document, json_t *params)
{
    const char *method = devtools_text(json_object_get(params, "request"), "method");
    bool may_export = document || strcmp(method, "GET") != 0;

    end_request(traffic, id); /* a redirect has the same id */
    json_object_set_new(traffic->open, id, json_boolean(may_export));
    count(traffic, may_export, 1, 1);
}

/* A document ends with its response: whether it is a page or a file is seen elsewhere. */
void traffic_event(struct traffic *traffic, const char *method, json_t *params)
{
    const char *id = devtools_text(params, "requestId"), *type = devtools_text(params, "type");
    bool document = strcmp(type, "Document") == 0;
    bool script = strcmp(type, "XHR") == 0 || strcmp(type, "Fetch") == 0;

    if (strcmp(method, "Network.requestWillBeSent") == 0 && (document || script))
        begin_request(traffic, id, document, params);
    else if (strcmp(method, "Network.loadingFinished") == 0 ||
             strcmp(method, "Network.loadingFailed") == 0 ||
             (document && strcmp(method, "Network.responseReceived") == 0))
        end_request(traffic, id);
    if (script)
        traffic->script_ms = clock_ms();
}

void traffic_done(struct traffic *traffic)
{
    json_decref(traffic->open);
    *traffic = (struct traffic){0};
}
