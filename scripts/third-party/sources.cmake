# Where the third-party sources are: `npm run setup` fetches what sources.json pins, checks and patches it in the user's cache,
# and writes NETOCR_SOURCES into build/toolchain/sources.cmake. For CMake that is FETCHCONTENT_SOURCE_DIR_<NAME>, so that
# -DFETCHCONTENT_SOURCE_DIR_TIFF=/elsewhere builds with another libtiff. Afterwards <name>_SOURCE_DIR is set for each.
include(FetchContent)

set(found ${PROJECT_SOURCE_DIR}/build/toolchain/sources.cmake)
if(NOT EXISTS ${found})
  message(FATAL_ERROR "The third-party sources are not there yet: run 'npm run setup' first.")
endif()
include(${found})

set(table ${CMAKE_CURRENT_LIST_DIR}/sources.json)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${table})
file(READ ${table} json)
string(JSON count LENGTH ${json})
math(EXPR last "${count} - 1")
foreach(index RANGE ${last})
  string(JSON name GET ${json} ${index} name)
  string(TOUPPER FETCHCONTENT_SOURCE_DIR_${name} variable)
  # A folder that set-up found earlier is replaced when the table has changed; one that a person chose is kept.
  if(NOT ${variable} OR ${variable} STREQUAL "${NETOCR_EARLIER_SOURCES}/${name}")
    set(${variable} ${NETOCR_SOURCES}/${name} CACHE PATH "Source folder of ${name}" FORCE)
  endif()
  # None of them is built by its own CMakeLists.txt: a SOURCE_SUBDIR that does not exist has none.
  FetchContent_Declare(${name} SOURCE_SUBDIR not-built-by-itself)
  FetchContent_MakeAvailable(${name})
endforeach()
set(NETOCR_EARLIER_SOURCES ${NETOCR_SOURCES} CACHE INTERNAL "NETOCR_SOURCES of the last time")
