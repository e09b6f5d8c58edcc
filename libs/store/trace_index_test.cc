// SPDX-License-Identifier: Apache-2.0
#include "store/trace_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <thread>
#include <unordered_map>
#include <vector>

using testing::ElementsAre;
using testing::IsEmpty;

namespace clew::store {
namespace {

model::TraceId TraceOf(uint32_t number) {
  model::TraceId id;
  for (size_t i = 0; i < 4; ++i) id.bytes[15 - i] = static_cast<uint8_t>(number >> (8 * i));
  return id;
}

class TraceIndexTest : public testing::Test {
 protected:
  void Add(uint32_t trace) {
    trace_ids_.push_back(TraceOf(trace));
    index_.Add(static_cast<uint32_t>(trace_ids_.size() - 1));
  }
  // Newest first.
  std::vector<uint32_t> RowsOf(uint32_t trace) const {
    std::vector<uint32_t> rows;
    for (uint32_t row = index_.Newest(TraceOf(trace)); row != TraceIndex::kNoRow;
         row = index_.Previous(row)) {
      rows.push_back(row);
    }
    return rows;
  }

  base::AppendVector<model::TraceId> trace_ids_;
  TraceIndex index_{trace_ids_};
};

TEST_F(TraceIndexTest, ListsTheRowsOfATraceNewestFirst) {
  for (const uint32_t trace : {1u, 2u, 1u, 1u, 2u}) Add(trace);
  EXPECT_THAT(RowsOf(1), ElementsAre(3, 2, 0));
  EXPECT_THAT(RowsOf(2), ElementsAre(4, 1));
  EXPECT_THAT(RowsOf(3), IsEmpty());
}

TEST_F(TraceIndexTest, SaysTheSameAsAMapOverManyTraces) {
  std::mt19937 random(1);
  std::unordered_map<uint32_t, std::vector<uint32_t>> expected;
  for (uint32_t row = 0; row < 20'000; ++row) {
    const auto trace = static_cast<uint32_t>(random() % 5000);
    Add(trace);
    expected[trace].insert(expected[trace].begin(), row);
  }
  for (uint32_t trace = 0; trace < 6000; ++trace)
    ASSERT_EQ(RowsOf(trace), expected[trace]) << trace;
}

TEST_F(TraceIndexTest, CountsItsTablesOldOnesToo) {
  const size_t before = index_.size_bytes();
  for (uint32_t trace = 0; trace < 200; ++trace) Add(trace);
  // Tables of 32 to 512 slots beside that of 16, and the rows: chunks of 4 to 128, and the
  // places of 26 more.
  EXPECT_EQ(index_.size_bytes(),
            before + (1024 - 32 + 256 - 4) * sizeof(uint32_t) + 26 * sizeof(uint32_t*));
}

// A reader only ever meets rows of the trace it asked for, also of traces that
// are added while it looks, and tables that grow.
TEST_F(TraceIndexTest, ReadersRunBesideTheWriter) {
  constexpr uint32_t kTraces = 20'000;
  bool wrong = false;
  std::thread reader([&] {
    for (uint32_t trace = 0; RowsOf(kTraces - 1).empty(); trace = (trace + 1) % kTraces) {
      for (const uint32_t row : RowsOf(trace)) {
        if (trace_ids_[row] != TraceOf(trace)) wrong = true;
      }
    }
  });
  for (uint32_t trace = 0; trace < kTraces; ++trace) {
    Add(trace);
    Add(trace / 2);
  }
  reader.join();
  EXPECT_FALSE(wrong);
}

}  // namespace
}  // namespace clew::store
