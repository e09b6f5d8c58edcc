// SPDX-License-Identifier: Apache-2.0
#include "ingest/ingestor.h"

#include <algorithm>
#include <utility>

#include "base/compression.h"
#include "ingest/loop_callback.h"
#include "net/http.h"

namespace clew::ingest {
namespace {

base::Codec CodecOf(wire::ContentEncoding encoding) {
  switch (encoding) {
    case wire::ContentEncoding::kIdentity:
      return base::Codec::kNone;
    case wire::ContentEncoding::kGzip:
      return base::Codec::kGzip;
    case wire::ContentEncoding::kDeflate:
      return base::Codec::kDeflate;
    case wire::ContentEncoding::kZstd:
      return base::Codec::kZstd;
    case wire::ContentEncoding::kLz4:
      return base::Codec::kLz4;
    case wire::ContentEncoding::kSnappy:
      return base::Codec::kSnappy;
  }
  return base::Codec::kNone;
}

// The plain text of a compressed body, for which there is `room` as long as it is there.
base::Result<std::string> InflateWithin(const IngestRequest& request, uint64_t limit_bytes,
                                        net::HeldBody& room) {
  uint64_t held = 0;
  for (uint64_t likely = request.body.size() * kLikelyRatio;; likely *= kRatioStep) {
    const uint64_t most = std::min(std::max(likely, kLeastInflatedBytes), limit_bytes);
    if (!room.Grow(most - held)) return room.error();
    held = most;
    base::Result<std::string> plain = PlainBody(request, most);
    const bool may_be_larger = !plain.ok() && plain.error().code == base::ErrorCode::kTooLarge;
    if (!may_be_larger || most == limit_bytes) return plain;
  }
}

// What a body says, with its plain text where that is another than the body.
struct CheckedBody {
  std::string inflated;
  wire::BodySummary summary;
};
base::Result<CheckedBody> Check(const IngestRequest& request, const IngestLimits& limits,
                                net::HeldBody& room) {
  if (request.body.size() > limits.body_bytes) {
    return base::Error{
        base::ErrorCode::kTooLarge,
        "request body is larger than the limit of " + std::to_string(limits.body_bytes) + " bytes"};
  }
  CheckedBody body;
  if (request.encoding == wire::ContentEncoding::kIdentity) {
    body.summary = TRY(wire::Validate(request.format, request.body));
    return body;
  }
  body.inflated = TRY(InflateWithin(request, limits.inflated_bytes, room));
  body.summary = TRY(wire::Validate(request.format, body.inflated));
  return body;
}

}  // namespace

base::Result<std::string> PlainBody(const IngestRequest& request, uint64_t limit_bytes) {
  if (request.encoding == wire::ContentEncoding::kIdentity) return request.body;
  return base::Decompress(CodecOf(request.encoding), request.body, limit_bytes);
}

std::string DescribeRejection(const IngestReply& reply) {
  return std::to_string(reply.rejected_spans) +
         (reply.rejected_spans == 1 ? " span rejected: " : " spans rejected, the first because: ") +
         std::string(wire::Describe(reply.first_reject_reason));
}

base::Result<wire::ContentEncoding> ParseContentEncoding(std::string_view name) {
  struct Name {
    std::string_view text;
    wire::ContentEncoding encoding;
  };
  static constexpr Name kNames[] = {
      {"", wire::ContentEncoding::kIdentity},
      {"identity", wire::ContentEncoding::kIdentity},
      {"gzip", wire::ContentEncoding::kGzip},
      {"x-gzip", wire::ContentEncoding::kGzip},
      {"deflate", wire::ContentEncoding::kDeflate},
      {"zlib", wire::ContentEncoding::kDeflate},
      {"zstd", wire::ContentEncoding::kZstd},
      {"lz4", wire::ContentEncoding::kLz4},
      {"snappy", wire::ContentEncoding::kSnappy},
      {"x-snappy-framed", wire::ContentEncoding::kSnappy},
  };
  for (const Name& known : kNames) {
    if (net::EqualsIgnoringCase(name, known.text)) return known.encoding;
  }
  return base::Error{base::ErrorCode::kUnsupported,
                     "unsupported content encoding '" + std::string(name) +
                         "': send gzip, deflate, zstd, lz4, snappy or none"};
}

void Ingestor::Open() {
  const base::MutexLock lock(mutex_);
  open_ = true;
}

bool Ingestor::is_open() const {
  const base::MutexLock lock(mutex_);
  return open_;
}

Ingestor::Counters Ingestor::counters() const {
  const base::MutexLock lock(mutex_);
  return counters_;
}

void Ingestor::CountRefused() {
  const base::MutexLock lock(mutex_);
  ++counters_.requests;
  ++counters_.refused_requests;
}

void Ingestor::CountDropped(uint64_t datagrams) {
  const base::MutexLock lock(mutex_);
  counters_.dropped_datagrams += datagrams;
}

IngestOutcome Ingestor::Count(uint64_t body_bytes, IngestOutcome outcome) {
  const base::MutexLock lock(mutex_);
  ++counters_.requests;
  counters_.received_bytes += body_bytes;
  if (!outcome.ok()) {
    ++counters_.refused_requests;
    return outcome;
  }
  if (outcome.value().duplicate) {
    ++counters_.duplicate_requests;
  } else {
    counters_.accepted_spans += outcome.value().accepted_spans;
  }
  counters_.rejected_spans += outcome.value().rejected_spans;
  return outcome;
}

// Validates a body and starts its append; `done` comes only when this returns a
// reply. Everything here needs the plain text, which is freed on return, so no
// request holds it while it waits for the disk.
IngestOutcome Ingestor::StartAppend(net::EventLoop& loop, const IngestRequest& request,
                                    std::function<void(base::Result<store::Appended>)> done) {
  net::HeldBody room(limits_.bodies == nullptr ? nullptr : &limits_.bodies->OnLoop(loop));
  const base::Result<CheckedBody> checked = Check(request, limits_, room);
  if (!checked.ok()) return Refusal(checked.error());
  const wire::BodySummary& summary = checked.value().summary;
  const IngestReply reply{.accepted_spans = summary.accepted_spans,
                          .rejected_spans = summary.rejected_spans,
                          .first_reject_reason = summary.first_reject_reason};
  if (summary.accepted_spans == 0) {
    done(store::Appended{});  // Nothing to make durable.
    return reply;
  }
  TRY(rates_.Take(request.tenant, request.body.size(), summary.accepted_spans));
  const bool plain = request.encoding == wire::ContentEncoding::kIdentity;
  store_.AppendAsync({.tenant = request.tenant,
                      .format = request.format,
                      .encoding = request.encoding,
                      .body = request.body,
                      .plain = plain ? request.body : checked.value().inflated},
                     std::move(done));
  return reply;
}

net::Task<IngestOutcome> Ingestor::Ingest(net::EventLoop& loop, IngestRequest request) {
  if (!is_open()) {
    co_return Count(request.body.size(),
                    Refusal({base::ErrorCode::kUnavailable,
                             "the server is reading its log and takes no spans yet: send again in "
                             "a moment"}));
  }
  LoopCallback<base::Result<store::Appended>> durable(loop);
  IngestOutcome outcome = StartAppend(loop, request, durable.callback());
  if (!outcome.ok()) co_return Count(request.body.size(), std::move(outcome));

  const base::Result<store::Appended> appended = co_await durable;
  if (!appended.ok()) {
    if (appended.error().code == base::ErrorCode::kIo && on_storage_failure_) {
      on_storage_failure_(appended.error());
    }
    co_return Count(request.body.size(), Refusal(appended.error()));
  }
  IngestReply& reply = outcome.value();
  reply.duplicate = appended.value().duplicate;
  if (on_stored_ && !reply.duplicate && reply.accepted_spans > 0) {
    on_stored_(request, reply.accepted_spans);
  }
  co_return Count(request.body.size(), std::move(outcome));
}

}  // namespace clew::ingest
