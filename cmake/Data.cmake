# SPDX-License-Identifier: MIT
# pmacrash_data(FOLDER...): what the commands read at run time, from ../share/pmacrash beside their own place. The build
# tree has links to the sources there, so no program holds a path, and a changed file counts at once.
function(pmacrash_data)
    file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/share/pmacrash)
    foreach(folder ${ARGN})
        file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR}/${folder} ${PROJECT_BINARY_DIR}/share/pmacrash/${folder} SYMBOLIC)
    endforeach()
    install(DIRECTORY ${ARGN} DESTINATION share/pmacrash)
endfunction()
