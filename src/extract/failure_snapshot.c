/* SPDX-License-Identifier: MIT */
/* Empties fields, searches for the password, takes the picture, writes both files. */
#include "extract/failure_snapshot.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "extract/browser/script.h"
#include "base/secret.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    ANSWER_TIMEOUT_MS = 3000, /* for all questions to the page together */
    STEM_SIZE = 96,
    LABEL_MAX = 48,
    STAMP_SIZE = 20,
};
#define HTML_MAX ((size_t)4 << 20)
#define PICTURE_MAX ((size_t)8 << 20)

/* Opens the folder; -1 if it is not there, is a link, or others may write to it. */
static int open_folder(const char *path)
{
    struct error ignored;
    struct stat info;

    if (!file_make_dirs(path, &ignored))
        return -1;
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder >= 0 && fstat(folder, &info) == 0 && info.st_uid == geteuid() &&
        (info.st_mode & (S_IWGRP | S_IWOTH)) == 0)
        return folder;
    log_warn("evidence.refused", log_text("folder", path),
             log_text("why", "it is not a folder that only we may write to"));
    if (folder >= 0)
        close(folder);
    return -1;
}

/* Whether the text begins as the pattern: 9 is any digit, any other character is itself. */
static bool begins_as(const char *text, const char *pattern)
{
    for (; *pattern; text++, pattern++)
        if (*pattern == '9' ? !isdigit((unsigned char)*text) : *text != *pattern)
            return false;
    return true;
}

static bool is_label(const char *text, size_t len)
{
    if (len < 1 || len > LABEL_MAX)
        return false;
    for (size_t i = 0; i < len; i++)
        if (!isalnum((unsigned char)text[i]) && text[i] != '_' && text[i] != '-')
            return false;
    return true;
}

bool failure_snapshot_is_own(const char *name)
{
    static const char stamp[] = "99999999T999999-", html[] = "-999999999.html",
                      png[] = "-999999999.png";
    const size_t len = strlen(name), begin = sizeof(stamp) - 1;
    const char *dot = strrchr(name, '.');

    if (!dot || !begins_as(name, stamp))
        return false;
    const size_t end = strcmp(dot, ".html") == 0 ? sizeof(html) - 1 : sizeof(png) - 1;
    return len > begin + end && is_label(name + begin, len - begin - end) &&
           (begins_as(name + len - end, html) || begins_as(name + len - end, png));
}

static int is_own(const struct dirent *entry)
{
    return failure_snapshot_is_own(entry->d_name);
}

/* Removes a file of our user. A link or a folder of such a name belongs to a person and stays. */
static void remove_own(int folder, const char *name)
{
    struct stat info;

    if (fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(info.st_mode) &&
        info.st_uid == geteuid())
        unlinkat(folder, name, 0);
}

/* Removes the oldest files. Names begin with the time, so the first ones are the oldest. A failure
 * has two files at most. */
