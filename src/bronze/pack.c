/* SPDX-License-Identifier: MIT */
/* Packs and unpacks files with zstd, in pieces, and computes their SHA-256 on the way. */
#include "bronze/pack.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

/* Level 3 is zstd's own: CSV becomes a tenth, at the speed of a disk. */
enum { PIECE = 128 * 1024, LEVEL = 3 };

/* A file on its way through zstd. */
struct flow {
    int in, out;
    const char *from, *to;
    EVP_MD_CTX *digest; /* of the file as it came */
    uint64_t plain, packed;
    uint64_t plain_max; /* more is an error: what is unpacked may be anything */
    char read[PIECE], written[PIECE];
};

static bool write_all(struct flow *flow, size_t len, struct error *err)
{
    for (size_t done = 0; done < len;) {
        const ssize_t n = write(flow->out, flow->written + done, len - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_set_errno(err, ERROR_SYSTEM, "cannot write %s", flow->to);
        done += (size_t)n;
    }
    return true;
}

static bool read_piece(struct flow *flow, size_t *len, struct error *err)
{
    ssize_t n;

    while ((n = read(flow->in, flow->read, sizeof(flow->read))) < 0 && errno == EINTR)
        ;
    if (n < 0)
        return error_set_errno(err, ERROR_DATA, "%s", flow->from);
    *len = (size_t)n;
    return true;
}

static bool count_plain(struct flow *flow, const char *bytes, size_t len, struct error *err)
{
    flow->plain += len;
    if (flow->plain > flow->plain_max)
        return error_set(err, ERROR_DATA, "%s holds more than the %" PRIu64 " bytes that it should",
                         flow->from, flow->plain_max);
    return EVP_DigestUpdate(flow->digest, bytes, len) ||
           error_set(err, ERROR_SYSTEM, "cannot compute a SHA-256");
}

/* Whether what went through is the file that it should be. */
static bool check_sum(struct flow *flow, const char *sha256, uint64_t bytes, struct error *err)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    char hex[BRONZE_SHA256_SIZE] = "";

    if (!EVP_DigestFinal_ex(flow->digest, digest, &len))
        return error_set(err, ERROR_SYSTEM, "cannot compute a SHA-256");
    for (unsigned i = 0; i < len && i < (BRONZE_SHA256_SIZE - 1) / 2; i++)
        snprintf(hex + (size_t)i * 2, 3, "%02x", digest[i]);
    if (flow->plain == bytes && strcmp(hex, sha256) == 0)
        return true;
    return error_set(err, ERROR_DATA,
                     "%s is not the file that was loaded: SHA-256 %s, %" PRIu64
                     " bytes instead of %s, %" PRIu64,
                     flow->from, hex, flow->plain, sha256, bytes);
}

/* Packs one piece; `end`: it is the last one. */
static bool pack_piece(struct flow *flow, ZSTD_CCtx *packer, size_t len, bool end,
                       struct error *err)
{
    ZSTD_inBuffer in = {flow->read, len, 0};
    size_t left;

    do {
        ZSTD_outBuffer out = {flow->written, sizeof(flow->written), 0};
        left = ZSTD_compressStream2(packer, &out, &in, end ? ZSTD_e_end : ZSTD_e_continue);
        if (ZSTD_isError(left))
            return error_set(err, ERROR_SYSTEM, "cannot pack %s: %s", flow->from,
                             ZSTD_getErrorName(left));
        if (!write_all(flow, out.pos, err))
            return false;
        flow->packed += out.pos;
    } while (end ? left > 0 : in.pos < in.size);
    return true;
}

static bool pack(struct flow *flow, struct error *err)
{
    ZSTD_CCtx *packer = ZSTD_createCCtx();
    size_t len = 0;
    bool ok = packer || error_set(err, ERROR_SYSTEM, "cannot start zstd");

    if (ok) {
        ZSTD_CCtx_setParameter(packer, ZSTD_c_compressionLevel, LEVEL);
        ZSTD_CCtx_setParameter(packer, ZSTD_c_checksumFlag, 1);
    }
    do {
        ok = ok && read_piece(flow, &len, err) && count_plain(flow, flow->read, len, err) &&
             pack_piece(flow, packer, len, len == 0, err);
    } while (ok && len > 0);
    ZSTD_freeCCtx(packer);
    return ok;
}

/* Unpacks one piece; *open: the packed data has not ended. */
static bool unpack_piece(struct flow *flow, ZSTD_DCtx *unpacker, size_t len, bool *open,
                         struct error *err)
{
    ZSTD_inBuffer in = {flow->read, len, 0};
    ZSTD_outBuffer out;

