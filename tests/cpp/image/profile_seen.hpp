// What is said of the colour profile of a file.
#pragma once

#include <ostream>
#include <string>
#include <string_view>

#include "cpp/image/decoding.hpp"
#include "cpp/image/meta/icc_maker.hpp"

namespace netocr::testing {

// What inspect_image says of the profile of a file: its use, its name, the warning.
struct ProfileSeen {
  ProfileUse use = ProfileUse::kNone;
  std::string name;
  bool warned = false;
  bool operator==(const ProfileSeen&) const = default;
};
inline ProfileSeen profile_of(Bytes file) {
  const ImageInfo info = must_inspect(file);
  return {info.profile, std::string(info.profile_name.text()), (info.warnings & kWarnProfileIgnored) != 0};
}
inline std::ostream& operator<<(std::ostream& out, const ProfileSeen& seen) {
  return out << profile_use_name(seen.use) << " '" << seen.name << "'" << (seen.warned ? " warned" : "");
}
inline const ProfileSeen kNoProfile{};
inline const ProfileSeen kSeenIgnored{ProfileUse::kIgnored, "", true};

inline ByteVector named(ByteVector profile, std::string_view name) {
  return with_icc_tag(std::move(profile), "desc", description(name));
}
inline const ByteVector& named_p3() {
  static const ByteVector profile = named(p3_profile(), "Display P3");
  return profile;
}
inline const ProfileSeen kSeenP3{ProfileUse::kConverted, "Display P3", false};

}  // namespace netocr::testing
