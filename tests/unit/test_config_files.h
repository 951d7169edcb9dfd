/*
 * A temporary folder of files for the tests of configuration, removed at the test's end.
 */
#ifndef TESTS_UNIT_TEST_CONFIG_FILES_H
#define TESTS_UNIT_TEST_CONFIG_FILES_H

#include "base/file.h"
#include "base/mem.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static inline int folder_make(void **state)
{
    struct error err;
    char *folder = NULL;

    if (!file_make_temp_dir("etl-config", &folder, &err))
        return -1;
    *state = folder;
    return 0;
}

static inline int folder_remove(void **state)
{
    file_remove_tree(*state);
    free(*state);
    return 0;
}

/* Writes a file that only its owner may read. Returns its path, owned by the caller. */
static inline char *folder_write(const char *folder, const char *name, const char *text)
{
    char *path = mem_format("%s/%s", folder, name);
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0600), 0);
    return path;
}

#endif
