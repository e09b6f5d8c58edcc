// SPDX-License-Identifier: Apache-2.0
// The tag is read of each span that the filter selects. Most values come many times; where a
// text lies tells without comparing it that it was seen.
#include <array>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include "query/eval/shallow_value.h"
#include "query/selected_span.h"
#include "query/span_scan.h"
#include "query/tag_match.h"
#include "query/tags.h"
#include "traceql/intrinsics.h"
#include "traceql/words.h"

namespace clew::query {
namespace {

using traceql::FieldExpr;
using traceql::Intrinsic;
using traceql::Scope;

// Those whose values are listed; ids, times and durations are not worth it.
constexpr std::array kListed = {Intrinsic::kName,
                                Intrinsic::kStatus,
                                Intrinsic::kStatusMessage,
                                Intrinsic::kKind,
                                Intrinsic::kRootName,
                                Intrinsic::kRootServiceName,
                                Intrinsic::kEventName,
                                Intrinsic::kInstrumentationName,
                                Intrinsic::kInstrumentationVersion};

std::vector<FieldExpr> FieldsOfIntrinsic(std::string_view name) {
  const size_t colon = name.find(':');
  const auto intrinsic =
      colon == std::string_view::npos
          ? traceql::FindIntrinsic(name)
          : traceql::FindIntrinsic(name.substr(0, colon + 1), name.substr(colon + 1));
  std::vector<FieldExpr> fields;
  if (intrinsic && std::ranges::find(kListed, *intrinsic) != kListed.end()) {
    fields.push_back({.node = *intrinsic});
  }
  return fields;
}

// What is read of a span. A tag without a scope is the span's and the resource's, each.
std::vector<FieldExpr> FieldsOf(const Tag& tag) {
  std::vector<FieldExpr> fields;
  const auto add = [&](Scope scope) {
    fields.push_back({.node = traceql::Attribute{.scope = scope, .name = tag.key}});
  };
  switch (tag.scope) {
    case TagScope::kAny:
      add(Scope::kSpan);
      add(Scope::kResource);
      break;
    case TagScope::kResource:
      add(Scope::kResource);
      break;
    case TagScope::kSpan:
      add(Scope::kSpan);
      break;
    case TagScope::kEvent:
      add(Scope::kEvent);
      break;
    case TagScope::kLink:
      add(Scope::kLink);
      break;
    case TagScope::kInstrumentation:
      add(Scope::kInstrumentation);
      break;
    case TagScope::kIntrinsic:
      return FieldsOfIntrinsic(tag.key);
  }
  return fields;
}

// Of a span's events and links the values come together.
bool IsOfMany(const Tag& tag) {
  return tag.scope == TagScope::kEvent || tag.scope == TagScope::kLink || tag.key == "event:name";
}

class ValueTaker final : public SpanTaker {
 public:
  ValueTaker(const std::vector<FieldExpr>& fields, bool of_many)
      : fields_(fields), of_many_(of_many) {}

  base::Status Add(const SelectedSpan& span) override {
    if (span.fields.source() != source_) seen_.clear();
    source_ = span.fields.source();
    for (const FieldExpr& expr : fields_) {
      const Field* const field = TRY(span.fields.Get(expr));
      const Value value = field->Evaluate(span.at);
      if (value.is_array && !of_many_) continue;
      value.ForEach([this](const Scalar& scalar) { Note(scalar); });
    }
    return {};
  }

  std::vector<TagValue> Take() const { return {values_.begin(), values_.end()}; }

 private:
  void Note(const Scalar& scalar) {
    if (!seen_.insert(*ShallowValue::Of(Value::Of(scalar))).second) return;
    std::visit([this](const auto& held) { Insert(held); }, scalar);
  }

  template <typename T>
  void Insert(const T& held) {
    using model::ValueView;
    if constexpr (std::is_same_v<T, SpanStatus> || std::is_same_v<T, SpanKind>) {
      values_.insert({"keyword", std::string(traceql::TextOf(held))});
    } else if constexpr (std::is_same_v<T, int64_t>) {
      values_.insert({"int", TextOf(ValueView::Int(held))});
    } else if constexpr (std::is_same_v<T, double>) {
      values_.insert({"float", TextOf(ValueView::Double(held))});
    } else if constexpr (std::is_same_v<T, bool>) {
      values_.insert({"bool", TextOf(ValueView::Bool(held))});
    } else if constexpr (std::is_same_v<T, std::string_view>) {
      values_.insert({"string", std::string(held)});
    }
  }

  const std::vector<FieldExpr>& fields_;
  const bool of_many_;
  std::unordered_set<ShallowValue, ShallowValue::Hasher> seen_;  // of the source
  uint64_t source_ = std::numeric_limits<uint64_t>::max();
  std::set<TagValue> values_;
};

// Every intrinsic that is a text is there, and so is a service's name: empty when it is not.
bool MayBeAbsentAndEmpty(const Tag& tag) {
  return tag.scope == TagScope::kIntrinsic || tag.key == "service.name";
}

traceql::SpansetPipeline PipelineOf(FieldExpr filter) {
  traceql::SpansetPipeline pipeline;
  pipeline.stages.push_back(
      {.node = traceql::SpansetExpr{.node = traceql::SpansetFilter{
                                        .expr = std::make_unique<FieldExpr>(std::move(filter))}}});
  return pipeline;
}

}  // namespace

base::Result<std::vector<TagValue>> ListNarrowedTagValues(const store::Sources& sources,
                                                          NarrowedTag narrowed,
                                                          const TimeRange& range,
                                                          const std::stop_token& cancelled,
                                                          LeftOut* left_out) {
  auto& [tag, filter] = narrowed;
  const std::vector<FieldExpr> fields = FieldsOf(tag);
  if (fields.empty()) return std::vector<TagValue>();
  const bool of_spans = IsOfSpan(filter) && std::ranges::all_of(fields, IsOfSpan);
  const traceql::SpansetPipeline pipeline = PipelineOf(std::move(filter));
  Regexes regexes;
  SpanScan scan(sources, range, regexes, cancelled, left_out);
  ValueTaker taker(fields, IsOfMany(tag));
  if (of_spans) {
    TRY(scan.ScanRows(*OnlyFilter(pipeline), taker));
  } else {
    TRY(scan.ScanTraces(pipeline, taker));
  }
  std::vector<TagValue> values = taker.Take();
  if (MayBeAbsentAndEmpty(tag)) std::erase(values, TagValue{"string", ""});
  return values;
}

}  // namespace clew::query
