// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/compare_measure.h"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>

#include "query/metrics/label_groups.h"
#include "store/row_reader.h"
#include "traceql/intrinsics.h"
#include "traceql/print.h"

namespace clew::query {
namespace {

using traceql::Intrinsic;
using traceql::Scope;

constexpr size_t kDefaultTop = 10;

const std::array<traceql::FieldExpr, 6>& ComparedIntrinsics() {
  static const std::array<traceql::FieldExpr, 6> exprs = {
      traceql::FieldExpr{.node = Intrinsic::kName},
      traceql::FieldExpr{.node = Intrinsic::kStatus},
      traceql::FieldExpr{.node = Intrinsic::kKind},
      traceql::FieldExpr{.node = Intrinsic::kStatusMessage},
      traceql::FieldExpr{.node = Intrinsic::kRootName},
      traceql::FieldExpr{.node = Intrinsic::kRootServiceName}};
  return exprs;
}

bool IsEmptyText(const Value& value) {
  return !value.is_array && value.scalar == Scalar(std::string_view(""));
}

// The attributes of a span and of its resource, by name.
class AttributesOfSpan final : public model::SpanSink {
 public:
  void OnResource(const model::ResourceView&) override { scope_ = Scope::kResource; }
  void OnScope(const model::ScopeView&) override { scope_ = Scope::kInstrumentation; }
  void OnSpan(const model::SpanView&) override { scope_ = Scope::kSpan; }
  void OnEvent(const model::EventView&) override { scope_ = Scope::kEvent; }
  void OnLink(const model::LinkView&) override { scope_ = Scope::kLink; }
  void OnAttribute(std::string_view key, const model::ValueView& view) override {
    if (scope_ != Scope::kResource && scope_ != Scope::kSpan) return;
    const Value value = ValueOf(view);
    if (value.is_nil() || IsEmptyText(value)) return;
    values_.push_back(LabelOf(
        traceql::Print(traceql::Attribute{.scope = scope_, .name = std::string(key)}), value));
  }
  void OnRejectedSpan(model::RejectReason) override {}

  std::vector<AnswerAttribute> Take() { return std::move(values_); }

 private:
  Scope scope_ = Scope::kAny;
  std::vector<AnswerAttribute> values_;
};

}  // namespace

void CompareMeasure::Counts::Add(size_t interval, size_t interval_count) {
  of_interval.resize(interval_count);
  ++of_interval[interval];
  ++total;
}

base::Result<bool> CompareMeasure::IsSelected(const MeasuredSpan& span) const {
  const int64_t start = span.start_unix_nano;
  if (compare_.start_ns && (start < *compare_.start_ns || start >= *compare_.end_ns)) return false;
  if (compare_.selection.expr == nullptr) return true;
  return IsTrue(TRY(span.fields.Get(*compare_.selection.expr))->Evaluate(span.at));
}

base::Status CompareMeasure::Add(const MeasuredSpan& span) {
  Side& side = TRY(IsSelected(span)) ? selection_ : baseline_;
  const size_t interval = axis_.IntervalOf(span.start_unix_nano);
  AttributesOfSpan attributes;
  store::RowReader(*scan_.memtable(), {&span.at.row, 1})
      .Read(span.at.row, std::nullopt, attributes);
  for (AnswerAttribute& value : attributes.Take()) TRY(Count(side, interval, std::move(value)));
  for (const traceql::FieldExpr& expr : ComparedIntrinsics()) {
    const Value value = TRY(span.fields.Get(expr))->Evaluate(span.at);
    if (IsEmptyText(value)) continue;
    TRY(Count(side, interval, LabelOf(traceql::NameOf(std::get<Intrinsic>(expr.node)), value)));
  }
  return {};
}

base::Status CompareMeasure::Count(Side& side, size_t interval, AnswerAttribute value) const {
  OfAttribute& attribute = side[value.key];
  attribute.all.Add(interval, axis_.interval_count());
  auto& of_value = attribute.of_value[ValueText(value)];
  of_value.first = std::move(value);
  of_value.second.Add(interval, axis_.interval_count());
  return {};
}

void CompareMeasure::AppendSeries(const std::string& type, const Side& side,
                                  std::vector<Series>& series) const {
  const auto add = [&](const std::string& meta_type, AnswerAttribute label, const Counts& counts) {
    Series one{.labels = {{.key = "__meta_type", .values = {meta_type}}, std::move(label)}};
    for (const uint64_t count : counts.of_interval) {
      one.samples.push_back(static_cast<double>(count));
    }
    series.push_back(std::move(one));
  };
  const size_t top = compare_.top ? static_cast<size_t>(*compare_.top) : kDefaultTop;
  for (const auto& [name, attribute] : side) {
    std::vector<const std::pair<AnswerAttribute, Counts>*> values;
    for (const auto& [text, value] : attribute.of_value) values.push_back(&value);
    std::ranges::stable_sort(values, std::ranges::greater(),
                             [](const auto* value) { return value->second.total; });
    if (values.size() > top) values.resize(top);
    for (const auto* value : values) add(type, value->first, value->second);
    add(type + "_total", {.key = name, .values = {std::string("nil")}}, attribute.all);
  }
}

std::vector<Series> CompareMeasure::Take() {
  std::vector<Series> series;
  AppendSeries("baseline", baseline_, series);
  AppendSeries("selection", selection_, series);
  return series;
}

}  // namespace clew::query
