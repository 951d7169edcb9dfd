/* SPDX-License-Identifier: MIT */
/* Random exports of the report `visits`, and records of real exports. */
#include "tests/support/good_file.h"

#include "base/date.h"

#include <stdio.h>
#include <string.h>

enum { LINE_MAX_BYTES = 4096 };

struct dice dice_of(uint64_t seed)
{
    return (struct dice){.state = seed * 0x9E3779B97F4A7C15u + 1};
}

uint64_t dice_next(struct dice *dice) /* splitmix64 */
{
    uint64_t z = dice->state += 0x9E3779B97F4A7C15u;

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

size_t dice_below(struct dice *dice, size_t limit)
{
    return (size_t)(dice_next(dice) % limit);
}

static const char *const header_names[GOOD_COLUMNS] = {
    "Medidor", "Data da visita", "Equipe", "Observação", "Início", "Fechado em"};

static const char *const teams[] = {"PELOTAS 1", "SÃO JOSÉ", "AÇORIANOS", "NORTE", "Ñ 7", ""};

static const char *const notes[] = {"",
                                    "CAÍDO",
                                    "POSTE \"VELHO\"",
                                    "CASA; FUNDOS, À ESQUERDA",
                                    "PRIMEIRA\nSEGUNDA",
                                    "15\" DE TUBO",
                                    "NÃO ATENDE",
                                    "A|B\tC",
                                    "\"",
                                    "SEM ACESSO. CÃO BRAVO, VOLTAR À TARDE"};

static void put(struct dice *dice, char cell[GOOD_CELL_SIZE], const char *const *words,
                size_t count)
{
    snprintf(cell, GOOD_CELL_SIZE, "%s", words[dice_below(dice, count)]);
}

static int32_t random_day(struct dice *dice)
{
    return date_from_civil(2025, 1, 1) + (int32_t)dice_below(dice, 365);
}

static void make_cells(struct dice *dice, size_t number, char cells[GOOD_COLUMNS][GOOD_CELL_SIZE])
{
    snprintf(cells[GOOD_METER], GOOD_CELL_SIZE, "%zu",
             1000 * (number + 1) + dice_below(dice, 1000));
    date_format_iso(random_day(dice), cells[GOOD_DAY]);
    put(dice, cells[GOOD_TEAM], teams, sizeof(teams) / sizeof(*teams));
    put(dice, cells[GOOD_NOTE], notes, sizeof(notes) / sizeof(*notes));
    snprintf(cells[GOOD_START], GOOD_CELL_SIZE, "%02zu:%02zu:00", dice_below(dice, 24),
             dice_below(dice, 60));
    if (dice_below(dice, 4))
        date_format_iso(random_day(dice), cells[GOOD_CLOSED]);
    else
        *cells[GOOD_CLOSED] = '\0';
}

/* Adds a text whose letters are all in Latin-1. */
static void add_text(const struct good_style *style, const char *text, struct buf *out)
{
    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        if (style->windows_1252 && *at >= 0xC0) {
            buf_add_char(out, (char)(unsigned char)((*at & 3) << 6 | (at[1] & 0x3F)));
            at++;
        } else {
            buf_add_char(out, (char)*at);
        }
    }
}

static void add_field(const struct good_style *style, const char *text, struct buf *out)
{
    const bool needs_quotes = strpbrk(text, "\"\n") || strchr(text, style->separator);

    if (!needs_quotes && !(style->quotes_all && *text)) {
        add_text(style, text, out);
        return;
    }
    buf_add_char(out, '"');
    for (; *text; text++) {
        const char letter[3] = {*text, (*text & 0x80) ? text[1] : '\0', '\0'};
        if (*text == '"')
            buf_add_char(out, '"');
        add_text(style, letter, out);
        text += letter[1] != '\0';
    }
    buf_add_char(out, '"');
}

static void add_line(const struct good_style *style, char cells[GOOD_COLUMNS][GOOD_CELL_SIZE],
                     struct good_line *line)
{
    line->bytes = BUF_INIT(LINE_MAX_BYTES);
    for (size_t c = 0; c < GOOD_COLUMNS; c++) {
        char text[GOOD_CELL_SIZE];
        int32_t date;
        snprintf(text, sizeof(text), "%s", cells[c]);
        if ((c == GOOD_DAY || c == GOOD_CLOSED) && !style->iso_dates &&
            date_parse_iso(text, strlen(text), &date))
            date_format_br(date, text);
        if (c)
            buf_add_char(&line->bytes, style->separator);
        line->field_at[c] = line->bytes.len;
        add_field(style, text, &line->bytes);
        line->field_len[c] = line->bytes.len - line->field_at[c];
    }
}

