// Decodes the stream of RFC 1950 and 1951: header, blocks, checksum, and the window that matches refer back
// to. The kernel decodes into the room behind the window; when it is full, the window moves to the beginning
// of the buffer.
#include "image/png/inflate.hpp"

#include <algorithm>
#include <cstring>

#include "image/png/inflate_codes.hpp"
#include "image/png/inflate_kernel.hpp"

namespace netocr::png {
namespace {

constexpr std::size_t kWindow = 32U << 10;  // max distance
constexpr std::size_t kRoom = 96U << 10;    // max output per call of decode()

// A block with its own tables takes the time of about kWastePerBlock bytes of output. A stream may have up to
// kMaxWaste more such bytes than output, a third of a second of tables. No encoder writes a block that costs
// more than its contents.
constexpr std::size_t kWastePerBlock = 256;
constexpr std::size_t kMaxWaste = 16U << 20;

}  // namespace

Result<Inflater> Inflater::create(PieceSource& source, std::size_t max_wanted) {
  NETOCR_ASSIGN(auto input, InflateInput::create(source));
  Inflater made(std::move(input));
  NETOCR_ASSIGN(made.out_, Buffer::create(kWindow + std::max(kRoom, max_wanted + kOutputAhead) +
                                          kOutputAhead + kReadable));
  NETOCR_ASSIGN(made.tables_, Array<InflateTables>::create(1));
  return made;
}

Bytes Inflater::need(std::size_t count) {
  if (written_ - read_ < count && state_ == State::kMore) decode();
  return {out_.data() + read_, written_ - read_};
}

// Returns the number of written bytes at which the room is full.
std::size_t Inflater::limit() const { return out_.size() - kOutputAhead - kReadable; }

// Decodes until the room is full, which guarantees the bytes that need() waits for.
void Inflater::decode() {
  slide();
  while (state_ == State::kMore && written_ < limit()) {
    switch (step_) {
      case Step::kZlibHeader:
        read_zlib_header();
        break;
      case Step::kBlockHeader:
        read_block_header();
        break;
      case Step::kStored:
        copy_stored();
        break;
      case Step::kCodes:
        decode_codes();
        break;
      case Step::kTrailer:
        read_trailer();
        break;
    }
  }
  sum();
}

void Inflater::sum() {
  adler_.extend({out_.data() + summed_, written_ - summed_});
  summed_ = written_;
}

// Moves the window and the unread bytes to the beginning of the buffer.
void Inflater::slide() {
  const std::size_t kept = std::max(written_ - read_, std::min(written_, kWindow));
  const std::size_t gone = written_ - kept;
  if (gone == 0) return;
  std::memmove(out_.data(), out_.data() + gone, kept);
  read_ -= gone;
  written_ -= gone;
  summed_ -= gone;
}

void Inflater::stop(bool is_damaged) {
  state_ = input_.is_overrun() ? State::kCut : is_damaged ? State::kDamaged : state_;
}

// Reads the header of RFC 1950, 2.2. A preset dictionary is an error, as PNG does not allow it.
void Inflater::read_zlib_header() {
  input_.refill();
  const std::uint32_t method = input_.take_bits(8);
  const std::uint32_t flags = input_.take_bits(8);
  const bool is_deflate = (method & 15) == 8 && method >> 4 <= 7;
  stop(!is_deflate || (method << 8 | flags) % 31 != 0 || (flags & 32) != 0);
  step_ = Step::kBlockHeader;
}

// Reads a block header (RFC 1951, 3.2.3).
void Inflater::read_block_header() {
  input_.refill();
  is_last_block_ = input_.take_bits(1) != 0;
  switch (input_.take_bits(2)) {
    case 0:
      return read_stored_header();
    case 1:
      return take_fixed_codes();
    case 2:
      return take_dynamic_codes();
    default:
      return stop(true);
  }
}

void Inflater::leave_block() { step_ = is_last_block_ ? Step::kTrailer : Step::kBlockHeader; }

void Inflater::read_stored_header() {
  input_.skip_to_byte();
  input_.refill();
  stored_left_ = input_.take_bits(16);
  stop((input_.take_bits(16) ^ 0xFFFF) != stored_left_);
  step_ = Step::kStored;
}

void Inflater::copy_stored() {
  for (; stored_left_ != 0 && input_.bits().count != 0; --stored_left_) {  // at most 7 bytes
    const std::uint32_t byte = input_.take_bits(8);
    if (input_.is_overrun()) return stop(true);
    out_[written_++] = static_cast<std::uint8_t>(byte);
  }
  if (stored_left_ == 0) return leave_block();
  if (written_ >= limit()) return;
  const Bytes bytes = input_.take_bytes(std::min(stored_left_, limit() - written_));
  if (bytes.empty()) {
    state_ = State::kCut;
    return;
  }
  std::memcpy(out_.data() + written_, bytes.data(), bytes.size());
  written_ += bytes.size();
  stored_left_ -= bytes.size();
}

// Fills the tables with the fixed codes (RFC 1951, 3.2.6).
void Inflater::take_fixed_codes() {
  step_ = Step::kCodes;
  if (!has_fixed_codes_) make_fixed_codes(tables_[0]);
  has_fixed_codes_ = true;
  stop(false);
}

// Reads the dynamic codes (RFC 1951, 3.2.7).
void Inflater::take_dynamic_codes() {
  step_ = Step::kCodes;
  has_fixed_codes_ = false;
  waste_ += kWastePerBlock;
  const CodeCounts counts = read_code_counts(input_);
  if (!counts.are_possible() || waste_ > kMaxWaste) return stop(true);
  stop(!read_dynamic_codes(input_, counts, tables_[0]));
}

void Inflater::decode_codes() {
  input_.refill();
  if (input_.is_overrun()) return stop(true);
  const DecodedSymbols decoded = decode_symbols(input_, tables_[0], out_.span(), written_, limit());
  stop(decoded.outcome == DecodedSymbols::Outcome::kDamaged);
  // The output of this call, which may come from the zeroes behind the input, is then discarded.
  if (state_ == State::kCut) return;
  waste_ -= std::min(waste_, decoded.written - written_);
  written_ = decoded.written;
  if (decoded.outcome == DecodedSymbols::Outcome::kEndOfBlock) leave_block();
}

// Reads the checksum of RFC 1950, 2.2, most significant byte first.
void Inflater::read_trailer() {
  input_.skip_to_byte();
  input_.refill();
  std::uint32_t checksum = 0;
  for (int i = 0; i < 4; ++i) checksum = checksum << 8 | input_.take_bits(8);
  sum();
  state_ = State::kEnded;
  if (checksum != adler_.value()) state_ = State::kDamaged;
  if (input_.is_overrun()) state_ = State::kCut;
}

}  // namespace netocr::png
