/* SPDX-License-Identifier: MIT */
/* Looks at settings, disks, memory and clock. */
#include "cli/check_machine.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/scratch.h"
#include "config/settings_origin.h"
#include "load/destination_open.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

enum {
    MEGABYTE = 1000 * 1000,
    DISK_MB = 500, /* a full cycle keeps a few exports of some megabytes, and the browser's files */
    MEMORY_MB = 400, /* measured: a browser, a session and a window of 100,000 rows */
    YEAR_BUILT = 2026,
    SHM_SMALL = 256 * MEGABYTE,
};

static void print_setting(void *arg, const char *name, const char *value, const char *origin)
{
    findings_addf(arg, FINDING_OK, "setting", NULL, "%s = %s (%s)", name, value, origin);
}

void check_settings(const struct invocation *invocation, struct findings *findings)
{
    char *database = destination_describe(invocation->settings.database);
    struct error err;

    if (!settings_list(invocation->options.env_file, &invocation->settings, database, print_setting,
                       findings, &err))
        findings_fail(findings, "settings", &err);
    free(database);
}

/* Warns if the disk of a folder has little space. */
static void check_space(const char *folder, struct findings *findings)
{
    struct statvfs info;

    if (statvfs(folder, &info) < 0)
        return; /* what is wrong with the folder is found by those who write into it */
    const uint64_t megabytes = (uint64_t)info.f_bavail * info.f_frsize / MEGABYTE;
    if (megabytes < DISK_MB)
        findings_addf(findings, FINDING_WARNING, "disk",
                      "free some, or let TMPDIR name a folder on another disk",
                      "only %" PRIu64 " MB are free in %s", megabytes, folder);
    else
        findings_addf(findings, FINDING_OK, "disk", NULL, "%" PRIu64 " MB are free in %s",
                      megabytes, folder);
}

static void check_temporary_folder(struct findings *findings)
{
    const char *temp = getenv("TMPDIR");
    struct scratch scratch = {0};
    struct error err;

    if (scratch_open("check", &scratch, &err))
        check_space(temp && *temp ? temp : "/tmp", findings);
    else
        findings_fail(findings, "temporary files", &err);
    scratch_close(&scratch);
}

/* Says why a small /dev/shm, of which Chromium is known to die in containers, does no harm. */
static void tell_shared_memory(struct findings *findings)
{
    struct statvfs info;

    if (statvfs("/dev/shm", &info) < 0 || (uint64_t)info.f_blocks * info.f_frsize < SHM_SMALL)
        findings_add(findings, FINDING_NOTE, "/dev/shm",
                     "it is small or missing, and not needed: the browser uses TMPDIR", NULL);
}

/* Checks the folder for pictures of failures. It is made at the first failure. */
static void check_evidence(const struct settings *settings, struct findings *findings)
{
    struct stat info;

    if (!settings->evidence)
        return;
    if (stat(settings->evidence, &info) < 0) {
        if (errno == ENOENT)
            return;
        findings_addf(findings, FINDING_WARNING, "evidence", "let EVIDENCE_DIR name another folder",
                      "%s: %s", settings->evidence, strerror(errno));
    } else if (!S_ISDIR(info.st_mode) || access(settings->evidence, W_OK) < 0) {
        findings_addf(findings, FINDING_WARNING, "evidence",
                      "let EVIDENCE_DIR name another folder, or set it to off",
                      "no picture of a failure can be kept in %s", settings->evidence);
    }
}

/* Returns the memory limit of the control group in megabytes; 0: there is none, or it is unknown.
 */
static uint64_t memory_limit_mb(void)
{
    static const char *const files[] = {"/sys/fs/cgroup/memory.max",
                                        "/sys/fs/cgroup/memory/memory.limit_in_bytes"};
    uint64_t bytes = 0;

    for (size_t i = 0; i < sizeof(files) / sizeof(*files) && !bytes; i++) {
        FILE *file = fopen(files[i], "re");
        if (!file)
            continue;
        if (fscanf(file, "%" SCNu64, &bytes) != 1) /* "max" */
            bytes = 0;
        fclose(file);
    }
    return bytes > UINT64_MAX / 4 ? 0 : bytes / MEGABYTE;
}

static void check_memory(struct findings *findings)
{
    const uint64_t limit = memory_limit_mb();

    if (limit && limit < MEMORY_MB)
        findings_addf(findings, FINDING_WARNING, "memory",
                      "give the container 512 MB or more: the browser would be killed",
                      "the limit is %" PRIu64 " MB", limit);
}

static void check_clock(const struct invocation *invocation, struct findings *findings)
{
    const time_t now = clock_now();
    char stamp[CLOCK_STAMP_SIZE];
    struct tm civil;

    localtime_r(&now, &civil);
    clock_format_zoned(now, stamp);
    if (civil.tm_year + 1900 < YEAR_BUILT)
        findings_addf(findings, FINDING_WARNING, "clock",
                      "set the clock: days and certificates depend on it", "it is %s?", stamp);
    else
        findings_addf(findings, FINDING_OK, "clock", NULL, "%s in %s", stamp,
                      invocation->profile.portal.zone);
}

void check_machine(const struct invocation *invocation, struct findings *findings)
{
    check_clock(invocation, findings);
    check_temporary_folder(findings);
    check_evidence(&invocation->settings, findings);
    check_memory(findings);
    tell_shared_memory(findings);
}
