// Most bytes are read in place from the source; the stage contains only those around the end of a piece.
#include "image/png/inflate_input.hpp"

#include <algorithm>

namespace netocr::png {

Result<InflateInput> InflateInput::create(PieceSource& source) {
  InflateInput made(source);
  NETOCR_ASSIGN(made.stage_, Buffer::create(kStage + kPadding));
  return made;
}

void InflateInput::fetch_more() {
  const auto left = static_cast<std::size_t>(end_ - bits_.next);
  if (leave_stage(left)) return;
  if (left != 0) std::memmove(stage_.data(), bits_.next, left);
  // The remaining bytes are the end of the current piece.
  if (!is_staged_) staged_of_piece_ = left;
  is_staged_ = true;
  bits_.next = stage_.data();
  end_ = bits_.next + fill_stage(left);
}

// Leaves the stage when all its remaining bytes are followed by the rest of their piece, which is then read
// in place.
bool InflateInput::leave_stage(std::size_t left) {
  if (!is_staged_ || staged_of_piece_ < left || piece_.size() + left < kAhead) return false;
  bits_.next = piece_.data() - left;
  end_ = piece_.data() + piece_.size();
  piece_ = {};
  is_staged_ = false;
  return true;
}

// Appends bytes behind the first `size` of the stage. Returns the new number: the full stage, or all up to
// the input's end, with zeroes behind them.
std::size_t InflateInput::fill_stage(std::size_t size) {
  while (size < kStage && has_piece()) {
    const std::size_t count = std::min(kStage - size, piece_.size());
    std::memcpy(stage_.data() + size, piece_.data(), count);
    piece_ = piece_.subspan(count);
    staged_of_piece_ += count;
    size += count;
  }
  if (has_ended_) std::memset(stage_.data() + size, 0, kPadding);
  return size;
}

// Returns whether there are more bytes, in this piece or in the next.
bool InflateInput::has_piece() {
  if (!piece_.empty()) return true;
  piece_ = source_->next();
  staged_of_piece_ = 0;
  has_ended_ = piece_.empty();
  return !has_ended_;
}

Bytes InflateInput::take_bytes(std::size_t max_count) {
  bits_.ahead = 0;
  fetch();
  if (bits_.next >= end_) return {};
  const Bytes bytes{bits_.next, std::min(max_count, static_cast<std::size_t>(end_ - bits_.next))};
  bits_.next += bytes.size();
  return bytes;
}

bool InflateInput::is_all_used() {
  const bool is_area_used = end_ - bits_.next + static_cast<std::ptrdiff_t>(bits_.count / 8) == 0;
  return is_area_used && piece_.empty() && source_->next().empty();
}

}  // namespace netocr::png
