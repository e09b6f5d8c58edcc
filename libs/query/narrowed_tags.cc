// SPDX-License-Identifier: Apache-2.0
// The tag is read of each span that the filter selects. Most values come many times; where a
// text lies tells without comparing it where it is counted.
#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "query/eval/shallow_value.h"
#include "query/metrics/by_codes.h"
#include "query/selected_span.h"
#include "query/source_tags.h"
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
  ValueTaker(const std::vector<FieldExpr>& fields, bool of_many, MemoryBudget* memory)
      : fields_(fields), of_many_(of_many), memory_(memory) {}

  base::Status Add(const SelectedSpan& span) override {
    if (span.fields.source() != source_) known_.clear();
    source_ = span.fields.source();
    of_span_.clear();
    for (const FieldExpr& expr : fields_) {
      const Field* const field = TRY(span.fields.Get(expr));
      const Value value = field->Evaluate(span.at);
      if (value.is_array && !of_many_) continue;
      value.ForEach([this](const Scalar& scalar) { Note(scalar); });
    }
    return new_bytes_ == 0 ? base::Status()
                           : ChargeTagValues(memory_, std::exchange(new_bytes_, 0));
  }

  // A column is counted by its codes.
  base::Status AddRows(const SelectedRows& spans, Cancellation& cancellation) override {
    CodedField coded;
    if (fields_.size() == 1) coded = TRY(CodedFieldOf(fields_.front(), spans.group));
    if (coded.kind == CodedField::Kind::kAbsent) {
      return AddCount(coded.absent.scalar, spans.rows.Count());
    }
    if (coded.kind != CodedField::Kind::kCoded) return SpanTaker::AddRows(spans, cancellation);
    std::vector<uint64_t> counts(coded.codes->code_count());
    coded.codes->Visit(
        [&](const auto& codes) { spans.rows.ForEach([&](size_t row) { ++counts[codes[row]]; }); });
    for (uint32_t code = 0; code < counts.size(); ++code) {
      if (counts[code] > 0) TRY(AddCount(coded.ValueOf(code).scalar, counts[code]));
    }
    return {};
  }

  std::vector<CountedValue> Take() const {
    std::vector<CountedValue> counted;
    counted.reserve(counts_.size());
    for (const auto& [value, spans] : counts_) counted.push_back({value, spans});
    return counted;
  }

 private:
  using Counts = std::map<TagValue, uint64_t>;

  // A span counts once for a value that it has several times.
  void Note(const Scalar& scalar) {
    if (std::holds_alternative<Nil>(scalar)) return;
    uint64_t*& count = known_[*ShallowValue::Of(Value::Of(scalar))];
    if (count == nullptr) count = CountOf(scalar);
    if (count == nullptr || std::ranges::find(of_span_, count) != of_span_.end()) return;
    of_span_.push_back(count);
    ++*count;
  }

  // So many spans have that value.
  base::Status AddCount(const Scalar& scalar, uint64_t spans) {
    uint64_t* const count = CountOf(scalar);
    if (count != nullptr) *count += spans;
    return ChargeTagValues(memory_, std::exchange(new_bytes_, 0));
  }

  // Null: it is of a type that tags do not have.
  uint64_t* CountOf(const Scalar& scalar) {
    std::optional<TagValue> value =
        std::visit([](const auto& held) { return TagValueOf(held); }, scalar);
    if (!value) return nullptr;
    const uint64_t bytes = BytesOf(*value);
    const auto [known, is_new] = counts_.try_emplace(*std::move(value));
    if (is_new) new_bytes_ += bytes;
    return &known->second;
  }

  template <typename T>
  static std::optional<TagValue> TagValueOf(const T& held) {
    using model::ValueView;
    if constexpr (std::is_same_v<T, SpanStatus> || std::is_same_v<T, SpanKind>) {
      return TagValue{"keyword", std::string(traceql::TextOf(held))};
    } else if constexpr (std::is_same_v<T, int64_t>) {
      return TagValue{"int", TextOf(ValueView::Int(held))};
    } else if constexpr (std::is_same_v<T, double>) {
      return TagValue{"float", TextOf(ValueView::Double(held))};
    } else if constexpr (std::is_same_v<T, bool>) {
      return TagValue{"bool", TextOf(ValueView::Bool(held))};
    } else if constexpr (std::is_same_v<T, std::string_view>) {
      return TagValue{"string", std::string(held)};
    } else {
      return std::nullopt;
    }
  }

  const std::vector<FieldExpr>& fields_;
  const bool of_many_;
  MemoryBudget* const memory_;
  // Of the source: where values are counted.
  std::unordered_map<ShallowValue, uint64_t*, ShallowValue::Hasher> known_;
  uint64_t source_ = std::numeric_limits<uint64_t>::max();
  std::vector<const uint64_t*> of_span_;  // the counts that the span in hand is in
  Counts counts_;
  uint64_t new_bytes_ = 0;  // not charged yet
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

