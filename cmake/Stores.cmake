# SPDX-License-Identifier: MIT
# see_stores(TARGET) compiles a target so that it calls back before each store to memory, and links what answers: see
# faultsim/src/stores.c. With gcc's -Og, for which clang has only -O0, each store of the source is one of the program, in
# the source's order. Calls that copy are left to the linker. PMACRASH_STORES says whether it can be done: ThreadSanitizer's own runtime answers the same calls.
set(PMACRASH_STORES ON)
if(CMAKE_C_FLAGS MATCHES "-fsanitize=thread")
    set(PMACRASH_STORES OFF)
endif()

function(see_stores target)
    target_compile_options(${target} PRIVATE $<IF:$<C_COMPILER_ID:GNU>,-Og,-O0> -fno-sanitize=all -fsanitize=thread -fno-builtin-memcpy
                           -fno-builtin-memmove -fno-builtin-memset)
    target_link_libraries(${target} PRIVATE faultsim_stores)
endfunction()
