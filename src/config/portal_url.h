/*
 * Checks the address of a portal.
 */
#ifndef CONFIG_PORTAL_URL_H
#define CONFIG_PORTAL_URL_H

#include <stddef.h>

/* Returns what is wrong with a portal's address, in words that do not repeat it, because it may
 * hold a password; NULL if it is good. */
const char *url_portal_fault(const char *url);

#endif
