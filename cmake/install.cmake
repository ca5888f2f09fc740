# SPDX-License-Identifier: MIT
# What is installed: libraries, headers, what find_package and pkg-config read, and the documents. The program cpm installs itself
# (tools/CMakeLists.txt). With a prefix every file has it in its name, so that versions stand side by side. Nothing names the place where it
# was built or installed: a tree that was moved still works.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(cmake_dir ${CMAKE_INSTALL_LIBDIR}/cmake/${package})
set(pc_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
set(public_dir ${CMAKE_INSTALL_INCLUDEDIR})
if(CPMKIT_PREFIX)
  string(APPEND public_dir /${package})
endif()

# ---- headers and libraries ------------------------------------------------------------------------------------------------
set(without)
if(NOT TARGET ${CPMKIT_PREFIX}cpm_xml)
  set(without PATTERN xml.h EXCLUDE)
endif()
install(DIRECTORY ${include_dir}/cpm DESTINATION ${public_dir} FILES_MATCHING PATTERN *.h ${without})

# cpmkit_install(<export> <target...>): each target that there is, in one file for find_package.
function(cpmkit_install export)
  set(targets)
  foreach(target IN LISTS ARGN)
    if(TARGET ${target})
      target_include_directories(${target} INTERFACE $<INSTALL_INTERFACE:${public_dir}>)
      list(APPEND targets ${target})
    endif()
  endforeach()
  if(targets)
    install(TARGETS ${targets} EXPORT ${export} ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
    install(EXPORT ${export} NAMESPACE ${package}:: DESTINATION ${cmake_dir})
  endif()
endfunction()
cpmkit_install(${package}Targets ${package})
cpmkit_install(${package}SharedTargets ${package}_shared)
cpmkit_install(${package}XmlTargets ${CPMKIT_PREFIX}cpm_xml ${CPMKIT_PREFIX}cpm_xml_shared)

# ---- find_package ---------------------------------------------------------------------------------------------------------
configure_package_config_file(cmake/config.cmake.in ${PROJECT_BINARY_DIR}/${package}Config.cmake INSTALL_DESTINATION ${cmake_dir}
  NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/${package}ConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/${package}Config.cmake ${PROJECT_BINARY_DIR}/${package}ConfigVersion.cmake DESTINATION ${cmake_dir})

# ---- pkg-config -----------------------------------------------------------------------------------------------------------
# From where the .pc file is to the prefix; folders that are absolute stay so.
set(pc_prefix ${CMAKE_INSTALL_PREFIX})
if(NOT IS_ABSOLUTE ${CMAKE_INSTALL_LIBDIR})
  file(RELATIVE_PATH up /prefix/${pc_dir} /prefix)
  set(pc_prefix "\${pcfiledir}/${up}")
  string(REGEX REPLACE "/$" "" pc_prefix ${pc_prefix})
endif()
cmake_path(APPEND pc_includedir "\${prefix}" ${public_dir})
cmake_path(APPEND pc_libdir "\${prefix}" ${CMAKE_INSTALL_LIBDIR})
# cpmkit_pc(<name> <description> <more lines>)
function(cpmkit_pc name description)
  list(JOIN ARGN "\n" more)
  file(CONFIGURE OUTPUT ${name}.pc CONTENT "prefix=${pc_prefix}\nincludedir=${pc_includedir}\nlibdir=${pc_libdir}\n
Name: ${name}\nDescription: ${description}\nVersion: ${PROJECT_VERSION}\n${more}Cflags: -I\${includedir}\nLibs: -L\${libdir} -l${name}\n" @ONLY)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${name}.pc DESTINATION ${pc_dir})
endfunction()
cpmkit_pc(${package} "${PROJECT_DESCRIPTION}")
if(TARGET ${CPMKIT_PREFIX}cpm_xml)
  set(requires "Requires: ${package}, libxml-2.0")
  if(CPMKIT_SHARED)   # a shared library brings its own
    set(requires "Requires: ${package}" "Requires.private: libxml-2.0")
  endif()
  cpmkit_pc(${CPMKIT_PREFIX}cpm_xml "cpmkit's readers of the larger XML bodies" ${requires} "")
endif()

# ---- documents --------------------------------------------------------------------------------------------------------------
if(NOT CPMKIT_PREFIX)
  install(FILES README.md SECURITY.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
  install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN *.md PATTERN *.json PATTERN man EXCLUDE)
  install(FILES examples/first/first.c DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples/first)
  install(FILES examples/wire/wire.c DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples/wire)
endif()
