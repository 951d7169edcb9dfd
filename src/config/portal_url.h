/*
 * What the address of a portal must look like, wherever it was written.
 */
#ifndef CONFIG_PORTAL_URL_H
#define CONFIG_PORTAL_URL_H

#include <stddef.h>

/* What is wrong with a portal's address, in words that do not repeat it (it may hold a password);
 * NULL if nothing is. */
const char *url_portal_fault(const char *url);

#endif