    do {
        out = (ZSTD_outBuffer){flow->written, sizeof(flow->written), 0};
        const size_t left = ZSTD_decompressStream(unpacker, &out, &in);
        if (ZSTD_isError(left))
            return error_set(err, ERROR_DATA, "%s is damaged: %s", flow->from,
                             ZSTD_getErrorName(left));
        *open = left > 0;
        if (!count_plain(flow, flow->written, out.pos, err) || !write_all(flow, out.pos, err))
            return false;
    } while (in.pos < in.size || (*open && out.pos == out.size));
    return true;
}

static bool unpack(struct flow *flow, struct error *err)
{
    ZSTD_DCtx *unpacker = ZSTD_createDCtx();
    size_t len = 0;
    bool open = true, ok = unpacker || error_set(err, ERROR_SYSTEM, "cannot start zstd");

    do {
        ok = ok && read_piece(flow, &len, err) &&
             (len == 0 || unpack_piece(flow, unpacker, len, &open, err));
    } while (ok && len > 0);
    ZSTD_freeDCtx(unpacker);
    return ok &&
           (!open || error_set(err, ERROR_DATA, "%s is damaged: it ends too early", flow->from));
}

static bool open_both(struct flow *flow, struct error *err)
{
    flow->in = open(flow->from, O_RDONLY | O_CLOEXEC);
    if (flow->in < 0)
        return error_set_errno(err, ERROR_DATA, "%s", flow->from);
    flow->out = open(flow->to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (flow->out < 0)
        return error_set_errno(err, ERROR_SYSTEM, "cannot make %s", flow->to);
    flow->digest = EVP_MD_CTX_new();
    return (flow->digest && EVP_DigestInit_ex(flow->digest, EVP_sha256(), NULL)) ||
           error_set(err, ERROR_SYSTEM, "cannot compute a SHA-256");
}

/* Closes both files; removes the new one unless `ok`. */
static void close_both(struct flow *flow, bool ok)
{
    if (flow->in >= 0)
        close(flow->in);
    if (flow->out >= 0) {
        close(flow->out);
        if (!ok)
            unlink(flow->to);
    }
    EVP_MD_CTX_free(flow->digest);
    free(flow);
}

static struct flow *flow_new(const char *from, const char *to, uint64_t plain_max)
{
    struct flow *flow = mem_alloc(sizeof(*flow));

    flow->in = flow->out = -1;
    flow->from = from;
    flow->to = to;
    flow->plain_max = plain_max;
    return flow;
}

/* Makes the name of a renamed file last: the folder is written to the disk too. */
static bool sync_folder_of(const char *path, struct error *err)
{
    const char *slash = strrchr(path, '/');
    MEM_FREE_TEXT char *folder = slash ? mem_copy_n(path, (size_t)(slash - path)) : mem_copy(".");
    const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool ok = fd >= 0 && fsync(fd) == 0;

    if (!ok)
        error_set_errno(err, ERROR_SYSTEM, "cannot write the folder %s", folder);
    if (fd >= 0)
        close(fd);
    return ok;
}

bool pack_file(const char *from, const char *sha256, uint64_t bytes, const char *to,
               uint64_t *packed, struct error *err)
{
    MEM_FREE_TEXT char *beside = mem_format("%s.%ld.tmp", to, (long)getpid());
    struct flow *flow = flow_new(from, beside, bytes);
    bool ok =
        open_both(flow, err) && pack(flow, err) && check_sum(flow, sha256, bytes, err) &&
        (fsync(flow->out) == 0 || error_set_errno(err, ERROR_SYSTEM, "cannot write %s", beside)) &&
        (rename(beside, to) == 0 || error_set_errno(err, ERROR_SYSTEM, "cannot rename %s", beside));
    const uint64_t size = flow->packed;

    close_both(flow, ok);
    if (!ok)
        return false;
    if (!sync_folder_of(to, err)) {
        unlink(to);
        return false;
    }
    *packed = size;
    return true;
}

bool unpack_kept_file(const char *from, const struct bronze_file *file, const char *to,
                      struct error *err)
{
    struct flow *flow = flow_new(from, to, file->bytes);
    const bool ok = open_both(flow, err) && unpack(flow, err) &&
                    check_sum(flow, file->sha256, file->bytes, err);

    close_both(flow, ok);
    return ok;
}
