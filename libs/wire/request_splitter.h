// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/span_sink.h"
#include "wire/otlp_json_value.h"
#include "wire/otlp_json_writer.h"
#include "wire/otlp_writer.h"

namespace clew::wire {

enum class RequestEncoding : uint8_t { kProtobuf, kJson };

// An ExportTraceServiceRequest in OTLP protobuf or OTLP/JSON.
struct EncodedRequest {
  std::string bytes;
  uint32_t span_count = 0;
};

// Writes what it is told as requests of bounded size, whole spans in each: the resource
// and scope are said again where one ends inside of them. What has no spans is left out.
// The requests one behind the other are one request again if in protobuf. One thread.
class RequestSplitter final : public model::SpanSink {
 public:
  struct Limits {
    uint32_t spans = 512;
    size_t bytes = size_t{2} << 20;  // about; a single span may have more
  };
  RequestSplitter(RequestEncoding encoding, Limits limits, std::function<void(EncodedRequest)> take)
      : encoding_(encoding), limits_(limits), take_(std::move(take)) {}

  void OnResource(const model::ResourceView& resource) override;
  void OnScope(const model::ScopeView& scope) override;
  void OnSpan(const model::SpanView& span) override;
  void OnEvent(const model::EventView& event) override;
  void OnLink(const model::LinkView& link) override;
  void OnAttribute(std::string_view key, const model::ValueView& value) override;
  void OnRejectedSpan(model::RejectReason) override {}

  // Gives the last request away, if it has spans.
  void Finish();

 private:
  struct Attribute {
    std::string key;
    OwnedValue value;
  };
  struct Resource {
    std::string schema_url{};
    uint32_t dropped_attributes_count = 0;
    std::vector<Attribute> attributes{};
  };
  struct Scope {
    std::string name{}, version{}, schema_url{};
    uint32_t dropped_attributes_count = 0;
    std::vector<Attribute> attributes{};
  };

  void BeginSpan();
  void AnnounceResource();
  void AnnounceScope();
  void Announce(const std::vector<Attribute>& attributes);

  const RequestEncoding encoding_;
  const Limits limits_;
  const std::function<void(EncodedRequest)> take_;

  Resource resource_;
  Scope scope_;
  std::vector<Attribute>* head_ = nullptr;  // the attributes that are being told, of no span
  bool resource_told_ = false, scope_told_ = false;  // to the request in hand

  // The request in hand, in one of two encodings.
  std::optional<OtlpWriter> protobuf_;
  std::optional<OtlpJsonWriter> json_;
  model::SpanSink* writer_ = nullptr;
  uint32_t span_count_ = 0;
  size_t size_bytes_ = 0;  // about
};

}  // namespace clew::wire
