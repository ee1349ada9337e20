// The one place of setjmp: C codecs report a fatal error by a callback that must not return.
#pragma once

#include <csetjmp>

namespace netocr {

// Where leave_guarded() jumps back to. It lives in the codec's state, so that the callbacks can reach it.
struct CodecGuard {
  std::jmp_buf target;
};

// Calls step(context). False when leave_guarded() ended it. Between here and the call of the library, `step`
// keeps only trivially destructible locals: no destructor runs on the way back.
[[nodiscard]] bool run_guarded(CodecGuard& guard, void (*step)(void* context), void* context);

// Ends the run_guarded() that is on the stack with this guard; from a library's error callback only.
[[noreturn]] void leave_guarded(CodecGuard& guard);

}  // namespace netocr
