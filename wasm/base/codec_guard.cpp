// Contains setjmp and longjmp, separate from all code that has objects to destroy.
#include "base/codec_guard.hpp"

namespace netocr {

bool run_guarded(CodecGuard& guard, void (*step)(void* context), void* context) {
  if (setjmp(guard.target) != 0) return false;  // NOLINT(cert-err52-cpp): the libraries know no other way
  step(context);
  return true;
}

void leave_guarded(CodecGuard& guard) {
  std::longjmp(guard.target, 1);  // NOLINT(cert-err52-cpp)
}

}  // namespace netocr
