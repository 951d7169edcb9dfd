/*
 * Tells how many bytes a thread has received of the file that it waits for, so that another thread
 * can show it.
 */
#ifndef BASE_ACTIVITY_H
#define BASE_ACTIVITY_H

#include <stdatomic.h>
#include <stdint.h>

struct activity {
    _Atomic int64_t received; /* bytes of the present file */
};

/* Makes `activity` the calling thread's; NULL: nobody wants to know. It must live until the thread
 * uses another one. */
void activity_use(struct activity *activity);

/* Sets how many bytes of the present file the calling thread has received; 0: a new file. */
void activity_received(int64_t bytes);

#endif
