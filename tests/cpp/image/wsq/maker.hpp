// A WSQ encoder for the tests, written from the definition of the transform (double precision, one sample at
// a time), so that it shares nothing with the decoder; and the segments to put into any order.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "cpp/image/decoding.hpp"

namespace netocr::testing {

// Right halves of the analysis filters, as a file holds them.
struct WsqTaps {
  std::vector<double> low;  // centre (or first right of it) outwards
  std::vector<double> high;
  bool odd = true;
};

// The 9/7 pair of the standard. The signs of the high-pass alternate from its positive centre.
inline WsqTaps wsq_taps_9_7() {
  return {{0.852698679009, 0.377402855613, -0.110624404418, -0.023849465020, 0.037828455507},
          {0.788485616406, -0.418092273222, -0.040689417610, 0.064538882629},
          true};
}
inline WsqTaps wsq_taps_haar() { return {{std::sqrt(0.5)}, {-std::sqrt(0.5)}, false}; }

struct WsqSpec {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::function<int(std::uint32_t, std::uint32_t)> sample;
  WsqTaps taps = wsq_taps_9_7();
  double bin = 0.25;   // quantiser of every subband
  double scale = 1;    // R
  double shift = 128;  // M
};

inline void put16(ByteVector& out, std::uint32_t value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8));
  out.push_back(static_cast<std::uint8_t>(value));
}
inline ByteVector wsq_segment(std::uint8_t marker, const ByteVector& body) {
  ByteVector out = {0xFF, marker};
  put16(out, static_cast<std::uint32_t>(body.size()) + 2);
  out.insert(out.end(), body.begin(), body.end());
  return out;
}
// Value as integer / 10^exponent with as many digits as fit `max`.
inline void put_scaled(ByteVector& out, double value, double max, bool wide) {
  std::uint8_t exponent = 0;
  while (exponent < 12 && value * 10 <= max && value != 0) {
    value *= 10;
    ++exponent;
  }
  out.push_back(exponent);
  const auto whole = static_cast<std::uint32_t>(std::lround(value));
  if (wide) put16(out, whole >> 16);
  put16(out, whole & 0xFFFF);
}

inline ByteVector wsq_sof(const WsqSpec& spec) {
  ByteVector body = {0, 255};
  put16(body, spec.height);
  put16(body, spec.width);
  put_scaled(body, spec.shift, 65535, false);
  put_scaled(body, spec.scale, 65535, false);
  body.push_back(2);
  put16(body, 0);
  return wsq_segment(0xA2, body);
}

inline ByteVector wsq_dtt(const WsqTaps& taps) {
  const auto length = [&](const std::vector<double>& half) {
    return static_cast<std::uint8_t>(taps.odd ? half.size() * 2 - 1 : half.size() * 2);
  };
  ByteVector body = {length(taps.low), length(taps.high)};
  for (const auto* half : {&taps.low, &taps.high}) {
    for (const double tap : *half) {
      body.push_back(tap < 0 ? 1 : 0);
      put_scaled(body, std::abs(tap), 4294967295.0, true);
    }
  }
  return wsq_segment(0xA4, body);
}

inline ByteVector wsq_dqt(double bin) {
  ByteVector body;
  put_scaled(body, 0.44, 65535, false);
  for (int band = 0; band < 64; ++band) {
    put_scaled(body, band < 60 ? bin : 0, 65535, false);
    put_scaled(body, band < 60 ? bin * 1.2 : 0, 65535, false);
  }
  return wsq_segment(0xA5, body);
}

// Symbols 1..254 as codes of 8 bits, in order.
inline ByteVector wsq_dht(std::uint8_t id) {
  ByteVector body = {id};
  for (int length = 1; length <= 16; ++length) body.push_back(length == 8 ? 254 : 0);
  for (int symbol = 1; symbol <= 254; ++symbol) body.push_back(static_cast<std::uint8_t>(symbol));
  return wsq_segment(0xA6, body);
}
inline ByteVector wsq_sob(std::uint8_t id) { return wsq_segment(0xA3, {id}); }

// The bytes of a block in those codes: every symbol and its extra bits are whole bytes.
inline ByteVector wsq_block(const std::vector<int>& coefficients) {
  ByteVector raw;
  const auto symbol = [&](int value) { raw.push_back(static_cast<std::uint8_t>(value - 1)); };
  for (std::size_t i = 0; i < coefficients.size();) {
    const int value = coefficients[i];
    if (value == 0) {
      std::size_t run = 1;
      while (i + run < coefficients.size() && coefficients[i + run] == 0 && run < 65535) ++run;
      i += run;
      if (run <= 100) {
        symbol(static_cast<int>(run));
      } else if (run <= 255) {
        symbol(105);
        raw.push_back(static_cast<std::uint8_t>(run));
      } else {
        symbol(106);
        put16(raw, static_cast<std::uint32_t>(run));
      }
      continue;
    }
    ++i;
    const int magnitude = std::abs(value);
    if (value >= -73 && value <= 74) {
      symbol(value + 180);
    } else if (magnitude <= 255) {
      symbol(value > 0 ? 101 : 102);
      raw.push_back(static_cast<std::uint8_t>(magnitude));
    } else {
      symbol(value > 0 ? 103 : 104);
      put16(raw, static_cast<std::uint32_t>(magnitude));
    }
  }
  ByteVector stuffed;
  for (const std::uint8_t byte : raw) {
    stuffed.push_back(byte);
    if (byte == 0xFF) stuffed.push_back(0);
  }
  return stuffed;
}

