/*
 * Starts threads that get no signals, and makes conditions whose deadlines are on the clock of
 * clock_ms.
 */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H

#include <pthread.h>
#include <stdint.h>
#include <time.h>

/* Starts a thread with all signals blocked, so that the main thread gets them. Returns 0, or the
 * error's number. The caller joins it. */
int thread_start(pthread_t *thread, void *(*run)(void *arg), void *arg);

/* Initializes a condition for deadlines that thread_deadline makes. */
void thread_condition_init(pthread_cond_t *condition);

/* Returns an instant of clock_ms in the form of pthread_cond_timedwait. */
struct timespec thread_deadline(int64_t at_ms);

#endif
