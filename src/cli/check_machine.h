/*
 * Checks the machine and the settings for `etl-sigos check`: where each setting came from, disk,
 * memory, browser.
 */
#ifndef CLI_CHECK_MACHINE_H
#define CLI_CHECK_MACHINE_H

#include "cli/findings.h"
#include "cli/invocation.h"

/* Lists the settings with their origins. */
void check_settings(const struct invocation *invocation, struct findings *findings);

/* Checks the folders for temporary files and for failures' pictures, the space on their disks, the
 * memory limit of a container, and the clock's zone. */
void check_machine(const struct invocation *invocation, struct findings *findings);

#endif
