# Everything from outside that the build needs, in one place. Each failure names
# the Debian package that mends it.

# No version in the call: LLVM's version file accepts only its own minor version.
find_package(LLVM CONFIG QUIET HINTS /usr/lib/llvm-19)
if(NOT LLVM_FOUND OR LLVM_VERSION_MAJOR VERSION_LESS 19)
  message(FATAL_ERROR "LLVM 19 not found (found: ${LLVM_PACKAGE_VERSION}): install "
                      "llvm-19-dev, or give -DLLVM_DIR=<prefix>/lib/cmake/llvm")
endif()
message(STATUS "LLVM ${LLVM_PACKAGE_VERSION} in ${LLVM_DIR}")

find_path(FLATBUFFERS_INCLUDE_DIR flatbuffers/flatbuffers.h)
if(NOT FLATBUFFERS_INCLUDE_DIR)
  message(FATAL_ERROR "FlatBuffers' headers not found: install libflatbuffers-dev, "
                      "or give -DCMAKE_PREFIX_PATH=<prefix of FlatBuffers>")
endif()
find_program(FLATC_EXECUTABLE flatc)

find_path(ZSTD_INCLUDE_DIR zstd.h)
find_library(ZSTD_LIBRARY zstd)
if(NOT ZSTD_INCLUDE_DIR OR NOT ZSTD_LIBRARY)
  message(FATAL_ERROR "zstd not found: install libzstd-dev")
endif()

find_path(ASIO_INCLUDE_DIR asio.hpp)
if(NOT ASIO_INCLUDE_DIR AND LLVM_MCAD_BUILD_PLUGINS)
  message(FATAL_ERROR "Asio not found: install libasio-dev, or build without the "
                      "QEMU broker: -DLLVM_MCAD_BUILD_PLUGINS=OFF")
endif()

find_package(Threads REQUIRED)

# LLVM: one interface target, so that no folder repeats the flags. Debian ships
# the whole of LLVM as one shared library; a build of one's own may be static.
add_library(mcad_llvm INTERFACE)
target_include_directories(mcad_llvm SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS})
separate_arguments(MCAD_LLVM_DEFINITIONS NATIVE_COMMAND "${LLVM_DEFINITIONS}")
target_compile_definitions(mcad_llvm INTERFACE ${MCAD_LLVM_DEFINITIONS})
if(LLVM_LINK_LLVM_DYLIB)
  target_link_libraries(mcad_llvm INTERFACE LLVM)
else()
  llvm_map_components_to_libnames(MCAD_LLVM_LIBRARIES
    AllTargetsAsmParsers AllTargetsDescs AllTargetsDisassemblers AllTargetsInfos
    DebugInfoDWARF Demangle MC MCA MCDisassembler MCParser Object Option Support TargetParser)
  if(TARGET LLVMX86TargetMCA)
    list(APPEND MCAD_LLVM_LIBRARIES LLVMX86TargetMCA LLVMRISCVTargetMCA LLVMAMDGPUTargetMCA)
  endif()
  target_link_libraries(mcad_llvm INTERFACE ${MCAD_LLVM_LIBRARIES})
endif()

add_library(mcad_flatbuffers INTERFACE)
target_include_directories(mcad_flatbuffers SYSTEM INTERFACE ${FLATBUFFERS_INCLUDE_DIR})

add_library(mcad_zstd INTERFACE)
target_include_directories(mcad_zstd SYSTEM INTERFACE ${ZSTD_INCLUDE_DIR})
target_link_libraries(mcad_zstd INTERFACE ${ZSTD_LIBRARY})

add_library(mcad_asio INTERFACE)
target_include_directories(mcad_asio SYSTEM INTERFACE ${ASIO_INCLUDE_DIR})
target_compile_definitions(mcad_asio INTERFACE ASIO_STANDALONE ASIO_NO_DEPRECATED)
target_link_libraries(mcad_asio INTERFACE Threads::Threads)
