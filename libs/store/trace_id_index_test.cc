// SPDX-License-Identifier: Apache-2.0
#include "store/trace_id_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "base/bytes.h"

using testing::ElementsAre;
using testing::IsEmpty;

namespace clew::store {
namespace {

model::TraceId SequentialId(uint64_t number) {
  model::TraceId id;
  for (size_t i = 0; i < 8; ++i) id.bytes[15 - i] = static_cast<uint8_t>(number >> 8 * i);
  return id;
}

model::TraceId RandomId(std::mt19937_64& random) {
  model::TraceId id;
  for (uint8_t& byte : id.bytes) byte = static_cast<uint8_t>(random());
  return id;
}

// An index in memory that counts what is read of it.
struct File {
  std::string bytes;
  int reads = 0;

  base::Result<TraceIdIndex> Open() {
    return TraceIdIndex::Open(
        [this](uint64_t offset, uint64_t size) -> base::Result<std::string> {
          ++reads;
          return bytes.substr(std::min<uint64_t>(offset, bytes.size()), size);
        },
        bytes.size());
  }
};

TEST(TraceIdIndex, FindsEveryIdAndFewOthers) {
  for (const uint32_t count : {1u, 2u, 340u, 341u, 342u, 5000u, 100'000u}) {
    for (const bool sequential : {false, true}) {
      SCOPED_TRACE(std::to_string(count) + (sequential ? " sequential" : " random"));
      std::mt19937_64 random(count);
      std::vector<model::TraceId> ids;
      ids.reserve(count);
      for (uint32_t i = 0; i < count; ++i) {
        ids.push_back(sequential ? SequentialId(i + 1) : RandomId(random));
      }
      File file{EncodeTraceIdIndex(ids, 7)};
      const auto index = file.Open();
      ASSERT_TRUE(index.ok()) << index.error().message;
      file.reads = 0;
      int looked_up = 0;
      for (uint32_t i = 0; i < count; i += 1 + count / 500, ++looked_up) {
        EXPECT_THAT(index.value().Find(ids[i]).value(), ElementsAre(i));
      }
      EXPECT_LE(file.reads, 3 * looked_up);
      // What is not there is mostly told by the filter.
      file.reads = 0;
      int passed = 0;
      for (uint64_t i = 0; i < 5000; ++i) {
        const int before = file.reads;
        EXPECT_THAT(index.value().Find(SequentialId((uint64_t{1} << 40) + i)).value(), IsEmpty());
        passed += file.reads - before > 1;
      }
      EXPECT_LE(passed, 5000 * 3 / 100);
    }
  }
}

TEST(TraceIdIndex, FindsAnIdThatIsThereOften) {
  std::vector<model::TraceId> ids(2000, SequentialId(5));
  for (uint64_t i = 0; i < 2000; ++i) ids.push_back(SequentialId(100 + i));
  File file{EncodeTraceIdIndex(ids, 1)};
  const auto found = file.Open().value().Find(SequentialId(5)).value();
  ASSERT_EQ(found.size(), 2000u);
  EXPECT_EQ(found.front(), 0u);
  EXPECT_EQ(found.back(), 1999u);
}

TEST(TraceIdIndex, OfNothingHasNothing) {
  File file{EncodeTraceIdIndex({}, 1)};
  EXPECT_THAT(file.Open().value().Find(SequentialId(1)).value(), IsEmpty());
}

TEST(TraceIdIndex, NeverAnswersWrongFromADamagedFile) {
  std::vector<model::TraceId> ids;
  ids.reserve(400);
  for (uint64_t i = 0; i < 400; ++i) ids.push_back(SequentialId(i));
  const std::string good = EncodeTraceIdIndex(ids, 3);
  for (size_t at = 0; at < good.size(); ++at) {
    File file{good};
    file.bytes[at] = static_cast<char>(file.bytes[at] ^ 0x41);
    const auto index = file.Open();
    if (!index.ok()) continue;
    for (uint32_t i = 0; i < 400; i += 37) {
      const auto found = index.value().Find(ids[i]);
      if (found.ok()) {
        EXPECT_THAT(found.value(), ElementsAre(i)) << at;
      }
    }
  }
  for (size_t size = 0; size < good.size(); size += 13) {
    File file{good.substr(0, size)};
    EXPECT_FALSE(file.Open().ok()) << size;
  }
}

TEST(TraceIdIndex, RefusesANewerOne) {
  File file{EncodeTraceIdIndex({}, 1)};
  file.bytes[10] = 9;
  const auto index = file.Open();
  ASSERT_FALSE(index.ok());
  EXPECT_EQ(index.error().code, base::ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace clew::store