static void remove_oldest(int folder, const char *path)
{
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, is_own, alphasort);

    for (int i = 0; i < count; i++) {
        if (i < count - 2 * FAILURE_SNAPSHOT_KEPT)
            remove_own(folder, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
}

static void make_stem(char stem[STEM_SIZE], const char *label)
{
    char stamp[STAMP_SIZE];
    struct timespec now;
    struct tm civil;

    clock_gettime(CLOCK_REALTIME, &now);
    localtime_r(&now.tv_sec, &civil);
    strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%S", &civil);
    snprintf(stem, STEM_SIZE, "%s-%.*s-%09ld", stamp, LABEL_MAX, label, now.tv_nsec);
    for (char *c = stem; *c; c++)
        if (!isalnum((unsigned char)*c) && *c != '-')
            *c = '_';
}

static bool write_file(int folder, const char *stem, const char *suffix, const void *bytes,
                       size_t len)
{
    MEM_FREE_TEXT char *name = mem_format("%s.%s", stem, suffix);
    int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    size_t done = 0;

    while (fd >= 0 && done < len) {
        ssize_t sent = write(fd, (const char *)bytes + done, len - done);
        if (sent <= 0)
            break;
        done += (size_t)sent;
    }
    if (fd < 0)
        return false;
    if (close(fd) == 0 && done == len)
        return true;
    unlinkat(folder, name, 0);
    return false;
}

/* Empties the page's credentials and reads the page; NULL if it does not answer, is huge or shows
 * the password. *was_filled is whether a field had to be emptied. The caller owns the result. */
static json_t *read_page(struct page *page, const char *session, const char *password,
                         int64_t deadline, bool *was_filled)
{
    json_t *said = NULL;
    struct error ignored;

    if (script_run_in(page, session, "snapshot()", deadline, &said, &ignored) != SCRIPT_ANSWERED)
        return NULL;
    const json_t *html = json_object_get(said, "html"), *shown = json_object_get(said, "shown");
    size_t html_len = json_string_length(html), shown_len = json_string_length(shown);
    *was_filled = json_integer_value(json_object_get(said, "blanked")) > 0;
    if (!json_is_string(html) || !json_is_string(shown) || html_len > HTML_MAX ||
        shown_len > HTML_MAX || secret_shows(json_string_value(html), html_len, password) ||
        secret_shows(json_string_value(shown), shown_len, password)) {
        log_warn("evidence.withheld", log_text("why", "the page shows the password, or is huge"));
        json_decref(said);
        return NULL;
    }
    return said;
}

/* Appends the bytes of a picture of the page; false if there is none. */
static bool take_picture(struct page *page, const char *session, int64_t deadline, struct buf *out)
{
    json_t *result = NULL;
    struct error ignored;

    if (!devtools_call(page->devtools, session, "Page.captureScreenshot",
                       json_pack("{s:s}", "format", "png"), deadline, &result, &ignored))
        return false;
    const json_t *data = json_object_get(result, "data");
    size_t len = json_string_length(data);
    int got = -1;
    if (len && len % 4 == 0 && len / 4 * 3 <= PICTURE_MAX && buf_reserve(out, len / 4 * 3)) {
        const char *text = json_string_value(data);
        got = EVP_DecodeBlock((unsigned char *)out->data, (const unsigned char *)text, (int)len);
        if (got > 0) /* EVP_DecodeBlock counts the padding as bytes */
            out->len = (size_t)got - (text[len - 1] == '=') - (text[len - 2] == '=');
    }
    json_decref(result);
    return got > 0;
}

/* Returns the session of the first tab that the page opened, else that of the page. */
static const char *session_of(const struct page *page)
{
    void *tab = json_object_iter(page->tabs);

    return tab ? json_object_iter_key(tab) : page->session;
}

/* Whether the page has stayed without the password. A page that fills in its fields by itself may
 * have done so just before the picture. */
static bool picture_is_clean(struct page *page, const char *session, const char *password,
                             int64_t deadline)
{
    bool was_filled = true;
    json_t *said = read_page(page, session, password, deadline, &was_filled);

    json_decref(said);
    return said && !was_filled;
}

static void save(int folder, const struct settings *settings, struct page *page, const char *label,
                 struct error *err)
{
    BUF_DONE struct buf picture = BUF_INIT(PICTURE_MAX);
    MEM_FREE_TEXT char *session = mem_copy(session_of(page));
    const char *password = settings->password ? settings->password : "";
    int64_t deadline = clock_ms() + ANSWER_TIMEOUT_MS;
    char stem[STEM_SIZE];
    bool was_filled;

    json_t *said = read_page(page, session, password, deadline, &was_filled);
    if (!said)
        return;
    bool has_picture = take_picture(page, session, deadline, &picture) &&
                       picture_is_clean(page, session, password, deadline);
    const json_t *html = json_object_get(said, "html");
    make_stem(stem, label);
    if (write_file(folder, stem, "html", json_string_value(html), json_string_length(html))) {
        has_picture = has_picture && write_file(folder, stem, "png", picture.data, picture.len);
        error_append(err, "; what the page showed: %s/%s%s", settings->evidence, stem,
                     has_picture ? ".png and .html" : ".html");
    }
    json_decref(said);
}

void failure_snapshot_take(struct failure_snapshots *snapshots, const struct settings *settings,
                           struct page *page, const char *label, struct error *err)
{
    if (!settings->evidence || snapshots->taken >= FAILURE_SNAPSHOT_MAX || !page->session ||
        page->crashed || page->devtools->broken.kind)
        return;
    int folder = open_folder(settings->evidence);
    if (folder < 0)
        return;
    snapshots->taken++;
    save(folder, settings, page, label, err);
    remove_oldest(folder, settings->evidence);
    close(folder);
}
