/* SPDX-License-Identifier: MIT */
/* Recognises names in a zip file, and decodes them. */
#include "transform/zip_name.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <unistr.h>

/* The characters of CP850 from 0x80 on. */
static const char cp850[] =
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐"
    "└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00AD±‗¾¶§÷¸°¨·¹³²■\u00A0";

/* Whether it is a "read me" in English or Portuguese, or a licence. */
static bool is_read_me(const char *base)
{
    static const char *const beginnings[] = {"leia", "read", "licen"};

    for (size_t i = 0; i < sizeof(beginnings) / sizeof(*beginnings); i++)
        if (strncasecmp(base, beginnings[i], strlen(beginnings[i])) == 0)
            return true;
    return false;
}

static bool is_one_of(const char *name, const char *const *names)
{
    for (; *names; names++)
        if (strcasecmp(name, *names) == 0)
            return true;
    return false;
}

enum zip_name_kind zip_name_kind(const char *name)
{
    static const char *const litter[] = {"thumbs.db", "desktop.ini", NULL};
    static const char *const insides[] = {"[Content_Types].xml", "META-INF/manifest.xml", NULL};
    static const char *const packed[] = {".gz",  ".zip", ".7z",  ".rar", ".bz2", ".xz",
                                         ".zst", ".Z",   ".tar", ".tgz", NULL};
    static const char *const documents[] = {".pdf",  ".htm", ".html", ".md",  ".doc",
                                            ".docx", ".rtf", ".png",  ".jpg", ".jpeg",
                                            ".gif",  ".svg", ".css",  NULL};
    const size_t len = strlen(name);
    const char *slash = strrchr(name, '/'), *base = slash ? slash + 1 : name;
    const char *dot = strrchr(base, '.');

    if (is_one_of(name, insides))
        return ZIP_NAME_SPREADSHEET;
    if ((len && name[len - 1] == '/') || *base == '.' || is_one_of(base, litter) ||
        strncmp(name, "__MACOSX/", strlen("__MACOSX/")) == 0)
        return ZIP_NAME_LITTER;
    if (dot && strcasecmp(dot, ".csv") == 0)
        return ZIP_NAME_CSV;
    if (dot && is_one_of(dot, packed))
        return ZIP_NAME_PACKED;
    return is_read_me(base) || (dot && is_one_of(dot, documents)) ? ZIP_NAME_DOCUMENT
                                                                  : ZIP_NAME_OTHER;
}

/* Finds the character of CP850 for a byte that is not ASCII, in UTF-8; returns its length. */
static size_t find_cp850(unsigned char byte, const uint8_t **out)
{
    const uint8_t *at = (const uint8_t *)cp850, *end = at + sizeof(cp850) - 1;

    for (int skip = byte - 0x80; skip > 0; skip--)
        at += u8_mblen(at, (size_t)(end - at));
    *out = at;
    return (size_t)u8_mblen(at, (size_t)(end - at));
}

void zip_name_decode(const char *raw, char *out, size_t size)
{
    const uint8_t *at = (const uint8_t *)(raw ? raw : "");
    const uint8_t *end = at + strlen((const char *)at);
    const bool is_utf8 = !u8_check(at, (size_t)(end - at));
    size_t used = 0;

    while (at < end) {
        const uint8_t *character = at;
        size_t len = is_utf8 ? (size_t)u8_mblen(at, (size_t)(end - at)) : 1;
        at += len;
        if (!is_utf8 && *character >= 0x80)
            len = find_cp850(*character, &character);
        if (used + len >= size)
            break;
        memcpy(out + used, character, len);
        if (*character < 0x20 || *character == 0x7F)
            out[used] = '?';
        used += len;
    }
    out[used] = '\0';
}
