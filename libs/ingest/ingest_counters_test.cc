// SPDX-License-Identifier: Apache-2.0
#include "ingest/ingest_counters.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

namespace clew::ingest {
namespace {

Taken Spans(uint64_t spans) {
  return {.bytes = 100, .body = {.summary = {.accepted_spans = spans}}};
}

TEST(IngestCounters, KeepsReceiversAndReasonsApart) {
  IngestCounters counters;
  counters.CountTaken(Receiver::kOtlpGrpc, "t", Spans(3));
  counters.CountRefused(Receiver::kOtlpHttp, "t", Refused::kTooLarge, 7);
  counters.CountDropped(Receiver::kJaegerCompact, 5);
  EXPECT_EQ(counters.counts(Receiver::kOtlpGrpc).accepted_spans, 3u);
  EXPECT_EQ(counters.counts(Receiver::kOtlpGrpc).refused_requests(), 0u);
  const IngestCounters::Counts http = counters.counts(Receiver::kOtlpHttp);
  EXPECT_EQ(http.refused[static_cast<size_t>(Refused::kTooLarge)], 1u);
  EXPECT_EQ(http.refused_requests(), 1u);
  EXPECT_EQ(http.received_bytes, 7u);
  EXPECT_EQ(counters.counts(Receiver::kJaegerCompact).dropped_datagrams, 5u);
}

TEST(IngestCounters, ADuplicateStoresNoSpan) {
  IngestCounters counters;
  Taken again = Spans(3);
  again.duplicate = true;
  counters.CountTaken(Receiver::kOtlpGrpc, "t", again);
  EXPECT_EQ(counters.counts(Receiver::kOtlpGrpc).accepted_spans, 0u);
  EXPECT_EQ(counters.counts(Receiver::kOtlpGrpc).duplicate_requests, 1u);
  EXPECT_EQ(counters.tenants().front().accepted_spans, 0u);
}

TEST(IngestCounters, NamesSoManyTenantsAndAddsTheRestUp) {
  IngestCounters counters;
  const size_t all = IngestCounters::kNamedTenants + 20;
  for (size_t i = 0; i < all; ++i) {
    counters.CountTaken(Receiver::kOtlpGrpc, std::to_string(100 + i), Spans(1));
  }
  const auto tenants = counters.tenants();
  ASSERT_EQ(tenants.size(), IngestCounters::kNamedTenants + 1);
  EXPECT_EQ(tenants.front().tenant, "100");
  EXPECT_EQ(tenants.back().tenant, "other");
  EXPECT_EQ(tenants.back().accepted_spans, 20u);
  EXPECT_EQ(counters.LabelOf("100"), "100");
  EXPECT_EQ(counters.LabelOf("169"), "other");
}

TEST(IngestCounters, ATenantCalledOtherIsOneOfTheOthers) {
  IngestCounters counters;
  counters.CountTaken(Receiver::kOtlpGrpc, "other", Spans(2));
  counters.CountTaken(Receiver::kOtlpGrpc, "a", Spans(1));
  ASSERT_EQ(counters.tenants().size(), 2u);
  EXPECT_EQ(counters.tenants().back().accepted_spans, 2u);
}

TEST(IngestCounters, EveryRefusalOfTheStoreHasItsReason) {
  using store::AppendRefusal;
  const auto reason = [](AppendRefusal refusal) { return NameOf(RefusedFor(refusal)); };
  EXPECT_EQ(reason(AppendRefusal::kMemory), "memory");
  EXPECT_EQ(reason(AppendRefusal::kUnmergedBlocks), "unmerged_blocks");
  EXPECT_EQ(reason(AppendRefusal::kDiskFull), "disk_full");
  EXPECT_EQ(reason(AppendRefusal::kDiskError), "disk_error");
  EXPECT_EQ(reason(AppendRefusal::kClosing), "not_ready");
  EXPECT_EQ(reason(AppendRefusal::kNone), "disk_error") << "the log could not be synced afterwards";
}

TEST(IngestCounters, EveryErrorOfABodyHasItsReason) {
  using base::ErrorCode;
  const auto reason = [](ErrorCode code) { return NameOf(RefusedFor(code)); };
  EXPECT_EQ(reason(ErrorCode::kTooLarge), "too_large");
  EXPECT_EQ(reason(ErrorCode::kUnsupported), "unsupported");
  EXPECT_EQ(reason(ErrorCode::kInvalidArgument), "malformed");
  EXPECT_EQ(reason(ErrorCode::kCorruption), "malformed");
  EXPECT_EQ(reason(ErrorCode::kCancelled), "incomplete");
  EXPECT_EQ(reason(ErrorCode::kDeadlineExceeded), "incomplete");
  EXPECT_EQ(reason(ErrorCode::kIo), "incomplete");
  EXPECT_EQ(reason(ErrorCode::kUnavailable), "not_ready");
  EXPECT_EQ(reason(ErrorCode::kExhausted), "memory");
}

TEST(IngestCounters, EveryNameIsAnother) {
  std::set<std::string_view> names;
  for (size_t i = 0; i < kRefusals; ++i) names.insert(NameOf(static_cast<Refused>(i)));
  for (size_t i = 0; i < kReceivers; ++i) names.insert(NameOf(static_cast<Receiver>(i)));
  EXPECT_EQ(names.size(), kRefusals + kReceivers);
  EXPECT_FALSE(names.contains("unknown"));
}

}  // namespace
}  // namespace clew::ingest
