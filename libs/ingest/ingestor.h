// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/published.h"
#include "base/result.h"
#include "ingest/ingest_counters.h"
#include "ingest/limits.h"
#include "ingest/refusal.h"
#include "ingest/refusal_notes.h"
#include "ingest/tenant_rates.h"
#include "model/span_sink.h"
#include "model/tracer.h"
#include "net/body_budget.h"
#include "net/event_loop.h"
#include "net/exchange.h"
#include "net/task.h"
#include "store/trace_store.h"
#include "wire/body.h"

namespace clew::ingest {

// The tenant of everything where the server does not tell tenants apart.
inline constexpr std::string_view kSingleTenant = "single-tenant";

class Redactor;

// Whose request it is.
inline std::string TenantOf(const net::Exchange& exchange) {
  return exchange.tenant().empty() ? std::string(kSingleTenant) : exchange.tenant();
}

struct IngestLimits {
  uint64_t body_bytes = kBodyLimitBytes;
  uint64_t inflated_bytes = kInflatedLimitBytes;
  TenantLimits tenant{};              // at first, see SetTenantLimits
  net::BodyBudget* bodies = nullptr;  // what is inflated is counted there; null: not counted
};

// One request body, as received, or as OTLP where it is rewritten: JSON, which is read once then
// and not three times, and what a Redactor has seen.
struct IngestRequest {
  wire::Format format;
  wire::ContentEncoding encoding;
  std::string body;
  std::string tenant = std::string(kSingleTenant);
  Receiver receiver = Receiver::kOtlpHttp;
};

// The body before it was compressed, at most `limit_bytes` of it (else kTooLarge).
base::Result<std::string> PlainBody(const IngestRequest& request, uint64_t limit_bytes);

// What became of a body that was acknowledged.
struct IngestReply {
  uint64_t accepted_spans = 0;
  uint64_t rejected_spans = 0;
  model::RejectReason first_reject_reason{};  // when rejected_spans > 0
  bool duplicate = false;
};

using IngestOutcome = base::Result<IngestReply, Refusal>;

// "3 spans rejected: trace id must be ..." for a reply with rejected spans.
std::string DescribeRejection(const IngestReply& reply);

// "gzip", "x-gzip", "deflate", "zlib", "zstd", "lz4", "snappy", "x-snappy-framed", "identity"
// or nothing; kUnsupported names any other.
base::Result<wire::ContentEncoding> ParseContentEncoding(std::string_view name);
// The plain text of bytes in the encoding of that name, at most `limit_bytes` of it: kTooLarge past
// them.
base::Result<std::string> Unpacked(std::string bytes, std::string_view encoding,
                                   uint64_t limit_bytes);

// The way of every body into the store, whatever protocol brought it:
// limits, decompression, validation, translation, redaction, durable append. Thread-safe.
class Ingestor {
 public:
  // `on_storage_failure` hears, on any loop's thread, of a disk that no longer keeps
  // what it is given: the process should end then. It may come more than once.
  explicit Ingestor(store::TraceStore& store, IngestLimits limits = {},
                    std::function<void(const base::Error&)> on_storage_failure = {})
      : store_(store),
        limits_(limits),
        rates_(limits.tenant),
        on_storage_failure_(std::move(on_storage_failure)) {}

  // Until this is called every body is refused with kUnavailable: the store may
  // not be appended to while it replays.
  void Open();

  // Every body is rewritten by it before it goes anywhere. It outlives this. Set before Open.
  void set_redactor(const Redactor& redactor) { redactor_ = &redactor; }

  // Makes spans of a share of the bodies. It outlives this. Set before Open.
  void set_tracer(model::Tracer& tracer) { tracer_ = &tracer; }

  // `on_stored` hears of every body whose spans are durable and were not sent before, and how
  // many they are, on the loop that brought it: it must return at once. Add before Open.
  using StoredCallback = std::function<void(const IngestRequest& request, uint64_t spans)>;
  void AddOnStored(StoredCallback on_stored) { on_stored_.push_back(std::move(on_stored)); }

  // Returns when the spans are durable and visible to every query, or with the
  // reason why nothing was stored. Call and await on `loop`.
  net::Task<IngestOutcome> Ingest(net::EventLoop& loop, IngestRequest request);

  const IngestLimits& limits() const { return limits_; }
  // Other limits of tenants than those it began with.
  void SetTenantLimits(const TenantLimits& limits, OwnLimits own) {
    rates_.Set(limits, std::move(own));
  }

  struct Counters {
    uint64_t requests = 0, refused_requests = 0, received_bytes = 0, accepted_spans = 0,
             rejected_spans = 0, duplicate_requests = 0, dropped_datagrams = 0;
  };
  // Without the server's own spans, which nobody sent.
  Counters counters() const;

  // The same by receiver, tenant and reason.
  const IngestCounters& counted() const { return counted_; }
  // What a receiver or a guard refuses before it comes this far is noted there by whoever
  // refused it.
  RefusalNotes& refusals() { return refusals_; }
  const RefusalNotes& refusals() const { return refusals_; }

 private:
  // A body on its way into the store.
  struct Started {
    wire::CountedBody body{};
    store::AppendRefusal refusal = store::AppendRefusal::kNone;
  };
  base::Result<Started, Refusal> StartAppend(
      net::EventLoop& loop, IngestRequest& request, net::HeldBody& kept,
      std::function<void(base::Result<store::Appended>)> done);
  base::Status Rewrite(IngestRequest& request, std::string otlp, std::string_view inflated,
                       net::HeldBody& kept) const;
  net::BodiesOfLoop* BodiesOn(const net::EventLoop& loop) const;  // may be null

  store::TraceStore& store_;
  const IngestLimits limits_;
  TenantRates rates_;
  const std::function<void(const base::Error&)> on_storage_failure_;
  const Redactor* redactor_ = nullptr;
  model::Tracer* tracer_ = nullptr;
  std::vector<StoredCallback> on_stored_;
  IngestCounters counted_;
  RefusalNotes refusals_{counted_};
  base::Published<bool> open_;
};

}  // namespace clew::ingest
