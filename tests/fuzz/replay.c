/* SPDX-License-Identifier: MIT */
/* Gives the inputs of a corpus to a fuzz target, one after the other, so that fixed faults stay
 * fixed. */
#include "base/file.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void replay(const char *path)
{
    struct file_map map;
    struct error err;

    if (!file_map_open(path, &map, &err)) {
        fprintf(stderr, "%s\n", err.message);
        exit(1);
    }
    LLVMFuzzerTestOneInput((const uint8_t *)map.data, map.size);
    file_map_close(&map);
}

/* Prints the result as cmocka does, for tests/run. */
int main(int argc, char **argv)
{
    size_t count = 0;
    char path[4096];

    if (argc != 2)
        return 2;
    DIR *folder = opendir(argv[1]);
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        if (*entry->d_name == '.')
            continue;
        snprintf(path, sizeof(path), "%s/%s", argv[1], entry->d_name);
        fprintf(stderr, "%s\n", path); /* if it crashes, this is the last line */
        replay(path);
        count++;
    }
    if (folder)
        closedir(folder);
    if (count)
        printf("[       OK ] %zu inputs of %s\n", count, argv[1]);
    return count ? 0 : 1;
}
