/* SPDX-License-Identifier: MIT */
/* Reads zip files with libzip, tells from the names in them which of their files are CSVs, and
 * decodes the names. */
#include "transform/zip_members.h"

#include "base/mem.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistr.h>
#include <zip.h>

/* What kind of file a name in a zip stands for. */
enum zip_name_kind {
    ZIP_NAME_CSV,
    ZIP_NAME_LITTER,      /* a folder, or a file that an operating system leaves behind */
    ZIP_NAME_SPREADSHEET, /* a name that only the inside of a spreadsheet has */
    ZIP_NAME_PACKED,      /* an archive */
    ZIP_NAME_DOCUMENT,    /* a file for people: README, a page, a picture */
    ZIP_NAME_OTHER,       /* it may be a CSV with another name */
};

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

/* Returns the kind of a file; `name` is decoded and includes the path. */
static enum zip_name_kind name_kind(const char *name)
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

/* Writes the name as printable UTF-8. Bytes that are not UTF-8 are read as CP850, which Windows
 * writes in Western Europe and Brazil whatever the archive claims. The name is cut between
 * characters to fit `size` bytes with its NUL. */
static void decode_name(const char *raw, char *out, size_t size)
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

enum {
    ENTRIES_MAX = 10000, /* the most files that are looked at; no export has so many parts */
    PIECE = 256 * 1024,
    COMMENT_MAX = 65535,
    END_SIZE = 22, /* bytes of the record that ends a zip file, without its comment */
};

static bool report_open(zip_error_t *error, struct error *err)
{
    const int code = zip_error_code_zip(error);

    if (code == ZIP_ER_NOZIP)
        error_set(err, ERROR_DATA,
                  "the zip file was cut: the directory at its end is missing; nothing of it is "
                  "loaded, export or copy it again");
    else
        error_set(err, ERROR_DATA,
                  "the zip file is damaged (%s); nothing of it is loaded, export or copy it again",
                  zip_error_strerror(error));
    zip_error_fini(error);
    return false;
}

/* Checks the bytes behind the zip file's end, which libzip ignores. */
static bool check_rest(const char *data, size_t len, struct error *err)
{
    const size_t least = len > COMMENT_MAX + END_SIZE ? len - COMMENT_MAX - END_SIZE : 0;

    for (size_t at = len >= END_SIZE ? len - END_SIZE + 1 : 0; at-- > least;) {
        if (memcmp(data + at, "PK\5\6", 4) != 0)
            continue;
        const size_t comment = (unsigned char)data[at + 20] | (size_t)(unsigned char)data[at + 21]
                                                                  << 8;
        const size_t end = at + END_SIZE + comment;
        return end >= len || unpack_check_rest(data + end, len - end, err);
    }
    return true;
}

static void list_name(struct buf *list, const char *name)
{
    if (list->len)
        buf_add_text(list, ", ");
    buf_add_text(list, name);
}

static void keep(struct zip_members *members, uint64_t index, const char *name)
{
    members->list = mem_grow(members->list, members->count + 1, sizeof(*members->list));
    members->list[members->count++] = (struct zip_member){.index = index, .name = mem_copy(name)};
}

/* The files that are neither CSV nor document. */
struct others {
    size_t count;
    uint64_t last; /* index of the last such file */
    char name[ZIP_NAME_MAX + 1];
};

/* Sorts one member by its name. */
static bool take(struct zip_members *members, uint64_t i, struct others *others, struct error *err)
{
    char name[ZIP_NAME_MAX + 1];

    decode_name(zip_get_name(members->zip, i, ZIP_FL_ENC_RAW), name, sizeof(name));
    switch (name_kind(name)) {
    case ZIP_NAME_LITTER:
        return true;
    case ZIP_NAME_CSV:
        keep(members, i, name);
        return true;
    case ZIP_NAME_DOCUMENT:
        list_name(&members->left_out, name);
        return true;
    case ZIP_NAME_OTHER:
        others->count++;
        others->last = i;
        memcpy(others->name, name, sizeof(name));
        return true;
    case ZIP_NAME_PACKED:
        return error_set(err, ERROR_DATA,
                         "the zip file holds '%s', which is packed itself; unpack it and load the "
                         "CSV",
                         name);
    case ZIP_NAME_SPREADSHEET:
        break;
    }
    return error_set(err, ERROR_DATA,
                     "this is an Excel or LibreOffice file, not a CSV; open it and save it as CSV");
}

/* Decides which files are the CSVs. A file beside CSVs may be one more part; without it, its rows
 * might be deleted from the table. So the zip file is refused. */
