/* SPDX-License-Identifier: MIT */
#include <pma/version.h>

const char *pma_version(void)
{
    return PMA_VERSION;
}
