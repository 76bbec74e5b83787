# SPDX-License-Identifier: MIT
# Warnings for every target of ours. -Werror lives in the presets.
add_compile_options(-Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith
                    -Wvla -Wwrite-strings -Wno-unused-parameter)
add_compile_definitions(_GNU_SOURCE)
