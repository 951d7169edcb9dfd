/* SPDX-License-Identifier: MIT */
/* The order of downloaded files that the browser numbered. */
#include "cli/file_list.h"
#include "tests/support/unit.h"

#include <string.h>

enum { FILES_MAX = 6 };

static size_t count_files(const char *const *files)
{
    size_t count = 0;

    while (count < FILES_MAX && files[count])
        count++;
    return count;
}

static void downloads_of_one_file_come_in_the_order_of_their_numbers(void **state)
{
    static const struct {
        const char *given[FILES_MAX], *ordered[FILES_MAX];
    } cases[] = {
        {{"r (1).csv", "r.csv"}, {"r.csv", "r (1).csv"}},
        {{"r (10).csv", "r (2).csv", "r.csv"}, {"r.csv", "r (2).csv", "r (10).csv"}},
        {{"r(1).csv", "r(2).csv", "r.csv"}, {"r.csv", "r(1).csv", "r(2).csv"}},
        {{"r (1).CSV", "R.csv"}, {"R.csv", "r (1).CSV"}},
        {{"d/r (1).csv", "d/r.csv"}, {"d/r.csv", "d/r (1).csv"}},
        {{"r (1)", "r"}, {"r", "r (1)"}},
        {{"r (2).csv.gz", "r.csv (1).gz", "r.csv.gz"},
         {"r.csv.gz", "r.csv (1).gz", "r (2).csv.gz"}},
        {{"r (1).zip", "r.ZIP"}, {"r.ZIP", "r (1).zip"}},
        /* Other files keep their places. */
        {{"r (1).csv", "z.csv", "r.csv", "a.csv"}, {"r.csv", "z.csv", "r (1).csv", "a.csv"}},
        {{"b (2).csv", "a (1).csv", "b.csv", "a.csv"},
         {"b.csv", "a.csv", "b (2).csv", "a (1).csv"}},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *files[FILES_MAX];
        const size_t count = count_files(cases[i].given);
        memcpy(files, cases[i].given, sizeof(files));
        assert_true(file_order(files, count));
        for (size_t f = 0; f < count; f++)
            assert_string_equal(files[f], cases[i].ordered[f]);
        assert_false(file_order(files, count));
    }
}

static void other_files_stay_in_the_order_in_which_they_were_given(void **state)
{
    static const char *const cases[][FILES_MAX] = {
        {"r2.csv", "r1.csv"},
        {"2025-02.csv", "2025-01.csv"},
        {"r (1).csv", "s.csv"},
        {"r (1).csv", "r.txt"},
        {"r (1).csv.gz", "r.csv.zip"},
        {"a/r (1).csv", "b/r.csv"},
        {"(1).csv", ".csv"},
        {"r (x).csv", "r.csv"},
        {"r ().csv", "r.csv"},
        {"r 1).csv", "r.csv"},
        {"r (12345678901234567890).csv", "r.csv"},
        {"r.csv", "r.csv"},
        {""},
        {NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *files[FILES_MAX];
        const size_t count = count_files(cases[i]);
        memcpy(files, cases[i], sizeof(files));
        assert_false(file_order(files, count));
        for (size_t f = 0; f < count; f++)
            assert_ptr_equal(files[f], cases[i][f]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(downloads_of_one_file_come_in_the_order_of_their_numbers),
        cmocka_unit_test(other_files_stay_in_the_order_in_which_they_were_given),
    };

    return cmocka_run_group_tests_name("file_order", tests, NULL, NULL);
}
