// SPDX-License-Identifier: Apache-2.0
// Each span belongs to one side: the selection, when the filter matches and it starts in the
// [start, end) of the call, or the baseline. What is counted are its attributes of span and
// resource and its name, status, status message, kind, root name and root service name, as
// far as they are not empty.
//
// A side has for each attribute a series of each of its n most frequent values (over the whole
// range; of equally frequent ones the first by text), and a series of the total, the number of
// spans that have the attribute, whose value is "nil". All are filled with zeros.
#include "reference/compare_function.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "traceql/intrinsics.h"
#include "traceql/print.h"

namespace clew::reference {
namespace {

using traceql::Attribute;
using traceql::Intrinsic;
using traceql::Scope;

constexpr int64_t kDefaultTop = 10;
constexpr std::array kIntrinsics = {Intrinsic::kName,     Intrinsic::kStatus,
                                    Intrinsic::kKind,     Intrinsic::kStatusMessage,
                                    Intrinsic::kRootName, Intrinsic::kRootServiceName};

// How often, in each interval and in all.
struct Counts {
  std::vector<uint64_t> of_interval;
  uint64_t total = 0;

  void Add(size_t interval, size_t interval_count) {
    of_interval.resize(interval_count);
    ++of_interval[interval];
    ++total;
  }
};

struct AttributeCounts {
  Counts all;
  std::map<std::string, std::pair<FieldValue, Counts>> of_value;  // by its text
};

using Side = std::map<std::string, AttributeCounts>;  // by the attribute's name

bool IsEmptyText(const FieldValue& value) {
  return value == FieldValue::Of(std::string());
}

void AddScope(Scope scope, const Attributes& attributes, const SpanInTrace& span,
              std::map<std::string, FieldValue>& found) {
  for (const KeyValue& attribute : attributes) {
    const Attribute field{.scope = scope, .name = attribute.key};
    found[traceql::Print(field)] = ValueOf(field, span);
  }
}

// All that is counted of a span, by name.
std::map<std::string, FieldValue> CountedOf(const SpanInTrace& span) {
  std::map<std::string, FieldValue> found;
  AddScope(Scope::kResource, span.span().resource, span, found);
  AddScope(Scope::kSpan, span.span().attributes, span, found);
  for (const Intrinsic intrinsic : kIntrinsics) {
    found[traceql::NameOf(intrinsic)] = AsLabel(ValueOf(intrinsic, span));
  }
  std::erase_if(found, [](const auto& entry) {
    return !entry.second.present() || IsEmptyText(entry.second);
  });
  return found;
}

bool IsSelected(const traceql::Compare& compare, const SpanInTrace& span, FieldEvaluator& fields) {
  const int64_t start = span.span().start_ns;
  if (compare.start_ns && (start < *compare.start_ns || start >= *compare.end_ns)) return false;
  return fields.Matches(compare.selection, span);
}

Series SeriesOf(const std::string& meta_type, NamedValue label, const Counts& counts) {
  Series series{.labels = {{"__meta_type", FieldValue::Of(meta_type)}, std::move(label)}};
  for (const uint64_t count : counts.of_interval) {
    series.samples.emplace_back(static_cast<double>(count));
  }
  return series;
}

void AddSeries(const std::string& meta_type, const Side& side, size_t top,
               std::vector<Series>& all) {
  for (const auto& [name, attribute] : side) {
    using Entry = std::pair<FieldValue, Counts>;
    std::vector<const std::pair<const std::string, Entry>*> values;
    values.reserve(attribute.of_value.size());
    for (const auto& value : attribute.of_value) values.push_back(&value);
    std::ranges::sort(values, [](const auto* left, const auto* right) {
      const uint64_t of_left = left->second.second.total;
      const uint64_t of_right = right->second.second.total;
      return of_left != of_right ? of_left > of_right : left->first < right->first;
    });
    if (values.size() > top) values.resize(top);
    for (const auto* value : values) {
      all.push_back(SeriesOf(meta_type, {name, value->second.first}, value->second.second));
    }
    const NamedValue nil{name, FieldValue::Of(std::string("nil"))};
    all.push_back(SeriesOf(meta_type + "_total", nil, attribute.all));
  }
}

}  // namespace

std::vector<Series> RunCompare(const traceql::Compare& compare,
                               const std::vector<SpanInTrace>& spans, const TimeAxis& axis,
                               FieldEvaluator& fields) {
  Side baseline;
  Side selection;
  for (const SpanInTrace& span : spans) {
    Side& side = IsSelected(compare, span, fields) ? selection : baseline;
    const size_t interval = axis.IntervalOf(span.span().start_ns);
    for (auto& [name, value] : CountedOf(span)) {
      AttributeCounts& attribute = side[name];
      attribute.all.Add(interval, axis.interval_count());
      auto& of_value = attribute.of_value[TextOf(value)];
      of_value.first = value;
      of_value.second.Add(interval, axis.interval_count());
    }
  }
  const auto top = static_cast<size_t>(compare.top.value_or(kDefaultTop));
  std::vector<Series> all;
  AddSeries("baseline", baseline, top, all);
  AddSeries("selection", selection, top, all);
  return all;
}

}  // namespace clew::reference
