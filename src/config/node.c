/* SPDX-License-Identifier: MIT */
/* Opens YAML files, finds values in them, and reports the line of a fault. */
#define CONFIG_NODE_DEFINE
#include "config/node.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "config/suggest.h"
#include "config/node_tree.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool node_error(struct node at, struct error *err, const char *format, ...)
{
    char what[sizeof(err->message)];
    va_list args;

    va_start(args, format);
    vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    return error_set(err, ERROR_CONFIG, "%s:%zu: %s%s%s", at.file->name,
                     node_tree(at)->start_mark.line + 1, at.path, *at.path ? ": " : "", what);
}

/* Returns the line of an offset: for bytes that are no characters libyaml tells only the offset. */
static size_t line_of(const char *text, size_t offset)
{
    size_t line = 1;

    for (size_t i = 0; i < offset; i++)
        line += text[i] == '\n';
    return line;
}

static bool syntax_error(const yaml_parser_t *parser, const char *name, const char *text,
                         size_t len, struct error *err)
{
    size_t offset = parser->problem_offset < len ? parser->problem_offset : len;

    if (parser->error == YAML_MEMORY_ERROR)
        return error_set(err, ERROR_SYSTEM, "%s: out of memory", name);
    if (parser->error == YAML_READER_ERROR)
        return error_set(err, ERROR_CONFIG, "%s:%zu: %s (is the file UTF-8?)", name,
                         line_of(text, offset), parser->problem);
    return error_set(err, ERROR_CONFIG, "%s:%zu:%zu: %s%s%s", name, parser->problem_mark.line + 1,
                     parser->problem_mark.column + 1, parser->problem, parser->context ? ", " : "",
                     parser->context ? parser->context : "");
}

static void start_parser(yaml_parser_t *parser, const char *text, size_t len)
{
    if (!yaml_parser_initialize(parser)) /* this fails only for lack of memory */
        abort();
    yaml_parser_set_input_string(parser, (const unsigned char *)text, len);
}

/* Returns what an event adds to the depth of nesting. */
static int depth_change(yaml_event_type_t type)
{
    switch (type) {
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        return 1;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return -1;
    default:
        return 0;
    }
}

/*
 * Checks the depth of nesting before the file becomes a tree. The time that libyaml takes for
 * nested brackets grows with the square of their depth: 100,000 of them take half a minute.
 */
static bool check_shape(yaml_parser_t *parser, const char *name, const char *text, size_t len,
                        struct error *err)
{
    int depth = 0, documents = 0;
    yaml_event_type_t type = YAML_NO_EVENT;

    while (type != YAML_STREAM_END_EVENT) {
        yaml_event_t event;
        if (!yaml_parser_parse(parser, &event))
            return syntax_error(parser, name, text, len, err);
        size_t line = event.start_mark.line + 1;
        type = event.type;
        yaml_event_delete(&event);
        depth += depth_change(type);
        if (depth > NODE_DEPTH_MAX)
            return error_set(err, ERROR_CONFIG, "%s:%zu: more than %d levels of nesting", name,
                             line, NODE_DEPTH_MAX);
        if (type == YAML_DOCUMENT_START_EVENT && ++documents > 1)
            return error_set(err, ERROR_CONFIG, "%s:%zu: a second document begins here", name,
                             line);
    }
    if (documents == 0)
        return error_set(err, ERROR_CONFIG, "%s:1: the file is empty", name);
    return true;
}

bool node_open(const char *name, const char *text, size_t len, struct arena *arena,
               struct node_file **out, struct error *err)
{
    yaml_parser_t parser;
    yaml_document_t document;

    if (len > NODE_FILE_MAX)
        return error_set(err, ERROR_CONFIG, "%s is larger than %d bytes", name, NODE_FILE_MAX);
    start_parser(&parser, text, len);
    bool ok = check_shape(&parser, name, text, len, err);
    yaml_parser_delete(&parser);
    if (!ok)
        return false;

    start_parser(&parser, text, len);
    ok = yaml_parser_load(&parser, &document) || syntax_error(&parser, name, text, len, err);
    yaml_parser_delete(&parser);
    if (!ok)
        return false;

    struct node_file *file = mem_alloc(sizeof(*file));
    file->name = mem_copy(name);
    file->document = document;
    file->arena = arena;
    *out = file;
    return true;
}

bool node_open_file(const char *path, struct arena *arena, struct node_file **out,
                    struct error *err)
{
    struct file_map map;

    if (!file_map_copy(path, NODE_FILE_MAX, &map, err)) {
        err->kind = ERROR_CONFIG;
        return false;
    }
    bool ok = node_open(path, map.data, map.size, arena, out, err);
    file_map_close(&map);
    return ok;
}

