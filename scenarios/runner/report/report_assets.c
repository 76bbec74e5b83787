/* SPDX-License-Identifier: MIT */
/* The files that every page has in it, taken into the program as they are, with a zero after each.
 */
#include "report.h"

#define TAKE(name, file)                                                                           \
    __asm__(".pushsection .rodata\n"                                                               \
            ".global " #name "\n" #name ":\n"                                                      \
            ".incbin \"" file "\"\n"                                                               \
            ".byte 0\n"                                                                            \
            ".popsection\n")

TAKE(report_style, REPORT_STYLE);
TAKE(report_script, REPORT_SCRIPT);
TAKE(report_d3, REPORT_D3);
TAKE(report_d3_license, REPORT_D3_LICENSE);
