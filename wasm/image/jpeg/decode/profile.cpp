// Collects the segments by number: each contains its number, from 1 on, and the total count.
#include "image/jpeg/decode/profile.hpp"

#include <cstring>
#include <string_view>

#include "base/bytes.hpp"

namespace netocr::jpeg {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::string_view kName = "ICC_PROFILE\0"sv;

}  // namespace

void ProfileSegments::add(Bytes segment) {
  if (!bytes_at(segment, 0, kName)) return;
  ByteReader reader(segment, kName.size());
  const std::uint8_t index = reader.u8();
  const std::uint8_t count = reader.u8();
  if (count_ == 0) count_ = count;
  if (index == 0 || count != count_ || !parts_[index - 1U].empty()) {
    damaged_ = true;
    return;
  }
  parts_[index - 1U] = reader.take(reader.remaining());
}

Result<Buffer> ProfileSegments::join() const {
  std::size_t size = 0;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    if (damaged_ || parts_[i].empty() != (i >= count_))
      return Error{ErrorCode::kCorruptImage, 0, "the JPEG's ICC profile is incomplete"};
    size += parts_[i].size();
  }
  NETOCR_ASSIGN(auto whole, Buffer::create(size));
  std::uint8_t* to = whole.data();
  for (const Bytes part : std::span(parts_).first(count_)) {
    std::memcpy(to, part.data(), part.size());
    to += part.size();
  }
  return whole;
}

}  // namespace netocr::jpeg
