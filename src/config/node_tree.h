/*
 * The private half of node.h: libyaml's side of a node. Only node.c and node_value.c include it.
 */
#ifndef CONFIG_NODE_TREE_H
#define CONFIG_NODE_TREE_H

#include "base/arena.h"

#include <yaml.h>

struct node;

struct node_file {
    char *name;
    yaml_document_t document;
    struct arena *arena; /* borrowed: holds the texts that outlive the file */
    struct arena paths;
    size_t copied; /* bytes of the texts in the arena, their NULs included */
};

yaml_node_t *node_tree(struct node at);
const char *node_kind(struct node at); /* "a list", for messages */

#endif
