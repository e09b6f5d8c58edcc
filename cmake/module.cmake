# module(store DEPS base model) makes the library of libs/store, its tests and its fuzz targets.
#
#   DEPS        modules below this one, in the layer order of the root CMakeLists.txt
#   PACKAGES    pkg-config packages it needs
#   LIBRARIES   other libraries it links
#   TEST_LIBRARIES  libraries that only its tests link
#   FUZZ_LIBRARIES  libraries that only its fuzz targets link
#   FUZZ_SOURCES  files of the module that are all its fuzz targets need, besides FUZZ_LIBRARIES,
#               so that its other files need not be compiled to fuzz these
#   EXCEPTIONS  compile with exceptions (the I/O layers, because Asio needs them)
#   ALONE       files that are compiled by themselves, see CLEW_UNITY
#
# A module may depend only on modules declared before it, so the order of the
# root CMakeLists.txt is the layer order, and a cycle cannot be written down.

# Several sources of a target are compiled as one, in a third of the time: most of it goes to the
# headers. Names of unnamed namespaces must then differ within a module; where two files mean two
# things by one word with good reason, as the readers of two formats do by Span, one is ALONE.
function(compile_together target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${CLEW_UNITY} UNITY_BUILD_BATCH_SIZE 8)
  if(CLEW_UNITY AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # A type of a source's own as a member is no error for not being in the main file; and where
    # g++ 12 sees more it inlines more, and then takes appended texts for overlapping copies.
    target_compile_options(${target} PRIVATE -Wno-subobject-linkage -Wno-restrict)
  endif()
endfunction()

function(module name)
  cmake_parse_arguments(ARG "EXCEPTIONS" ""
    "DEPS;PACKAGES;LIBRARIES;TEST_LIBRARIES;FUZZ_LIBRARIES;FUZZ_SOURCES;ALONE" ${ARGN})
  set_source_files_properties(${ARG_ALONE} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  foreach(dep IN LISTS ARG_DEPS)
    if(NOT TARGET ${dep})
      message(FATAL_ERROR "${name} depends on ${dep}, which is not a lower layer")
    endif()
  endforeach()

  file(GLOB_RECURSE sources CONFIGURE_DEPENDS *.cc)
  set(tests ${sources})
  set(fuzzers ${sources})
  set(fixtures ${sources})
  list(FILTER fixtures INCLUDE REGEX "_fixture\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(FILTER fuzzers INCLUDE REGEX "_fuzz\\.cc$")
  list(FILTER sources EXCLUDE REGEX "_(test|bench|fuzz|fixture)\\.cc$")

  if(sources)
    add_library(${name} STATIC ${sources})
    compile_together(${name})
    set(scope PUBLIC)
    if(NOT ARG_EXCEPTIONS)
      target_compile_options(${name} PRIVATE -fno-exceptions)
    endif()
  else()
    add_library(${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${name} ${scope} ${PROJECT_SOURCE_DIR}/libs)
  target_link_libraries(${name} ${scope} ${ARG_DEPS} ${ARG_LIBRARIES} Threads::Threads)
  foreach(package IN LISTS ARG_PACKAGES)
    pkg_check_modules(${package} REQUIRED IMPORTED_TARGET ${package})
    target_link_libraries(${name} ${scope} PkgConfig::${package})
  endforeach()

  # What several tests stand on, of this module or of those above it.
  if(fixtures AND CLEW_TESTS)
    add_library(${name}_fixture STATIC ${fixtures})
    target_link_libraries(${name}_fixture PUBLIC ${name})
    list(PREPEND ARG_TEST_LIBRARIES ${name}_fixture)
  endif()
  if(tests AND CLEW_TESTS)
    add_executable(${name}_test ${tests})
    compile_together(${name}_test)
    target_link_libraries(${name}_test PRIVATE ${ARG_TEST_LIBRARIES} ${name} GTest::gmock_main)
    # A test is compiled more often than run, and sanitizers triple the time that optimising takes.
    set(optimisation -O1)
    if(CLEW_SANITIZE)
      set(optimisation -O0)
    endif()
    target_compile_options(${name}_test PRIVATE ${optimisation})
    add_test(NAME ${name} COMMAND ${name}_test)
  endif()
  if(NOT CLEW_TESTS)
    return()
  endif()
  set(fuzzed ${name})
  if(ARG_FUZZ_SOURCES)
    set(fuzzed ${name}_fuzzed)
    add_library(${fuzzed} STATIC EXCLUDE_FROM_ALL ${ARG_FUZZ_SOURCES})
    compile_together(${fuzzed})
    target_include_directories(${fuzzed} PUBLIC ${PROJECT_SOURCE_DIR}/libs)
    foreach(package IN LISTS ARG_PACKAGES)
      target_link_libraries(${fuzzed} PUBLIC PkgConfig::${package})
    endforeach()
  endif()
  foreach(source IN LISTS fuzzers)
    get_filename_component(target ${source} NAME_WE)
    set(corpus ${PROJECT_SOURCE_DIR}/tests/corpus/${target})
    if(CLEW_FUZZ)
      add_executable(${target} ${source})
      target_compile_options(${target} PRIVATE -fsanitize=fuzzer)
      target_link_options(${target} PRIVATE -fsanitize=fuzzer)
    else()
      # Without libFuzzer the target only replays its corpus.
      add_executable(${target} ${source} ${PROJECT_SOURCE_DIR}/cmake/replay_corpus.cc)
    endif()
    target_link_libraries(${target} PRIVATE ${fuzzed} ${ARG_FUZZ_LIBRARIES})
    add_test(NAME ${target} COMMAND ${target} -runs=0 ${corpus})
  endforeach()
endfunction()
