/* SPDX-License-Identifier: MIT */
/* Collects form fields and arguments, and fills answers. */
#include "simulator/message.h"

#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct sim_message_field *find(const struct sim_message_fields *fields,
                                            const char *name)
{
    for (size_t i = 0; i < fields->count; i++)
        if (strcmp(fields->items[i].name, name) == 0)
            return &fields->items[i];
    return NULL;
}

static struct sim_message_field *find_or_make(struct sim_message_fields *fields, const char *name)
{
    const struct sim_message_field *found = find(fields, name);

    if (found)
        return &fields->items[found - fields->items];
    if (fields->count == MESSAGE_FIELDS_MAX)
        return NULL;
    struct sim_message_field *made = &fields->items[fields->count++];
    made->name = mem_copy(name);
    made->value = BUF_INIT(MESSAGE_FIELD_BYTES_MAX);
    return made;
}

static bool add(struct sim_request *request, struct sim_message_fields *fields, const char *name,
                const char *bytes, size_t len)
{
    struct sim_message_field *field = find_or_make(fields, name);

    if (field)
        buf_add(&field->value, bytes, len);
    request->too_large |= !field || field->value.full;
    return !request->too_large;
}

bool sim_request_add(struct sim_request *request, const char *name, const char *bytes, size_t len)
{
    return add(request, &request->form, name, bytes, len);
}

const char *sim_request_field(const struct sim_request *request, const char *name)
{
    const struct sim_message_field *field = find(&request->form, name);
    return field ? buf_text(&field->value) : "";
}

bool sim_request_add_argument(struct sim_request *request, const char *name, const char *value)
{
    return add(request, &request->query, name, value, strlen(value));
}

const char *sim_request_argument(const struct sim_request *request, const char *name)
{
    const struct sim_message_field *field = find(&request->query, name);
    return field ? buf_text(&field->value) : NULL;
}

static void end(struct sim_message_fields *fields)
{
    for (size_t i = 0; i < fields->count; i++) {
        free(fields->items[i].name);
        buf_done(&fields->items[i].value);
    }
}

void sim_request_done(struct sim_request *request)
{
    end(&request->form);
    end(&request->query);
    *request = (struct sim_request){0};
}

void sim_answer_init(struct sim_answer *answer, size_t body_max)
{
    *answer = (struct sim_answer){
        .status = 200, .type = "text/html; charset=UTF-8", .body = BUF_INIT(body_max)};
}

void sim_answer_done(struct sim_answer *answer)
{
    buf_done(&answer->body);
}

void sim_answer_redirect(struct sim_answer *answer, const char *location)
{
    answer->status = 302;
    snprintf(answer->location, sizeof answer->location, "%s", location);
}
