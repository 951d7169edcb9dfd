/*
 * The built-in profile: profiles/sigos/, put into the program by builtin.S.
 */
#ifndef CONFIG_BUILTIN_H
#define CONFIG_BUILTIN_H

extern const char builtin_portal[], builtin_portal_end[];
extern const char builtin_general_reports[], builtin_general_reports_end[];
extern const char builtin_return_reports[], builtin_return_reports_end[];

#endif