// One line, transformed in place: the low band in its first part, the high band in its second; swapped if
// inverted.
inline void wsq_analyse(std::vector<double>& line, const WsqTaps& taps, bool inverted) {
  const auto n = static_cast<long>(line.size());
  const long period = taps.odd ? 2 * (n - 1) : 2 * n;
  const auto at = [&](long i) {
    if (n == 1) return line[0];
    i = ((i % period) + period) % period;
    if (i >= n) i = taps.odd ? period - i : period - 1 - i;
    return line[static_cast<std::size_t>(i)];
  };
  const long low_count = (n + 1) / 2;
  std::vector<double> low(static_cast<std::size_t>(low_count)), high(static_cast<std::size_t>(n / 2));
  const auto odd_sum = [&](const std::vector<double>& half, long centre) {
    double sum = half[0] * at(centre);
    for (std::size_t k = 1; k < half.size(); ++k) {
      sum += half[k] * (at(centre - static_cast<long>(k)) + at(centre + static_cast<long>(k)));
    }
    return sum;
  };
  for (long k = 0; k < low_count; ++k) {
    // The even pair is Haar's: sum and difference of neighbours.
    low[static_cast<std::size_t>(k)] =
        taps.odd ? odd_sum(taps.low, 2 * k) : taps.low[0] * (at(2 * k) + at(2 * k + 1));
  }
  for (long k = 0; k < n / 2; ++k) {
    high[static_cast<std::size_t>(k)] =
        taps.odd ? odd_sum(taps.high, 2 * k + 1) : -taps.high[0] * (at(2 * k + 1) - at(2 * k));
  }
  const auto& first = inverted ? high : low;
  const auto& second = inverted ? low : high;
  std::copy(first.begin(), first.end(), line.begin());
  std::copy(second.begin(), second.end(), line.begin() + static_cast<long>(first.size()));
}

// The coefficient plane and, in file order, the subbands' coefficients.
class WsqForward {
 public:
  explicit WsqForward(const WsqSpec& spec) : spec_(spec), plane_(std::size_t{spec.width} * spec.height) {
    for (std::uint32_t y = 0; y < spec.height; ++y) {
      for (std::uint32_t x = 0; x < spec.width; ++x) {
        plane_[std::size_t{y} * spec.width + x] = (spec.sample(x, y) - spec.shift) / spec.scale;
      }
    }
    const Region root{0, 0, spec.width, spec.height, false, false};
    const auto q = split(root);
    const auto a = split(q[0]);
    const auto b = split(a[0]);
    const auto f = split(b[0]);
    for (const Region& leaf : split(f[0])) take(leaf);
    for (int i = 1; i < 4; ++i) take(f[static_cast<std::size_t>(i)]);
    for (std::size_t i = 1; i < 4; ++i) {
      for (const Region& leaf : split(b[i])) take(leaf);
    }
    for (std::size_t i = 1; i < 3; ++i) {
      for (const Region& quadrant : split(a[i])) {
        for (const Region& leaf : split(quadrant)) take(leaf);
      }
    }
    take(a[3]);
    for (std::size_t i = 1; i < 3; ++i) {
      for (const Region& leaf : split(q[i])) take(leaf);
    }
  }

  std::vector<int> coefficients;

 private:
  struct Region {
    std::uint32_t x, y, w, h;
    bool inverted_x, inverted_y;
  };

  // Transforms the region (rows, then columns) and answers its quadrants.
  std::array<Region, 4> split(const Region& r) {
    std::vector<double> line;
    for (std::uint32_t y = 0; y < r.h && r.w > 0; ++y) {
      line.assign(&at(r.x, r.y + y), &at(r.x, r.y + y) + r.w);
      wsq_analyse(line, spec_.taps, r.inverted_x);
      std::copy(line.begin(), line.end(), &at(r.x, r.y + y));
    }
    for (std::uint32_t x = 0; x < r.w && r.h > 0; ++x) {
      line.clear();
      for (std::uint32_t y = 0; y < r.h; ++y) line.push_back(at(r.x + x, r.y + y));
      wsq_analyse(line, spec_.taps, r.inverted_y);
      for (std::uint32_t y = 0; y < r.h; ++y) at(r.x + x, r.y + y) = line[y];
    }
    const std::uint32_t w = r.inverted_x ? r.w / 2 : (r.w + 1) / 2;
    const std::uint32_t h = r.inverted_y ? r.h / 2 : (r.h + 1) / 2;
    return {Region{r.x, r.y, w, h, false, false}, Region{r.x + w, r.y, r.w - w, h, true, false},
            Region{r.x, r.y + h, w, r.h - h, false, true},
            Region{r.x + w, r.y + h, r.w - w, r.h - h, true, true}};
  }

  void take(const Region& r) {
    const double zero = spec_.bin * 1.2;
    for (std::uint32_t y = 0; y < r.h; ++y) {
      for (std::uint32_t x = 0; x < r.w; ++x) {
        const double a = at(r.x + x, r.y + y);
        const int p = std::abs(a) < zero / 2 ? 0 : static_cast<int>((std::abs(a) - zero / 2) / spec_.bin) + 1;
        coefficients.push_back(a < 0 ? -p : p);
      }
    }
  }

  double& at(std::uint32_t x, std::uint32_t y) { return plane_[std::size_t{y} * spec_.width + x]; }

  const WsqSpec& spec_;
  std::vector<double> plane_;
};

inline ByteVector operator+(ByteVector a, const ByteVector& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}
inline const ByteVector kWsqSoi = {0xFF, 0xA0};
inline const ByteVector kWsqEoi = {0xFF, 0xA1};

inline ByteVector make_wsq(const WsqSpec& spec) {
  return kWsqSoi + wsq_dtt(spec.taps) + wsq_dqt(spec.bin) + wsq_sof(spec) + wsq_dht(0) + wsq_sob(0) +
         wsq_block(WsqForward(spec).coefficients) + kWsqEoi;
}

}  // namespace netocr::testing