// Counts the spans that have attributes.
class NameTaker final : public SpanTaker {
 public:
  // Counts in `names`, which outlive it.
  explicit NameTaker(std::vector<CountedName>& names) : names_(names) {
    fields_.reserve(names.size());
    for (const CountedName& one : names) {
      fields_.push_back(std::move(FieldsOf({one.scope, one.name}).front()));
    }
  }

  base::Status Add(const SelectedSpan& span) override {
    for (size_t i = 0; i < names_.size(); ++i) {
      const Value value = TRY(span.fields.Get(fields_[i]))->Evaluate(span.at);
      if (value.is_nil()) continue;
      // A span without events has no values of what events have.
      const bool none = value.is_array && value.elements.empty() && IsOfMany({names_[i].scope, ""});
      if (!none) ++names_[i].spans;
    }
    return {};
  }

 private:
  std::vector<CountedName>& names_;
  std::vector<FieldExpr> fields_;  // of each
};

// Brings the spans for which a filter holds to a taker. `of_spans`: what it asks of them
// IsOfSpan.
base::Status TakeNarrowed(const store::Sources& sources, FieldExpr filter, bool of_spans,
                          const TagQuestion& question, SpanTaker& taker) {
  of_spans = of_spans && IsOfSpan(filter);
  const traceql::SpansetPipeline pipeline = PipelineOf(std::move(filter));
  Regexes regexes;
  SpanScan scan(sources, question.range, regexes, question.cancelled, question.notes);
  scan.LimitMemory(question.memory);
  if (of_spans) return scan.ScanRows(*OnlyFilter(pipeline), taker);
  return scan.ScanTraces(pipeline, taker);
}

}  // namespace

base::Result<std::vector<CountedValue>> CountTagValues(const store::Sources& sources,
                                                       NarrowedTag narrowed,
                                                       const TagQuestion& question) {
  const Tag& tag = narrowed.tag;
  const std::vector<FieldExpr> fields = FieldsOf(tag);
  if (fields.empty()) return std::vector<CountedValue>();
  ValueTaker taker(fields, IsOfMany(tag), question.memory);
  const bool of_spans = std::ranges::all_of(fields, IsOfSpan);
  TRY(TakeNarrowed(sources, std::move(narrowed.filter), of_spans, question, taker));
  std::vector<CountedValue> values = taker.Take();
  if (MayBeAbsentAndEmpty(tag)) {
    std::erase_if(values,
                  [](const CountedValue& one) { return one.value == TagValue{"string", ""}; });
  }
  return values;
}

base::Result<std::vector<TagValue>> ListNarrowedTagValues(const store::Sources& sources,
                                                          NarrowedTag narrowed,
                                                          const TagQuestion& question) {
  std::vector<TagValue> values;
  for (CountedValue& counted : TRY(CountTagValues(sources, std::move(narrowed), question))) {
    values.push_back(std::move(counted.value));
  }
  return values;
}

base::Result<std::vector<CountedName>> CountTagNames(const store::Sources& sources,
                                                     const std::vector<TagScope>& scopes,
                                                     FieldExpr filter,
                                                     const TagQuestion& question) {
  std::vector<CountedName> names;
  for (const TagScope scope : scopes) {
    for (std::string& name : TRY(ListTagNames(sources, scope, question))) {
      names.push_back({scope, std::move(name)});
    }
  }
  NameTaker taker(names);
  TRY(TakeNarrowed(sources, std::move(filter), true, question, taker));
  std::erase_if(names, [](const CountedName& one) { return one.spans == 0; });
  return names;
}

}  // namespace clew::query
