// SPDX-License-Identifier: Apache-2.0
#include "ingest/ingestor.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "base/compression.h"
#include "ingest/ingest_span.h"
#include "ingest/loop_callback.h"
#include "ingest/redact/redactor.h"
#include "net/http.h"

namespace clew::ingest {
namespace {

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

// Only the rate of a tenant tells how long to wait; else there is no room for the body.
Refused ReasonOf(const Refusal& refusal) {
  return refusal.wait ? Refused::kRateLimited : RefusedFor(refusal.error.code);
}

// What a body says, and that without compression where there was some.
struct CheckedBody {
  std::string inflated{};
  std::string otlp{};  // of JSON: it is translated in the one reading, and read no more
  wire::CountedBody counted{};
};
base::Status CheckPlain(wire::Format format, std::string_view plain, CheckedBody& body) {
  if (!wire::IsJson(format)) {
    body.counted = TRY(wire::ValidateAndCount(format, plain));
    return {};
  }
  wire::TranslatedBody translated = TRY(wire::ValidateAndTranslate(format, plain));
  body.counted = translated.counted;
  body.otlp = std::move(translated.otlp);
  return {};
}
base::Result<CheckedBody> Check(const IngestRequest& request, const IngestLimits& limits,
                                net::HeldBody& room) {
  if (request.body.size() > limits.body_bytes) {
    return base::Error{
        base::ErrorCode::kTooLarge,
        "request body is larger than the limit of " + std::to_string(limits.body_bytes) + " bytes"};
  }
  CheckedBody body;
  if (request.encoding == wire::ContentEncoding::kIdentity) {
    TRY(CheckPlain(request.format, request.body, body));
    return body;
  }
  body.inflated = TRY(InflateWithin(request, limits.inflated_bytes, room));
  TRY(CheckPlain(request.format, body.inflated, body));
  return body;
}

}  // namespace

base::Result<std::string> PlainBody(const IngestRequest& request, uint64_t limit_bytes) {
  if (request.encoding == wire::ContentEncoding::kIdentity) return request.body;
  return wire::Inflate(request.encoding, request.body, limit_bytes);
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

base::Result<std::string> Unpacked(std::string bytes, std::string_view encoding,
                                   uint64_t limit_bytes) {
  const wire::ContentEncoding known = TRY(ParseContentEncoding(encoding));
  if (known == wire::ContentEncoding::kIdentity) return bytes;
  return wire::Inflate(known, bytes, limit_bytes);
}

void Ingestor::Open() {
  open_.Set(true);
}

Ingestor::Counters Ingestor::counters() const {
  Counters all;
  for (size_t i = 0; i < kReceivers; ++i) {
    const auto receiver = static_cast<Receiver>(i);
    if (receiver == Receiver::kSelf) continue;
    const IngestCounters::Counts one = counted_.counts(receiver);
    all.requests += one.requests;
    all.refused_requests += one.refused_requests();
    all.received_bytes += one.received_bytes;
    all.accepted_spans += one.accepted_spans;
    all.rejected_spans += one.all_rejected_spans();
    all.duplicate_requests += one.duplicate_requests;
    all.dropped_datagrams += one.dropped_datagrams;
  }
  return all;
}

// Judges, validates and starts the append of a body; `done` comes only when this returns no
// error. Everything here needs the plain text, which is freed on return, so no
// request holds it while it waits for the disk.
base::Result<Ingestor::Started, Refusal> Ingestor::StartAppend(
    net::EventLoop& loop, IngestRequest& request, net::HeldBody& kept,
    std::function<void(base::Result<store::Appended>)> done) {
  // Before anything is done with it: who sends too much shall not have it inflated either.
  const uint64_t bytes = request.body.size();
  TRY(rates_.TakeBytes(request.tenant, bytes));
  const auto refuse = [&](const base::Error& error, uint64_t spans) {
    const bool for_want_of_room = error.code == base::ErrorCode::kExhausted;
    if (for_want_of_room) rates_.GiveBack(request.tenant, bytes, spans);
    return Refusal(error);
  };
  net::HeldBody room(BodiesOn(loop));
  base::Result<CheckedBody> checked = Check(request, limits_, room);
  if (!checked.ok()) return refuse(checked.error(), 0);
  Started started{.body = checked.value().counted};
  const uint64_t spans = started.body.summary.accepted_spans;
  if (spans == 0) {
    done(store::Appended{});  // Nothing to make durable.
    return started;
  }
  TRY(rates_.TakeSpans(request.tenant, spans, bytes));
  const base::Status rewritten =
      Rewrite(request, std::move(checked.value().otlp), checked.value().inflated, kept);
  if (!rewritten.ok()) return refuse(rewritten.error(), spans);
  const bool is_plain = request.encoding == wire::ContentEncoding::kIdentity;
  const std::string_view plain = is_plain ? request.body : checked.value().inflated;
  started.refusal = store_.AppendAsync({.tenant = request.tenant,
                                        .format = request.format,
                                        .encoding = request.encoding,
                                        .body = request.body,
                                        .plain = plain},
                                       std::move(done));
  if (started.refusal != store::AppendRefusal::kNone) {
    rates_.GiveBack(request.tenant, bytes, spans);
  }
  return started;
}

// What is kept of a request, where that is not what came: JSON as the OTLP that it says, and
// whatever a redactor leaves. Rewritten, a body is not compressed, and may be longer: other formats
// say less twice.
base::Status Ingestor::Rewrite(IngestRequest& request, std::string otlp, std::string_view inflated,
                               net::HeldBody& kept) const {
  const uint64_t received_bytes = request.body.size();
  const auto replace = [&](std::string rewritten) {
    request.body = std::move(rewritten);
    request.format = wire::Format::kOtlpProtobuf;
    request.encoding = wire::ContentEncoding::kIdentity;
  };
  if (!otlp.empty()) replace(std::move(otlp));
  if (redactor_ != nullptr) {
    const bool is_plain = request.encoding == wire::ContentEncoding::kIdentity;
    replace(TRY(redactor_->Rewrite(request.format, is_plain ? request.body : inflated)));
  }
  if (request.body.size() <= received_bytes) return {};
  if (request.body.size() > limits_.inflated_bytes) {
    return base::Error{base::ErrorCode::kTooLarge,
                       "as it is kept, the body is larger than the limit of " +
                           std::to_string(limits_.inflated_bytes) + " bytes"};
  }
  if (!kept.Grow(request.body.size() - received_bytes)) return kept.error();
  return {};
}

net::BodiesOfLoop* Ingestor::BodiesOn(const net::EventLoop& loop) const {
  return limits_.bodies == nullptr ? nullptr : &limits_.bodies->OnLoop(loop);
}

net::Task<IngestOutcome> Ingestor::Ingest(net::EventLoop& loop, IngestRequest request) {
  const auto began = std::chrono::steady_clock::now();
  const uint64_t received_bytes = request.body.size();  // it may be rewritten
  const std::unique_ptr<model::OwnSpan> span = BeginIngestSpan(tracer_, request);
  const auto refuse = [&](Refused refused, Refusal refusal) {
    if (span != nullptr) span->Fail(refusal.error.message);
    refusals_.Refuse({request.receiver, request.tenant, refused, received_bytes},
                     refusal.error.message);
    return refusal;
  };
  if (!open_.Get()) {
    base::Error not_yet{base::ErrorCode::kUnavailable,
                        "the server is reading its log and takes no spans yet: send again in a "
                        "moment"};
    co_return refuse(Refused::kNotReady, std::move(not_yet));
  }
  LoopCallback<base::Result<store::Appended>> durable(loop);
  net::HeldBody kept(BodiesOn(loop));  // beside the body as it was received
  const base::Result<Started, Refusal> started =
      StartAppend(loop, request, kept, durable.callback());
  if (!started.ok()) co_return refuse(ReasonOf(started.error()), started.error());
  const base::Result<store::Appended> appended = co_await durable;
  if (!appended.ok()) {
    if (appended.error().code == base::ErrorCode::kIo && on_storage_failure_) {
      on_storage_failure_(appended.error());
    }
    co_return refuse(RefusedFor(started.value().refusal), appended.error());
  }
  const wire::BodySummary& body = started.value().body.summary;
  const Taken taken{.bytes = received_bytes,
                    .body = started.value().body,
                    .duplicate = appended.value().duplicate};
  counted_.CountTaken(request.receiver, request.tenant, taken);
  counted_.CountDuration(std::chrono::steady_clock::now() - began);
  if (span != nullptr) NoteTaken(*span, taken);
  if (!taken.duplicate && body.accepted_spans > 0) {
    for (const StoredCallback& hear : on_stored_) hear(request, body.accepted_spans);
  }
  const IngestReply reply{.accepted_spans = body.accepted_spans,
                          .rejected_spans = body.rejected_spans,
                          .first_reject_reason = body.first_reject_reason,
                          .duplicate = taken.duplicate};
  if (reply.rejected_spans > 0) {
    refusals_.Reject(request.receiver, request.tenant, DescribeRejection(reply));
  }
  co_return reply;
}

}  // namespace clew::ingest
