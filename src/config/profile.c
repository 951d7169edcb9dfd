/* SPDX-License-Identifier: MIT */
/* Loads a profile from a folder or from the program itself. */
#include "config/profile.h"

#include "base/mem.h"
#include "config/builtin.h"
#include "config/node.h"
#include "config/portal_yaml.h"
#include "config/report_yaml.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#define PORTAL_FILE "portal.yaml"

static bool open_source(const struct profile_source *source, struct arena *arena,
                        struct node_file **out, struct error *err)
{
    if (!source->text)
        return node_open_file(source->name, arena, out, err);
    return node_open(source->name, source->text, source->len, arena, out, err);
}

static bool load_portal(struct profile *profile, const struct profile_source *source,
                        struct error *err)
{
    struct node_file *file;

    if (!open_source(source, &profile->arena, &file, err))
        return false;
    bool ok = portal_read(node_root(file), &profile->portal, err);
    node_close(file);
    return ok;
}

/* Checks that each name and alias means one report, because people type them. */
static bool check_names(const struct profile *profile, struct node root,
                        const struct report *report, struct error *err)
{
    struct node at;
    const struct report *other = report_find(profile->reports, profile->report_count, report->name);

    if (other && node_get(root, "report", &at))
        return node_error(at, err, "\"%s\" already means the report of %s", report->name,
                          other->source_file);
    for (size_t i = 0; i < report->aliases.count; i++) {
        other = report_find(profile->reports, profile->report_count, report->aliases.items[i]);
        if (other && node_get(root, "aliases", &at))
            return node_error(node_item(at, i), err, "\"%s\" already means the report of %s",
                              report->aliases.items[i], other->source_file);
    }
    return true;
}

static bool load_report(struct profile *profile, const struct profile_source *source,
                        struct error *err)
{
    struct node_file *file;

    if (!open_source(source, &profile->arena, &file, err))
        return false;
    struct report *report = &profile->reports[profile->report_count];
    const char *name = arena_copy(&profile->arena, source->name, strlen(source->name));
    bool ok = report_read(node_root(file), name, report, err) &&
              check_names(profile, node_root(file), report, err);
    node_close(file);
    profile->report_count += ok;
    return ok;
}

bool profile_read(const struct profile_source *sources, size_t count, struct profile *out,
                  struct error *err)
{
    struct profile profile = {0};

    profile.reports = arena_alloc(&profile.arena, (count - 1) * sizeof(*profile.reports));
    bool ok = load_portal(&profile, &sources[0], err);
    for (size_t i = 1; ok && i < count; i++)
        ok = load_report(&profile, &sources[i], err);
    if (!ok) {
        profile_done(&profile);
        return false;
    }
    *out = profile;
    return true;
}

static bool load_builtin(struct profile *out, struct error *err)
{
    const struct profile_source sources[] = {
        {"sigos/" PORTAL_FILE, builtin_portal, BUILTIN_SIZE(builtin_portal)},
        {"sigos/general_reports.yaml", builtin_general_reports,
         BUILTIN_SIZE(builtin_general_reports)},
        {"sigos/return_reports.yaml", builtin_return_reports, BUILTIN_SIZE(builtin_return_reports)},
    };

    return profile_read(sources, sizeof(sources) / sizeof(*sources), out, err);
}

/* Whether it is a report's file. Files that editors and macOS leave behind begin with a dot and are
 * not. */
static int is_report_file(const struct dirent *entry)
{
    size_t len = strlen(entry->d_name);

    return entry->d_name[0] != '.' && len > 5 && strcmp(entry->d_name + len - 5, ".yaml") == 0 &&
           strcmp(entry->d_name, PORTAL_FILE) != 0;
}

/* Compares names by bytes: the order must not depend on the machine's language. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static bool load_dir(const char *dir, struct profile *out, struct error *err)
{
    struct dirent **entries;
    struct arena names = {0};
    int found = scandir(dir, &entries, is_report_file, by_name);

    if (found < 0)
        return error_set_errno(err, ERROR_CONFIG, "cannot read the profile %s", dir);
    size_t count = (size_t)found + 1;
    size_t dir_len = strlen(dir);
    while (dir_len > 1 && dir[dir_len - 1] == '/')
        dir_len--; /* the shell's completion adds the slash */
    struct profile_source *sources = mem_array(count, sizeof(*sources));
    for (size_t i = 0; i < count; i++) {
        MEM_FREE_TEXT char *path =
            mem_format("%.*s/%s", (int)dir_len, dir, i == 0 ? PORTAL_FILE : entries[i - 1]->d_name);
        sources[i].name = arena_copy(&names, path, strlen(path));
    }
    for (int i = 0; i < found; i++)
        free(entries[i]);
    free(entries);

    bool ok = found > 0 ? profile_read(sources, count, out, err)
                        : error_set(err, ERROR_CONFIG,
                                    "the profile %s has no report: besides " PORTAL_FILE
                                    " it needs a .yaml file for each",
                                    dir);
    free(sources);
    arena_done(&names);
    return ok;
}

bool profile_load(const char *dir, struct profile *out, struct error *err)
{
    return dir ? load_dir(dir, out, err) : load_builtin(out, err);
}

void profile_done(struct profile *profile)
{
    arena_done(&profile->arena);
    *profile = (struct profile){0};
}
