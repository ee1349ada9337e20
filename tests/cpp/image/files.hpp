// Whole files in and out, and temporary ones with names of their own, for programs that go by a file's
// ending.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/buffer.hpp"

namespace netocr::testing {

using ByteVector = std::vector<std::uint8_t>;

// A file name of this process in the test's temporary folder.
inline std::string temporary_file(const std::string& name) {
  return ::testing::TempDir() + "netocr_" + std::to_string(::getpid()) + "_" + name;
}

inline void write_file(const std::string& path, Bytes bytes) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

inline ByteVector read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace netocr::testing
