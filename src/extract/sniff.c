/* SPDX-License-Identifier: MIT */
/* Recognises a page by its first bytes, and reads its title. */
#include "extract/sniff.h"

#include "base/content.h"
#include "base/file.h"
#include "base/mem.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { READ_MAX = 256 * 1024, TITLE_MAX = 120 };

static bool has_password_field(const char *text)
{
    static const char *const forms[] = {"type=\"password\"", "type='password'", "type=password"};

    for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++)
        if (strcasestr(text, forms[i]))
            return true;
    return false;
}

/* Copies the title as one line of ASCII. The page may be in any encoding, and messages are
 * UTF-8. */
static void copy_title(const char *text, size_t text_len, char out[TITLE_MAX])
{
    size_t title_len = 0, len = 0;
    const char *title = content_title(text, text_len, &title_len);

    for (size_t i = 0; i < title_len && len + 1 < TITLE_MAX; i++) {
        const unsigned char c = (unsigned char)title[i];
        out[len++] = isspace(c) ? ' ' : isprint(c) && c < 0x80 ? (char)c : '?';
    }
    out[len] = '\0';
}

bool sniff_file(const char *path, bool *login, struct error *err)
{
    struct file_map map;
    char title[TITLE_MAX];

    if (!file_map_open(path, &map, err))
        return false;
    const size_t len = map.size < READ_MAX ? map.size : READ_MAX;
    MEM_FREE_TEXT char *text = mem_copy_n(map.data, len);
    file_map_close(&map);
    if (!content_is_page(content_of(text, len, NULL)))
        return true;
    copy_title(text, len, title);
    *login = has_password_field(text);
    if (*login) {
        error_set(err, ERROR_PORTAL,
                  "the portal logged us out: it sent its login page as the file");
        return error_mark_transient(err);
    }
    error_set(err, ERROR_DATA, "the portal sent a page as the file: '%s'", title);
    error_mark_divisible(err);
    return error_mark_transient(err);
}
