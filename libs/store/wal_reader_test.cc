// SPDX-License-Identifier: Apache-2.0
#include "store/wal_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

using testing::ElementsAre;
using testing::IsEmpty;

namespace clew::store {
namespace {

constexpr uint32_t kSegment = 7;

// A segment with one record for each body, then `free` zero bytes.
std::string SegmentOf(const std::vector<std::string>& bodies, size_t free = 256) {
  std::string bytes = EncodeSegmentHeader({.node = 1, .epoch = 2, .segment = kSegment});
  for (const std::string& body : bodies) {
    WalRecord record;
    record.lsn = {kSegment, static_cast<uint32_t>(bytes.size())};
    record.epoch = 2;
    record.receive_time_unix_nano = 3;
    record.body_hash = base::HashOf128(body);
    record.format = wire::Format::kOtlpProtobuf;
    record.decoder_version = 1;
    record.tenant = "t";
    record.body = body;
    bytes += EncodeRecord(record);
  }
  return bytes + std::string(free, '\0');
}

struct Outcome {
  SegmentSummary summary;
  std::vector<std::string> bodies;
  std::vector<size_t> damaged_bytes;
};

Outcome Read(const std::string& bytes) {
  Outcome outcome;
  outcome.summary = ReadSegment(
      bytes, kSegment, [&](const WalRecord& record) { outcome.bodies.emplace_back(record.body); },
      [&](Lsn, std::string_view damaged) { outcome.damaged_bytes.push_back(damaged.size()); });
  return outcome;
}

TEST(WalReader, ReadsBackWhatWasWritten) {
  const Outcome outcome = Read(SegmentOf({"one", "", "three"}));
  EXPECT_THAT(outcome.bodies, ElementsAre("one", "", "three"));
  EXPECT_THAT(outcome.damaged_bytes, IsEmpty());
}

TEST(WalReader, CutsATornTailAtEveryByte) {
  const std::string whole = SegmentOf({"first", "the last one"}, 0);
  const std::string first = SegmentOf({"first"}, 0);
  // The last bytes are padding, which may be missing.
  const size_t end = kSegmentHeaderBytes + 2 * kRecordHeaderBytes + 8 + 1 + 12;
  for (size_t size = first.size(); size < end; ++size) {
    const Outcome outcome = Read(whole.substr(0, size));
    ASSERT_THAT(outcome.bodies, ElementsAre("first")) << size;
    ASSERT_EQ(outcome.summary.end, first.size()) << size;
    ASSERT_EQ(outcome.summary.damaged, 0u) << size;
  }
}

TEST(WalReader, AFlippedByteCostsItsRecordAlone) {
  const std::string whole = SegmentOf({"first", "second", "third"});
  const size_t begin = SegmentOf({"first"}, 0).size();
  const size_t end = begin + kRecordHeaderBytes + 1 + 6;  // without padding
  for (size_t at = begin; at < end; ++at) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x20);
    const Outcome outcome = Read(bytes);
    ASSERT_THAT(outcome.bodies, ElementsAre("first", "third")) << at;
    ASSERT_EQ(outcome.summary.damaged, 1u) << at;
  }
}

TEST(WalReader, BytesOfAnotherPlaceAreNoRecord) {
  const std::string one = SegmentOf({"one"}, 0);
  const std::string record = one.substr(kSegmentHeaderBytes);
  const Outcome outcome = Read(one + record + record);
  EXPECT_THAT(outcome.bodies, ElementsAre("one"));
  EXPECT_EQ(outcome.summary.end, one.size());
}

TEST(SegmentHeader, ANewerFormatIsRefusedByName) {
  std::string header = EncodeSegmentHeader({.node = 1, .epoch = 2, .segment = 3});
  header[10] = 9;
  const auto decoded = DecodeSegmentHeader(header);
  EXPECT_EQ(decoded.error().code, base::ErrorCode::kUnsupported);
  EXPECT_THAT(decoded.error().message, testing::HasSubstr("log format 9"));
}

TEST(SegmentHeader, DamageIsNoticed) {
  std::string header = EncodeSegmentHeader({.node = 1, .epoch = 2, .segment = 3});
  header[20] = 1;
  EXPECT_EQ(DecodeSegmentHeader(header).error().code, base::ErrorCode::kCorruption);
}

}  // namespace
}  // namespace clew::store
