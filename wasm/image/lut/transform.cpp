// Contains every call of the library, in a context of its own whose allocations are bounded. The library
// reports errors by null and prints nothing.
#include "image/lut/transform.hpp"

#include <cstdlib>
#include <utility>

#include <lcms2.h>

#include <lcms2_plugin.h>

namespace netocr::lut {
namespace {

// The largest tables that 4 MiB of profile can hold have 8 MiB in memory, and the transform's own 0.5 MiB.
// Without this bound a few bytes could ask for 512 MiB.
constexpr cmsUInt32Number kMaxAllocation = 16U << 20;

// The state of a context.
struct Memory {
  bool is_lacking = false;  // malloc failed
};

void* noted(cmsContext context, void* memory) {
  auto* const state = static_cast<Memory*>(cmsGetContextUserData(context));
  if (memory == nullptr && state != nullptr) state->is_lacking = true;
  return memory;
}
void* allocate(cmsContext context, cmsUInt32Number size) {
  return size > kMaxAllocation ? nullptr : noted(context, std::malloc(size));
}
void* reallocate(cmsContext context, void* memory, cmsUInt32Number size) {
  return size > kMaxAllocation ? nullptr : noted(context, std::realloc(memory, size));
}
void release(cmsContext /*context*/, void* memory) { std::free(memory); }

constexpr cmsUInt32Number format_of(Channels channels) {
  switch (channels) {
    case Channels::kGrey:
      return TYPE_GRAY_8;
    case Channels::kRgb:
      return TYPE_RGB_8;
    case Channels::kInvertedCmyk:
      return TYPE_CMYK_8_REV;
  }
  return TYPE_RGB_8;
}

constexpr cmsColorSpaceSignature space_of(Channels channels) {
  switch (channels) {
    case Channels::kGrey:
      return cmsSigGrayData;
    case Channels::kRgb:
      return cmsSigRgbData;
    case Channels::kInvertedCmyk:
      return cmsSigCmykData;
  }
  return cmsSigRgbData;
}

// Links of devices, named colours and abstract effects do not say what the samples of a picture mean.
bool describes_pictures(cmsHPROFILE profile, Channels channels) {
  const cmsProfileClassSignature kind = cmsGetDeviceClass(profile);
  return (kind == cmsSigInputClass || kind == cmsSigDisplayClass || kind == cmsSigOutputClass ||
          kind == cmsSigColorSpaceClass) &&
         cmsGetColorSpace(profile) == space_of(channels);
}

class Profile {
 public:
  explicit Profile(cmsHPROFILE profile) : profile_(profile) {}
  Profile(const Profile&) = delete;
  Profile& operator=(const Profile&) = delete;
  ~Profile() {
    if (profile_ != nullptr) cmsCloseProfile(profile_);
  }
  cmsHPROFILE get() const { return profile_; }

 private:
  cmsHPROFILE profile_;
};

}  // namespace

struct Transform::Library {
  Memory memory;
  cmsContext context = nullptr;
  cmsHTRANSFORM transform = nullptr;

  Library() = default;
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  ~Library() {
    if (transform != nullptr) cmsDeleteTransform(transform);
    if (context != nullptr) cmsDeleteContext(context);
  }

  void open(Bytes bytes, Channels channels) {
    const Profile source(
        cmsOpenProfileFromMemTHR(context, bytes.data(), static_cast<cmsUInt32Number>(bytes.size())));
    if (source.get() == nullptr || !describes_pictures(source.get(), channels)) return;
    const Profile srgb(cmsCreate_sRGBProfileTHR(context));
    if (srgb.get() == nullptr) return;
    transform = cmsCreateTransformTHR(context, source.get(), format_of(channels), srgb.get(), TYPE_RGB_8,
                                      INTENT_PERCEPTUAL, cmsFLAGS_BLACKPOINTCOMPENSATION);
  }
};

Transform::Transform(std::unique_ptr<Library> library, Channels channels)
    : library_(std::move(library)), channels_(channels) {}
Transform::Transform(Transform&&) noexcept = default;
Transform& Transform::operator=(Transform&&) noexcept = default;
Transform::~Transform() = default;

Result<Transform> Transform::create(Bytes profile, Channels channels) {
  NETOCR_ASSIGN(auto library, make_nothrow<Library>());
  cmsPluginMemHandler handler{};
  handler.base = {cmsPluginMagicNumber, LCMS_VERSION, cmsPluginMemHandlerSig, nullptr};
  handler.MallocPtr = allocate;
  handler.FreePtr = release;
  handler.ReallocPtr = reallocate;
  library->context = cmsCreateContext(&handler, &library->memory);
  if (library->context == nullptr) return out_of_memory();
  library->open(profile, channels);
  if (library->memory.is_lacking) return out_of_memory();
  if (library->transform == nullptr)
    return Error{ErrorCode::kCorruptImage, 0, "the colour profile is damaged"};
  return Transform(std::move(library), channels);
}

void Transform::apply(const std::uint8_t* pixels, std::size_t width, std::uint8_t* rgb) const {
  cmsDoTransform(library_->transform, pixels, rgb, static_cast<cmsUInt32Number>(width));
}

}  // namespace netocr::lut
