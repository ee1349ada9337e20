// The only user of setjmp: C codecs report a fatal error by a callback that must not return.
#pragma once

#include <csetjmp>

namespace netocr {

// The target of leave_guarded(). It is part of the codec's state, so that the callbacks can reach it.
struct CodecGuard {
  std::jmp_buf target;
};

// Calls step(context). Returns false when leave_guarded() ended it. Between here and the library's call,
// `step` keeps only trivially destructible locals, as longjmp runs no destructor.
[[nodiscard]] bool run_guarded(CodecGuard& guard, void (*step)(void* context), void* context);

// Ends the run_guarded() that is on the stack with this guard. Only a library's error callback may call it.
[[noreturn]] void leave_guarded(CodecGuard& guard);

}  // namespace netocr
