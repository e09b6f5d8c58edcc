// SPDX-License-Identifier: Apache-2.0
#include "wire/recorded_spans.h"

#include <cstring>
#include <functional>

namespace clew::wire {
namespace {

// What an attribute usually takes in a body, a little less rather than more.
constexpr size_t kAttributeBytes = 32;

}  // namespace

RecordedSpans::RecordedSpans(std::string_view body) : body_(body) {
  attributes_.reserve(body.size() / kAttributeBytes);
}

void RecordedSpans::OnResource(const model::ResourceView& resource) {
  Announce(Kind::kResource);
  resources_.push_back(resource);
  resources_.back().schema_url = Keep(resource.schema_url);
}

void RecordedSpans::OnScope(const model::ScopeView& scope) {
  Announce(Kind::kScope);
  scopes_.push_back(scope);
  model::ScopeView& kept = scopes_.back();
  kept.name = Keep(scope.name);
  kept.version = Keep(scope.version);
  kept.schema_url = Keep(scope.schema_url);
}

void RecordedSpans::OnSpan(const model::SpanView& span) {
  Announce(Kind::kSpan);
  spans_.push_back(span);
  model::SpanView& kept = spans_.back();
  kept.trace_state = Keep(span.trace_state);
  kept.name = Keep(span.name);
  kept.status_message = Keep(span.status_message);
}

void RecordedSpans::OnEvent(const model::EventView& event) {
  Announce(Kind::kEvent);
  events_.push_back(event);
  events_.back().name = Keep(event.name);
}

void RecordedSpans::OnLink(const model::LinkView& link) {
  Announce(Kind::kLink);
  links_.push_back(link);
  links_.back().trace_state = Keep(link.trace_state);
}

void RecordedSpans::OnAttribute(std::string_view key, const model::ValueView& value) {
  ++heads_.back().attributes;
  attributes_.push_back({Keep(key), value});
  attributes_.back().value.text = Keep(value.text);
}

void RecordedSpans::OnRejectedSpan(model::RejectReason reason) {
  Announce(Kind::kRejectedSpan);
  rejected_.push_back(reason);
}

std::string_view RecordedSpans::Keep(std::string_view text) {
  const std::less<const char*> before;
  const bool in_body =
      !before(text.data(), body_.data()) && !before(body_.data() + body_.size(), text.data());
  if (text.empty() || in_body) return text;
  copies_.push_back(std::make_unique_for_overwrite<char[]>(text.size()));
  copied_bytes_ += text.size() + sizeof(copies_.back());
  std::memcpy(copies_.back().get(), text.data(), text.size());
  return {copies_.back().get(), text.size()};
}

void RecordedSpans::TellTo(model::SpanSink& sink) const {
  auto resource = resources_.begin();
  auto scope = scopes_.begin();
  auto span = spans_.begin();
  auto event = events_.begin();
  auto link = links_.begin();
  auto rejected = rejected_.begin();
  const Attribute* attribute = attributes_.data();
  const auto announce = [&](Kind kind) {
    switch (kind) {
      case Kind::kResource:
        return sink.OnResource(*resource++);
      case Kind::kScope:
        return sink.OnScope(*scope++);
      case Kind::kSpan:
        return sink.OnSpan(*span++);
      case Kind::kEvent:
        return sink.OnEvent(*event++);
      case Kind::kLink:
        return sink.OnLink(*link++);
      case Kind::kRejectedSpan:
        return sink.OnRejectedSpan(*rejected++);
    }
  };
  for (const Head& head : heads_) {
    announce(head.kind);
    for (uint32_t i = 0; i < head.attributes; ++i, ++attribute) {
      sink.OnAttribute(attribute->key, attribute->value);
    }
  }
}

size_t RecordedSpans::size_bytes() const {
  const auto bytes = [](const auto& list) { return list.capacity() * sizeof(list[0]); };
  return bytes(heads_) + bytes(resources_) + bytes(scopes_) + bytes(spans_) + bytes(events_) +
         bytes(links_) + bytes(rejected_) + bytes(attributes_) + copied_bytes_;
}

}  // namespace clew::wire
