// SPDX-License-Identifier: Apache-2.0
#include "query_answer.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include "json_fields.h"
#include "wire/json_tree.h"

namespace clew {
namespace {

using wire::JsonElements;
using wire::JsonMembers;
using wire::JsonTree;
using wire::JsonValue;

// Of an AnyValue: {"stringValue":"x"}.
std::string TextOfAny(const std::optional<JsonValue>& any) {
  if (!any) return {};
  JsonMembers members(*any);
  if (!members.Next()) return {};
  if (members.key() != "arrayValue") return TextOf(members.value());
  const std::optional<JsonValue> values = Member(members.value(), "values");
  if (!values) return "[]";
  std::string text;
  JsonElements elements(*values);
  while (elements.Next()) text.append(text.empty() ? "" : ", ").append(TextOfAny(elements.value()));
  return "[" + text + "]";
}

// The object that begins there in a text that is JSON.
std::string_view ObjectAt(std::string_view json, size_t at) {
  size_t depth = 0;
  bool quoted = false;
  for (size_t i = at; i < json.size(); ++i) {
    const char c = json[i];
    if (quoted) {
      if (c == '\\') ++i;
      quoted = c != '"';
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{') {
      ++depth;
    } else if (c == '}' && --depth == 0) {
      return json.substr(at, i + 1 - at);
    }
  }
  return json.substr(at);
}

void AddAttributes(const JsonValue& of, FoundTrace& trace) {
  const std::optional<JsonValue> attributes = Member(of, "attributes");
  if (!attributes) return;
  JsonElements elements(*attributes);
  while (elements.Next()) {
    const std::string key = TextOf(Member(elements.value(), "key"));
    auto known = std::ranges::find_if(
        trace.attributes, [&](const auto& attribute) { return attribute.first == key; });
    if (known == trace.attributes.end()) {
      known = trace.attributes.insert(known, {key, std::vector<std::string>()});
    }
    std::string value = TextOfAny(Member(elements.value(), "value"));
    if (std::ranges::find(known->second, value) == known->second.end()) {
      known->second.push_back(std::move(value));
    }
  }
}

void AddSpansets(const JsonValue& spansets, FoundTrace& trace) {
  JsonElements sets(spansets);
  while (sets.Next()) {
    trace.matched_spans += static_cast<uint64_t>(NumberOf(Member(sets.value(), "matched")));
    AddAttributes(sets.value(), trace);
    const std::optional<JsonValue> spans = Member(sets.value(), "spans");
    if (!spans) continue;
    JsonElements each(*spans);
    while (each.Next()) AddAttributes(each.value(), trace);
  }
}

FoundTrace TraceOf(const JsonValue& object, std::string_view json) {
  FoundTrace trace{.trace_id = TextOf(Member(object, "traceID")),
                   .service = TextOf(Member(object, "rootServiceName")),
                   .name = TextOf(Member(object, "rootTraceName")),
                   .start_unix_nano = NumberOf(Member(object, "startTimeUnixNano")),
                   .duration_ms = NumberOf(Member(object, "durationMs")),
                   .json = std::string(ObjectAt(json, object.position()))};
  if (const auto spansets = Member(object, "spanSets")) AddSpansets(*spansets, trace);
  return trace;
}

// Infinities and what is no number are texts.
double SampleOf(const JsonValue& value) {
  const std::string text = TextOf(value);
  double number = std::numeric_limits<double>::quiet_NaN();
  if (text == "Infinity") return std::numeric_limits<double>::infinity();
  if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
  (void)std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

FoundSeries SeriesOf(const JsonValue& object) {
  FoundSeries series;
  if (const auto labels = Member(object, "labels")) {
    JsonElements each(*labels);
    while (each.Next()) {
      series.labels.emplace_back(TextOf(Member(each.value(), "key")),
                                 TextOfAny(Member(each.value(), "value")));
    }
  }
  if (const auto samples = Member(object, "samples")) {
    JsonElements each(*samples);
    while (each.Next()) {
      const std::optional<JsonValue> value = Member(each.value(), "value");
      series.samples.push_back({.unix_ms = NumberOf(Member(each.value(), "timestampMs")),
                                .value = value ? SampleOf(*value) : 0});
    }
  }
  return series;
}

// What `read` makes of each element of a member of the answer.
template <typename Read>
auto ReadEach(std::string_view json, std::string_view name, const Read& read)
    -> base::Result<std::vector<decltype(read(std::declval<JsonValue>()))>> {
  JsonTree tree;
  wire::ScanFailure failure;
  if (!tree.Parse(json, failure)) {
    return base::Error{base::ErrorCode::kCorruption, "the answer is no JSON"};
  }
  const std::optional<JsonValue> list = Member(tree.root(), name);
  if (!list) {
    return base::Error{base::ErrorCode::kCorruption,
                       "the answer is none of a query API: it has no " + std::string(name)};
  }
  std::vector<decltype(read(std::declval<JsonValue>()))> all;
  JsonElements elements(*list);
  while (elements.Next()) all.push_back(read(elements.value()));
  return all;
}

}  // namespace

std::string FoundTrace::ValueOf(std::string_view attribute) const {
  std::string text;
  for (const auto& [key, values] : attributes) {
    if (key != attribute) continue;
    for (const std::string& value : values) text.append(text.empty() ? "" : ", ").append(value);
  }
  return text;
}

base::Result<std::vector<FoundTrace>> ReadTraces(std::string_view json) {
  return ReadEach(json, "traces", [&](const JsonValue& object) { return TraceOf(object, json); });
}

base::Result<std::vector<FoundSeries>> ReadSeries(std::string_view json) {
  return ReadEach(json, "series", SeriesOf);
}

}  // namespace clew
