// SPDX-License-Identifier: Apache-2.0
#include "ingest/ingestor.h"

#include <utility>

#include "base/compression.h"
#include "ingest/loop_callback.h"
#include "ingest/redact/redactor.h"
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

base::Result<IngestReply> Ingestor::Count(uint64_t body_bytes, base::Result<IngestReply> reply) {
  const base::MutexLock lock(mutex_);
  ++counters_.requests;
  counters_.received_bytes += body_bytes;
  if (!reply.ok()) {
    ++counters_.refused_requests;
    return reply;
  }
  if (reply.value().duplicate) {
    ++counters_.duplicate_requests;
  } else {
    counters_.accepted_spans += reply.value().accepted_spans;
  }
  counters_.rejected_spans += reply.value().rejected_spans;
  return reply;
}

// Validates a body and starts its append; `done` comes only when this returns a
// reply. Everything here needs the plain text, which is freed on return, so no
// request holds it while it waits for the disk.
base::Result<IngestReply> Ingestor::StartAppend(
    IngestRequest& request, std::function<void(base::Result<store::Appended>)> done) {
  if (request.body.size() > limits_.body_bytes) {
    return base::Error{base::ErrorCode::kTooLarge, "request body is larger than the limit of " +
                                                       std::to_string(limits_.body_bytes) +
                                                       " bytes"};
  }
  std::string inflated;
  std::string_view plain = request.body;
  if (request.encoding != wire::ContentEncoding::kIdentity) {
    inflated = TRY(PlainBody(request, limits_.inflated_bytes));
    plain = inflated;
  }
  const wire::BodySummary summary = TRY(wire::Validate(request.format, plain));
  const IngestReply reply{.accepted_spans = summary.accepted_spans,
                          .rejected_spans = summary.rejected_spans,
                          .first_reject_reason = summary.first_reject_reason};
  if (summary.accepted_spans == 0) {
    done(store::Appended{});  // Nothing to make durable.
    return reply;
  }
  TRY(rates_.Take(request.tenant, request.body.size(), summary.accepted_spans));
  if (redactor_ != nullptr) {
    TRY(Redact(request, plain));
    plain = request.body;
  }
  store_.AppendAsync({.tenant = request.tenant,
                      .format = request.format,
                      .encoding = request.encoding,
                      .body = request.body,
                      .plain = plain},
                     std::move(done));
  return reply;
}

// Rewritten, a body is OTLP, not compressed, and may be longer: other formats say less twice.
base::Status Ingestor::Redact(IngestRequest& request, std::string_view plain) const {
  std::string rewritten = TRY(redactor_->Rewrite(request.format, plain));
  if (rewritten.size() > limits_.inflated_bytes) {
    return base::Error{base::ErrorCode::kTooLarge,
                       "redacted, the body is larger than the limit of " +
                           std::to_string(limits_.inflated_bytes) + " bytes"};
  }
  request.body = std::move(rewritten);
  request.format = wire::Format::kOtlpProtobuf;
  request.encoding = wire::ContentEncoding::kIdentity;
  return {};
}

net::Task<base::Result<IngestReply>> Ingestor::Ingest(net::EventLoop& loop, IngestRequest request) {
  const uint64_t received_bytes = request.body.size();
  if (!is_open()) {
    co_return Count(received_bytes, base::Error{base::ErrorCode::kUnavailable,
                                                "the server is reading its log and takes no "
                                                "spans yet: send again in a moment"});
  }
  LoopCallback<base::Result<store::Appended>> durable(loop);
  base::Result<IngestReply> reply = StartAppend(request, durable.callback());
  if (!reply.ok()) co_return Count(received_bytes, std::move(reply));

  const base::Result<store::Appended> appended = co_await durable;
  if (!appended.ok()) {
    if (appended.error().code == base::ErrorCode::kIo && on_storage_failure_) {
      on_storage_failure_(appended.error());
    }
    co_return Count(received_bytes, appended.error());
  }
  reply.value().duplicate = appended.value().duplicate;
  if (!appended.value().duplicate && reply.value().accepted_spans > 0) {
    for (const StoredCallback& hear : on_stored_) hear(request, reply.value().accepted_spans);
  }
  co_return Count(received_bytes, std::move(reply));
}

}  // namespace clew::ingest
