/*
 * Fills answers that more than one page gives.
 */
#ifndef SIMULATOR_REPLY_H
#define SIMULATOR_REPLY_H

#include "simulator/message.h"

#define REPLY_LOGIN "/sigos/login.php"
#define REPLY_HOME "/sigos/index.php"
#define REPLY_NOTICE "/sigos/aviso.php"

void reply_error(struct sim_answer *answer, unsigned status, const char *title,
                 const char *sentence);
void reply_forbidden(struct sim_answer *answer);
void reply_internal_error(struct sim_answer *answer);

/* Answers {"key": "words"}; the words must have no quotes and no backslashes. */
void reply_json(struct sim_answer *answer, unsigned status, const char *key, const char *words);

#endif
