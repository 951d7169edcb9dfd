/* SPDX-License-Identifier: MIT */
/* Breaks random lines of a good file in random ways. */
#include "tests/support/broken_file.h"

#include "tests/support/unit.h"

#include <string.h>

enum { BROKEN_MAX = 6 };

const char *const breakage_names[BREAKAGES] = {
    "a separator too many", "a separator lost", "a stray quote", "a quote lost", "a bad byte",
    "a NUL byte",           "a bad date",       "cut",           "split",        "glued"};

static void insert(struct buf *bytes, size_t at, const char *text, size_t len)
{
    struct buf out = BUF_INIT(bytes->max);

    buf_add(&out, buf_text(bytes), at);
    buf_add(&out, text, len);
    buf_add(&out, buf_text(bytes) + at, bytes->len - at);
    buf_done(bytes);
    *bytes = out;
}

static void erase(struct buf *bytes, size_t at, size_t len)
{
    memmove(bytes->data + at, bytes->data + at + len, bytes->len - at - len);
    bytes->len -= len;
}

/* Erases a random one of the bytes `byte`. Returns false if there is none. */
static bool erase_some(struct dice *dice, struct buf *bytes, char byte)
{
    size_t places[256], count = 0;

    for (size_t i = 0; i < bytes->len && count < COUNT(places); i++)
        if (bytes->data[i] == byte)
            places[count++] = i;
    if (count)
        erase(bytes, places[dice_below(dice, count)], 1);
    return count > 0;
}

static void break_date(struct dice *dice, const struct good_line *line, struct buf *bytes)
{
    static const char *const dates[] = {"99/99/9999", "31/02/2025", "AMANHÃ", "2025-13-01",
                                        "01/02/25",   "45321",      "?",      "32/01/2025"};
    const enum good_column column = dice_below(dice, 2) ? GOOD_DAY : GOOD_CLOSED;
    const char *date = dates[dice_below(dice, COUNT(dates))];

    erase(bytes, line->field_at[column], line->field_len[column]);
    insert(bytes, line->field_at[column], date, strlen(date));
}

/* Breaks one line. Returns false if it cannot be broken in that way. */
static bool break_line(struct broken_file *s, struct dice *dice, size_t at, enum breakage how)
{
    const struct good_line *line = &s->file.lines[at];
    struct good_change *change = &s->changes[at], *next = &s->changes[at + 1];
    struct buf *bytes = &change->bytes;

    if (how == GLUED && (at + 1 == s->file.count || next->replaced || next->gone))
        return false;
    *bytes = BUF_INIT(line->bytes.max * 2);
    buf_add(bytes, line->bytes.data, line->bytes.len);
    change->replaced = true;
    const size_t place = dice_below(dice, bytes->len + 1);
    const char high = (char)(0x80 + dice_below(dice, 0x80));
    switch (how) {
    case SURPLUS_SEPARATOR:
        insert(bytes, place, &s->file.style.separator, 1);
        return true;
    case LOST_SEPARATOR:
        return erase_some(dice, bytes, s->file.style.separator);
    case STRAY_QUOTE:
        insert(bytes, place, "\"", 1);
        return true;
    case LOST_QUOTE:
        return erase_some(dice, bytes, '"');
    case BAD_BYTE:
        bytes->data[place < bytes->len ? place : 0] = high;
        return true;
    case NUL_BYTE:
        bytes->data[place < bytes->len ? place : 0] = '\0';
        return true;
    case BAD_DATE:
        break_date(dice, line, bytes);
        return true;
    case CUT: /* At least one byte of the last line stays, because blank lines after the rows do not
                 count. */
        erase(bytes, place, bytes->len - place);
        return bytes->len || at + 1 < s->file.count;
    case SPLIT:
        insert(bytes, place, s->file.style.line_end, strlen(s->file.style.line_end));
        return true;
    case GLUED:
        buf_add(bytes, s->file.lines[at + 1].bytes.data, s->file.lines[at + 1].bytes.len);
        next->gone = true;
        return true;
    case BREAKAGES:
        break;
    }
    return false;
}

void broken_file_make(uint64_t seed, const struct real_file *real, struct broken_file *s)
{
    struct dice dice = dice_of(seed);

    *s = (struct broken_file){.seed = seed,
                              .is_real = real,
                              .before = BUF_INIT(BROKEN_FILE_BYTES_MAX),
                              .after = BUF_INIT(BROKEN_FILE_BYTES_MAX)};
    if (real)
        good_file_pick(&dice, &real->bytes, real->day, &s->file);
    else
        good_file_make(&dice, &s->file);
    const size_t broken = 1 + dice_below(&dice, BROKEN_MAX);
    for (size_t i = 0; i < broken && i < s->file.count / 3; i++) {
        const size_t at = dice_below(&dice, s->file.count);
        const enum breakage how = (enum breakage)dice_below(&dice, BREAKAGES);
        if (s->changes[at].replaced || s->changes[at].gone)
            continue;
        if (!break_line(s, &dice, at, how)) {
            buf_done(&s->changes[at].bytes);
            s->changes[at].replaced = false;
            continue;
        }
        s->broken[at] = true;
        s->how[at] = how;
        if (how == GLUED) {
            s->broken[at + 1] = true;
            s->how[at + 1] = how;
        }
    }
    good_file_write(&s->file, NULL, &s->before);
    good_file_write(&s->file, s->changes, &s->after);
}

void broken_file_done(struct broken_file *s)
{
    for (size_t i = 0; i < s->file.count; i++)
        buf_done(&s->changes[i].bytes);
    good_file_done(&s->file);
    buf_done(&s->before);
    buf_done(&s->after);
}
