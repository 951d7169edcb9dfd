/* SPDX-License-Identifier: MIT */
/* The report `visits` of the golden tests, and texts that are read as exports of it. */
#include "tests/support/visits.h"

#include "base/clock.h"
#include "base/date.h"
#include "config/profile.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct profile profile;

int visits_open(void **state)
{
    struct error err;

    (void)state;
    if (!profile_load("tests/golden/transform/profile", &profile, &err) ||
        !clock_set_zone(profile.portal.zone, &err)) {
        fprintf(stderr, "%s\n", err.message);
        return -1;
    }
    return 0;
}

int visits_close(void **state)
{
    (void)state;
    profile_done(&profile);
    return 0;
}

const struct report *visits_report(void)
{
    return &profile.reports[0];
}

static int32_t day(const char *iso)
{
    int32_t date = 0;

    assert_true(date_parse_iso(iso, strlen(iso), &date));
    return date;
}

struct scope visits_march(void)
{
    return (struct scope){
        .window = {.first = day("2025-03-01"),
                   .last = day("2025-03-31"),
                   .own_first = day("2025-03-01"),
                   .own_last = day("2025-03-30"),
                   .complete = true},
        .extracted_at = 1743500000,
    };
}

bool visits_read(struct transform *transform, const struct report *report, const char *text,
                 size_t len, struct batch *batch, struct error *err)
{
    char path[] = "/tmp/etl-transform.XXXXXX";
    int fd = mkstemp(path);
    FILE *file = fdopen(fd, "w");
    struct scope scope = visits_march();
    struct file_facts facts;

    assert_int_equal(fwrite(text, 1, len, file), len);
    fclose(file);
    batch_init(batch, report->column_count, 1 << 24);
    bool ok = transform_file(transform, path, &scope, batch, &facts, err) &&
              transform_finish(transform, batch, false, err);
    remove(path);
    return ok;
}

bool visits_read_text(const char *text, size_t len, struct batch *batch, struct error *err)
{
    struct transform *transform = transform_new(visits_report());
    bool ok = visits_read(transform, visits_report(), text, len, batch, err);

    transform_free(transform);
    return ok;
}
