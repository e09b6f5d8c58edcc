// SPDX-License-Identifier: Apache-2.0
#include "reference/text_spans.h"

#include <optional>
#include <utility>

#include "reference/text_value.h"
#include "traceql/parser.h"
#include "traceql/words.h"

namespace clew::reference {
namespace {

using traceql::Scope;

base::Error Wrong(const std::string& what, const std::string& word) {
  return {base::ErrorCode::kInvalidArgument, what + ": " + word};
}

base::Result<std::string> ParseText(const std::string& text) {
  const AttributeValue value = TRY(ParseValue(text));
  const auto* const string = std::get_if<std::string>(&value.value);
  if (string == nullptr) return Wrong("a text in quotes is wanted", text);
  return *string;
}

base::Result<model::SpanId> ParseSpanId(const std::string& text) {
  const std::string digits = TRY(ParseText(text));
  const std::optional<model::SpanId> id = model::SpanId::FromHex(digits);
  if (!id) return Wrong("no span id", text);
  return *id;
}

base::Result<int64_t> ParseOffset(const std::string& word) {
  const std::optional<int64_t> offset = ParseDuration(word.substr(1));
  if (!offset) return Wrong("no duration", word);
  return *offset;
}

model::SpanId NumberedId(size_t number) {
  model::SpanId id;
  id.bytes[6] = static_cast<uint8_t>(number >> 8);
  id.bytes[7] = static_cast<uint8_t>(number);
  return id;
}

Attributes* AttributesOf(Span& span, Scope scope) {
  switch (scope) {
    case Scope::kAny:
    case Scope::kSpan:
      return &span.attributes;
    case Scope::kResource:
      return &span.resource;
    case Scope::kInstrumentation:
      return &span.scope.attributes;
    case Scope::kEvent:
      return span.events.empty() ? nullptr : &span.events.back().attributes;
    case Scope::kLink:
      return span.links.empty() ? nullptr : &span.links.back().attributes;
  }
  return nullptr;
}

base::Status AddAttribute(Span& span, const KeyAndText& word) {
  const auto field = traceql::ParseField(word.key);
  const auto* const attribute =
      field.ok() ? std::get_if<traceql::Attribute>(&field.value().node) : nullptr;
  Attributes* const attributes =
      attribute == nullptr ? nullptr : AttributesOf(span, attribute->scope);
  if (attributes == nullptr) return Wrong("no field of a span", word.key);
  attributes->push_back({attribute->name, TRY(ParseValue(word.text))});
  return {};
}

base::Status SetWord(Span& span, const KeyAndText& word) {
  const std::optional<traceql::Static> value = traceql::FindConstant(word.text);
  if (const auto* const status = value ? std::get_if<traceql::SpanStatus>(&*value) : nullptr) {
    span.status = *status;
    return {};
  }
  if (const auto* const kind = value ? std::get_if<traceql::SpanKind>(&*value) : nullptr) {
    span.kind = *kind;
    return {};
  }
  return Wrong("no status and no kind", word.text);
}

base::Status SetField(Span& span, const KeyAndText& word) {
  if (word.key == "status" || word.key == "kind") return SetWord(span, word);
  if (word.key == "id") {
    span.span_id = TRY(ParseSpanId(word.text));
  } else if (word.key == "parent") {
    span.parent_span_id = TRY(ParseSpanId(word.text));
  } else if (word.key == "name") {
    span.name = TRY(ParseText(word.text));
  } else if (word.key == "statusMessage") {
    span.status_message = TRY(ParseText(word.text));
  } else if (word.key == "instrumentation:name") {
    span.scope.name = TRY(ParseText(word.text));
  } else if (word.key == "instrumentation:version") {
    span.scope.version = TRY(ParseText(word.text));
  } else {
    return AddAttribute(span, word);
  }
  return {};
}

// The words of a span from the second on.
base::Status ReadSpan(Span& span, int64_t trace_start_ns, const std::vector<std::string>& words) {
  span.start_ns = trace_start_ns;
  int64_t duration_ns = 0;
  for (size_t i = 1; i < words.size(); ++i) {
    if (const std::optional<KeyAndText> assignment = SplitAssignment(words[i])) {
      TRY(SetField(span, *assignment));
    } else if (words[i].starts_with('@')) {
      span.start_ns = trace_start_ns + TRY(ParseOffset(words[i]));
    } else if (const std::optional<int64_t> duration = ParseDuration(words[i])) {
      duration_ns = *duration;
    } else {
      return Wrong("no duration, start or field", words[i]);
    }
  }
  span.end_ns = span.start_ns + duration_ns;
  return {};
}

}  // namespace

std::string TextSpans::LetterOf(const model::TraceId& trace, const model::SpanId& span,
                                int64_t start_ns, const std::string& name) const {
  const auto found = letters.find(Identity(trace, span, start_ns, name));
  return found == letters.end() ? "?" : found->second;
}

base::Status TextSpansReader::AddTrace(const std::vector<std::string>& words) {
  const std::optional<model::TraceId> id =
      words.size() < 2 ? std::nullopt : model::TraceId::FromHex(words[1]);
  if (!id) return Wrong("no trace id", words.back());
  trace_start_ns_ = kTextStartNs;
  if (words.size() > 2) trace_start_ns_ += TRY(ParseOffset(words[2]));
  spans_.traces.push_back({.trace_id = *id});
  open_.clear();
  return {};
}

base::Status TextSpansReader::AddSpan(size_t indentation, const std::vector<std::string>& words) {
  std::vector<Span>& spans = spans_.traces.back().spans;
  while (!open_.empty() && open_.back().indentation >= indentation) open_.pop_back();
  Span span{.span_id = NumberedId(spans.size() + 1), .name = words[0]};
  if (!open_.empty()) span.parent_span_id = spans[open_.back().span].span_id;
  TRY(ReadSpan(span, trace_start_ns_, words));
  const TextSpans::Identity identity(spans_.traces.back().trace_id, span.span_id, span.start_ns,
                                     span.name);
  spans_.letters[identity] = words[0];
  open_.push_back({indentation, spans.size()});
  spans.push_back(std::move(span));
  return {};
}

base::Status TextSpansReader::AddEvent(const std::vector<std::string>& words) {
  Span& span = spans_.traces.back().spans[open_.back().span];
  span.events.push_back({.time_ns = span.start_ns});
  for (size_t i = 1; i < words.size(); ++i) {
    if (const std::optional<KeyAndText> assignment = SplitAssignment(words[i])) {
      TRY(AddAttribute(span, *assignment));
    } else if (words[i].starts_with('@')) {
      span.events.back().time_ns += TRY(ParseOffset(words[i]));
    } else {
      span.events.back().name = TRY(ParseText(words[i]));
    }
  }
  return {};
}

base::Status TextSpansReader::AddLink(const std::vector<std::string>& words) {
  if (words.size() < 3) return Wrong("a link has a trace and a span", words.back());
  Span& span = spans_.traces.back().spans[open_.back().span];
  const std::string digits = TRY(ParseText(words[1]));
  const std::optional<model::TraceId> trace_id = model::TraceId::FromHex(digits);
  if (!trace_id) return Wrong("no trace id", words[1]);
  span.links.push_back({.trace_id = *trace_id, .span_id = TRY(ParseSpanId(words[2]))});
  for (size_t i = 3; i < words.size(); ++i) {
    const std::optional<KeyAndText> assignment = SplitAssignment(words[i]);
    if (!assignment) return Wrong("no field of a link", words[i]);
    TRY(AddAttribute(span, *assignment));
  }
  return {};
}

base::Status TextSpansReader::Add(std::string_view line) {
  const size_t indentation = line.find_first_not_of(' ');
  const std::vector<std::string> words = WordsOf(line);
  if (words[0] == "trace") return AddTrace(words);
  if (spans_.traces.empty()) return Wrong("a trace is wanted", words[0]);
  const bool part = words[0] == "event" || words[0] == "link";
  if (part && open_.empty()) return Wrong("it belongs to no span", words[0]);
  if (words[0] == "event") return AddEvent(words);
  if (words[0] == "link") return AddLink(words);
  return AddSpan(indentation, words);
}

TextSpans TextSpansReader::Take() && {
  return std::move(spans_);
}

}  // namespace clew::reference
