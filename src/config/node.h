/*
 * Reads a YAML file as typed values with their file and line, on top of libyaml's documents.
 *
 *     node_open / node_open_file
 *     node_check_keys(mapping, known keys)      before anything is read from a mapping
 *     node_text, node_int, node_names, …        the value of a key
 *     node_list, node_item                      lists of mappings
 *     node_error                                for what only the caller can judge
 *     node_close
 *
 * Every failure is ERROR_CONFIG and reads "file:line: field: what is wrong". The readers leave
 * `out` as it is where the key is absent: required keys were asked for by node_check_keys, and for
 * the others the caller has put the default there. Texts and arrays are copied into the arena given
 * to node_open.
 */
#ifndef CONFIG_NODE_H
#define CONFIG_NODE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct names;
struct node_file;

/* The most bytes of a file, and of the texts read from it (a list of short aliases may stand for
 * many long texts); the deepest nesting. */
enum { NODE_FILE_MAX = 1024 * 1024, NODE_TEXTS_MAX = 4 * NODE_FILE_MAX, NODE_DEPTH_MAX = 16 };

/* A value within an open file: a scalar, a list or a mapping. It is small and passed by value. */
struct node {
    struct node_file *file;
    int id;           /* libyaml's number of the value */
    const char *path; /* "windows.days"; items of a list have the list's; "" is the whole file */
};

/* The keys of a mapping, each list ended by NULL. */
struct node_keys {
    const char *required[16];
    const char *optional[16];
};

/* Opens a YAML text or file, owned by the caller until node_close. Messages call it `name`; text
 * and name are borrowed for the call only. */
bool node_open(const char *name, const char *text, size_t len, struct arena *arena,
               struct node_file **out, struct error *err);
bool node_open_file(const char *path, struct arena *arena, struct node_file **out,
                    struct error *err);
void node_close(struct node_file *file); /* accepts NULL; the file's nodes are not valid after it */

struct node node_root(struct node_file *file);

/* Checks that `map` is a mapping in which no key comes twice, none is unknown and none is
 * missing. */
bool node_check_keys(struct node map, const struct node_keys *keys, struct error *err);

/* Finds the value of a key; false if the key is absent. */
bool node_get(struct node map, const char *key, struct node *out);

/* Reads a text that is not empty; with _or_empty, '' (in quotes) is allowed too. */
bool node_text(struct node map, const char *key, const char **out, struct error *err);
bool node_text_or_empty(struct node map, const char *key, const char **out, struct error *err);
bool node_int(struct node map, const char *key, int min, int max, int *out, struct error *err);
bool node_ratio(struct node map, const char *key, double *out, struct error *err); /* 0 to 1 */
bool node_bool(struct node map, const char *key, bool *out, struct error *err);
bool node_date(struct node map, const char *key, int32_t *out, struct error *err);

/* Reads one of the words; *out is its index. */
bool node_choice(struct node map, const char *key, const char *const *words, size_t count,
                 size_t *out, struct error *err);

/* Reads a list of at least so many texts; a single text is a list of one. */
bool node_names(struct node map, const char *key, size_t at_least, struct names *out,
                struct error *err);

/* Reads a list with at least so many entries; an absent key is an empty list. */
bool node_list(struct node map, const char *key, size_t at_least, struct node *out, size_t *count,
               struct error *err);
/* Returns entry i of a list; a single text is a list of one. */
struct node node_item(struct node list, size_t i);

/* Returns zeroed memory of the arena given to node_open, for what is built from the file. */
void *node_alloc(struct node at, size_t count, size_t size);

/* Reports what is wrong with a value as ERROR_CONFIG; returns false. */
bool node_error(struct node at, struct error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* As in base/error.h. */
#if defined(__clang_analyzer__) && !defined(CONFIG_NODE_DEFINE)
#define node_error(...) ((void)node_error(__VA_ARGS__), false)
#endif

#endif
