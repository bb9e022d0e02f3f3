# Version, commit and flags in a header that is rewritten only when one of them changes, so that a
# new commit recompiles one file. Without .git the commit reads "unknown".
set(version_header ${PROJECT_BINARY_DIR}/generated/ytterby_version.hpp)
add_custom_target(ytterby_version_header
  COMMAND ${CMAKE_COMMAND} -DSOURCE=${PROJECT_SOURCE_DIR} -DHEADER=${version_header} -DVERSION=${PROJECT_VERSION}
          "-DFLAGS=${CMAKE_BUILD_TYPE}$<$<BOOL:${YTTERBY_NATIVE}>: native>$<$<BOOL:${YTTERBY_SANITIZE}>: ${YTTERBY_SANITIZE}>"
          -P ${PROJECT_SOURCE_DIR}/cmake/write_version.cmake
  BYPRODUCTS ${version_header} VERBATIM)
add_library(ytterby_version INTERFACE)
add_dependencies(ytterby_version ytterby_version_header)
target_include_directories(ytterby_version INTERFACE ${PROJECT_BINARY_DIR}/generated)
target_compile_definitions(ytterby_version INTERFACE YTTERBY_HAS_VERSION_HEADER)
