// Walks the boxes of an ISO base media file (MP4, MOV, 3GP): ISO/IEC 14496-12, QuickTime File Format.
#include "base/iso_box.hpp"
#include "video/iso_movie.hpp"

namespace netocr::detail {
namespace {

// Returns the box at the reader and moves behind it; the box must end within the file and its parent box.
Result<IsoBox> read_box(ByteReader& reader, std::uint64_t parent_end) {
  const std::size_t start = reader.position();
  ByteReader parent = reader.until(static_cast<std::size_t>(parent_end));
  Result<IsoBox> box = read_iso_box(parent, ErrorCode::kCorruptVideo);
  if (box.ok() && !box->is_whole)
    return corrupt_video(start, "a box is longer than the file or than the box around it");
  reader.seek(parent.position());
  return box;
}

// Returns whether the type has four printable characters; QuickTime also uses the copyright sign.
bool is_box_type(Bytes type) {
  for (const std::uint8_t character : type) {
    if ((character < 0x20 || character > 0x7E) && character != 0xA9) return false;
  }
  return true;
}

bool is_container(std::uint32_t type) {
  for (const std::string_view name : {"moov", "trak", "mdia", "minf", "stbl", "mvex", "moof", "traf"}) {
    if (type == fourcc(name)) return true;
  }
  return false;
}

}  // namespace

Result<ContainerFacts> probe_iso(Bytes bytes, StepBudget& steps) {
  IsoMovie movie;
  bool has_media = false;
  ByteReader reader(bytes);
  Nesting nesting(bytes.size());
  for (;;) {
    nesting.close_until(reader.position());
    const std::size_t start = reader.position();
    if (nesting.end() - start < 8) {  // the end, or padding after the last box
      if (nesting.depth() == 0) break;
      reader.seek(nesting.end());
      continue;
    }
    if (!steps.take()) return corrupt_video(start, "more boxes than a video has");
    // Some cameras append their own data after the last box.
    if (nesting.depth() == 0 && movie.seen_moov() && has_media && !is_box_type(bytes.subspan(start + 4, 4)))
      break;
    NETOCR_ASSIGN(const IsoBox box, read_box(reader, nesting.end()));
    has_media = has_media || box.type == fourcc("mdat") || box.type == fourcc("imda");
    NETOCR_TRY(movie.read(box.type, box.payload, start, steps));
    if (!is_container(box.type)) continue;
    if (!nesting.open(reader.position())) return corrupt_video(start, "boxes are nested too deeply");
    reader.seek(box.payload.position());
  }
  if (!movie.seen_moov())
    return corrupt_video(bytes.size(), "the index (moov) is missing: the recording was cut off");
  const ContainerFacts facts = movie.facts();
  if (!has_media && facts.duration_ms != 0U)
    return corrupt_video(bytes.size(), "the media data (mdat) is missing");
  return facts;
}

}  // namespace netocr::detail
