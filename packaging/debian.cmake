# The Debian package: `cpack` in the build folder, which has to be configured with -DCMAKE_INSTALL_PREFIX=/usr, as
# ci/package does. Only then are the files there that Debian wants and no other installation needs.
if(NOT CMAKE_INSTALL_PREFIX STREQUAL /usr)
  return()
endif()

# A version per release of Debian, so that an upgrade of the system is one of the package.
file(STRINGS /etc/os-release os_release REGEX "^VERSION_ID=")
string(REGEX MATCH "[0-9.]+" release "${os_release}")
set(package_version ${PROJECT_VERSION}-1~deb${release})

execute_process(COMMAND date --rfc-email --utc --date=${WAVEGAUGE_DATE}
  OUTPUT_VARIABLE date OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
configure_file(changelog.in changelog @ONLY)
execute_process(COMMAND gzip -9n INPUT_FILE ${CMAKE_CURRENT_BINARY_DIR}/changelog
  OUTPUT_FILE ${CMAKE_CURRENT_BINARY_DIR}/changelog.Debian.gz COMMAND_ERROR_IS_FATAL ANY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/changelog.Debian.gz DESTINATION ${document_folder})

install(FILES ${CMAKE_SOURCE_DIR}/LICENSE DESTINATION ${document_folder} RENAME copyright)
install(FILES lintian-overrides DESTINATION share/lintian/overrides RENAME wavegauge)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME wavegauge)
set(CPACK_DEBIAN_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_DEBIAN_PACKAGE_RELEASE 1~deb${release})
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "The Wavegauge authors <wavegauge@localhost>")
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "test-and-benchmark harness for AMD HIP kernels")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Wavegauge compiles HIP kernels, runs them on an AMD GPU in software, on a real
AMD GPU or on an NVIDIA GPU, and compares what they compute with references in
double precision, over tables of shapes. The emulated GPU watches every memory
access and reports mistakes with their source line; a failing case is shrunk,
named and traced to the line that is wrong. On real GPUs it measures how fast
kernels are.

No GPU, no driver and no ROCm installation are needed to test kernels.")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS OFF)
# Kernels are compiled where they run: by hipcc for AMD's targets and the emulator, by nvcc for NVIDIA's. Those who
# only run programs that are built (`wavegauge exec`) or have another compiler do without. References of one's own need a
# C compiler.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "hipcc, gcc | c-compiler, libc6-dev")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "gnuplot-nox, git, nvidia-cuda-toolkit")
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
  WORLD_READ WORLD_EXECUTE)
include(CPack)
