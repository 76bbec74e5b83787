/* SPDX-License-Identifier: MIT */
/*
 * What a jammed noun consists of, lowest bit first: 0 and a number for an atom, 1 0 and two nouns
 * for a cell, 1 1 and the number of the bit where an earlier noun starts for a reference to it.
 */
#ifndef JAM_FORMAT_H
#define JAM_FORMAT_H

enum {
    JAM_ATOM = 0,
    JAM_ATOM_BITS = 1,
    JAM_CELL = 1,
    JAM_CELL_BITS = 2,
    JAM_REFERENCE = 3,
    JAM_REFERENCE_BITS = 2
};

#endif
