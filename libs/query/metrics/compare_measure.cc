// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/compare_measure.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <optional>
#include <utility>

#include "base/stable_sort.h"
#include "query/metrics/label_groups.h"
#include "traceql/intrinsics.h"

namespace clew::query {
namespace {

using traceql::Intrinsic;

constexpr size_t kDefaultTop = 10;
// What is kept of a value beside its texts.
constexpr uint64_t kBytesOfValue = 320;

struct Compared {
  std::string name;
  traceql::FieldExpr expr;
};

const std::vector<Compared>& ComparedIntrinsics() {
  static const std::vector<Compared> compared = [] {
    std::vector<Compared> all;
    for (const Intrinsic intrinsic :
         {Intrinsic::kName, Intrinsic::kStatus, Intrinsic::kKind, Intrinsic::kStatusMessage,
          Intrinsic::kRootName, Intrinsic::kRootServiceName}) {
      all.push_back({traceql::NameOf(intrinsic), {.node = intrinsic}});
    }
    return all;
  }();
  return compared;
}

bool IsEmptyText(const Value& value) {
  return !value.is_array && value.scalar == Scalar(std::string_view(""));
}

}  // namespace

bool CompareMeasure::Counts::Add(uint32_t interval) {
  ++total;
  // Spans come nearly in order, so its place is at the end or close to it.
  auto place = of_interval.end();
  while (place != of_interval.begin() && std::prev(place)->first > interval) --place;
  if (place != of_interval.begin() && std::prev(place)->first == interval) {
    ++std::prev(place)->second;
    return false;
  }
  of_interval.insert(place, {interval, 1});
  return true;
}

base::Result<bool> CompareMeasure::IsSelected(const SelectedSpan& span) const {
  const int64_t start = span.start_unix_nano;
  if (compare_.start_ns && (start < *compare_.start_ns || start >= *compare_.end_ns)) return false;
  if (compare_.selection.expr == nullptr) return true;
  return IsTrue(TRY(span.fields.Get(*compare_.selection.expr))->Evaluate(span.at));
}

base::Status CompareMeasure::Add(const SelectedSpan& span) {
  Side& side = TRY(IsSelected(span)) ? selection_ : baseline_;
  for (const FieldSet::NamedField& attribute : *TRY(span.fields.All())) {
    TRY(Count(span, attribute.name, attribute.field->Evaluate(span.at), side));
  }
  for (const Compared& compared : ComparedIntrinsics()) {
    const Field* const field = TRY(span.fields.Get(compared.expr));
    TRY(Count(span, compared.name, field->Evaluate(span.at), side));
  }
  return {};
}

base::Status CompareMeasure::Charge(uint64_t bytes) const {
  return MemoryBudget::Charge(memory_, bytes,
                              "compare() meets very many different values; narrow the filter or "
                              "the time range");
}

base::Status CompareMeasure::CountIn(uint32_t interval, Counts& counts) const {
  // A vector that grows has room for as much again.
  if (!counts.Add(interval)) return {};
  return Charge(2 * sizeof(counts.of_interval.front()));
}

base::Status CompareMeasure::Count(const SelectedSpan& span, const std::string& name,
                                   const Value& value, Side& side) const {
  if (value.is_nil() || IsEmptyText(value)) return {};
  OfAttribute& attribute = side[name];
  const auto interval = static_cast<uint32_t>(axis_.IntervalOf(span.start_unix_nano));
  TRY(CountIn(interval, attribute.all));
  if (attribute.source != span.fields.source()) {
    attribute.source = span.fields.source();
    attribute.known.clear();
  }
  const std::optional<ShallowValue> shallow = ShallowValue::Of(value);
  const auto known = shallow ? attribute.known.find(*shallow) : attribute.known.end();
  if (known != attribute.known.end()) {
    return CountIn(interval, known->second->counts);
  }
  AnswerAttribute label = LabelOf(name, value);
  std::string text = ValueText(label);
  // The text is in the label as well.
  const uint64_t bytes = kBytesOfValue + name.size() + 2 * text.size();
  const auto [of_value, is_new] = attribute.of_value.try_emplace(std::move(text));
  if (is_new) {
    TRY(Charge(bytes));
    of_value->second.label = std::move(label);
  }
  if (shallow) attribute.known.emplace(*shallow, &of_value->second);
  return CountIn(interval, of_value->second.counts);
}

void CompareMeasure::AppendSeries(const std::string& type, const Side& side,
                                  std::vector<Series>& series) const {
  const auto add = [&](const std::string& meta_type, AnswerAttribute label, const Counts& counts) {
    Series one{.labels = {{.key = "__meta_type", .values = {meta_type}}, std::move(label)},
               .samples = std::vector<double>(axis_.interval_count())};
    for (const auto& [interval, count] : counts.of_interval) one.samples[interval] = count;
    series.push_back(std::move(one));
  };
  const size_t top = compare_.top ? static_cast<size_t>(*compare_.top) : kDefaultTop;
  for (const auto& [name, attribute] : side) {
    std::vector<const OfValue*> values;
    values.reserve(attribute.of_value.size());
    for (const auto& [text, value] : attribute.of_value) values.push_back(&value);
    base::StableSort(values, [](const OfValue* left, const OfValue* right) {
      return left->counts.total > right->counts.total;
    });
    if (values.size() > top) values.resize(top);
    for (const OfValue* value : values) add(type, value->label, value->counts);
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
