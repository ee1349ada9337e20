// Reads EBML integers, floats and element headers.
#include "base/ebml.hpp"

#include <bit>

namespace netocr {
namespace {

Error corrupt(std::size_t position, const char* detail) {
  return {ErrorCode::kCorruptVideo, position, detail};
}

}  // namespace

EbmlInt read_ebml_int(ByteReader& reader) {
  const std::uint8_t first = reader.u8();
  if (first == 0) return {};
  const unsigned length = static_cast<unsigned>(std::countl_zero(first)) + 1;
  std::uint64_t value = first & (0xFFU >> length);
  for (unsigned i = 1; i < length; ++i) value = value << 8 | reader.u8();
  if (!reader.ok()) return {};
  return {value, value == (1ULL << (7 * length)) - 1, length};
}

Result<EbmlElement> read_ebml_element(ByteReader& reader) {
  const std::size_t start = reader.position();
  const EbmlInt id = read_ebml_int(reader);
  if (id.length == 0 || id.length > 4) return corrupt(start, "no element where one should be");
  const EbmlInt size = read_ebml_int(reader);
  if (size.length == 0) return corrupt(start, "an element without a size");
  EbmlElement element;
  element.id = static_cast<std::uint32_t>(id.value | 1ULL << (7 * id.length));
  element.size = size.value;
  element.unknown_size = size.all_ones;
  return element;
}

std::uint64_t read_ebml_unsigned(Bytes payload) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : payload) value = value << 8 | byte;
  return value;
}

double read_ebml_float(Bytes payload) {
  const std::uint64_t bits = read_ebml_unsigned(payload);
  if (payload.size() == 4) return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
  return payload.size() == 8 ? std::bit_cast<double>(bits) : 0;
}

}  // namespace netocr
