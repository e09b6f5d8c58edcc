// SPDX-License-Identifier: Apache-2.0
#include "wire/body.h"

#include <string>

#include "wire/jaeger_proto_scan.h"
#include "wire/jaeger_thrift_scan.h"
#include "wire/limits.h"
#include "wire/otlp_json_scan.h"
#include "wire/otlp_scan.h"
#include "wire/otlp_writer.h"
#include "wire/reject_counts.h"
#include "wire/zipkin_json_scan.h"
#include "wire/zipkin_proto_scan.h"
#include "wire/zipkin_thrift_scan.h"
#include "wire/zipkin_v1_json_scan.h"

namespace clew::wire {
namespace {

// Counts what it is told.
class Summary final : public model::SpanSink {
 public:
  void OnResource(const model::ResourceView& resource) override {
    body.text_bytes += resource.schema_url.size();
  }
  void OnScope(const model::ScopeView& scope) override {
    body.text_bytes += scope.name.size() + scope.version.size() + scope.schema_url.size();
  }
  void OnSpan(const model::SpanView& span) override {
    ++body.accepted_spans;
    body.text_bytes += span.name.size() + span.trace_state.size() + span.status_message.size();
  }
  void OnEvent(const model::EventView& event) override { body.text_bytes += event.name.size(); }
  void OnLink(const model::LinkView& link) override { body.text_bytes += link.trace_state.size(); }
  void OnAttribute(std::string_view key, const model::ValueView& value) override {
    ++body.attributes;
    body.text_bytes += key.size() + value.text.size();
  }
  void OnRejectedSpan(model::RejectReason reason) override {
    if (body.rejected_spans++ == 0) body.first_reject_reason = reason;
    ++rejected.at(static_cast<size_t>(reason));
  }

  BodySummary body;
  std::array<uint64_t, kRejectReasons> rejected{};
};

// Tells two what it is told.
class Both final : public model::SpanSink {
 public:
  Both(model::SpanSink& first, model::SpanSink& second) : first_(first), second_(second) {}

  void OnResource(const model::ResourceView& resource) override {
    first_.OnResource(resource);
    second_.OnResource(resource);
  }
  void OnScope(const model::ScopeView& scope) override {
    first_.OnScope(scope);
    second_.OnScope(scope);
  }
  void OnSpan(const model::SpanView& span) override {
    first_.OnSpan(span);
    second_.OnSpan(span);
  }
  void OnEvent(const model::EventView& event) override {
    first_.OnEvent(event);
    second_.OnEvent(event);
  }
  void OnLink(const model::LinkView& link) override {
    first_.OnLink(link);
    second_.OnLink(link);
  }
  void OnAttribute(std::string_view key, const model::ValueView& value) override {
    first_.OnAttribute(key, value);
    second_.OnAttribute(key, value);
  }
  void OnRejectedSpan(model::RejectReason reason) override {
    first_.OnRejectedSpan(reason);
    second_.OnRejectedSpan(reason);
  }

 private:
  model::SpanSink& first_;
  model::SpanSink& second_;
};

// Of a text whose reading takes many times its size.
base::Status CheckJsonSize(std::string_view format, std::string_view plain) {
  if (plain.size() <= kMaxJsonBytes) return {};
  return base::Error{base::ErrorCode::kTooLarge, std::string(format) + ": the body has more than " +
                                                     std::to_string(kMaxJsonBytes) +
                                                     " bytes; send less at once, or protobuf"};
}

}  // namespace

base::Status Scan(Format format, uint16_t decoder_version, std::string_view plain,
                  model::SpanSink& sink) {
  if (decoder_version != kDecoderVersion) {
    return base::Error{base::ErrorCode::kUnsupported,
                       "body was accepted by decoder version " + std::to_string(decoder_version) +
                           ", this program has only " + std::to_string(kDecoderVersion)};
  }
  switch (format) {
    case Format::kOtlpProtobuf:
      return ScanOtlp(plain, sink);
    case Format::kJaegerThriftBinary:
      return ScanJaegerThrift(plain, sink);
    case Format::kOtlpJson:
      TRY(CheckJsonSize("otlp json", plain));
      return ScanOtlpJson(plain, sink);
    case Format::kZipkinJson:
      TRY(CheckJsonSize("zipkin json", plain));
      return ScanZipkinJson(plain, sink);
    case Format::kZipkinProtobuf:
      return ScanZipkinProto(plain, sink);
    case Format::kZipkinJsonV1:
      TRY(CheckJsonSize("zipkin v1 json", plain));
      return ScanZipkinJsonV1(plain, sink);
    case Format::kZipkinThriftBinary:
      return ScanZipkinThrift(plain, sink);
    case Format::kJaegerBinaryMessage:
      return ScanJaegerBinaryMessage(plain, sink);
    case Format::kJaegerCompactMessage:
      return ScanJaegerCompactMessage(plain, sink);
    case Format::kJaegerProtobuf:
      return ScanJaegerProto(plain, sink);
  }
  return base::Error{base::ErrorCode::kUnsupported,
                     "unknown body format " + std::to_string(static_cast<int>(format))};
}

base::Result<BodySummary> Validate(Format format, std::string_view plain) {
  Summary summary;
  TRY(Scan(format, kDecoderVersion, plain, summary));
  return summary.body;
}

base::Result<CountedBody> ValidateAndCount(Format format, std::string_view plain) {
  Summary summary;
  TRY(Scan(format, kDecoderVersion, plain, summary));
  return CountedBody{.summary = summary.body, .rejected = summary.rejected};
}

bool IsJson(Format format) {
  return format == Format::kOtlpJson || format == Format::kZipkinJson ||
         format == Format::kZipkinJsonV1;
}

base::Result<TranslatedBody> ValidateAndTranslate(Format format, std::string_view plain) {
  Summary summary;
  OtlpWriter writer;
  Both both(summary, writer);
  TRY(Scan(format, kDecoderVersion, plain, both));
  return TranslatedBody{.counted = {.summary = summary.body, .rejected = summary.rejected},
                        .otlp = writer.Take()};
}

std::string_view Describe(model::RejectReason reason) {
  switch (reason) {
    case model::RejectReason::kInvalidTraceId:
      return "trace id must be 16 bytes and not all zero";
    case model::RejectReason::kInvalidSpanId:
      return "span id must be 8 bytes and not all zero";
    case model::RejectReason::kInvalidParentSpanId:
      return "parent span id must be absent or 8 bytes";
    case model::RejectReason::kTimeOutOfRange:
      return "time must fit in a signed 64-bit number of nanoseconds";
  }
  return "unknown reason";
}

}  // namespace clew::wire
