/* SPDX-License-Identifier: MIT */
/* Finds rows with the same key, gives rejects their ids, and drops doubts about odd keys that are
 * usual. */
#include "transform/dedup.h"

#include "base/mem.h"
#include "model/hash_index.h"
#include "model/row_hash.h"
#include "transform/cell_text.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

uint64_t dedup_mark_superseded(struct batch *batch)
{
    struct hash_index index;
    uint64_t marked = 0;

    hash_index_init(&index, batch->rows, sizeof(struct row), offsetof(struct row, key),
                    batch->row_count);
    for (size_t i = 0; i < batch->row_count; i++) {
        size_t *slot = hash_index_slot(&index, batch->rows[i].key);
        if (*slot) {
            batch->rows[*slot - 1].superseded = true;
            marked++;
        }
        *slot = i + 1;
    }
    hash_index_done(&index);
    return marked;
}

static struct hash128 reject_hash(const char *report, const struct reject *reject,
                                  uint64_t equal_before)
{
    BUF_DONE struct buf id = BUF_INIT(2 * REJECT_RAW_MAX);

    buf_add(&id, report, strlen(report) + 1);
    buf_add(&id, reject->reason, strlen(reject->reason) + 1);
    buf_addf(&id, "%llu", (unsigned long long)equal_before);
    buf_add(&id, "", 1);
    buf_add(&id, reject->raw, reject->raw_len);
    return row_hash_bytes(id.data, id.len);
}

static struct hash128 unread_id(const struct batch *batch, const struct unread *unread,
                                const char *report, uint64_t *blank)
{
    static const struct reject no_text = {.reason = "blank", .raw = ""};

    if (unread->reject == UNREAD_BLANK)
        return reject_hash(report, &no_text, (*blank)++);
    if (unread->reject == UNREAD_ROW)
        return batch->rows[unread->row].key;
    return batch->rejects[unread->reject].id;
}

/* Whether at least SEVERAL rows with other keys have the same text in this field. */
static bool is_shared(const struct batch *batch, const struct unread *unread, size_t field)
{
    enum { SEVERAL = 3 };
    const struct cell text = unread->fields[field];
    const struct hash128 key = batch->rows[unread->row].key;
    size_t others = 0;

    for (size_t i = 0; i < batch->unread_count; i++) {
        const struct unread *other = &batch->unread[i];
        others += other->reject == UNREAD_ROW && field < other->field_count &&
                  !hash128_equal(batch->rows[other->row].key, key) &&
                  other->fields[field].len == text.len &&
                  memcmp(other->fields[field].text, text.text, text.len) == 0;
    }
    return others >= SEVERAL;
}

/* Whether every odd text of a row's key stands in other keys too. Then it is a name with an accent
 * and not a damaged byte, because damage differs from row to row. */
static bool has_usual_texts(const struct batch *batch, const struct unread *unread)
{
    size_t odd = 0;

    for (size_t i = 0; i < unread->key_field_count; i++) {
        const size_t field = unread->key_fields[i];
        const struct cell text = unread->fields[field];
        if (!text.text || !cell_is_odd(text.text, text.len))
            continue;
        if (!is_shared(batch, unread, field))
            return false;
        odd++;
    }
    return odd > 0;
}

/* Whether odd keys are normal in this report and no reason for doubt: more than one row in four has
 * an odd key that no others share, or there are many such rows. */
static bool odd_keys_are_usual(const struct batch *batch, size_t doubted)
{
    enum { FEW_ROWS = 100, ROWS = 4, DOUBTED_MAX = 50 };
    return batch->odd_keys > BATCH_ODD_KEYS_MAX || doubted > DOUBTED_MAX ||
           (batch->row_count > FEW_ROWS && doubted * ROWS > batch->row_count);
}

/* Drops the rows with odd keys that are not to be doubted. */
static void drop_usual_rows(struct batch *batch)
{
    bool *odd = mem_array(batch->unread_count, sizeof(*odd));
    size_t doubted = 0, kept = 0;

    for (size_t i = 0; i < batch->unread_count; i++) {
        const struct unread *unread = &batch->unread[i];
        odd[i] = unread->reject == UNREAD_ROW && !has_usual_texts(batch, unread);
        doubted += odd[i];
    }
    const bool usual = odd_keys_are_usual(batch, doubted);
    for (size_t i = 0; i < batch->unread_count; i++)
        if (batch->unread[i].reject != UNREAD_ROW || (odd[i] && !usual))
            batch->unread[kept++] = batch->unread[i];
    batch->unread_count = kept;
    free(odd);
}

/* Gives each unread line its id: that of its reject, or for a blank line one that depends on the
 * number of blank lines before it. */
static void identify_unread(struct batch *batch, const char *report)
{
    uint64_t blank = 0;

    drop_usual_rows(batch);
    for (size_t i = 0; i < batch->unread_count; i++)
        batch->unread[i].id = unread_id(batch, &batch->unread[i], report, &blank);
}

void dedup_identify_rejects(struct batch *batch, const char *report)
{
    uint64_t *equal_before = mem_array(batch->reject_count, sizeof(*equal_before));
    struct hash128 *text_hashes = mem_array(batch->reject_count, sizeof(*text_hashes));
    struct hash_index index; /* number of the latest reject with a text */

    hash_index_init(&index, text_hashes, sizeof(*text_hashes), 0, batch->reject_count);
    for (size_t i = 0; i < batch->reject_count; i++) {
        text_hashes[i] = reject_hash(report, &batch->rejects[i], 0);
        size_t *slot = hash_index_slot(&index, text_hashes[i]);
        if (*slot)
            equal_before[i] = equal_before[*slot - 1] + 1;
        *slot = i + 1;
        batch->rejects[i].id = reject_hash(report, &batch->rejects[i], equal_before[i]);
    }
    hash_index_done(&index);
    free(text_hashes);
    free(equal_before);
    identify_unread(batch, report);
}
