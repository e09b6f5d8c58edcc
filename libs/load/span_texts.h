// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/span_sink.h"

namespace clew::load {

// A span and everything that is said of it, as text: its resource and scope, itself,
// its events and links. Equal spans have equal texts: the order of attributes, which
// means nothing, is by key.
struct SpanText {
  model::SpanId id;
  std::string text;

  auto operator<=>(const SpanText&) const = default;
};

// Collects the texts of the spans it is told. One thread.
class SpanTexts final : public model::SpanSink {
 public:
  void OnResource(const model::ResourceView& resource) override;
  void OnScope(const model::ScopeView& scope) override;
  void OnSpan(const model::SpanView& span) override;
  void OnEvent(const model::EventView& event) override;
  void OnLink(const model::LinkView& link) override;
  void OnAttribute(std::string_view key, const model::ValueView& value) override;
  void OnRejectedSpan(model::RejectReason) override { ++rejected_; }

  // All spans so far, ordered; the collection is empty afterwards.
  std::vector<SpanText> Take();
  size_t rejected() const { return rejected_; }

 private:
  // Lines of one holder of attributes: what it is, then they.
  using Lines = std::vector<std::string>;
  static std::string Join(Lines& lines);
  void Close();
  void EndSpan();

  std::string resource_, scope_, span_;  // of those that are complete
  Lines lines_;                          // of the one that takes attributes
  enum class Level : uint8_t { kNone, kResource, kScope, kSpan } level_ = Level::kNone;
  bool has_span_ = false;
  model::SpanId id_;
  std::vector<SpanText> spans_;
  size_t rejected_ = 0;
};

}  // namespace clew::load
