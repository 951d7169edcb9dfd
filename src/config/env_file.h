/*
 * Reads a .env file: variables for this program alone, in the dialect of python-dotenv.
 *
 *     # comment                            KEY=                    (empty)
 *     KEY=value # comment                  export KEY='as it is $HERE'
 *     KEY="line\nline, ${OTHER}"           KEY=${OTHER:-default}
 *
 * Quoted values may go over several lines. In single quotes \' and \\ are escapes, in double
 * quotes also \" \a \b \f \n \r \t \v. ${NAME} is replaced outside single quotes, by the
 * environment's value, else by an earlier line's, else by the default or nothing; a $ without { is
 * a $. Of two lines for one name the later counts.
 *
 * Values may be secrets: no message repeats one, and env_file_done overwrites them.
 */
#ifndef CONFIG_ENV_FILE_H
#define CONFIG_ENV_FILE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* The most bytes of a file, and of all its values: a short name may stand for a long value. */
enum { ENV_FILE_MAX = 256 * 1024, ENV_FILE_VALUES_MAX = 4 * ENV_FILE_MAX };

struct env_line {
    char *name, *value; /* owned */
};

struct env_file {
    struct env_line *lines;
    size_t count;
};

/* Reads the lines of a text; messages call it `name`. Fails with ERROR_CONFIG and file:line for a
 * line that is not an assignment. */
bool env_file_parse(const char *name, const char *text, size_t len, struct env_file *out,
                    struct error *err);
/* Reads a file or a pipe, such as a shell's <(…). */
bool env_file_read(const char *path, struct env_file *out, struct error *err);

/* Returns the value of the last line for `name`; NULL if there is none. Borrowed. */
const char *env_file_get(const struct env_file *file, const char *name);

void env_file_done(struct env_file *file); /* accepts a zeroed one */

#endif
