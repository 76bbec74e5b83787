/* SPDX-License-Identifier: MIT */
#include "choices.h"

#include <errno.h>
#include <stdlib.h>

#include "damages.h"
#include "tears.h"

int choices_reset(struct choices *choices, uint32_t most)
{
    uint64_t *values = realloc(choices->values, most * sizeof *values);
    if (values == NULL)
        return -ENOMEM;
    *choices = (struct choices){.values = values};
    return 0;
}

void choices_deinit(struct choices *choices)
{
    free(choices->values);
}

const void *fsim_value_content(const fsim_trace_t *trace, uint64_t value,
                               unsigned char scratch[FSIM_BLOCK_SIZE])
{
    uint64_t first, second;
    if (fsim_value_torn(value, &first, &second))
        return tears_content(trace, value, scratch);
    if (fsim_value_flipped(value, &first, &second))
        return damages_content(trace, value, scratch);
    return fsim_trace_content(trace, value);
}
