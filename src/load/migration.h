/*
 * Numbered migrations of a schema; each kind of database has its own list.
 */
#ifndef LOAD_MIGRATION_H
#define LOAD_MIGRATION_H

/* Migration n is entry n - 1 of a kind's list. A released entry never changes; new ones go to the
 * end. */
struct migration {
    const char *name;
    const char *sql;
};

/* Embeds a file as a text (with NUL) named `symbol`. The path is relative to the folder that the
 * build runs in. The SQL stays in a file so that a person can read it, or run it alone with `psql
 * -f`. The macro's arguments have no parentheses, because the assembler's text allows none.
 * NOLINTBEGIN(bugprone-macro-parentheses) */
#define MIGRATION_EMBED(symbol, path)                                                              \
    __asm__(".section .rodata\n" #symbol ":\n.incbin \"" path "\"\n.byte 0\n.previous\n");         \
    extern const char symbol[] __attribute__((visibility("hidden")))
/* NOLINTEND(bugprone-macro-parentheses) */

#endif
