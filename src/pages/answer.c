#include "pages/answer.h"

enum { MAX_BODY = 32 * 1024 * 1024 };

void answer_init(struct answer *answer)
{
    *answer = (struct answer){.status = 200, .body = BUF_INIT(MAX_BODY)};
}

void answer_done(struct answer *answer)
{
    buf_done(&answer->body);
    if (answer->file)
        fclose(answer->file);
    answer->file = NULL;
}
