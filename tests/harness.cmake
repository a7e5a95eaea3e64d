# What the tests of the harness need besides its library: a runtime and a compiler that are none, and where
# things are.
add_library(fake_hip MODULE support/fake_hip.c ${CMAKE_SOURCE_DIR}/harness/dtype.c)
target_compile_definitions(fake_hip PRIVATE _GNU_SOURCE)
target_include_directories(fake_hip PRIVATE ${CMAKE_SOURCE_DIR})
target_link_libraries(fake_hip PRIVATE m)

add_library(harness_places INTERFACE)
target_compile_definitions(harness_places INTERFACE
  TEST_WAVEGAUGE="$<TARGET_FILE:wavegauge>"
  TEST_FAKE_HIP="$<TARGET_FILE:fake_hip>"
  TEST_FAKE_HIPCC="${CMAKE_CURRENT_SOURCE_DIR}/support/fake_hipcc"
  TEST_SOURCE_FOLDER="${CMAKE_SOURCE_DIR}"
  TEST_KERNEL_CACHE="${CMAKE_BINARY_DIR}/test-kernel-cache")

# A folder of its own for a test, and files in it.
add_library(scratch_folder STATIC support/scratch_folder.c)
target_include_directories(scratch_folder PUBLIC support ${CMAKE_SOURCE_DIR})
target_link_libraries(scratch_folder PUBLIC wavegauge_harness PkgConfig::CRITERION harness_places)
add_dependencies(scratch_folder wavegauge fake_hip)
