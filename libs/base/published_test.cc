// SPDX-License-Identifier: Apache-2.0
#include "base/published.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <thread>

namespace clew::base {
namespace {

TEST(Published, IsZeroUntilItIsSet) {
  Published<uint32_t> number;
  EXPECT_EQ(number.Get(), 0u);
  number.Set(7);
  EXPECT_EQ(number.Get(), 7u);
}

// Plain memory written before a Set may be read after the Get that saw it.
TEST(Published, WhatWasWrittenBeforeIsSeenWithTheValue) {
  constexpr uint32_t kValues = 10'000;
  std::array<uint32_t, kValues> plain{};
  Published<uint32_t> written;
  bool stale = false;
  std::thread reader([&] {
    for (uint32_t count = 0; count < kValues; count = written.Get()) {
      if (count != 0 && plain[count - 1] != count) stale = true;
    }
  });
  for (uint32_t i = 0; i < kValues; ++i) {
    plain[i] = i + 1;
    written.Set(i + 1);
  }
  reader.join();
  EXPECT_FALSE(stale);
}

}  // namespace
}  // namespace clew::base
