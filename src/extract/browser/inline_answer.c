/* SPDX-License-Identifier: MIT */
/* Changes the headers of answers before the browser sees them. */
#include "extract/browser/inline_answer.h"

#include "base/mem.h"

#include <string.h>
#include <strings.h>

static const char disposition[] = "Content-Disposition";

void inline_answer_watch(struct devtools *devtools, const char *session, bool on)
{
    if (on)
        devtools_send(devtools, session, "Fetch.enable",
                      json_pack("{s:[{s:s, s:s, s:s}]}", "patterns", "urlPattern", "*",
                                "resourceType", "Document", "requestStage", "Response"));
    else
        devtools_send(devtools, session, "Fetch.disable", NULL);
}

static const char *header(const json_t *headers, const char *name)
{
    for (size_t i = 0; i < json_array_size(headers); i++) {
        const json_t *entry = json_array_get(headers, i);
        if (strcasecmp(devtools_text(entry, "name"), name) == 0)
            return devtools_text(entry, "value");
    }
    return "";
}

/* Whether the browser would show the answer as text. An answer that is declared an attachment is a
 * download already. */
static bool is_shown_text(const json_t *params, const json_t *headers)
{
    static const char text[] = "text/plain";
    const char *type = header(headers, "Content-Type");
    const size_t len = strcspn(type, "; \t");

    return json_integer_value(json_object_get(params, "responseStatusCode")) == 200 &&
           len == strlen(text) && strncasecmp(type, text, len) == 0 &&
           strncasecmp(header(headers, disposition), "attachment", strlen("attachment")) != 0;
}

/* Returns the headers with Content-Disposition "attachment" and the file name that they give, if
 * any ("inline; filename=…"). */
static json_t *as_file(const json_t *headers)
{
    const char *given = header(headers, disposition), *name = strcasestr(given, "filename");
    MEM_FREE_TEXT char *says =
        mem_format("attachment; %s", name ? name : "filename=\"" INLINE_ANSWER_NAME "\"");
    json_t *list = json_array();

    for (size_t i = 0; i < json_array_size(headers); i++)
        if (strcasecmp(devtools_text(json_array_get(headers, i), "name"), disposition) != 0)
            json_array_append(list, json_array_get(headers, i));
    json_array_append_new(list, json_pack("{s:s, s:s}", "name", disposition, "value", says));
    return list;
}

void inline_answer_event(struct devtools *devtools, const char *session, const json_t *params)
{
    const char *id = devtools_text(params, "requestId");
    const json_t *headers = json_object_get(params, "responseHeaders");

    if (is_shown_text(params, headers))
        devtools_send(devtools, session, "Fetch.continueResponse",
                      json_pack("{s:s, s:i, s:o}", "requestId", id, "responseCode", 200,
                                "responseHeaders", as_file(headers)));
    else
        devtools_send(devtools, session, "Fetch.continueRequest",
                      json_pack("{s:s}", "requestId", id));
}
