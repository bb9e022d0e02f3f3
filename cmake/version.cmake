# Version, commit and flags in a header that is rewritten only when one of them changes, so that a
# new commit recompiles one file. Without .git the commit reads "unknown".
string(TOUPPER "${CMAKE_BUILD_TYPE}" config)
string(STRIP "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${config}}" flags)
get_target_property(options ytterby_options INTERFACE_COMPILE_OPTIONS)
list(FILTER options INCLUDE REGEX "^-[^W]")
list(JOIN options " " options)
set(version_header ${PROJECT_BINARY_DIR}/generated/ytterby_version.hpp)
add_custom_target(ytterby_version_header
  COMMAND ${CMAKE_COMMAND} -DSOURCE=${PROJECT_SOURCE_DIR} -DHEADER=${version_header} -DVERSION=${PROJECT_VERSION}
          "-DFLAGS=${CMAKE_BUILD_TYPE}: ${flags} ${options}$<$<BOOL:${YTTERBY_NATIVE}>: -march=native>"
          -P ${PROJECT_SOURCE_DIR}/cmake/write_version.cmake
  BYPRODUCTS ${version_header} VERBATIM)
add_library(ytterby_version INTERFACE)
add_dependencies(ytterby_version ytterby_version_header)
target_include_directories(ytterby_version INTERFACE ${PROJECT_BINARY_DIR}/generated)
target_compile_definitions(ytterby_version INTERFACE YTTERBY_HAS_VERSION_HEADER)
