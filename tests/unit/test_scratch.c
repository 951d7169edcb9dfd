/* SPDX-License-Identifier: MIT */
/* Scratch folders of runs: one for each run, even if many are made at once, and removal of old
 * ones. */
#include "base/mem.h"
#include "base/scratch.h"
#include "tests/support/unit.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { THREADS = 8, ROUNDS = 100 };

static char place[] = "/tmp/etl-test.XXXXXX";

static bool is_folder(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* Makes folders while other threads make folders and remove left ones. Counts its own folders that
 * were removed. */
static void *make_many(void *lost)
{
    for (int i = 0; i < ROUNDS; i++) {
        struct scratch scratch = {0};
        struct error err;
        if (!scratch_open("test", &scratch, &err) || !is_folder(scratch.path))
            ++*(int *)lost;
        scratch_close(&scratch);
    }
    return NULL;
}

static void nobody_takes_a_new_folder_for_one_that_was_left(void **state)
{
    pthread_t threads[THREADS];
    int lost[THREADS] = {0};

    (void)state;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, make_many, &lost[i]), 0);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(lost[i], 0);
    }
}

static void a_folder_that_was_left_goes_with_the_next_one_and_one_in_use_stays(void **state)
{
    MEM_FREE_TEXT char *left = mem_format("%s/etl-sigos-test.left00", place);
    MEM_FREE_TEXT char *owner = mem_format("%s/owner", left);
    struct scratch used, next;
    struct error err;

    (void)state;
    assert_int_equal(mkdir(left, 0700), 0);
    FILE *file = fopen(owner, "w"); /* no process locks the file */
    assert_non_null(file);
    fclose(file);
    assert_true(scratch_open("test", &used, &err));
    assert_false(is_folder(left));
    assert_true(scratch_open("test", &next, &err));
    assert_true(is_folder(used.path));
    scratch_close(&used);
    scratch_close(&next);
}

static int setup(void **state)
{
    (void)state;
    return mkdtemp(place) ? setenv("TMPDIR", place, 1) : -1;
}

static int teardown(void **state)
{
    (void)state;
    return rmdir(place); /* fails if anything is left */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_takes_a_new_folder_for_one_that_was_left),
        cmocka_unit_test(a_folder_that_was_left_goes_with_the_next_one_and_one_in_use_stays),
    };

    return cmocka_run_group_tests_name("scratch", tests, setup, teardown);
}
