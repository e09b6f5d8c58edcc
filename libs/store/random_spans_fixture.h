// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "model/span_sink.h"

namespace clew::store {

// For tests: announces spans of all that OTLP can say, in no order: every type of
// value, nested ones, empty and long strings and such that are no UTF-8, keys that
// differ in case or are named as a field is, one key in several types, repeated keys and
// very many, events, links, dropped counts, schema URLs, parents that are absent,
// circular or shared, ids that come twice, ends before starts.
void WriteRandomSpans(std::mt19937_64& random, size_t spans, model::SpanSink& sink);

// For tests: writes each span down as a text that says all that is known of it, its
// resource and scope included. Attributes are sorted, nested values written so that
// equal values are equal texts.
class SpanTexts final : public model::SpanSink {
 public:
  void OnResource(const model::ResourceView& resource) override;
  void OnScope(const model::ScopeView& scope) override;
  void OnSpan(const model::SpanView& span) override;
  void OnEvent(const model::EventView& event) override;
  void OnLink(const model::LinkView& link) override;
  void OnAttribute(std::string_view key, const model::ValueView& value) override;
  void OnRejectedSpan(model::RejectReason) override {}

  // One text for each span.
  std::vector<std::string> Sorted();

 private:
  // Something with attributes.
  struct Item {
    std::string head;
    std::map<std::string, std::string> attributes;
    std::string text() const;
  };
  void EndSpan();

  Item resource_, scope_;
  std::vector<Item> span_;  // and its events and links
  Item* open_ = nullptr;
  std::vector<std::string> texts_;
};

// For tests: the service.name of the last resource that was announced.
class ServiceOf final : public model::SpanSink {
 public:
  void OnResource(const model::ResourceView&) override { in_resource_ = true; }
  void OnScope(const model::ScopeView&) override { in_resource_ = false; }
  void OnSpan(const model::SpanView&) override { in_resource_ = false; }
  void OnEvent(const model::EventView&) override {}
  void OnLink(const model::LinkView&) override {}
  void OnAttribute(std::string_view key, const model::ValueView& value) override {
    if (in_resource_ && key == "service.name" && value.type == model::ValueView::Type::kString) {
      name = value.text;
    }
  }
  void OnRejectedSpan(model::RejectReason) override {}

  std::string name;

 private:
  bool in_resource_ = false;
};

}  // namespace clew::store
