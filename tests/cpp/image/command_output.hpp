// What a program prints.
#pragma once

#include <cstdio>
#include <string>

#include "cpp/image/decoding.hpp"

namespace netocr::testing {

// The standard output of a shell's command, which must succeed.
inline ByteVector output_of(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  ByteVector bytes;
  for (int byte = std::fgetc(pipe); byte != EOF; byte = std::fgetc(pipe))
    bytes.push_back(static_cast<std::uint8_t>(byte));
  EXPECT_EQ(pclose(pipe), 0) << command;
  return bytes;
}

}  // namespace netocr::testing
