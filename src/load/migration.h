/*
 * Numbered migrations of a schema, as each kind of database lists its own.
 */
#ifndef LOAD_MIGRATION_H
#define LOAD_MIGRATION_H

/* Number n of the schema is entry n - 1 of a kind's list. Once released an entry never changes; new
 * ones go to the end. */
struct migration {
    const char *name;
    const char *sql;
};

/* Makes the file a text of the program. The file is the source: a person can read it, or run it
 * alone with `psql -f`. The path is relative to the folder that the build runs in. A text of the
 * assembler has no place for parentheses. NOLINTBEGIN(bugprone-macro-parentheses) */
#define MIGRATION_EMBED(symbol, path)                                                              \
    __asm__(".section .rodata\n" #symbol ":\n.incbin \"" path "\"\n.byte 0\n.previous\n");         \
    extern const char symbol[] __attribute__((visibility("hidden")))
/* NOLINTEND(bugprone-macro-parentheses) */

#endif
