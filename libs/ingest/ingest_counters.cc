// SPDX-License-Identifier: Apache-2.0
#include "ingest/ingest_counters.h"

#include <numeric>

namespace clew::ingest {

std::string_view NameOf(Receiver receiver) {
  switch (receiver) {
    case Receiver::kOtlpGrpc:
      return "otlp_grpc";
    case Receiver::kOtlpHttp:
      return "otlp_http";
    case Receiver::kJaegerGrpc:
      return "jaeger_grpc";
    case Receiver::kJaegerThrift:
      return "jaeger_thrift";
    case Receiver::kJaegerCompact:
      return "jaeger_compact";
    case Receiver::kJaegerBinary:
      return "jaeger_binary";
    case Receiver::kZipkinGrpc:
      return "zipkin_grpc";
    case Receiver::kZipkinHttp:
      return "zipkin_http";
    case Receiver::kSelf:
      return "self";
  }
  return "unknown";
}

Receiver ReceiverOf(wire::Format format, bool is_grpc) {
  switch (format) {
    case wire::Format::kOtlpProtobuf:
    case wire::Format::kOtlpJson:
      return is_grpc ? Receiver::kOtlpGrpc : Receiver::kOtlpHttp;
    case wire::Format::kJaegerThriftBinary:
      return Receiver::kJaegerThrift;
    case wire::Format::kJaegerProtobuf:
      return Receiver::kJaegerGrpc;
    case wire::Format::kJaegerCompactMessage:
      return Receiver::kJaegerCompact;
    case wire::Format::kJaegerBinaryMessage:
      return Receiver::kJaegerBinary;
    case wire::Format::kZipkinJson:
    case wire::Format::kZipkinProtobuf:
    case wire::Format::kZipkinJsonV1:
    case wire::Format::kZipkinThriftBinary:
      return is_grpc ? Receiver::kZipkinGrpc : Receiver::kZipkinHttp;
  }
  return Receiver::kOtlpHttp;
}

std::string_view NameOf(Refused refused) {
  switch (refused) {
    case Refused::kTooLarge:
      return "too_large";
    case Refused::kMalformed:
      return "malformed";
    case Refused::kUnsupported:
      return "unsupported";
    case Refused::kIncomplete:
      return "incomplete";
    case Refused::kNotReady:
      return "not_ready";
    case Refused::kRateLimited:
      return "rate_limited";
    case Refused::kMemory:
      return "memory";
    case Refused::kUnmergedBlocks:
      return "unmerged_blocks";
    case Refused::kDiskFull:
      return "disk_full";
    case Refused::kDiskError:
      return "disk_error";
    case Refused::kUnauthorized:
      return "unauthorized";
    case Refused::kForbidden:
      return "forbidden";
    case Refused::kBadTenant:
      return "bad_tenant";
  }
  return "unknown";
}

Refused RefusedFor(base::ErrorCode code) {
  using base::ErrorCode;
  switch (code) {
    case ErrorCode::kTooLarge:
      return Refused::kTooLarge;
    case ErrorCode::kUnsupported:
      return Refused::kUnsupported;
    case ErrorCode::kCancelled:
    case ErrorCode::kDeadlineExceeded:
    case ErrorCode::kIo:
      return Refused::kIncomplete;
    case ErrorCode::kUnavailable:
      return Refused::kNotReady;
    case ErrorCode::kExhausted:
      return Refused::kMemory;
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kNotFound:
    case ErrorCode::kCorruption:
      break;
  }
  return Refused::kMalformed;
}

Refused RefusedFor(store::AppendRefusal refusal) {
  switch (refusal) {
    case store::AppendRefusal::kMemory:
      return Refused::kMemory;
    case store::AppendRefusal::kUnmergedBlocks:
      return Refused::kUnmergedBlocks;
    case store::AppendRefusal::kDiskFull:
      return Refused::kDiskFull;
    case store::AppendRefusal::kClosing:
      return Refused::kNotReady;
    case store::AppendRefusal::kDiskError:
    case store::AppendRefusal::kNone:  // and the log could not be synced afterwards
      break;
  }
  return Refused::kDiskError;
}

Refused RefusedFor(int http_status) {
  if (http_status == 401) return Refused::kUnauthorized;
  return http_status == 403 ? Refused::kForbidden : Refused::kBadTenant;
}

std::string_view NameOf(model::RejectReason reason) {
  switch (reason) {
    case model::RejectReason::kInvalidTraceId:
      return "invalid_trace_id";
    case model::RejectReason::kInvalidSpanId:
      return "invalid_span_id";
    case model::RejectReason::kInvalidParentSpanId:
      return "invalid_parent_span_id";
    case model::RejectReason::kTimeOutOfRange:
      return "time_out_of_range";
  }
  return "unknown";
}

uint64_t IngestCounters::Counts::refused_requests() const {
  return std::accumulate(refused.begin(), refused.end(), uint64_t{0});
}

uint64_t IngestCounters::Counts::all_rejected_spans() const {
  return std::accumulate(rejected_spans.begin(), rejected_spans.end(), uint64_t{0});
}

void IngestCounters::CountTaken(Receiver receiver, std::string_view tenant, const Taken& taken) {
  OfReceiver& of = Of(receiver);
  const uint64_t stored = taken.duplicate ? 0 : taken.body.summary.accepted_spans;
  of.requests.Add();
  of.received_bytes.Add(taken.bytes);
  of.accepted_spans.Add(stored);
  if (taken.duplicate) of.duplicates.Add();
  if (taken.body.summary.rejected_spans > 0) {
    for (size_t i = 0; i < of.rejected.size(); ++i) {
      of.rejected[i].Add(taken.body.rejected[i]);
    }
  }
  const base::MutexLock lock(mutex_);
  TenantCounts& counts = OfTenant(tenant);
  counts.received_bytes += taken.bytes;
  counts.accepted_spans += stored;
}

void IngestCounters::CountRefused(Receiver receiver, std::string_view tenant, Refused refused,
                                  uint64_t bytes) {
  OfReceiver& of = Of(receiver);
  of.requests.Add();
  of.received_bytes.Add(bytes);
  of.refused[static_cast<size_t>(refused)].Add();
  if (tenant.empty()) return;
  const base::MutexLock lock(mutex_);
  TenantCounts& counts = OfTenant(tenant);
  counts.received_bytes += bytes;
  ++counts.refused_requests;
}

void IngestCounters::CountDropped(Receiver receiver, uint64_t datagrams) {
  Of(receiver).dropped.Add(datagrams);
}

// A tenant that is called like the others is one of them.
IngestCounters::TenantCounts& IngestCounters::OfTenant(std::string_view tenant) {
  const auto found = tenants_.find(tenant);
  if (found != tenants_.end()) return found->second;
  const bool named = tenants_.size() < kNamedTenants && tenant != kOtherTenants;
  return tenants_[std::string(named ? tenant : kOtherTenants)];
}

IngestCounters::Counts IngestCounters::counts(Receiver receiver) const {
  const OfReceiver& of = receivers_[static_cast<size_t>(receiver)];
  Counts counts{.requests = of.requests.value(),
                .received_bytes = of.received_bytes.value(),
                .accepted_spans = of.accepted_spans.value(),
                .duplicate_requests = of.duplicates.value(),
                .dropped_datagrams = of.dropped.value()};
  for (size_t i = 0; i < kRefusals; ++i) counts.refused[i] = of.refused[i].value();
  for (size_t i = 0; i < wire::kRejectReasons; ++i) {
    counts.rejected_spans[i] = of.rejected[i].value();
  }
  return counts;
}

std::vector<IngestCounters::TenantCounts> IngestCounters::tenants() const {
  std::vector<TenantCounts> all;
  const base::MutexLock lock(mutex_);
  const auto add = [&](const std::string& tenant, const TenantCounts& counts) {
    all.push_back(counts);
    all.back().tenant = tenant;
  };
  for (const auto& [tenant, counts] : tenants_) {
    if (tenant != kOtherTenants) add(tenant, counts);
  }
  const auto others = tenants_.find(kOtherTenants);
  if (others != tenants_.end()) add(others->first, others->second);
  return all;
}

std::string_view IngestCounters::LabelOf(std::string_view tenant) const {
  const base::MutexLock lock(mutex_);
  return tenants_.contains(tenant) ? tenant : kOtherTenants;
}

}  // namespace clew::ingest
