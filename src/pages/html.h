/*
 * Writes HTML: escaping, and a few helpers for elements. Texts and values of attributes are always
 * escaped; names of elements and attributes, and classes, are the program's own.
 *
 *     html_open(out, "section", "cartao c8");
 *     html_element(out, "h2", NULL, "Serviços por dia");
 *     html_link(out, address, NULL, team);
 *     html_close(out, "section");
 */
#ifndef PAGES_HTML_H
#define PAGES_HTML_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

/* Appends text with & < > " ' escaped, for between tags and for within quotes. */
void html_text(struct buf *out, const char *text);
void html_text_n(struct buf *out, const char *text, size_t len);
/* Appends formatted text, escaped as a whole; cut off at 4 KiB. */
void html_textf(struct buf *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Appends <tag class="…">; without the attribute where the class is NULL or empty. */
void html_open(struct buf *out, const char *tag, const char *class_name);
/* Appends <tag, for html_attr and then html_end_tag. */
void html_begin_tag(struct buf *out, const char *tag);
/* Appends name="value" with a space before it; nothing where the value is NULL. */
void html_attr(struct buf *out, const char *name, const char *value);
void html_end_tag(struct buf *out);
void html_close(struct buf *out, const char *tag);

/* Appends <tag class="…">text</tag>. */
void html_element(struct buf *out, const char *tag, const char *class_name, const char *text);
/* Appends <a href="…" class="…">text</a>; the address is percent-encoded already (filters_link). */
void html_link(struct buf *out, const char *address, const char *class_name, const char *text);
/* Appends <input type="hidden" name="…" value="…">. */
void html_hidden(struct buf *out, const char *name, const char *value);
/* Appends <option value="…" selected>text</option>. */
void html_option(struct buf *out, const char *value, const char *text, bool selected);

/* Appends a bar as SVG: `share` of 0 to 1 is the filled part; class of the fill: "" s2 s3. */
void html_bar(struct buf *out, double share, const char *fill_class);

/* Appends a JSON string with its quotes that may also stand within <script>: < > & and U+2028/9 are
 * written as \uXXXX. */
void html_json_text(struct buf *out, const char *text);
void html_json_text_n(struct buf *out, const char *text, size_t len);

#endif
