/* SPDX-License-Identifier: MIT */
/* Checks the address of a portal. */
#include "config/portal_url.h"

#include <string.h>
#include <strings.h>

const char *url_portal_fault(const char *url)
{
    size_t scheme = strncasecmp(url, "https://", 8) == 0 ? 8 : 7;

    if (scheme == 7 && strncasecmp(url, "http://", 7) != 0)
        return "must begin with https:// or http://";
    size_t host = strcspn(url + scheme, "/?#");
    if (host == 0)
        return "has no host";
    if (memchr(url + scheme, '@', host))
        return "must hold no credentials: they go to SIGOS_USUARIO and SIGOS_SENHA";
    if (strpbrk(url, " \t\r\n"))
        return "holds a blank";
    return NULL;
}
