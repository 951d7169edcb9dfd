/* SPDX-License-Identifier: MIT */
/* Unpacks gzip and zip files and decodes UTF-16. */
#include "transform/unpack.h"

#include "base/content.h"
#include "transform/gunzip.h"
#include "transform/utf16.h"

#include <string.h>

/* The buffer holds a little more than the meter allows, so that always the meter refuses. */
enum { BEYOND_METER = 1 << 20 };

static enum packing find_packing(const char *data, size_t len)
{
    switch (content_of(data, len, NULL)) {
    case CONTENT_GZIP:
        return PACKING_GZIP;
    case CONTENT_ZIP:
        return PACKING_ZIP;
    default:
        return PACKING_NONE;
    }
}

bool unpack_open(const char *data, size_t len, struct unpack_limits limits, struct unpack *out,
                 struct error *err)
{
    struct unpack unpack = {
        .packing = find_packing(data, len),
        .data = data,
        .len = len,
        .count = 1,
        .meter = {.limits = limits, .packed = len},
        .bytes = BUF_INIT(limits.bytes + BEYOND_METER),
        .text = BUF_INIT(SIZE_MAX / 4),
    };

    if (unpack.packing == PACKING_ZIP) {
        if (!zip_members_open(data, len, &unpack.members, err))
            return false;
        unpack.count = unpack.members.count;
    }
    *out = unpack;
    return true;
}

const char *unpack_name(const struct unpack *unpack, size_t i)
{
    return unpack->packing == PACKING_ZIP ? unpack->members.list[i].name : "";
}

const char *unpack_left_out(const struct unpack *unpack)
{
    return buf_text(&unpack->members.left_out);
}

static bool fill(struct unpack *unpack, size_t i, struct error *err)
{
    buf_reset(&unpack->bytes);
    const bool ok =
        unpack->packing == PACKING_GZIP
            ? gunzip(unpack->data, unpack->len, &unpack->meter, &unpack->bytes, err)
            : zip_members_read(&unpack->members, i, &unpack->meter, &unpack->bytes, err);
    if (!ok)
        return false;
    const enum packing inner = find_packing(unpack->bytes.data, unpack->bytes.len);
    return inner == PACKING_NONE ||
           error_set(err, ERROR_DATA,
                     "what is packed in it is %s; unpack it and load the CSV, or save it as CSV",
                     inner == PACKING_GZIP ? "a gzip file" : "a zip or spreadsheet file");
}

/* Turns a part in UTF-16 into UTF-8. */
static bool decode(struct unpack *unpack, struct part *part, struct error *err)
{
    size_t mark = 0;
    const enum utf16 order = utf16_find(part->data, part->len, &mark);

    if (order == UTF16_NONE)
        return true;
    buf_reset(&unpack->text);
    if (!utf16_decode(order, part->data + mark, part->len - mark, &unpack->text, err))
        return false;
    *part = (struct part){
        .data = buf_text(&unpack->text), .len = unpack->text.len, .encoding = utf16_name(order)};
    return true;
}

bool unpack_part(struct unpack *unpack, size_t i, struct part *out, struct error *err)
{
    struct part part = {.data = unpack->data, .len = unpack->len};

    if (unpack->packing != PACKING_NONE) {
        if (!fill(unpack, i, err))
            return false;
        part = (struct part){.data = buf_text(&unpack->bytes), .len = unpack->bytes.len};
    }
    if (!decode(unpack, &part, err))
        return false;
    *out = part;
    return true;
}

void unpack_close(struct unpack *unpack)
{
    zip_members_close(&unpack->members);
    buf_done(&unpack->bytes);
    buf_done(&unpack->text);
    *unpack = (struct unpack){0};
}
