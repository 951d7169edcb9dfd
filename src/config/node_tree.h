/*
 * The private half of node.h, for node.c and node_value.c alone: libyaml's side of a node.
 */
#ifndef CONFIG_NODE_TREE_H
#define CONFIG_NODE_TREE_H

#include "base/arena.h"

#include <yaml.h>

struct node;

struct node_file {
    char *name;
    yaml_document_t document;
    struct arena *arena; /* borrowed: where texts go that outlive the file */
    struct arena paths;
};

yaml_node_t *node_tree(struct node at);
const char *node_kind(struct node at); /* "a list", for messages */

#endif
