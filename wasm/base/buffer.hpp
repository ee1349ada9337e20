// Buffer: owned bytes whose size comes from the input. Allocation failure is an Error, never an abort.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

#include "base/result.hpp"

namespace netocr {

using Bytes = std::span<const std::uint8_t>;
using MutableBytes = std::span<std::uint8_t>;

// A move-only array of T from malloc: create() leaves it uninitialised, create_zeroed() zeroes it, copy_of()
// fills it from other values. T is trivial. Errors: OUT_OF_MEMORY (also when count * sizeof(T) does not fit
// size_t).
template <typename T>
class Array {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  Array() = default;
  static Result<Array> create(std::size_t count) { return make(count, false); }
  static Result<Array> create_zeroed(std::size_t count) { return make(count, true); }
  static Result<Array> copy_of(std::span<const T> values) {
    auto copy = create(values.size());
    if (copy.ok() && !values.empty()) std::memcpy(copy->data(), values.data(), values.size_bytes());
    return copy;
  }

  Array(Array&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  Array& operator=(Array&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  Array(const Array&) = delete;
  Array& operator=(const Array&) = delete;
  ~Array() { std::free(static_cast<void*>(data_)); }

  T* data() { return data_; }
  const T* data() const { return data_; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T& operator[](std::size_t index) { return data_[index]; }
  const T& operator[](std::size_t index) const { return data_[index]; }
  std::span<T> span() { return {data_, size_}; }
  std::span<const T> span() const { return {data_, size_}; }

  // Shrinks or grows to `count`, keeping the common prefix; new elements are uninitialised. The array is
  // unchanged on failure.
  Status resize(std::size_t count) {
    if (count > kMaxCount) return out_of_memory("size overflow");
    void* grown = std::realloc(data_, count == 0 ? 1 : count * sizeof(T));
    if (grown == nullptr) return out_of_memory();
    data_ = static_cast<T*>(grown);
    size_ = count;
    return {};
  }

 private:
  static constexpr std::size_t kMaxCount = static_cast<std::size_t>(-1) / sizeof(T) / 2;

  static Result<Array> make(std::size_t count, bool zeroed) {
    if (count > kMaxCount) return out_of_memory("size overflow");
    const std::size_t bytes = count == 0 ? 1 : count * sizeof(T);
    void* data = zeroed ? std::calloc(1, bytes) : std::malloc(bytes);
    if (data == nullptr) return out_of_memory();
    Array made;
    made.data_ = static_cast<T*>(data);
    made.size_ = count;
    return made;
  }

  T* data_ = nullptr;
  std::size_t size_ = 0;
};

using Buffer = Array<std::uint8_t>;

// Returns whether `bytes` can be allocated right now in one piece. Callers check it before code that
// allocates with new, which aborts without memory.
inline bool has_room_for(std::size_t bytes) {
  // `volatile` keeps the pair from being optimised away.
  void* volatile probe = std::malloc(bytes == 0 ? 1 : bytes);
  const bool has_room = probe != nullptr;
  std::free(probe);
  return has_room;
}

// Creates one object on the heap. Errors: OUT_OF_MEMORY.
template <typename T, typename... Arguments>
Result<std::unique_ptr<T>> make_nothrow(Arguments&&... arguments) {
  std::unique_ptr<T> made(new (std::nothrow) T(std::forward<Arguments>(arguments)...));
  if (made == nullptr) return out_of_memory();
  return made;
}

}  // namespace netocr
