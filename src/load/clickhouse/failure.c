/* SPDX-License-Identifier: MIT */
/* Reads errors as both old and new servers write them, and says what helps. */
#include "load/clickhouse/failure.h"

#include <stdlib.h>
#include <string.h>

/* The codes are those of ErrorCodes.cpp; they never change their meaning. */
static const struct rule {
    int code;
    bool transient;
    const char *advice;
} rules[] = {
    {3, true, NULL},  /* UNEXPECTED_END_OF_FILE */
    {32, true, NULL}, /* ATTEMPT_TO_READ_AFTER_EOF: a shard went away */
    {81, false, "make the database first (CREATE DATABASE), or check its name in the address"},
    {159, false, NULL}, /* TIMEOUT_EXCEEDED */
    {164, false, "the user's profile is readonly: a load must write and set settings"},
    {170, false, "the server knows no cluster of that name: see system.clusters"},
    {192, false, "check the user in the database address"},
    {193, false, "check the password in the database address"},
    {194, false, "the server asks for a password: write it into the database address"},
    {195, false, "the server does not let this user in from here"},
    {198, true, "the server cannot find a host's address: check the cluster's configuration"},
    {202, true, "the server runs too many queries: raise max_concurrent_queries"},
    {203, true, NULL}, /* NO_FREE_CONNECTION */
    {209, true, NULL}, /* SOCKET_TIMEOUT */
    {210, true, "is the server or the shard running?"},
    {236, true, NULL}, /* ABORTED: the server is going down */
    {241, true, "the server has too little memory for this: raise max_memory_usage"},
    {242, false, "the table is read-only: does the server find its files, or Keeper?"},
    {243, false, "the server's disk is full"},
    {252, true, "the server merges too slowly: it has too many parts"},
    {279, true, "is the shard running?"},
    {291, false, "the user may not read this database"},
    {394, true, NULL}, /* QUERY_WAS_CANCELLED */
    {425, true, NULL}, /* SYSTEM_ERROR */
    {497, false, "give the user the right to"},
    {516, false, "check user and password in the database address"},
};

/* "Code: 60. DB::Exception: words (NAME) (version 26.5)", or, before 2021, "Code: 60,
 * e.displayText() = DB::Exception: words, e.what() = DB::Exception". */
static const char *find_words(const char *body, size_t *len)
{
    static const char mark[] = "Exception: "; /* of DB, or of its network */
    const char *words = strstr(body, mark);

    words = words ? words + sizeof(mark) - 1 : body;
    *len = strcspn(words, "\n");
    static const char *const tails[] = {", e.what() = ", " (version "};
    for (size_t i = 0; i < sizeof(tails) / sizeof(*tails); i++) {
        const char *tail = strstr(words, tails[i]);
        if (tail && (size_t)(tail - words) < *len)
            *len = (size_t)(tail - words);
    }
    while (*len && (words[*len - 1] == '.' || words[*len - 1] == ' '))
        --*len;
    return words;
}

struct clickhouse_failure clickhouse_failure_read(long status, const char *body)
{
    static const char mark[] = "Code: ";
    struct clickhouse_failure failure = {0};
    const char *code = strstr(body, mark);

    if (!code) {
        failure.words = "the answer is not ClickHouse's: is this its HTTP port?";
        failure.words_len = strlen(failure.words);
        failure.transient = status == 429 || status >= 500;
        return failure;
    }
    failure.code = (int)strtol(code + sizeof(mark) - 1, NULL, 10);
    failure.words = find_words(code, &failure.words_len);
    for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
        if (rules[i].code == failure.code) {
            failure.transient = rules[i].transient;
            failure.advice = rules[i].advice;
        }
    return failure;
}
