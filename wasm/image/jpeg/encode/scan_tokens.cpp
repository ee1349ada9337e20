// Finds the few coefficients that do not become 0 by vector code, and iterates over them.
#include "image/jpeg/encode/scan_tokens.hpp"

#include <algorithm>
#include <bit>

namespace netocr::jpeg {
namespace {

// Returns the value bits of a number of `size` bits: the number itself, or its complement when it is negative
// (T.81 F.1.2.1). `sign` is 0 or all ones.
std::uint32_t value_bits(std::uint32_t magnitude, std::uint32_t sign, std::uint32_t size) {
  return (magnitude ^ sign) & ((1U << size) - 1);
}

std::uint32_t sign_of(std::int32_t value) { return static_cast<std::uint32_t>(value >> 31); }

std::uint32_t magnitude_of(std::int32_t value) {
  const std::uint32_t sign = sign_of(value);
  return (static_cast<std::uint32_t>(value) ^ sign) - sign;
}

}  // namespace

McuCoder::McuCoder(const Frame& frame, const QuantTables& tables)
    : frame_(frame),
      quantisers_{make_scan_quantiser(tables.luma, 0, tables.dead_zone),
                  make_scan_quantiser(tables.cb, 1, tables.dead_zone),
                  make_scan_quantiser(tables.cr, 2, tables.dead_zone)} {}

McuCoder::McuCoder(const Frame& frame) : frame_(frame) { quantisers_.fill(make_level_quantiser()); }

Token* McuCoder::code(std::uint32_t mcu_x, std::uint32_t mcu_y, Token* to) {
  for (std::uint32_t c = 0; c < frame_.component_count; ++c) {
    for_each_block(frame_, c, mcu_x, mcu_y,
                   [&](const std::int16_t* block) { to = code_block(c, block, to); });
  }
  return to;
}

void McuCoder::predict_from_before(std::uint32_t mcu_x, std::uint32_t mcu_y) {
  if (mcu_x == 0 && mcu_y == 0) return;
  const std::uint32_t x = mcu_x == 0 ? frame_.mcus_wide() - 1 : mcu_x - 1;
  const std::uint32_t y = mcu_x == 0 ? mcu_y - 1 : mcu_y;
  for (std::uint32_t c = 0; c < frame_.component_count; ++c) {
    for_each_block(frame_, c, x, y, [&](const std::int16_t* block) {
      if (block != nullptr) predicted_[c] = dc_level(c, block);
    });
  }
}

std::int32_t McuCoder::dc_level(std::uint32_t component, const std::int16_t* block) const {
  const auto level = static_cast<std::int32_t>(quantisers_[component].rules[0].level(magnitude_of(block[0])));
  return block[0] < 0 ? -level : level;
}

Token* McuCoder::code_block(std::uint32_t component, const std::int16_t* block, Token* to) {
  const std::uint32_t table = component == 0 ? 0 : kTokenChroma;
  if (block == nullptr) return put(table | kTokenAc | kEndOfBlock, 0, put(table, 0, to));
  const std::int32_t dc = dc_level(component, block);
  const std::int32_t difference = dc - predicted_[component];
  predicted_[component] = dc;
  const std::uint32_t magnitude = magnitude_of(difference);
  const auto size = static_cast<std::uint32_t>(std::bit_width(magnitude));
  to = put(table | size, value_bits(magnitude, sign_of(difference), size), to);
  return code_ac(component, block, to);
}

Token* McuCoder::code_ac(std::uint32_t component, const std::int16_t* block, Token* to) {
  const ScanQuantiser& quantiser = quantisers_[component];
  const std::uint32_t table = component == 0 ? kTokenAc : kTokenChroma | kTokenAc;
  std::uint32_t next = 1;
  for (std::uint64_t left = find_larger(block, quantiser.below) & ~std::uint64_t{1}; left != 0;
       left &= left - 1) {
    const auto position = static_cast<std::uint32_t>(std::countr_zero(left));
    const ScanQuantiser::Rule& rule = quantiser.rules[position];
    const std::int32_t coefficient = block[position];
    const std::uint32_t magnitude = magnitude_of(coefficient);
    std::uint32_t run = position - next;
    if (rule.drops(run, magnitude)) continue;
    for (; run > 15; run -= 16) to = put(table | kZeroRun16, 0, to);
    const std::uint32_t level = rule.level(magnitude);
    const auto size = static_cast<std::uint32_t>(std::bit_width(level));
    to = put(table | run << 4 | size, value_bits(level, sign_of(coefficient), size), to);
    next = position + 1;
  }
  return next < kBlockSize ? put(table | kEndOfBlock, 0, to) : to;
}

ScanSymbols McuCoder::symbols() const {
  ScanSymbols symbols;
  const auto copy = [&](std::uint32_t index, SymbolCounts& to) {
    std::copy_n(counts_.data() + index, to.size(), to.data());
  };
  for (std::uint32_t i = 0; i < 2; ++i) {
    copy(i * kTokenChroma, symbols.dc[i]);
    copy(i * kTokenChroma | kTokenAc, symbols.ac[i]);
  }
  return symbols;
}

}  // namespace netocr::jpeg
