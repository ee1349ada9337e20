// The scan's quantisation against Quantiser and DeadZone, and its vectors against the scalar loop.
#include "image/jpeg/encode/scan_quantiser.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

namespace netocr::jpeg {
namespace {

TEST(FindLarger, SimdEqualsScalar) {
  std::mt19937 random(5);
  for (const int range : {1, 3, 40, 500, 8200, 32'767}) {
    for (int round = 0; round < 300; ++round) {
      std::array<std::int16_t, kBlockSize> block;
      alignas(16) std::array<std::uint16_t, kBlockSize> below;
      for (std::size_t i = 0; i < kBlockSize; ++i) {
        below[i] = static_cast<std::uint16_t>(random() % static_cast<unsigned>(range + 1));
        const bool is_equal = random() % 4 == 0;
        const int value = is_equal ? below[i] : static_cast<int>(random() % static_cast<unsigned>(range + 1));
        block[i] = static_cast<std::int16_t>(random() % 2 == 0 ? value : -value);
      }
      const std::uint64_t larger = find_larger(block.data(), below);
      ASSERT_EQ(larger, detail::find_larger_scalar(block.data(), below));
      for (std::size_t i = 0; i < kBlockSize; ++i)
        ASSERT_EQ((larger >> i & 1) != 0, std::abs(block[i]) > below[i]);
    }
  }
}

// Every step there is, at every position, for every magnitude that can occur.
TEST(ScanQuantiser, GivesTheLevelsOfTheQuantiser) {
  for (std::uint32_t component = 0; component < 2; ++component) {
    for (int step = 1; step <= 255; step += step < 40 ? 1 : 23) {
      QuantTable table;
      table.fill(static_cast<std::uint8_t>(step));
      const ScanQuantiser scan = make_scan_quantiser(table, component);
      const Quantiser plain = make_quantiser(table, component);
      std::array<std::int16_t, kBlockSize> block;
      Levels levels;
      for (int magnitude = 0; magnitude <= 8200; magnitude += 1 + magnitude / 2048) {
        block.fill(static_cast<std::int16_t>(-magnitude));
        const std::uint64_t nonzero = detail::quantise_block_scalar(block.data(), plain, levels);
        ASSERT_EQ(find_larger(block.data(), scan.below) >> 1, nonzero >> 1) << step << " " << magnitude;
        for (std::size_t i = 0; i < kBlockSize; ++i) {
          if (levels[i] == 0) continue;
          ASSERT_EQ(scan.rules[i].level(static_cast<std::uint32_t>(magnitude)), levels[i])
              << step << " " << i;
        }
      }
    }
  }
}

TEST(ScanQuantiser, DropsWhatTheDeadZoneDrops) {
  for (const double percent : {0.05, 8.0, 30.0, 120.0, 5000.0}) {
    for (std::uint32_t component = 0; component < 3; ++component) {
      const QuantTable table = make_quant_tables(percent).of(component);
      const ScanQuantiser scan = make_scan_quantiser(table, component);
      const DeadZone zone = make_dead_zone(table, component);
      for (std::uint32_t i = 1; i < kBlockSize; ++i) {
        for (std::uint32_t run = 0; run < i; ++run) {
          for (std::uint32_t magnitude = 1; magnitude < 2 * 8U * table[i]; magnitude += 1 + table[i] / 16) {
            ASSERT_EQ(scan.rules[i].drops(run, magnitude), zone.drops(i, run, magnitude))
                << i << " " << run << " " << magnitude;
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace netocr::jpeg
