// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "objects/fake_object_store_fixture.h"

using testing::IsEmpty;
using testing::SizeIs;

namespace clew::objects {
namespace {

TEST(FakeObjectStore, ARefusedCallDoesNothing) {
  FakeObjectStore store(1, {.refused = 100});
  EXPECT_EQ(store.PutIfAbsent("a", "1").error().code, base::ErrorCode::kUnavailable);
  EXPECT_EQ(store.List("").error().code, base::ErrorCode::kUnavailable);
  store.Heal();
  EXPECT_THAT(store.List("").value(), IsEmpty());
}

TEST(FakeObjectStore, AnUnansweredCallDoesAllTheSame) {
  FakeObjectStore store(1, {.unanswered = 100});
  EXPECT_EQ(store.PutIfAbsent("a", "1").error().code, base::ErrorCode::kUnavailable);
  EXPECT_EQ(store.GetAll("a").value(), "1");
  EXPECT_EQ(store.Delete("a").error().code, base::ErrorCode::kUnavailable);
  EXPECT_EQ(store.GetAll("a").error().code, base::ErrorCode::kNotFound);
  EXPECT_EQ(store.counts().unanswered, 2u);
}

TEST(FakeObjectStore, AListThatLagsIsOneOfEarlier) {
  FakeObjectStore store(1, {.lagging = 100});
  for (char key = 'a'; key <= 'e'; ++key) {
    ASSERT_TRUE(store.Put(std::string(1, key), "").ok());
  }
  ASSERT_TRUE(store.Delete("a").ok());
  // After that many changes: none to five objects, or all but the first.
  constexpr size_t kSizes[] = {0, 1, 2, 3, 4, 5, 4};
  for (int i = 0; i < 100; ++i) {
    const auto listed = store.List("").value();
    EXPECT_THAT(kSizes, testing::Contains(listed.size()));
    if (listed.size() < 4 && !listed.empty()) {
      EXPECT_EQ(listed.front(), "a");
    }
  }
  store.Heal();
  EXPECT_THAT(store.List("").value(), SizeIs(4));
}

TEST(FakeObjectStore, FailsByItsSeed) {
  const auto refusals = [](uint64_t seed) {
    FakeObjectStore store(seed, {.refused = 50});
    std::string text;
    for (int i = 0; i < 64; ++i) text += store.GetAll("a").error().message.substr(3, 4);
    return text;
  };
  EXPECT_EQ(refusals(1), refusals(1));
  EXPECT_NE(refusals(1), refusals(2));
}

}  // namespace
}  // namespace clew::objects
