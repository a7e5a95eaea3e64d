# What the tests of the harness need besides its library: a runtime and a compiler that are none, and where
# things are.
add_library(fake_hip MODULE support/fake_hip.c ${CMAKE_SOURCE_DIR}/harness/dtype.c)
target_compile_definitions(fake_hip PRIVATE _GNU_SOURCE)
target_include_directories(fake_hip PRIVATE ${CMAKE_SOURCE_DIR})
target_link_libraries(fake_hip PRIVATE m)

# CUDA drivers that are none: a whole one, one from before CUDA 12.4, and one that lacks a function.
foreach(kind cuda cuda_old cuda_broken)
  add_library(fake_${kind} MODULE support/fake_cuda.c support/fake_clock.c support/fake_cublas.c
    support/fake_hip.c
    ${CMAKE_SOURCE_DIR}/harness/dtype.c)
  target_compile_definitions(fake_${kind} PRIVATE _GNU_SOURCE)
  target_include_directories(fake_${kind} PRIVATE ${CMAKE_SOURCE_DIR})
  # Its HIP functions are for itself.
  target_link_options(fake_${kind} PRIVATE LINKER:-Bsymbolic)
  target_link_libraries(fake_${kind} PRIVATE m)
endforeach()
target_compile_definitions(fake_cuda PRIVATE FAKE_CUDA_PARAM_INFO FAKE_CUDA_EVENTS)
target_compile_definitions(fake_cuda_old PRIVATE FAKE_CUDA_EVENTS)

add_library(harness_places INTERFACE)
target_compile_definitions(harness_places INTERFACE
  TEST_WAVEGAUGE="$<TARGET_FILE:wavegauge>"
  TEST_FAKE_HIP="$<TARGET_FILE:fake_hip>"
  TEST_CUDA_LAYER="$<TARGET_FILE:wavegauge-cuda>"
  TEST_FAKE_CUDA="$<TARGET_FILE:fake_cuda>"
  TEST_FAKE_CUDA_OLD="$<TARGET_FILE:fake_cuda_old>"
  TEST_FAKE_CUDA_BROKEN="$<TARGET_FILE:fake_cuda_broken>"
  TEST_FAKE_NVCC="${CMAKE_CURRENT_SOURCE_DIR}/support/fake_nvcc"
  TEST_FAKE_HIPCC="${CMAKE_CURRENT_SOURCE_DIR}/support/fake_hipcc"
  TEST_SOURCE_FOLDER="${CMAKE_SOURCE_DIR}"
  TEST_KERNEL_CACHE="${CMAKE_BINARY_DIR}/test-kernel-cache")

# A folder of its own for a test, and files in it.
add_library(scratch_folder STATIC support/scratch_folder.c)
target_include_directories(scratch_folder PUBLIC support ${CMAKE_SOURCE_DIR})
target_link_libraries(scratch_folder PUBLIC wavegauge_harness PkgConfig::CRITERION harness_places)
add_dependencies(scratch_folder
  wavegauge wavegauge-cuda fake_hip fake_cuda fake_cuda_old fake_cuda_broken)

# Preprocessed kernels, taken apart.
add_library(read_kernel STATIC support/read_kernel.c)
target_link_libraries(read_kernel PUBLIC scratch_folder)

# The numbers of HIP's own header, which does not go together with the harness's.
add_library(hip_attribute_numbers STATIC support/hip_attribute_numbers.c)
target_compile_definitions(hip_attribute_numbers PRIVATE __HIP_PLATFORM_AMD__=1)
target_include_directories(hip_attribute_numbers PUBLIC support PRIVATE ${CMAKE_SOURCE_DIR})

# A kernel with edits, run on the emulator.
add_library(edited_kernel STATIC support/edited_kernel.c)
target_include_directories(edited_kernel PUBLIC support)
target_link_libraries(edited_kernel PUBLIC kernel_fixture scratch_folder)

# Result files for reports.
add_library(report_files STATIC support/report_files.c)
target_link_libraries(report_files PUBLIC scratch_folder)

# Results made by hand, for the history.
add_library(history_documents STATIC support/history_documents.c)
target_link_libraries(history_documents PUBLIC scratch_folder)
# A test that installs needs all that is installed.
add_library(install_tree INTERFACE)
target_compile_definitions(install_tree INTERFACE TEST_BUILD_FOLDER="${CMAKE_BINARY_DIR}")
add_dependencies(install_tree wavegauge wavegauge-emu wavegauge-cuda amdhip64)
if(TARGET manual)
  add_dependencies(install_tree manual)
endif()
