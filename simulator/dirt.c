/* SPDX-License-Identifier: MIT */
/* Draws spellings, blanks and quotes. */
#include "simulator/dirt.h"

#include "base/date.h"
#include "simulator/cp1252.h"
#include "simulator/history.h"
#include "simulator/random.h"

#include <stdio.h>
#include <string.h>

enum salt { SALT_QUOTE, SALT_PAD, SALT_PAD_KIND, SALT_SPELLING, SALT_NONE, SALT_WHICH };

enum { QUOTED_PER_MILLION = 50000, PADDED_PER_MILLION = 30000, PADDED_KEY_PER_MILLION = 10000 };

#define NBSP "\xC2\xA0"
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
    const char *before, *after;
} pads[] = {{" ", ""},  {"", " "},  {"  ", " "},      {NBSP, ""},
            {"", NBSP}, {"\t", ""}, {" " NBSP, "\t "}};

/* Dates that do not exist; most of them look as if they did. */
static const char *const impossible[] = {"32/13/2025", "30/02/2024", "29/02/2023", "31/04/2025",
                                         "99/99/9999"};

static const char *const no_date[] = {"",     "",     "",    "",           "NULL",
                                      "null", "None", "nan", "0000-00-00", "00/00/0000"};

static const char *const no_time[] = {"",    "",      "",      "",     "",      "",        "NULL",
                                      "nan", "--:--", "24:00", "8h30", "12:60", "25:61:00"};

static void put(struct buf *out, const char *text)
{
    cp1252_add(out, text, strlen(text));
}

static void field(struct buf *out, const char *before, const char *text, const char *after,
                  bool quoted)
{
    buf_add_text(out, quoted ? "\"" : "");
    put(out, before);
    for (;;) {
        size_t plain = strcspn(text, "\"");
        cp1252_add(out, text, plain);
        text += plain;
        if (!*text)
            break;
        buf_add_text(out, "\"\""); /* callers quote a field with a quote in it */
        text++;
    }
    put(out, after);
    buf_add_text(out, quoted ? "\"" : "");
}

static bool quoted_without_need(uint64_t key)
{
    return random_chance(key, SALT_QUOTE, QUOTED_PER_MILLION);
}

void dirt_plain(struct buf *out, const char *text)
{
    field(out, "", text, "", strpbrk(text, ";\"\r\n") != NULL);
}

void dirt_text(struct buf *out, const char *shown, bool is_key, uint64_t key)
{
    bool padded =
        random_chance(key, SALT_PAD, is_key ? PADDED_KEY_PER_MILLION : PADDED_PER_MILLION);
    size_t kind = random_below(key, SALT_PAD_KIND, COUNT(pads));
    bool quoted = strpbrk(shown, ";\"\r\n") || quoted_without_need(key);

    field(out, padded ? pads[kind].before : "", shown, padded ? pads[kind].after : "", quoted);
}

void dirt_date(struct buf *out, int32_t date, uint64_t key)
{
    char text[32];
    int year, month, day;
    uint32_t spelling = random_below(key, SALT_SPELLING, 1000);

    if (date == HISTORY_NONE) {
        bool odd = random_chance(key, SALT_NONE, 60000);
        field(out, "",
              odd ? impossible[random_below(key, SALT_WHICH, COUNT(impossible))]
                  : no_date[random_below(key, SALT_WHICH, COUNT(no_date))],
              "", quoted_without_need(key));
        return;
    }
    date_to_civil(date, &year, &month, &day);
    if (spelling < 25)
        snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
    else if (spelling < 65)
        snprintf(text, sizeof text, "%d/%d/%04d", day, month, year);
    else
        snprintf(text, sizeof text, "%02d/%02d/%04d", day, month, year);
    field(out, "", text, "", quoted_without_need(key));
}

void dirt_time(struct buf *out, int32_t seconds, uint64_t key)
{
    char text[32];

    if (seconds == HISTORY_NONE) {
        field(out, "", no_time[random_below(key, SALT_WHICH, COUNT(no_time))], "",
              quoted_without_need(key));
        return;
    }
    if (seconds % 60 == 0 && random_below(key, SALT_SPELLING, 2) == 0)
        snprintf(text, sizeof text, "%02d:%02d", seconds / 3600, seconds / 60 % 60);
    else
        snprintf(text, sizeof text, "%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60,
                 seconds % 60);
    field(out, "", text, "", quoted_without_need(key));
}
