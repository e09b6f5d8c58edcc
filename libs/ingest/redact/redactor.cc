// SPDX-License-Identifier: Apache-2.0
#include "ingest/redact/redactor.h"

#include <charconv>

#include "base/check.h"
#include "model/span_sink.h"
#include "wire/otlp_writer.h"

namespace clew::ingest {
namespace {

using model::ValueView;

// What is hashed: a value as text, so that it does not matter which type a client gave it. Of
// arrays and lists it is their encoding.
std::string TextOf(const ValueView& value) {
  switch (value.type) {
    case ValueView::Type::kEmpty:
      return "";
    case ValueView::Type::kBool:
      return value.boolean ? "true" : "false";
    case ValueView::Type::kInt:
      return std::to_string(value.integer);
    case ValueView::Type::kDouble: {
      char text[32];
      return {text, std::to_chars(text, text + sizeof text, value.number).ptr};
    }
    case ValueView::Type::kString:
    case ValueView::Type::kArray:
    case ValueView::Type::kKeyValueList:
    case ValueView::Type::kBytes:
      break;
  }
  return std::string(value.text);
}

// Passes on what it is told, attributes as the rules say.
class RedactingSink final : public model::SpanSink {
 public:
  RedactingSink(const RedactRules& rules, const KeyedHash* hash, model::SpanSink& next)
      : rules_(rules), hash_(hash), next_(next) {}

  void OnResource(const model::ResourceView& resource) override {
    scope_ = AttributeScope::kResource;
    next_.OnResource(resource);
  }
  void OnScope(const model::ScopeView& scope) override {
    scope_ = AttributeScope::kInstrumentation;
    next_.OnScope(scope);
  }
  void OnSpan(const model::SpanView& span) override {
    scope_ = AttributeScope::kSpan;
    next_.OnSpan(span);
  }
  void OnEvent(const model::EventView& event) override {
    scope_ = AttributeScope::kEvent;
    next_.OnEvent(event);
  }
  void OnLink(const model::LinkView& link) override {
    scope_ = AttributeScope::kLink;
    next_.OnLink(link);
  }
  void OnAttribute(std::string_view key, const ValueView& value) override {
    switch (rules_.ActionFor(scope_, key)) {
      case RedactAction::kKeep:
        return next_.OnAttribute(key, value);
      case RedactAction::kDrop:
        return;
      case RedactAction::kHash:
        return next_.OnAttribute(key, ValueView::String(hash_->Of(TextOf(value))));
    }
  }
  void OnRejectedSpan(model::RejectReason reason) override { next_.OnRejectedSpan(reason); }

 private:
  const RedactRules& rules_;
  const KeyedHash* const hash_;  // may be null when no rule hashes
  model::SpanSink& next_;
  AttributeScope scope_ = AttributeScope::kResource;
};

}  // namespace

Redactor::Redactor(RedactRules rules, std::optional<KeyedHash> hash)
    : rules_(std::move(rules)), hash_(std::move(hash)) {
  CHECK(hash_.has_value() || !rules_.hashes());
}

base::Result<std::string> Redactor::Rewrite(wire::Format format, std::string_view plain) const {
  wire::OtlpWriter writer;
  RedactingSink sink(rules_, hash_ ? &*hash_ : nullptr, writer);
  TRY(wire::Scan(format, wire::kDecoderVersion, plain, sink));
  return writer.Take();
}

}  // namespace clew::ingest
