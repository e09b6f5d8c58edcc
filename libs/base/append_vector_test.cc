// SPDX-License-Identifier: Apache-2.0
#include "base/append_vector.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <thread>
#include <vector>

namespace clew::base {
namespace {

// The first index of each of the first chunks, and those beside it.
constexpr size_t kAroundChunks[] = {0, 3, 4, 11, 12, 27, 28, 59, 60, 123, 124, 507, 508};

TEST(AppendVector, HoldsWhatWasAppendedAcrossItsChunks) {
  AppendVector<uint64_t> vector;
  EXPECT_TRUE(vector.empty());
  for (uint64_t i = 0; i < 1000; ++i) vector.push_back(i * 3);
  EXPECT_EQ(vector.size(), 1000u);
  EXPECT_EQ(vector.back(), 2997u);
  for (const size_t index : kAroundChunks) EXPECT_EQ(vector[index], index * 3) << index;
}

TEST(AppendVector, ElementsNeverMove) {
  AppendVector<int> vector;
  std::vector<const int*> places;
  for (int i = 0; i < 1000; ++i) {
    vector.push_back(i);
    places.push_back(&vector.back());
  }
  for (const size_t index : kAroundChunks) EXPECT_EQ(&vector[index], places[index]) << index;
}

TEST(AppendVector, IsSmallWhileItHoldsLittle) {
  EXPECT_EQ(sizeof(AppendVector<uint64_t>), 64u);
  AppendVector<uint64_t> vector;
  for (uint64_t i = 0; i < 60; ++i) vector.push_back(i);
  EXPECT_EQ(vector.size_bytes(), 60u * 8);
}

TEST(AppendVector, CountsTheBytesThatWereTouched) {
  AppendVector<uint32_t> vector;
  EXPECT_EQ(vector.size_bytes(), 0u);
  for (uint32_t i = 0; i < 4; ++i) vector.push_back(i);
  EXPECT_EQ(vector.size_bytes(), 16u);
  vector.push_back(4);
  EXPECT_EQ(vector.size_bytes(), 16u + 32u);
  // In a large chunk only pages that hold elements count.
  while (vector.size() < 100'000) vector.push_back(0);
  EXPECT_LE(vector.size_bytes(), vector.size() * sizeof(uint32_t) + 4096);
}

// A reader that loaded a size reads every element below it while the writer goes on.
TEST(AppendVector, ReadersRunBesideTheWriter) {
  struct Pair {
    uint64_t number;
    uint64_t complement;
  };
  constexpr size_t kElements = 50'000;
  AppendVector<Pair> vector;
  const auto read = [&](bool& torn) {
    for (size_t size = 0; size < kElements; size = vector.size()) {
      if (size == 0) continue;
      for (const size_t index : {size - 1, size / 2, size_t{0}}) {
        const Pair& pair = vector[index];
        if (pair.number != index || pair.complement != ~pair.number) torn = true;
      }
    }
  };
  bool first_torn = false;
  bool second_torn = false;
  std::thread first([&] { read(first_torn); });
  std::thread second([&] { read(second_torn); });
  for (uint64_t i = 0; i < kElements; ++i) vector.push_back({i, ~i});
  first.join();
  second.join();
  EXPECT_FALSE(first_torn || second_torn);
}

}  // namespace
}  // namespace clew::base
