# SPDX-License-Identifier: MIT
# The pmacrash command: its parts, and the whole from outside.
foreach(part message pool text)
    pmacrash_test(NAME runner_${part} LABEL unit SOURCES unit/runner_${part}.c LIBRARIES runner)
endforeach()
