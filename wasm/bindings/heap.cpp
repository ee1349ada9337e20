// Checks pointers and lengths that JavaScript passes as numbers, and copies bytes out.
#include "bindings/heap.hpp"

#include <emscripten/heap.h>
#include <malloc.h>

#include <cmath>

namespace netocr::bindings {
namespace {

constexpr Error kBadRange{ErrorCode::kInvalidArgument, 0, "pointer and length are outside the heap"};
constexpr Error kBadParts{ErrorCode::kInvalidArgument, 0,
                          "parts is not an array of one or two [pointer, length]"};
constexpr std::size_t kMaxParts = 2;

bool is_whole(double value) { return value >= 0 && value <= 4294967295.0 && std::trunc(value) == value; }

double number_at(const emscripten::val& array, std::size_t index) {
  const emscripten::val value = array[index];
  return value.isNumber() ? value.as<double>() : std::nan("");
}

}  // namespace

Result<Bytes> heap_bytes(double pointer, double length) {
  if (!is_whole(pointer) || !is_whole(length)) return kBadRange;
  if (length == 0) return Bytes{};
  if (pointer == 0 || pointer + length > static_cast<double>(emscripten_get_heap_size())) return kBadRange;
  const auto address = static_cast<std::uintptr_t>(pointer);
  const auto* first = reinterpret_cast<const std::uint8_t*>(address);  // NOLINT(performance-no-int-to-ptr)
  return Bytes{first, static_cast<std::size_t>(length)};
}

Result<std::vector<Bytes>> heap_parts(const emscripten::val& parts) {
  if (!parts.isArray()) return kBadParts;
  const auto count = parts["length"].as<std::size_t>();
  if (count == 0 || count > kMaxParts) return kBadParts;
  std::vector<Bytes> spans;
  for (std::size_t i = 0; i < count; ++i) {
    const emscripten::val part = parts[i];
    if (!part.isArray()) return kBadParts;
    NETOCR_ASSIGN(const Bytes bytes, heap_bytes(number_at(part, 0), number_at(part, 1)));
    spans.push_back(bytes);
  }
  return spans;
}

emscripten::val copied_bytes(Bytes bytes) {
  return emscripten::val(emscripten::typed_memory_view(bytes.size(), bytes.data()))
      .call<emscripten::val>("slice");
}

bool can_hold(double bytes) {
  // In a single thread the same allocation succeeds right after this check.
  return is_whole(bytes) && has_room_for(static_cast<std::size_t>(bytes) + 1);
}

MemoryRecord memory() {
  return {static_cast<double>(emscripten_get_heap_size()), static_cast<double>(mallinfo().uordblks)};
}

}  // namespace netocr::bindings