static struct good_style make_style(struct dice *dice)
{
    static const char separators[] = {';', ';', ',', '\t', '|'};
    static const char *const line_ends[] = {"\n", "\r\n"};
    const size_t encoding = dice_below(dice, 3);

    return (struct good_style){
        .separator = separators[dice_below(dice, sizeof(separators))],
        .line_end = line_ends[dice_below(dice, 2)],
        .bom = encoding == 1,
        .windows_1252 = encoding == 2,
        .quotes_all = dice_below(dice, 3) == 0,
        .iso_dates = dice_below(dice, 3) == 0,
        .last_line_ends = dice_below(dice, 4) != 0,
    };
}

void good_file_make(struct dice *dice, struct good_file *out)
{
    out->style = make_style(dice);
    out->header = BUF_INIT(LINE_MAX_BYTES);
    if (out->style.bom)
        buf_add_text(&out->header, "\xEF\xBB\xBF");
    for (size_t c = 0; c < GOOD_COLUMNS; c++) {
        if (c)
            buf_add_char(&out->header, out->style.separator);
        add_field(&out->style, header_names[c], &out->header);
    }
    buf_add_text(&out->header, out->style.line_end);
    out->count = 4 + dice_below(dice, GOOD_ROWS_MAX - 3);
    for (size_t i = 0; i < out->count; i++) {
        make_cells(dice, i, out->cells[i]);
        add_line(&out->style, out->cells[i], &out->lines[i]);
    }
}

/* Returns the place after the line end of the record at `at`, the first one outside quotes. */
static const char *next_record(const char *at, const char *end)
{
    bool quoted = false;

    for (; at < end; at++) {
        quoted ^= *at == '"';
        if (*at == '\n' && !quoted)
            return at + 1;
    }
    return end;
}

/* Reads the record from `at` to `end`, without its line end. */
static void pick_line(const char *at, const char *end, size_t day, struct good_line *line)
{
    bool quoted = false;
    size_t field = 0;

    while (end > at && (end[-1] == '\n' || end[-1] == '\r'))
        end--;
    *line = (struct good_line){.bytes = BUF_INIT(LINE_MAX_BYTES)};
    buf_add(&line->bytes, at, (size_t)(end - at));
    for (size_t i = 0; i < line->bytes.len; i++) {
        quoted ^= line->bytes.data[i] == '"';
        if (line->bytes.data[i] == ';' && !quoted && ++field == day)
            line->field_at[GOOD_DAY] = i + 1;
        else if (field == day)
            line->field_len[GOOD_DAY] = i + 1 - line->field_at[GOOD_DAY];
    }
    line->field_at[GOOD_CLOSED] = line->field_at[GOOD_DAY];
    line->field_len[GOOD_CLOSED] = line->field_len[GOOD_DAY];
}

void good_file_pick(struct dice *dice, const struct buf *bytes, size_t day, struct good_file *out)
{
    const char *at = bytes->data, *end = at + bytes->len, *next = next_record(at, end);

    *out = (struct good_file){
        .style = {.separator = ';',
                  .line_end = next - at > 1 && next[-2] == '\r' ? "\r\n" : "\n",
                  .last_line_ends = true},
        .header = BUF_INIT(LINE_MAX_BYTES),
    };
    buf_add(&out->header, at, (size_t)(next - at));
    for (at = next; at < end && out->count < GOOD_ROWS_MAX; at = next) {
        next = next_record(at, end);
        if (dice_below(dice, 2))
            pick_line(at, next, day, &out->lines[out->count++]);
    }
}

void good_file_done(struct good_file *file)
{
    buf_done(&file->header);
    for (size_t i = 0; i < file->count; i++)
        buf_done(&file->lines[i].bytes);
    file->count = 0;
}

void good_file_write(const struct good_file *file, const struct good_change *changes,
                     struct buf *out)
{
    buf_add(out, file->header.data, file->header.len);
    for (size_t i = 0; i < file->count; i++) {
        const struct good_change *change = changes ? &changes[i] : NULL;
        const struct buf *bytes =
            change && change->replaced ? &change->bytes : &file->lines[i].bytes;
        if (change && change->gone)
            continue;
        buf_add(out, buf_text(bytes), bytes->len);
        if (i + 1 < file->count || file->style.last_line_ends)
            buf_add_text(out, file->style.line_end);
    }
}
