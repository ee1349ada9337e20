// Runs a program of Debian's, as a second opinion, over temporary files.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "cpp/image/files.hpp"

namespace netocr::testing {

// The output of `command input-file`, which must succeed and print nothing: the tools warn on standard error.
inline ByteVector run_tool(const std::string& command, Bytes input) {
  const std::string in = temporary_file("in");
  const std::string out = temporary_file("out");
  const std::string log = temporary_file("log");
  write_file(in, input);
  const int status = std::system((command + " " + in + " > " + out + " 2> " + log).c_str());
  EXPECT_EQ(status, 0) << command;
  const ByteVector messages = read_file(log);
  EXPECT_TRUE(messages.empty()) << command << ": " << std::string(messages.begin(), messages.end());
  ByteVector output = read_file(out);
  for (const std::string& path : {in, out, log}) std::remove(path.c_str());
  return output;
}

}  // namespace netocr::testing