static bool choose(struct zip_members *members, const struct others *others, struct error *err)
{
    if (members->count && others->count)
        return error_set(err, ERROR_DATA,
                         "the zip file holds '%s' beside its CSVs, and whether that is a part of "
                         "the export cannot be told; unpack it and load what is",
                         others->name);
    if (!members->count && others->count == 1)
        keep(members, others->last, others->name);
    if (members->count)
        return true;
    if (others->count)
        list_name(&members->left_out, others->name);
    return error_set(err, ERROR_DATA, "the zip file holds no CSV%s%s; export it again as CSV",
                     members->left_out.len ? ", but " : ": it is empty",
                     buf_text(&members->left_out));
}

static bool sort_out(struct zip_members *members, struct error *err)
{
    const zip_int64_t count = zip_get_num_entries(members->zip, 0);
    struct others others = {0};

    if (count > ENTRIES_MAX)
        return error_set(err, ERROR_DATA,
                         "the zip file holds %lld files, at most %d are looked at; unpack it and "
                         "load the CSVs",
                         (long long)count, ENTRIES_MAX);
    for (uint64_t i = 0; i < (uint64_t)count; i++)
        if (!take(members, i, &others, err))
            return false;
    return choose(members, &others, err);
}

static int compare(const void *a, const void *b)
{
    const struct zip_member *one = a, *other = b;
    const int order = strverscmp(one->name, other->name);

    return order ? order : (one->index > other->index) - (one->index < other->index);
}

bool zip_members_open(const char *data, size_t len, struct zip_members *out, struct error *err)
{
    struct zip_members members = {.left_out = BUF_INIT(ZIP_LIST_MAX)};
    zip_error_t error;

    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(data, len, 0, &error);
    members.zip = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : NULL;
    if (!members.zip) {
        zip_source_free(source);
        return report_open(&error, err);
    }
    zip_error_fini(&error);
    if (!check_rest(data, len, err) || !sort_out(&members, err)) {
        zip_members_close(&members);
        return false;
    }
    if (members.count)
        qsort(members.list, members.count, sizeof(*members.list), compare);
    *out = members;
    return true;
}

static bool report_member(const char *why, struct error *err)
{
    return error_set(err, ERROR_DATA,
                     "damaged in the zip file (%s); nothing of it is loaded, export or copy it "
                     "again",
                     why);
}

/* Refuses members with a password or an unusual method. Methods other than store and deflate pack
 * so well that a ratio does not tell an attack. */
static bool check_method(const zip_stat_t *stat, struct error *err)
{
    if ((stat->valid & ZIP_STAT_ENCRYPTION_METHOD) && stat->encryption_method != ZIP_EM_NONE)
        return error_set(err, ERROR_DATA,
                         "it is protected by a password; unpack it and load the CSV");
    if ((stat->valid & ZIP_STAT_COMP_METHOD) && stat->comp_method != ZIP_CM_STORE &&
        stat->comp_method != ZIP_CM_DEFLATE)
        return error_set(err, ERROR_DATA,
                         "it is packed by a method that is not read here (%d, not deflate); unpack "
                         "it and load the CSV",
                         stat->comp_method);
    return true;
}

/* Reads the whole member. libzip compares the checksum at its end. */
static bool read_all(zip_file_t *file, struct unpack_meter *meter, struct buf *out,
                     struct error *err)
{
    for (;;) {
        if (!buf_reserve(out, PIECE))
            return unpack_count(meter, SIZE_MAX / 2, err);
        const zip_int64_t got = zip_fread(file, out->data + out->len, PIECE);
        if (got < 0)
            return report_member(zip_file_strerror(file), err);
        out->len += (size_t)got;
        out->data[out->len] = '\0';
        if (!unpack_count(meter, (size_t)got, err))
            return false;
        if (got == 0)
            return true;
    }
}

bool zip_members_read(const struct zip_members *members, size_t i, struct unpack_meter *meter,
                      struct buf *out, struct error *err)
{
    const uint64_t index = members->list[i].index;
    const size_t before = out->len;
    zip_stat_t stat;

    if (zip_stat_index(members->zip, index, 0, &stat) < 0)
        return report_member(zip_strerror(members->zip), err);
    if (!check_method(&stat, err))
        return false;
    zip_file_t *file = zip_fopen_index(members->zip, index, 0);
    if (!file)
        return report_member(zip_strerror(members->zip), err);
    const bool ok = read_all(file, meter, out, err);
    zip_fclose(file);
    if (ok && (stat.valid & ZIP_STAT_SIZE) && stat.size != out->len - before)
        return report_member("it has another length than is announced", err);
    return ok;
}

void zip_members_close(struct zip_members *members)
{
    if (members->zip)
        zip_discard(members->zip);
    for (size_t i = 0; i < members->count; i++)
        free(members->list[i].name);
    free(members->list);
    buf_done(&members->left_out);
    *members = (struct zip_members){0};
}
