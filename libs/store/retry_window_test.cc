// SPDX-License-Identifier: Apache-2.0
#include "store/retry_window.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace clew::store {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

base::Hash128 HashOf(uint64_t number) {
  return {.low = number, .high = ~number};
}

TEST(RetryWindow, KnowsABodyOfItsTenantForTenMinutes) {
  RetryWindow window;
  window.Add("a", HashOf(1), 100 * kSecond, 7);
  EXPECT_EQ(window.Find("a", HashOf(1), 100 * kSecond), 7u);
  EXPECT_EQ(window.Find("b", HashOf(1), 100 * kSecond), std::nullopt);
  EXPECT_EQ(window.Find("a", HashOf(2), 100 * kSecond), std::nullopt);
  EXPECT_EQ(window.Find("a", HashOf(1), 700 * kSecond), 7u);
  EXPECT_EQ(window.Find("a", HashOf(1), 700 * kSecond + 1), std::nullopt);
}

TEST(RetryWindow, CountsTheTenMinutesFromTheLastTime) {
  RetryWindow window;
  window.Add("a", HashOf(1), 100 * kSecond, 7);
  window.Add("a", HashOf(1), 500 * kSecond, 9);
  EXPECT_EQ(window.Find("a", HashOf(1), 900 * kSecond), 9u);
}

TEST(RetryWindow, ComesBackFromItsBytes) {
  RetryWindow window;
  window.Add("a", HashOf(1), 100 * kSecond, 7);
  window.Add("", HashOf(2), 200 * kSecond, 8);
  window.Add("a", HashOf(1), 300 * kSecond, 9);
  RetryWindow restored;
  ASSERT_TRUE(restored.Restore(window.Encode()).ok());
  EXPECT_EQ(restored.Find("a", HashOf(1), 800 * kSecond), 9u);
  EXPECT_EQ(restored.Find("", HashOf(2), 800 * kSecond), 8u);
  EXPECT_TRUE(RetryWindow().Restore(RetryWindow().Encode()).ok());
}

TEST(RetryWindow, KeepsOnceWhatItIsToldTwice) {
  RetryWindow window;
  window.Add("a", HashOf(1), 100 * kSecond, 7);
  const std::string once = window.Encode();
  window.Add("a", HashOf(1), 100 * kSecond, 7);
  EXPECT_EQ(window.Encode(), once);
}

TEST(RetryWindow, RemembersTheLastOfVeryMany) {
  RetryWindow window;
  constexpr uint64_t kBodies = RetryWindow::kMaxRetryEntries + 1000;
  for (uint64_t body = 0; body < kBodies; ++body) {
    window.Add("t" + std::to_string(body % 7), HashOf(body), 100 * kSecond, body);
  }
  EXPECT_EQ(window.Find("t5", HashOf(999), 100 * kSecond), std::nullopt);
  EXPECT_EQ(window.Find("t6", HashOf(1000), 100 * kSecond), 1000u);
  EXPECT_EQ(window.Find("t0", HashOf(1000), 100 * kSecond), std::nullopt);
}

TEST(RetryWindow, RefusesDamagedBytes) {
  RetryWindow window;
  window.Add("tenant", HashOf(1), 100 * kSecond, 7);
  const std::string encoded = window.Encode();
  for (size_t size = 0; size < encoded.size(); ++size) {
    EXPECT_FALSE(RetryWindow().Restore(encoded.substr(0, size)).ok()) << size;
  }
  for (size_t at = 0; at < encoded.size(); ++at) {
    std::string damaged = encoded;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    RetryWindow restored;
    EXPECT_FALSE(restored.Restore(damaged).ok()) << at;
    EXPECT_EQ(restored.Find("tenant", HashOf(1), 100 * kSecond), std::nullopt) << at;
  }
}

}  // namespace
}  // namespace clew::store
