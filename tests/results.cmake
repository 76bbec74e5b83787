# SPDX-License-Identifier: MIT
pmacrash_test(NAME results_oracle LABEL unit
              SOURCES unit/results_oracle.c support/results_scratch.c
              LIBRARIES results PkgConfig::SQLITE)
