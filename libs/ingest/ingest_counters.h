// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/counter.h"
#include "base/mutex.h"
#include "base/result.h"
#include "store/trace_store.h"
#include "wire/body.h"
#include "wire/reject_counts.h"

// What came in, by whom and how, and what was refused and why.
namespace clew::ingest {

// The protocol that a body came by.
enum class Receiver : uint8_t {
  kOtlpGrpc,
  kOtlpHttp,
  kJaegerGrpc,
  kJaegerThrift,
  kJaegerCompact,
  kJaegerBinary,
  kZipkinGrpc,
  kZipkinHttp,
  kSelf,  // no protocol: the server's own spans
};
inline constexpr size_t kReceivers = 9;
std::string_view NameOf(Receiver receiver);  // "otlp_grpc"

// Over HTTP or a datagram, or as the message of a gRPC call.
Receiver ReceiverOf(wire::Format format, bool is_grpc);

// Why nothing of a body was stored.
enum class Refused : uint8_t {
  kTooLarge,
  kMalformed,
  kUnsupported,  // a media type or an encoding that the receiver does not know
  kIncomplete,   // the client left or was late before all of it had come
  kNotReady,     // the log is being read, or the server ends
  kRateLimited,  // the tenant sends more than it may
  kMemory,       // of bodies on their way, or of memtables
  kUnmergedBlocks,
  kDiskFull,
  kDiskError,
  kUnauthorized,
  kForbidden,
  kBadTenant,
};
inline constexpr size_t kRefusals = 13;
std::string_view NameOf(Refused refused);  // "too_large"

// What an error of reading or checking a body stands for; of the store's, see below.
Refused RefusedFor(base::ErrorCode code);
Refused RefusedFor(store::AppendRefusal refusal);
// The status that a guard answers with.
Refused RefusedFor(int http_status);

std::string_view NameOf(model::RejectReason reason);  // "invalid_trace_id"

// What was stored of a body.
struct Taken {
  uint64_t bytes = 0;
  wire::CountedBody body{};
  bool duplicate = false;
};

// Thread-safe. What is counted for a tenant takes a lock, once for each body.
class IngestCounters {
 public:
  // Tenants that are counted by their names; the first that come. All others are one.
  static constexpr size_t kNamedTenants = 50;
  static constexpr std::string_view kOtherTenants = "other";

  void CountTaken(Receiver receiver, std::string_view tenant, const Taken& taken);
  // `bytes` as far as they have come.
  void CountRefused(Receiver receiver, std::string_view tenant, Refused refused, uint64_t bytes);
  // Datagrams that no receiver has seen.
  void CountDropped(Receiver receiver, uint64_t datagrams);
  // From all of a body to its acknowledgement.
  void CountDuration(std::chrono::nanoseconds took) { duration_.Add(took); }

  struct Counts {
    uint64_t requests = 0, received_bytes = 0, accepted_spans = 0, duplicate_requests = 0,
             dropped_datagrams = 0;
    std::array<uint64_t, kRefusals> refused{};
    std::array<uint64_t, wire::kRejectReasons> rejected_spans{};

    uint64_t refused_requests() const;
    uint64_t all_rejected_spans() const;
  };
  Counts counts(Receiver receiver) const;
  struct TenantCounts {
    std::string tenant;
    uint64_t received_bytes = 0, accepted_spans = 0, refused_requests = 0;
  };
  // The last are the others, if there are any.
  std::vector<TenantCounts> tenants() const;
  // `tenant`, or kOtherTenants when it is one of those.
  std::string_view LabelOf(std::string_view tenant) const;
  base::DurationHistogram::Counts durations() const { return duration_.counts(); }

 private:
  struct OfReceiver {
    base::Counter requests, received_bytes, accepted_spans, duplicates, dropped;
    std::array<base::Counter, kRefusals> refused;
    std::array<base::Counter, wire::kRejectReasons> rejected;
  };
  OfReceiver& Of(Receiver receiver) { return receivers_[static_cast<size_t>(receiver)]; }
  TenantCounts& OfTenant(std::string_view tenant) REQUIRES_LOCK(mutex_);

  std::array<OfReceiver, kReceivers> receivers_;
  base::DurationHistogram duration_;
  mutable base::Mutex mutex_;
  std::map<std::string, TenantCounts, std::less<>> tenants_ GUARDED_BY(mutex_);
};

}  // namespace clew::ingest
