/*
 * The built-in profile: profiles/sigos/, put into the program by builtin.S.
 */
#ifndef CONFIG_BUILTIN_H
#define CONFIG_BUILTIN_H

#include <stdint.h>

extern const char builtin_portal[], builtin_portal_end[];
extern const char builtin_general_reports[], builtin_general_reports_end[];
extern const char builtin_return_reports[], builtin_return_reports_end[];

/* The size in bytes of one of these files: builtin_x ends where builtin_x_end begins. */
#define BUILTIN_SIZE(name) ((size_t)((uintptr_t)name##_end - (uintptr_t)(name)))

#endif
