// Selects the main picture of a file by a walk over the chain of directories and those below them (TIFF 6.0
// section 2, its Technical Note 1 "TIFF trees", TIFF/EP, DNG 1.6 chapter 2).
#include <algorithm>

#include "image/tiff/directory.hpp"
#include "image/tiff/policy.hpp"

namespace netocr::tiff {
namespace {

// The max number of directories that are read; documents may have thousands of pages.
constexpr std::size_t kMaxPages = 64;

// The properties of a directory that the selection uses.
struct Page {
  std::uint64_t offset = 0;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint8_t orientation = 1;
  std::uint8_t top = 0;   // index in the chain of the directory or of the one above it
  bool is_below = false;  // reached by SubIFDs
  bool is_full = false;   // neither reduced nor a mask
  bool is_mask = false;
  bool is_page = false;
  bool is_sensor = false;
  bool is_decodable = false;

  std::uint64_t area() const { return std::uint64_t{width} * height; }
};

class PageWalk {
 public:
  // The first bytes identify Canon's CR2, whose sensor data has no size in tags.
  explicit PageWalk(const TiffFile& file) : file_(file), is_cr2_(bytes_at(file.bytes, 8, "CR\x02")) {}

  // Reads the chain from `offset` on. Errors: CORRUPT_IMAGE (the first directory).
  Status read_chain(std::uint64_t offset);
  // Returns the main picture; null when there is none, or only a small substitute for it.
  const Page* choose() const;
  // Returns the page that describes a file without a main picture: the largest directory. Null when none has
  // a width and height.
  const Page* any() const;

  bool is_raw() const { return is_raw_ || is_cr2_; }

 private:
  // Reads a directory and those below it; returns the offset of the next one of the chain.
  Result<std::uint64_t> read(std::uint64_t offset, std::uint8_t top, const Directory* parent);
  void add(const Directory& directory, std::uint8_t top, bool is_below);
  bool was_read(std::uint64_t offset) const;
  std::span<const Page> pages() const { return std::span(pages_).first(count_); }
  template <typename Wanted>
  const Page* largest(Wanted wanted) const;
  const Page* choose_rendering() const;
  const Page* choose_full() const;

