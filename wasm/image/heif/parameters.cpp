// Converts hvcC and avcC to the string that a browser is asked with, and finds the parameter set inside.
#include "image/heif/parameters.hpp"

#include <algorithm>

#include "image/heif/sequence_parameters.hpp"

namespace netocr::heif {
namespace {

constexpr std::uint8_t kHevcSequenceParameters = 33;
constexpr std::uint8_t kMain = 1, kMainStillPicture = 3;

// Appends to a CodecString, whose capacity exceeds the longest string.
class Writer {
 public:
  explicit Writer(CodecString& string) : string_(string) {}

  Writer& text(std::string_view text) {
    for (const char character : text) put(character);
    return *this;
  }
  Writer& decimal(std::uint32_t value) {
    if (value >= 10) decimal(value / 10);
    put(static_cast<char>('0' + value % 10));
    return *this;
  }
  // Writes capitals, and at least `digits` digits.
  Writer& hexadecimal(std::uint32_t value, unsigned digits = 1) {
    if (value >= 16 || digits > 1) hexadecimal(value / 16, digits > 1 ? digits - 1 : 1);
    put("0123456789ABCDEF"[value % 16]);
    return *this;
  }

 private:
  void put(char character) {
    if (size_ + 1 < CodecString::kCapacity) string_.text[size_++] = character;
  }

  CodecString& string_;
  std::size_t size_ = 0;
};

std::uint32_t reversed(std::uint32_t bits) {
  std::uint32_t value = 0;
  for (unsigned i = 0; i < 32; ++i) value |= (bits >> i & 1) << (31 - i);
  return value;
}

// The first fields of hvcC behind its version.
struct HevcProfile {
  std::uint8_t space, tier, profile;
  std::uint32_t compatibility;
  Bytes constraints;  // 6 bytes
  std::uint8_t level;
};

HevcProfile read_hevc_profile(ByteReader& reader) {
  const std::uint8_t first = reader.u8();
  const std::uint32_t compatibility = reader.u32be();
  const Bytes constraints = reader.take(6);
  return {static_cast<std::uint8_t>(first >> 6),
          static_cast<std::uint8_t>(first >> 5 & 1),
          static_cast<std::uint8_t>(first & 31),
          compatibility,
          constraints,
          reader.u8()};
}

// Writes the string of ISO/IEC 14496-15, E.3.
CodecString hevc_string(const HevcProfile& from, std::uint8_t profile) {
  constexpr std::string_view kSpaces[] = {"", "A", "B", "C"};
  CodecString string;
  Writer writer(string);
  writer.text("hvc1.").text(kSpaces[from.space]).decimal(profile).text(".");
  writer.hexadecimal(reversed(from.compatibility)).text(from.tier == 0 ? ".L" : ".H").decimal(from.level);
  std::size_t count = from.constraints.size();
  while (count > 0 && from.constraints[count - 1] == 0) --count;
  for (const std::uint8_t byte : from.constraints.first(count)) writer.text(".").hexadecimal(byte);
  return string;
}

// Returns the first NAL unit of a type in the arrays of hvcC; empty when there is none.
Bytes find_unit(ByteReader& reader, std::uint8_t wanted) {
  const std::uint8_t arrays = reader.u8();
  for (std::uint8_t i = 0; i < arrays && reader.ok(); ++i) {
    const std::uint8_t type = reader.u8() & 63;
    const std::uint16_t units = reader.u16be();
    for (std::uint16_t k = 0; k < units && reader.ok(); ++k) {
      const Bytes unit = reader.take(reader.u16be());
      if (type == wanted && reader.ok()) return unit;
    }
  }
  return {};
}

Status check_format(const std::optional<SequenceParameters>& set) {
  if (!set) return Error{ErrorCode::kCorruptImage, 0, "the picture's parameters cannot be read"};
  if (set->chroma_format == 1 && set->luma_bits == 8 && set->chroma_bits == 8) return {};
  return Error{ErrorCode::kUnsupportedFeature, 0, "the picture is not coded as 4:2:0 in 8 bits"};
}

Result<Parameters> read_hevc(ByteReader reader) {
  reader.skip(1);
  const HevcProfile profile = read_hevc_profile(reader);
  reader.skip(9);
  const auto set = read_hevc_parameters(find_unit(reader, kHevcSequenceParameters));
  NETOCR_TRY(check_format(set));
  const std::uint8_t usual = profile.profile == kMainStillPicture ? kMain : profile.profile;
  return Parameters{hevc_string(profile, profile.profile), hevc_string(profile, usual), set->coding};
}

Result<Parameters> read_avc(ByteReader reader) {
  reader.skip(1);
  const std::uint32_t profile = reader.u24be();
  reader.skip(1);
  const bool has_set = (reader.u8() & 31) != 0;
  const Bytes unit = reader.take(reader.u16be());
  const auto set = has_set ? read_avc_parameters(unit) : std::nullopt;
  NETOCR_TRY(check_format(set));
  CodecString string;
  Writer(string).text("avc1.").hexadecimal(profile, 6);
  return Parameters{string, string, set->coding};
}

}  // namespace

Result<Parameters> read_parameters(Codec codec, Bytes configuration) {
  return codec == Codec::kHevc ? read_hevc(ByteReader(configuration)) : read_avc(ByteReader(configuration));
}

}  // namespace netocr::heif
