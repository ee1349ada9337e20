# Sets how our sources are compiled: the default build type, the standard, and netocr_flags, which every target of ours links.
# The top-level project includes it, and so does tests/bench/kernels, which is a separate project.
include_guard(GLOBAL)

# The optimisation level is set per source: here, in netocr_folder (CMakeLists.txt) and in scripts/third-party.
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
foreach(language C CXX)
  set(CMAKE_${language}_FLAGS_DEBUG -g)
  set(CMAKE_${language}_FLAGS_RELEASE "")
endforeach()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# Every target of ours is compiled with these flags.
add_library(netocr_flags INTERFACE)
target_include_directories(netocr_flags INTERFACE ${CMAKE_CURRENT_LIST_DIR})
target_compile_options(netocr_flags INTERFACE
  -fno-exceptions -fno-rtti -ffp-contract=off
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wextra-semi -Wimplicit-fallthrough -Wnon-virtual-dtor
  -Wdouble-promotion -Wcast-align -Wformat=2 -Wundef -Wswitch -Werror)
# What SIMDe (wasm/base/simd.hpp) makes of WebAssembly's operations needs SSE4.1.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$" AND NOT EMSCRIPTEN)
  target_compile_options(netocr_flags INTERFACE -march=x86-64-v2)
endif()
# Each folder of wasm/ says in its CMakeLists.txt which sources it has, and for each whether it is compiled for speed or for
# size (netocr_folder). Everything else, such as tests and benchmarks, is compiled for speed.
set(level $<IF:$<BOOL:$<TARGET_PROPERTY:NETOCR_SMALL>>,-Oz,-O3>)
target_compile_options(netocr_flags INTERFACE $<$<CONFIG:Release>:${level}> $<$<CONFIG:Release>:-DNDEBUG>)
if(NETOCR_SANITIZE)
  # -O1 keeps the sanitizers' reports readable and the suite quick.
  target_compile_options(netocr_flags INTERFACE
    -O1 -fno-omit-frame-pointer -fsanitize=${NETOCR_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(netocr_flags INTERFACE -fsanitize=${NETOCR_SANITIZE})
  # An index out of range and an empty optional that is read end the test.
  target_compile_definitions(netocr_flags INTERFACE _GLIBCXX_ASSERTIONS)
endif()
if(NETOCR_FUZZ)
  # Without libFuzzer the counters do nothing: the unit tests share this build.
  target_compile_options(netocr_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(EMSCRIPTEN)
  # libjpeg leaves by longjmp; wasm exception handling (every browser that has SIMD has it) does it without
  # a JavaScript frame around each call.
  target_compile_options(netocr_flags INTERFACE -msimd128 -sSUPPORT_LONGJMP=wasm)
endif()
