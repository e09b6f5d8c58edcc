// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string_view>
#include <utility>

#include "model/span_sink.h"
#include "query/tags.h"

namespace clew::query {

// Hears the tags of one scope in what a memtable reads out, and nothing else. The
// intrinsics that it knows are event:name, instrumentation:name and
// instrumentation:version.
class ScopeListener final : public model::SpanSink {
 public:
  using Hear = std::function<void(std::string_view key, const model::ValueView& value)>;

  // Intrinsics and attributes are told apart because they may have equal names.
  ScopeListener(TagScope scope, Hear on_attribute, Hear on_intrinsic)
      : scope_(scope),
        on_attribute_(std::move(on_attribute)),
        on_intrinsic_(std::move(on_intrinsic)) {}

  void OnResource(const model::ResourceView&) override { current_ = TagScope::kResource; }
  void OnScope(const model::ScopeView& scope) override {
    current_ = TagScope::kInstrumentation;
    HearIntrinsic("instrumentation:name", scope.name);
    HearIntrinsic("instrumentation:version", scope.version);
  }
  void OnSpan(const model::SpanView&) override { current_ = TagScope::kSpan; }
  void OnEvent(const model::EventView& event) override {
    current_ = TagScope::kEvent;
    HearIntrinsic("event:name", event.name);
  }
  void OnLink(const model::LinkView&) override { current_ = TagScope::kLink; }
  void OnAttribute(std::string_view key, const model::ValueView& value) override {
    if (current_ == scope_) on_attribute_(key, value);
  }
  void OnRejectedSpan(model::RejectReason) override {}

 private:
  void HearIntrinsic(std::string_view name, std::string_view text) {
    if (current_ == scope_ && !text.empty()) on_intrinsic_(name, model::ValueView::String(text));
  }

  TagScope scope_;
  TagScope current_ = TagScope::kAny;
  Hear on_attribute_;
  Hear on_intrinsic_;
};

}  // namespace clew::query
