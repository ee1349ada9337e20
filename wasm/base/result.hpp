// Result<T>: a value or an Error, the return type of everything that can fail.
#pragma once

#include <cassert>
#include <new>
#include <type_traits>

#include <utility>

#include "base/error.hpp"

namespace netocr {

// Holds T (movable) or Error. Check ok() before value(): reading the wrong side is a programming error
// (assert).
template <typename T>
class [[nodiscard]] Result {
 public:
  static_assert(!std::is_same_v<std::remove_cv_t<T>, Error>);
  Result(T value) : ok_(true) { ::new (static_cast<void*>(&storage_.value)) T(std::move(value)); }
  Result(Error error) : ok_(false) { ::new (static_cast<void*>(&storage_.error)) Error(error); }
  Result(Result&& other) noexcept : ok_(other.ok_) { take(other); }
  Result& operator=(Result&& other) noexcept {
    if (this != &other) {
      drop();
      ok_ = other.ok_;
      take(other);
    }
    return *this;
  }
  Result(const Result&) = delete;
  Result& operator=(const Result&) = delete;
  ~Result() { drop(); }

  bool ok() const { return ok_; }
  T& value() & { return assert(ok_), storage_.value; }
  const T& value() const& { return assert(ok_), storage_.value; }
  T&& value() && { return assert(ok_), std::move(storage_.value); }
  T* operator->() { return assert(ok_), &storage_.value; }
  const T* operator->() const { return assert(ok_), &storage_.value; }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  const Error& error() const { return assert(!ok_), storage_.error; }

 private:
  union Storage {
    Storage() {}
    ~Storage() {}
    T value;
    Error error;
  };

  void take(Result& other) {
    if (ok_) {
      ::new (static_cast<void*>(&storage_.value)) T(std::move(other.storage_.value));
    } else {
      ::new (static_cast<void*>(&storage_.error)) Error(other.storage_.error);
    }
  }
  void drop() {
    if (ok_) storage_.value.~T();
  }

  Storage storage_;
  bool ok_;
};

// A success without a value, or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(error), ok_(false) {}

  bool ok() const { return ok_; }
  const Error& error() const { return assert(!ok_), error_; }

 private:
  Error error_{};
  bool ok_ = true;
};

using Status = Result<void>;

}  // namespace netocr

// NETOCR_TRY(expression) returns the Error of a Result that is not ok from the calling function. It drops the
// value of one that is ok.
#define NETOCR_TRY(...)                                                          \
  do {                                                                           \
    if (const auto& tried_ = (__VA_ARGS__); !tried_.ok()) return tried_.error(); \
  } while (false)

// NETOCR_ASSIGN(target, expression) does the same, and moves the value of a Result that is ok to `target`, a
// declaration or an existing variable. It expands to two statements, so it must not be the only body of an
// `if`.
//   NETOCR_ASSIGN(Buffer body, Buffer::create(length));
//   NETOCR_ASSIGN(const Header& header, read_header(bytes));  // a reference to the value inside
//   NETOCR_ASSIGN(planes_[i], Buffer::create(plane_bytes));
#define NETOCR_ASSIGN(target, ...) \
  NETOCR_ASSIGN_FROM(NETOCR_JOIN(result_of_line_, __LINE__), target, __VA_ARGS__)
#define NETOCR_ASSIGN_FROM(result, target, ...) \
  auto result = (__VA_ARGS__);                  \
  if (!result.ok()) return result.error();      \
  target = std::move(result).value()
#define NETOCR_JOIN(a, b) NETOCR_JOIN_EXPANDED(a, b)
#define NETOCR_JOIN_EXPANDED(a, b) a##b
