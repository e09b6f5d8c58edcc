// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "model/span_sink.h"

namespace clew::wire {

// What a reader told of a body, to be told again later or by another thread, without reading
// the body once more. Texts that lie in the body are not copied, so it must outlive this; what
// a reader made itself, such as a number as text, is.
class RecordedSpans final : public model::SpanSink {
 public:
  explicit RecordedSpans(std::string_view body);

  // The same calls in the same order.
  void TellTo(model::SpanSink& sink) const;
  // Of memory, without the body.
  size_t size_bytes() const;

  void OnResource(const model::ResourceView& resource) override;
  void OnScope(const model::ScopeView& scope) override;
  void OnSpan(const model::SpanView& span) override;
  void OnEvent(const model::EventView& event) override;
  void OnLink(const model::LinkView& link) override;
  void OnAttribute(std::string_view key, const model::ValueView& value) override;
  void OnRejectedSpan(model::RejectReason reason) override;

 private:
  enum class Kind : uint8_t { kResource, kScope, kSpan, kEvent, kLink, kRejectedSpan };
  // What was announced, and how many attributes were told of it. The things themselves stand
  // in the lists of their kinds.
  struct Head {
    Kind kind;
    uint32_t attributes;
  };
  struct Attribute {
    std::string_view key;
    model::ValueView value;
  };

  void Announce(Kind kind) { heads_.push_back({kind, 0}); }
  std::string_view Keep(std::string_view text);

  std::string_view body_;
  std::vector<Head> heads_;
  std::vector<model::ResourceView> resources_;
  std::vector<model::ScopeView> scopes_;
  std::vector<model::SpanView> spans_;
  std::vector<model::EventView> events_;
  std::vector<model::LinkView> links_;
  std::vector<model::RejectReason> rejected_;
  std::vector<Attribute> attributes_;
  std::vector<std::unique_ptr<char[]>> copies_;
  size_t copied_bytes_ = 0;
};

}  // namespace clew::wire
