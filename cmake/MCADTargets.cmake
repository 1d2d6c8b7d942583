# How our own code is compiled, said once: mcad_options carries warnings and
# sanitizers; mcad_library makes a room of lib/.

add_library(mcad_options INTERFACE)
target_compile_options(mcad_options INTERFACE
  -Wall -Wextra -Wpedantic -Wnon-virtual-dtor -Wimplicit-fallthrough
  # Debian's LLVM has its checks for dropped errors off: the compiler's is on.
  -Werror=unused-result)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(mcad_options INTERFACE -Wshadow-uncaptured-local)
else()
  target_compile_options(mcad_options INTERFACE -Wshadow=local)
endif()
if(MCAD_WERROR)
  target_compile_options(mcad_options INTERFACE -Werror)
endif()
if(MCAD_SANITIZE)
  target_compile_options(mcad_options INTERFACE
    -fsanitize=${MCAD_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(mcad_options INTERFACE -fsanitize=${MCAD_SANITIZE})
endif()
target_include_directories(mcad_options INTERFACE
  $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/include>
  $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/lib>)

# mcad_library(<name> SOURCES ... LINK ...): a static library of one room. What
# it links is what it may include; test/layers.py holds the includes against it.
function(mcad_library NAME)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_library(${NAME} STATIC ${ARG_SOURCES})
  target_link_libraries(${NAME} PUBLIC mcad_options ${ARG_LINK})
endfunction()
