// SPDX-License-Identifier: Apache-2.0
#include "wire/request_splitter.h"

#include <utility>

namespace clew::wire {
namespace {

// What a span, event, link or attribute takes beside its texts, about.
constexpr size_t kItemBytes = 40;

}  // namespace

void RequestSplitter::OnResource(const model::ResourceView& resource) {
  resource_ = {.schema_url = std::string(resource.schema_url),
               .dropped_attributes_count = resource.dropped_attributes_count};
  scope_ = {};
  head_ = &resource_.attributes;
  resource_told_ = scope_told_ = false;
}

void RequestSplitter::OnScope(const model::ScopeView& scope) {
  scope_ = {.name = std::string(scope.name),
            .version = std::string(scope.version),
            .schema_url = std::string(scope.schema_url),
            .dropped_attributes_count = scope.dropped_attributes_count};
  head_ = &scope_.attributes;
  scope_told_ = false;
}

void RequestSplitter::OnSpan(const model::SpanView& span) {
  if (span_count_ >= limits_.spans || size_bytes_ >= limits_.bytes) Finish();
  BeginSpan();
  writer_->OnSpan(span);
  ++span_count_;
  size_bytes_ +=
      2 * kItemBytes + span.name.size() + span.trace_state.size() + span.status_message.size();
}

void RequestSplitter::OnEvent(const model::EventView& event) {
  writer_->OnEvent(event);
  size_bytes_ += kItemBytes + event.name.size();
}

void RequestSplitter::OnLink(const model::LinkView& link) {
  writer_->OnLink(link);
  size_bytes_ += kItemBytes + link.trace_state.size();
}

void RequestSplitter::OnAttribute(std::string_view key, const model::ValueView& value) {
  if (head_ != nullptr) {
    head_->push_back({std::string(key), OwnedValue(value, std::string(value.text))});
    return;
  }
  writer_->OnAttribute(key, value);
  size_bytes_ += kItemBytes + key.size() + value.text.size();
}

// Sees to it that a request is in hand that knows the resource and scope.
void RequestSplitter::BeginSpan() {
  head_ = nullptr;
  if (writer_ == nullptr) {
    writer_ = encoding_ == RequestEncoding::kJson
                  ? static_cast<model::SpanSink*>(&json_.emplace(JsonDialect::kOtlp))
                  : &protobuf_.emplace();
    resource_told_ = scope_told_ = false;
  }
  if (!resource_told_) AnnounceResource();
  if (!scope_told_) AnnounceScope();
}

void RequestSplitter::AnnounceResource() {
  writer_->OnResource({.schema_url = resource_.schema_url,
                       .dropped_attributes_count = resource_.dropped_attributes_count});
  Announce(resource_.attributes);
  resource_told_ = true;
  scope_told_ = false;
}

void RequestSplitter::AnnounceScope() {
  writer_->OnScope({.name = scope_.name,
                    .version = scope_.version,
                    .schema_url = scope_.schema_url,
                    .dropped_attributes_count = scope_.dropped_attributes_count});
  Announce(scope_.attributes);
  scope_told_ = true;
}

void RequestSplitter::Announce(const std::vector<Attribute>& attributes) {
  for (const Attribute& attribute : attributes) {
    const model::ValueView value = attribute.value.view();
    writer_->OnAttribute(attribute.key, value);
    size_bytes_ += kItemBytes + attribute.key.size() + value.text.size();
  }
}

void RequestSplitter::Finish() {
  if (writer_ == nullptr) return;
  EncodedRequest request{
      .bytes = json_ ? R"({"resourceSpans":)" + json_->Take() + "}" : protobuf_->Take(),
      .span_count = span_count_};
  json_.reset();
  protobuf_.reset();
  writer_ = nullptr;
  span_count_ = 0;
  size_bytes_ = 0;
  take_(std::move(request));
}

}  // namespace clew::wire