  TiffFile file_;
  bool is_cr2_;
  std::array<Page, kMaxPages> pages_{};
  std::size_t count_ = 0;
  std::array<std::uint64_t, kMaxPages> seen_{};
  std::size_t seen_count_ = 0;
  bool is_raw_ = false;
  bool misses_some_ = false;  // a referenced directory cannot be read
};

bool PageWalk::was_read(std::uint64_t offset) const {
  return std::find(seen_.begin(), seen_.begin() + static_cast<std::ptrdiff_t>(seen_count_), offset) !=
         seen_.begin() + static_cast<std::ptrdiff_t>(seen_count_);
}

Status PageWalk::read_chain(std::uint64_t offset) {
  bool is_first = true;
  std::uint8_t top = 0;
  while (offset != 0 && !was_read(offset) && seen_count_ < kMaxPages) {
    const Result<std::uint64_t> following = read(offset, top++, nullptr);
    if (!following.ok() && is_first) return following.error();
    if (!following.ok()) break;
    is_first = false;
    offset = *following;
  }
  return {};
}

Result<std::uint64_t> PageWalk::read(std::uint64_t offset, std::uint8_t top, const Directory* parent) {
  seen_[seen_count_++] = offset;
  Result<Directory> directory = read_directory(file_, offset);
  if (!directory.ok()) {
    misses_some_ = true;
    return directory.error();
  }
  if (parent != nullptr && !directory->has_orientation) {
    directory->header.orientation = parent->header.orientation;
  }
  add(*directory, top, parent != nullptr);
  // Directories at the third level are not separate pictures.
  const std::uint64_t below = parent == nullptr ? directory->sub_directories.values() : 0;
  for (std::uint64_t i = 0; i < std::min<std::uint64_t>(below, kMaxPages) && seen_count_ < kMaxPages; ++i) {
    const std::uint64_t sub = directory->sub_directories.offset(i);
    if (sub != 0 && !was_read(sub)) (void)read(sub, top, &*directory);
  }
  return directory->following;
}

void PageWalk::add(const Directory& directory, std::uint8_t top, bool is_below) {
  const Header& header = directory.header;
  is_raw_ = is_raw_ || directory.has_dng_version || is_sensor_data(header);
  if (!directory.has_picture) return;
  Page& page = pages_[count_++];
  page.offset = header.directory;
  page.width = header.width;
  page.height = header.height;
  page.orientation = header.orientation;
  page.top = top;
  page.is_below = is_below;
  page.is_full = !directory.is_reduced && !directory.is_mask;
  page.is_mask = directory.is_mask;
  page.is_page = directory.is_page;
  page.is_sensor = is_sensor_data(header);
  page.is_decodable = check_variant(header).ok();
}

// Returns the first of equally large pages.
template <typename Wanted>
const Page* PageWalk::largest(Wanted wanted) const {
  const Page* best = nullptr;
  for (const Page& page : pages()) {
    if (wanted(page) && (best == nullptr || page.area() > best->area())) best = &page;
  }
  return best;
}

// Cameras crop a few rows and columns at the sensor's edges.
bool has_size_of(const Page& page, const Page& sensor) {
  return std::uint64_t{page.width} * 10 >= std::uint64_t{sensor.width} * 9 &&
         std::uint64_t{page.height} * 10 >= std::uint64_t{sensor.height} * 9;
}

// Returns the picture that a camera rendered from its sensor's data, at its size. Null when there is only a
// small one, or when the size is unknown and no picture claims to be full.
const Page* PageWalk::choose_rendering() const {
  const Page* sensor = largest([](const Page& page) { return page.is_sensor; });
  return largest([sensor](const Page& page) {
    if (page.is_sensor || page.is_mask || !page.is_decodable) return false;
    return sensor != nullptr ? has_size_of(page, *sensor) : page.is_full;
  });
}

// Detects an unmarked thumbnail: it has the other's shape and at most a sixteenth of its pixels.
bool is_thumbnail_of(const Page& page, const Page& other) {
  const double one = static_cast<double>(page.width) * other.height;
  const double two = static_cast<double>(page.height) * other.width;
  return page.area() <= other.area() / 16 && std::min(one, two) >= 0.9 * std::max(one, two);
}

const Page* PageWalk::choose_full() const {
  const auto is_full = [](const Page& page) { return page.is_full; };
  const auto first = std::find_if(pages().begin(), pages().end(), is_full);
  if (first == pages().end()) return nullptr;
  const bool is_first_page = first->top == 0 && !first->is_below;
  const Page* const largest_page = largest(is_full);
  const bool is_stand_in = !is_first_page || is_thumbnail_of(*first, *largest_page);
  if (is_stand_in && !first->is_page) return largest_page;
  return largest([first](const Page& page) { return page.is_full && page.top == first->top; });
}

const Page* PageWalk::choose() const {
  if (is_cr2_) return nullptr;
  if (is_raw_) return choose_rendering();
  if (const Page* full = choose_full(); full != nullptr) return full;
  if (misses_some_) return nullptr;
  const Page* reduced = largest([](const Page& page) { return !page.is_mask; });
  return reduced != nullptr ? reduced : any();
}

const Page* PageWalk::any() const {
  const Page* sensor = largest([](const Page& page) { return page.is_sensor; });
  return sensor != nullptr ? sensor : largest([](const Page&) { return true; });
}

Error corrupt(const char* detail) { return {ErrorCode::kCorruptImage, 0, detail}; }

Result<Header> header_of(const TiffFile& file, const Page& page) {
  NETOCR_ASSIGN(const Directory directory, read_directory(file, page.offset));
  Header header = directory.header;
  header.orientation = page.orientation;
  if (header.samples_per_pixel == 0 || header.bits_per_sample == 0) {
    return corrupt("the TIFF has pixels without samples");
  }
  return header;
}

}  // namespace

Result<Header> read_header(Bytes bytes) {
  NETOCR_ASSIGN(const TiffStart& start, read_tiff_start(bytes));
  PageWalk walk(start.file);
  NETOCR_TRY(walk.read_chain(start.directory));
  if (const Page* page = walk.choose(); page != nullptr) return header_of(start.file, *page);
  const Page* other = walk.any();
  if (other == nullptr) return corrupt("the TIFF has no width or height");
  if (!walk.is_raw()) return corrupt("the TIFF has a thumbnail, and its picture is missing");
  Result<Header> header = header_of(start.file, *other);
  if (header.ok()) header->is_camera_raw = true;
  return header;
}

}  // namespace netocr::tiff
