/* SPDX-License-Identifier: MIT */
/* The one table of keys that the walk over a document, libcyaml and the documentation's test share.
 */
#ifndef SCHEMA_TABLE_H
#define SCHEMA_TABLE_H

#include <cyaml/cyaml.h>

extern const cyaml_schema_value_t schema_suite, schema_step;

#endif
