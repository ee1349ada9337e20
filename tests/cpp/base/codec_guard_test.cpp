// The way back from an error callback.
#include "base/codec_guard.hpp"

#include <gtest/gtest.h>

namespace netocr {
namespace {

struct Steps {
  CodecGuard guard;
  int done = 0;
  bool fail = false;
};

void step(void* context) {
  Steps& steps = *static_cast<Steps*>(context);
  ++steps.done;
  if (steps.fail) leave_guarded(steps.guard);
  ++steps.done;
}

TEST(CodecGuard, TellsWhetherTheStepWasLeft) {
  Steps steps{};
  EXPECT_TRUE(run_guarded(steps.guard, step, &steps));
  EXPECT_EQ(steps.done, 2);
  steps.fail = true;
  EXPECT_FALSE(run_guarded(steps.guard, step, &steps));
  EXPECT_EQ(steps.done, 3);
  steps.fail = false;  // the guard serves again
  EXPECT_TRUE(run_guarded(steps.guard, step, &steps));
  EXPECT_EQ(steps.done, 5);
}

}  // namespace
}  // namespace netocr
