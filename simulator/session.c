/* SPDX-License-Identifier: MIT */
/* Keeps sessions in a fixed table. */
#include "simulator/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static void draw(char out[SESSION_ID_SIZE])
{
    unsigned char bytes[(SESSION_ID_SIZE - 1) / 2];

    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        abort(); /* cannot happen for so few bytes on Linux */
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

struct sim_session *sim_session_find(struct sim_session_table *table, const char *id)
{
    if (!id || strlen(id) != SESSION_ID_SIZE - 1)
        return NULL;
    for (size_t i = 0; i < SESSION_MAX; i++)
        if (strcmp(table->sessions[i].id, id) == 0) {
            table->sessions[i].used = ++table->clock;
            return &table->sessions[i];
        }
    return NULL;
}

struct sim_session *sim_session_of(struct sim_session_table *table, uint64_t serial)
{
    for (size_t i = 0; i < SESSION_MAX; i++)
        if (table->sessions[i].id[0] && table->sessions[i].serial == serial)
            return &table->sessions[i];
    return NULL;
}

struct sim_session *sim_session_new(struct sim_session_table *table)
{
    struct sim_session *oldest = &table->sessions[0];

    for (size_t i = 0; i < SESSION_MAX; i++)
        if (table->sessions[i].used < oldest->used)
            oldest = &table->sessions[i];
    *oldest = (struct sim_session){.used = ++table->clock, .serial = ++table->serial};
    sim_session_rename(oldest);
    return oldest;
}

void sim_session_rename(struct sim_session *session)
{
    draw(session->id);
    draw(session->token);
}

void sim_session_draw_nonce(struct sim_session *session)
{
    draw(session->nonce);
}

void sim_session_drop(struct sim_session *session)
{
    *session = (struct sim_session){0};
}

void sim_session_drop_others(struct sim_session_table *table, const struct sim_session *kept)
{
    for (size_t i = 0; i < SESSION_MAX; i++)
        if (&table->sessions[i] != kept)
            sim_session_drop(&table->sessions[i]);
}

size_t sim_session_count(const struct sim_session_table *table)
{
    size_t count = 0;

    for (size_t i = 0; i < SESSION_MAX; i++)
        count += table->sessions[i].logged_in;
    return count;
}

bool sim_session_token_matches(const struct sim_session *session, const char *token)
{
    unsigned difference = 0;

    if (!token || strlen(token) != SESSION_ID_SIZE - 1)
        return false;
    for (size_t i = 0; i < SESSION_ID_SIZE - 1; i++)
        difference |= (unsigned)(session->token[i] ^ token[i]);
    return difference == 0;
}