void node_close(struct node_file *file)
{
    if (!file)
        return;
    yaml_document_delete(&file->document);
    arena_done(&file->paths);
    free(file->name);
    free(file);
}

struct node node_root(struct node_file *file)
{
    return (struct node){.file = file, .id = 1, .path = ""};
}

yaml_node_t *node_tree(struct node at)
{
    yaml_node_t *tree = yaml_document_get_node(&at.file->document, at.id);

    assert(tree);
    return tree;
}

const char *node_kind(struct node at)
{
    switch (node_tree(at)->type) {
    case YAML_SEQUENCE_NODE:
        return "a list";
    case YAML_MAPPING_NODE:
        return "a mapping";
    default:
        return "a single value";
    }
}

/* Returns the text of a mapping's key; NULL if the key is a list or a mapping. */
static const char *key_text(struct node_file *file, const yaml_node_pair_t *pair)
{
    const yaml_node_t *key = yaml_document_get_node(&file->document, pair->key);

    return key->type == YAML_SCALAR_NODE ? (const char *)key->data.scalar.value : NULL;
}

static const yaml_node_pair_t *find_pair(struct node map, const yaml_node_pair_t *end,
                                         const char *key)
{
    const yaml_node_t *tree = node_tree(map);

    for (const yaml_node_pair_t *pair = tree->data.mapping.pairs.start; pair < end; pair++) {
        const char *text = key_text(map.file, pair);
        if (text && strcmp(text, key) == 0)
            return pair;
    }
    return NULL;
}

bool node_get(struct node map, const char *key, struct node *out)
{
    const yaml_node_pair_t *pair = find_pair(map, node_tree(map)->data.mapping.pairs.top, key);
    BUF_DONE struct buf path = BUF_INIT(NODE_FILE_MAX);

    if (!pair)
        return false;
    buf_addf(&path, "%s%s%s", map.path, *map.path ? "." : "", key);
    *out = (struct node){
        .file = map.file,
        .id = pair->value,
        .path = arena_copy(&map.file->paths, buf_text(&path), path.len),
    };
    return true;
}

struct node node_item(struct node list, size_t i)
{
    const yaml_node_t *tree = node_tree(list);

    if (tree->type != YAML_SEQUENCE_NODE)
        return list;
    const yaml_node_item_t *items = tree->data.sequence.items.start;
    assert(i < (size_t)(tree->data.sequence.items.top - items));
    return (struct node){.file = list.file, .id = items[i], .path = list.path};
}

void *node_alloc(struct node at, size_t count, size_t size)
{
    return arena_alloc(at.file->arena, count * size);
}

static size_t gather(const struct node_keys *keys, const char **all)
{
    size_t count = 0;

    for (size_t i = 0; keys->required[i]; i++)
        all[count++] = keys->required[i];
    for (size_t i = 0; keys->optional[i]; i++)
        all[count++] = keys->optional[i];
    return count;
}

static bool unknown_key(struct node at, const char *key, const char *const *known, size_t count,
                        struct error *err)
{
    BUF_DONE struct buf text = BUF_INIT(sizeof(err->message));
    const char *meant = suggest_nearest(key, known, count);

    if (meant)
        buf_addf(&text, "; did you mean \"%s\"?", meant);
    buf_add_text(&text, meant ? " Known here: " : "; known here: ");
    for (size_t i = 0; i < count; i++)
        buf_addf(&text, "%s%s", i ? ", " : "", known[i]);
    return node_error(at, err, "unknown key \"%s\"%s", key, buf_text(&text));
}

static bool is_known(const char *key, const char *const *known, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(key, known[i]) == 0)
            return true;
    return false;
}

bool node_check_keys(struct node map, const struct node_keys *keys, struct error *err)
{
    const char *known[sizeof(*keys) / sizeof(keys->required[0])];
    size_t count = gather(keys, known);
    const yaml_node_t *tree = node_tree(map);

    if (tree->type != YAML_MAPPING_NODE)
        return node_error(map, err, "must be a mapping (lines of \"key: value\"), not %s",
                          node_kind(map));
    for (const yaml_node_pair_t *pair = tree->data.mapping.pairs.start;
         pair < tree->data.mapping.pairs.top; pair++) {
        struct node at = {.file = map.file, .id = pair->key, .path = map.path};
        const char *key = key_text(map.file, pair);
        if (!key)
            return node_error(at, err, "%s is no name of a field", node_kind(at));
        if (!is_known(key, known, count))
            return unknown_key(at, key, known, count, err);
        if (find_pair(map, pair, key))
            return node_error(at, err, "key \"%s\" comes twice", key);
    }
    for (size_t i = 0; keys->required[i]; i++)
        if (!find_pair(map, tree->data.mapping.pairs.top, keys->required[i]))
            return node_error(map, err, "key \"%s\" is missing", keys->required[i]);
    return true;
}
