// Has one loop per sample format: bits, bytes, words of 16 to 64 bits, floats.
#include "image/tiff/samples.hpp"

#include <bit>
#include <cstring>

namespace netocr::tiff {
namespace {

template <typename T>
T load(const std::uint8_t* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof(T));
  return value;
}
static_assert(std::endian::native == std::endian::little);

template <std::size_t kBytes, typename Convert>
void convert_all(const std::uint8_t* packed, std::size_t count, std::uint16_t* out, std::size_t step,
                 Convert convert) {
  for (std::size_t i = 0; i < count; ++i) out[i * step] = convert(packed + i * kBytes);
}

// Converts any depth up to 16 bits, most significant bit first.
template <typename Convert>
void convert_bits(const std::uint8_t* packed, std::size_t count, unsigned bits, std::uint16_t* out,
                  std::size_t step, Convert convert) {
  const std::uint32_t mask = (1U << bits) - 1;
  std::uint32_t window = 0;
  unsigned held = 0;
  for (std::size_t i = 0; i < count; ++i) {
    while (held < bits) {
      window = window << 8 | *packed++;
      held += 8;
    }
    held -= bits;
    out[i * step] = convert(window >> held & mask);
  }
}

// Converts IEEE 754 binary16.
float half_to_float(std::uint16_t half) {
  const std::uint32_t exponent = half >> 10 & 31U;
  const std::uint32_t fraction = half & 1023U;
  const std::uint32_t sign = static_cast<std::uint32_t>(half >> 15) << 31;
  if (exponent == 0) {
    const float tiny = static_cast<float>(fraction) / 16777216.0F;
    return sign != 0 ? -tiny : tiny;
  }
  const std::uint32_t wide = exponent == 31 ? 255U : exponent + 112U;
  return std::bit_cast<float>(sign | wide << 23 | fraction << 13);
}

class FloatScale {
 public:
  explicit FloatScale(const SampleCoding& coding)
      : low_(coding.low), scale_(65535 / (coding.high - coding.low)) {}
  std::uint16_t operator()(double value) const {
    const double scaled = (value - low_) * scale_ + 0.5;
    if (!(scaled > 0)) return 0;
    return scaled >= 65535 ? std::uint16_t{65535} : static_cast<std::uint16_t>(scaled);
  }

 private:
  double low_;
  double scale_;
};

void unpack_floats(const std::uint8_t* packed, std::size_t count, const SampleCoding& coding,
                   std::uint16_t* out, std::size_t step) {
  const FloatScale scale(coding);
  switch (coding.bits) {
    case 16:
      return convert_all<2>(packed, count, out, step, [scale](const std::uint8_t* p) {
        return scale(static_cast<double>(half_to_float(load<std::uint16_t>(p))));
      });
    case 32:
      return convert_all<4>(packed, count, out, step, [scale](const std::uint8_t* p) {
        return scale(static_cast<double>(load<float>(p)));
      });
    default:
      return convert_all<8>(packed, count, out, step,
                            [scale](const std::uint8_t* p) { return scale(load<double>(p)); });
  }
}

void unpack_small(const std::uint8_t* packed, std::size_t count, const SampleCoding& coding,
                  std::uint16_t* out, std::size_t step) {
  if (coding.is_index) {
    return convert_bits(packed, count, coding.bits, out, step,
                        [](std::uint32_t value) { return static_cast<std::uint16_t>(value); });
  }
  const std::uint32_t max = (1U << coding.bits) - 1;
  const std::uint32_t sign = coding.kind == SampleType::kSigned ? 1U << (coding.bits - 1) : 0U;
  convert_bits(packed, count, coding.bits, out, step, [max, sign](std::uint32_t value) {
    // NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): samples have at least one bit
    return static_cast<std::uint16_t>(((value ^ sign) * 65535U + max / 2) / max);
  });
}

// Converts integers of whole bytes; bits below the upper 16 do not affect the 8-bit result.
template <std::size_t kBytes>
void unpack_words(const std::uint8_t* packed, std::size_t count, std::uint16_t sign, std::uint16_t* out,
                  std::size_t step) {
  convert_all<kBytes>(packed, count, out, step, [sign](const std::uint8_t* p) {
    return static_cast<std::uint16_t>(load<std::uint16_t>(p + kBytes - 2) ^ sign);
  });
}

void unpack_bytes(const std::uint8_t* packed, std::size_t count, const SampleCoding& coding,
                  std::uint16_t* out, std::size_t step) {
  const std::uint32_t scale = coding.is_index ? 1 : 257;
  const std::uint32_t sign = coding.kind == SampleType::kSigned ? 0x80 : 0;
  convert_all<1>(packed, count, out, step, [scale, sign](const std::uint8_t* p) {
    return static_cast<std::uint16_t>((*p ^ sign) * scale);
  });
}

}  // namespace

void unpack_samples(const std::uint8_t* packed, std::size_t count, const SampleCoding& coding,
                    std::uint16_t* out, std::size_t step) {
  if (coding.kind == SampleType::kFloat) return unpack_floats(packed, count, coding, out, step);
  // In two's complement the min value and zero swap places when the sign bit is inverted.
  const auto sign = static_cast<std::uint16_t>(coding.kind == SampleType::kSigned ? 0x8000 : 0);
  switch (coding.bits) {
    case 8:
      return unpack_bytes(packed, count, coding, out, step);
    case 16:
      return unpack_words<2>(packed, count, sign, out, step);
    case 24:
      return unpack_words<3>(packed, count, sign, out, step);
    case 32:
      return unpack_words<4>(packed, count, sign, out, step);
    case 64:
      return unpack_words<8>(packed, count, sign, out, step);
    default:
      return unpack_small(packed, count, coding, out, step);
  }
}

}  // namespace netocr::tiff
