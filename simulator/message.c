/* SPDX-License-Identifier: MIT */
/* Form fields and answers. */
#include "simulator/message.h"

#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct sim_message_field *find(const struct sim_request *request, const char *name)
{
    for (size_t i = 0; i < request->field_count; i++)
        if (strcmp(request->fields[i].name, name) == 0)
            return (struct sim_message_field *)&request->fields[i];
    return NULL;
}

bool sim_request_add(struct sim_request *request, const char *name, const char *bytes, size_t len)
{
    struct sim_message_field *field = find(request, name);

    if (!field) {
        if (request->field_count == MESSAGE_FIELDS_MAX) {
            request->too_large = true;
            return false;
        }
        field = &request->fields[request->field_count++];
        field->name = mem_copy(name);
        field->value = BUF_INIT(MESSAGE_FIELD_BYTES_MAX);
    }
    buf_add(&field->value, bytes, len);
    request->too_large |= field->value.full;
    return !request->too_large;
}

const char *sim_request_field(const struct sim_request *request, const char *name)
{
    const struct sim_message_field *field = find(request, name);
    return field ? buf_text(&field->value) : "";
}

void sim_request_done(struct sim_request *request)
{
    for (size_t i = 0; i < request->field_count; i++) {
        free(request->fields[i].name);
        buf_done(&request->fields[i].value);
    }
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
