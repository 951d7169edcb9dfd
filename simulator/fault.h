/*
 * Where the portal misbehaves: every answer passes here before it is sent.
 *
 * So far it can only be slow. Whatever else is to go wrong with an answer (an error, a cut body,
 * another page) belongs in fault_pass and nowhere else.
 */
#ifndef SIMULATOR_FAULT_H
#define SIMULATOR_FAULT_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

enum fault_subject { FAULT_PAGE, FAULT_EXPORT };

enum { FAULT_DELAY_MS_MAX = 3600 * 1000 };

struct fault {
    pthread_mutex_t lock;
    pthread_cond_t stopped;
    bool stop;
    uint32_t delay_ms; /* before an export is sent */
};

void fault_init(struct fault *fault, uint32_t delay_ms);
void fault_done(struct fault *fault);

void fault_set_delay(struct fault *fault,
                     uint32_t delay_ms); /* for exports asked for from now on */
void fault_pass(struct fault *fault, enum fault_subject subject); /* may wait; any thread */
void fault_stop(
    struct fault *fault); /* ends every wait, now and later, so that the server can end */

#endif
