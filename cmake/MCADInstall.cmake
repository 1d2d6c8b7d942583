# `cmake --install` and `find_package(MCAD)`: the tools, the plugins, and the
# public headers with an interface target MCAD::Broker for broker plugins.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

add_library(MCADBroker INTERFACE)
add_library(MCAD::Broker ALIAS MCADBroker)
set_target_properties(MCADBroker PROPERTIES EXPORT_NAME Broker)
target_compile_features(MCADBroker INTERFACE cxx_std_20)
target_include_directories(MCADBroker INTERFACE
  $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/include>
  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)

install(TARGETS MCADBroker EXPORT MCADTargets)
install(DIRECTORY include/mcad DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(TARGETS llvm-mcad mcad RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
if(LLVM_MCAD_BUILD_PLUGINS)
  install(TARGETS MCADQemuBroker QemuRelay LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/mcad)
endif()
install(EXPORT MCADTargets NAMESPACE MCAD:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/MCAD)
configure_package_config_file(cmake/MCADConfig.cmake.in
  "${CMAKE_BINARY_DIR}/MCADConfig.cmake"
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/MCAD)
write_basic_package_version_file("${CMAKE_BINARY_DIR}/MCADConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_BINARY_DIR}/MCADConfig.cmake" "${CMAKE_BINARY_DIR}/MCADConfigVersion.cmake"
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/MCAD)
