/* SPDX-License-Identifier: MIT */
/* Writes HTML, and JSON that may stand within it. */
#include "pages/html.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistr.h>

enum { FORMATTED_MAX = 4096 };

static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD: for what is no text */

static const char *entity_of(unsigned char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    case '\t':
    case '\n':
    case '\r':
        return NULL;
    default:
        return c < 0x20 || c == 0x7F ? replacement : NULL;
    }
}

void html_text_n(struct buf *out, const char *text, size_t len)
{
    size_t used;

    for (size_t i = 0; i < len; i += used) {
        const char *entity = entity_of((unsigned char)text[i]);
        ucs4_t rune = 0;
        used = 1;
        if ((unsigned char)text[i] >= 0x80)
            used = (size_t)u8_mbtouc(&rune, (const uint8_t *)text + i, len - i);
        if (rune == 0xFFFD)
            entity = replacement;
        if (entity)
            buf_add_text(out, entity);
        else
            buf_add(out, text + i, used);
    }
}

void html_text(struct buf *out, const char *text)
{
    html_text_n(out, text, strlen(text));
}

void html_textf(struct buf *out, const char *format, ...)
{
    char text[FORMATTED_MAX];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    html_text(out, text);
}

void html_begin_tag(struct buf *out, const char *tag)
{
    buf_add_char(out, '<');
    buf_add_text(out, tag);
}

void html_attr(struct buf *out, const char *name, const char *value)
{
    if (!value)
        return;
    buf_addf(out, " %s=\"", name);
    html_text(out, value);
    buf_add_char(out, '"');
}

void html_end_tag(struct buf *out)
{
    buf_add_char(out, '>');
}

void html_open(struct buf *out, const char *tag, const char *class_name)
{
    html_begin_tag(out, tag);
    html_attr(out, "class", class_name && *class_name ? class_name : NULL);
    html_end_tag(out);
}

void html_close(struct buf *out, const char *tag)
{
    buf_addf(out, "</%s>", tag);
}

void html_element(struct buf *out, const char *tag, const char *class_name, const char *text)
{
    html_open(out, tag, class_name);
    html_text(out, text);
    html_close(out, tag);
}

void html_link(struct buf *out, const char *address, const char *class_name, const char *text)
{
    html_begin_tag(out, "a");
    html_attr(out, "href", address);
    html_attr(out, "class", class_name && *class_name ? class_name : NULL);
    html_end_tag(out);
    html_text(out, text);
    html_close(out, "a");
}

void html_hidden(struct buf *out, const char *name, const char *value)
{
    html_begin_tag(out, "input");
    html_attr(out, "type", "hidden");
    html_attr(out, "name", name);
    html_attr(out, "value", value);
    html_end_tag(out);
}

void html_option(struct buf *out, const char *value, const char *text, bool selected)
{
    html_begin_tag(out, "option");
    html_attr(out, "value", value);
    if (selected)
        buf_add_text(out, " selected");
    html_end_tag(out);
    html_text(out, text);
    html_close(out, "option");
}

void html_bar(struct buf *out, double share, const char *fill_class)
{
    /* Written so that what is no number becomes 0 too. */
    const double percent = share > 0 ? (share < 1 ? share * 100 : 100) : 0;

    buf_add_text(out, "<svg class=\"barra\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" "
                      "aria-hidden=\"true\"><rect class=\"t\" width=\"100\" height=\"10\"/><rect");
    html_attr(out, "class", fill_class && *fill_class ? fill_class : NULL);
    buf_addf(out, " width=\"%.1f\" height=\"10\"/></svg>", percent);
}

static void add_json_rune(struct buf *out, const char *text, size_t len, ucs4_t rune)
{
    if (rune == 0xFFFD)
        buf_add_text(out, replacement);
    else if (rune == 0x2028 || rune == 0x2029)
        buf_addf(out, "\\u%04x", (unsigned)rune);
    else
        buf_add(out, text, len);
}

/* base/json.h escapes for JSON alone; within <script> also the characters of tags are escaped. */
void html_json_text_n(struct buf *out, const char *text, size_t len)
{
    size_t used;

    buf_add_char(out, '"');
    for (size_t i = 0; i < len; i += used) {
        const unsigned char c = (unsigned char)text[i];
        ucs4_t rune;
        used = 1;
        if (c >= 0x80) {
            used = (size_t)u8_mbtouc(&rune, (const uint8_t *)text + i, len - i);
            add_json_rune(out, text + i, used, rune);
        } else if (c < 0x20 || c == 0x7F || strchr("\"\\<>&", c)) {
            buf_addf(out, "\\u%04x", c);
        } else {
            buf_add_char(out, text[i]);
        }
    }
    buf_add_char(out, '"');
}

void html_json_text(struct buf *out, const char *text)
{
    html_json_text_n(out, text, strlen(text));
}
