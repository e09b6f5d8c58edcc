// SPDX-License-Identifier: Apache-2.0
// The tag is read of each span that the filter selects. Most values come many times; where a
// text lies tells without comparing it where it is counted.
#include <algorithm>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "query/eval/shallow_value.h"
#include "query/metrics/by_codes.h"
#include "query/selected_span.h"
#include "query/source_tags.h"
#include "query/span_scan.h"
#include "query/tag_fields.h"
#include "query/tags.h"

namespace clew::query {
namespace {

using traceql::FieldExpr;

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
    std::optional<TagValue> value = TagValueOf(scalar);
    if (!value) return nullptr;
    const uint64_t bytes = BytesOf(*value);
    const auto [known, is_new] = counts_.try_emplace(*std::move(value));
    if (is_new) new_bytes_ += bytes;
    return &known->second;
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
  std::erase_if(values, [&](const CountedValue& one) { return IsAbsent(tag, one.value); });
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
