// Helpers of the files that register records.
#pragma once

#include <emscripten/bind.h>

#include <span>

#include "bindings/records.hpp"

namespace netocr::bindings {

struct WarningWord {
  std::uint32_t bit;
  const char* word;
};

// Returns the words of the bits that are set, as an array.
inline emscripten::val warning_words(std::uint32_t bits, std::span<const WarningWord> table) {
  emscripten::val words = emscripten::val::array();
  for (const WarningWord& row : table) {
    if ((bits & row.bit) != 0) words.call<void>("push", emscripten::val(row.word));
  }
  return words;
}

// Registers the four fields of Outcome, with which every record begins.
template <typename Record>
emscripten::value_object<Record>& outcome_fields(emscripten::value_object<Record>& object) {
  return object.field("ok", &Outcome::ok)
      .field("code", &Outcome::code)
      .field("position", &Outcome::position)
      .field("detail", &Outcome::detail);
}

}  // namespace netocr::bindings
