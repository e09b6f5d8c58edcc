// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/compare_measure.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <optional>
#include <utility>

#include "base/stable_sort.h"
#include "query/eval/value_bytes.h"
#include "query/metrics/by_codes.h"
#include "query/metrics/label_groups.h"
#include "traceql/intrinsics.h"

namespace clew::query {
namespace {

using traceql::Intrinsic;

constexpr size_t kDefaultTop = 10;
// Of values that come once, when there is no room for all, one in so many begins.
constexpr uint32_t kBegunOf = 16;
// Intervals and sides of a row group for which columns are gone through one by one.
constexpr size_t kMostParts = 64;
// What is kept of a value beside its texts.
constexpr uint64_t kBytesOfValue = 320;

struct Compared {
  std::string name;
  traceql::FieldExpr expr;
};

std::vector<Compared> AllOf(const std::vector<Intrinsic>& intrinsics) {
  std::vector<Compared> all;
  for (const Intrinsic intrinsic : intrinsics) {
    all.push_back({traceql::NameOf(intrinsic), {.node = intrinsic}});
  }
  return all;
}

const std::vector<Compared>& ComparedOf(CompareMeasure::Part part) {
  static const std::vector<Compared> own =
      AllOf({Intrinsic::kName, Intrinsic::kStatus, Intrinsic::kKind, Intrinsic::kStatusMessage});
  static const std::vector<Compared> of_root =
      AllOf({Intrinsic::kRootName, Intrinsic::kRootServiceName});
  return part == CompareMeasure::Part::kOwn ? own : of_root;
}

bool IsEmptyText(const Value& value) {
  return !value.is_array && value.scalar == Scalar(std::string_view(""));
}

}  // namespace

bool CompareMeasure::Counts::Add(uint32_t interval, uint32_t count) {
  total += count;
  // Spans come nearly in order, so its place is at the end or close to it.
  auto place = of_interval.end();
  while (place != of_interval.begin() && std::prev(place)->first > interval) --place;
  if (place != of_interval.begin() && std::prev(place)->first == interval) {
    std::prev(place)->second += count;
    return false;
  }
  of_interval.insert(place, {interval, count});
  return true;
}

base::Result<bool> CompareMeasure::IsSelected(const SelectedSpan& span) const {
  if (!IsInTime(span.start_unix_nano)) return false;
  if (compare_.selection.expr == nullptr) return true;
  return IsTrue(TRY(span.fields.Get(*compare_.selection.expr))->Evaluate(span.at));
}

base::Status CompareMeasure::Add(const SelectedSpan& span, Part part) {
  Side& side = TRY(IsSelected(span)) ? selection_ : baseline_;
  const Place place{side, static_cast<uint32_t>(axis_.IntervalOf(span.start_unix_nano))};
  if (part == Part::kOwn) {
    for (const FieldSet::NamedField& attribute : *TRY(span.fields.All())) {
      TRY(Count(place, attribute.name, attribute.field->Evaluate(span.at), 1));
    }
  }
  for (const Compared& compared : ComparedOf(part)) {
    const Field* const field = TRY(span.fields.Get(compared.expr));
    TRY(Count(place, compared.name, field->Evaluate(span.at), 1));
  }
  return {};
}

base::Status CompareMeasure::AddRows(const SelectedRows& spans, Cancellation& cancellation) {
  const std::optional<SplitRows> parts = TRY(Split(spans, cancellation));
  if (!parts) {
    return spans.ForEach(0, spans.rows.size(), cancellation,
                         [this](const SelectedSpan& span) { return Add(span, Part::kOwn); });
  }
  const SplitRows& split = *parts;
  for (const FieldSet::NamedField& attribute : *TRY(spans.fields.All())) {
    if (cancellation.Look()) return QueryCancelled();
    TRY(CountColumn(attribute.name, *attribute.expr, spans, split));
  }
  for (const Compared& compared : ComparedOf(Part::kOwn)) {
    TRY(CountColumn(compared.name, compared.expr, spans, split));
  }
  return {};
}

base::Result<std::optional<CompareMeasure::SplitRows>> CompareMeasure::Split(
    const SelectedRows& spans, Cancellation& cancellation) const {
  RowSet selected = spans.rows;
  TRY(selected_.Narrow(spans.group, spans.fields, cancellation, selected));
  SplitRows split;
  RowSet* rows = nullptr;  // those of the span before
  SplitRows::key_type key;
  bool few = true;
  const auto add = [&](const SelectedSpan& span) -> base::Status {
    const bool chosen = selected.Has(span.at.row) && IsInTime(span.start_unix_nano);
    const auto interval = static_cast<uint32_t>(axis_.IntervalOf(span.start_unix_nano));
    if (rows == nullptr || key != std::pair(interval, chosen)) {
      key = {interval, chosen};
      few = few && (split.size() < kMostParts || split.contains(key));
      if (!few) return {};
      rows = &split.try_emplace(key, spans.rows.size()).first->second;
    }
    rows->Add(span.at.row);
    return {};
  };
  TRY(spans.ForEach(0, spans.rows.size(), cancellation, add));
  return few ? std::optional(std::move(split)) : std::nullopt;
}

base::Status CompareMeasure::CountColumn(const std::string& name, const traceql::FieldExpr& expr,
                                         const SelectedRows& spans, const SplitRows& split) {
  const CodedField coded = TRY(CodedFieldOf(expr, spans.group));
  const Field* const field = TRY(spans.fields.Get(expr));
  struct OfCode {
    uint32_t count = 0;
    uint32_t row = 0;  // one that has it
  };
  std::vector<OfCode> of_codes;
  std::vector<uint32_t> met;  // codes
  if (coded.codes != nullptr) of_codes.resize(coded.codes->code_count());
  for (const auto& [key, rows] : split) {
    const Place place{key.second ? selection_ : baseline_, key.first};
    const auto count = [&](size_t row, uint32_t spans_alike) {
      const SpanAt at{.row = static_cast<uint32_t>(row), .texts = &spans.fields.texts()};
      return Count(place, name, field->Evaluate(at), spans_alike);
    };
    if (coded.kind == CodedField::Kind::kAbsent) {
      TRY(count(*rows.Next(0, rows.size()), static_cast<uint32_t>(rows.Count())));
    } else if (coded.kind == CodedField::Kind::kNone) {
      base::Status status;
      rows.ForEach([&](size_t row) {
        if (status.ok()) status = count(row, 1);
      });
      TRY(std::move(status));
    } else {
      coded.codes->Visit([&](const auto& codes) {
        rows.ForEach([&](size_t row) {
          OfCode& of_code = of_codes[codes[row]];
          if (of_code.count++ > 0) return;
          of_code.row = static_cast<uint32_t>(row);
          met.push_back(codes[row]);
        });
      });
      for (const uint32_t code : met) {
        TRY(count(of_codes[code].row, of_codes[code].count));
        of_codes[code].count = 0;
      }
      met.clear();
    }
  }
  return {};
}

base::Status CompareMeasure::Charge(uint64_t bytes) const {
  return MemoryBudget::Charge(memory_, bytes,
                              "compare() meets very many different values; narrow the filter or "
                              "the time range");
}

base::Status CompareMeasure::CountIn(uint32_t interval, uint32_t count, Counts& counts) const {
  // A vector that grows has room for as much again.
  if (!counts.Add(interval, count)) return {};
  return Charge(2 * sizeof(counts.of_interval.front()));
}

base::Status CompareMeasure::Count(const Place& place, const std::string& name, const Value& value,
                                   uint32_t count) {
  if (value.is_nil() || IsEmptyText(value)) return {};
  OfAttribute& attribute = place.side[name];
  TRY(CountIn(place.interval, count, attribute.all));
  bytes_.clear();
  const bool has_bytes = AppendBytes(value, bytes_);
  const auto known = has_bytes ? attribute.known.find(bytes_) : attribute.known.end();
  if (known != attribute.known.end()) {
    return CountIn(place.interval, count, known->second->counts);
  }
  if (attribute.of_value.size() >= kMostValues) {
    if (count == 1 && ++passed_over_ % kBegunOf != 0) return {};
    Prune(name, attribute);
  }
  AnswerAttribute label = LabelOf(name, value);
  std::string text = ValueText(label);
  const auto [of_value, is_new] = attribute.of_value.try_emplace(std::move(text));
  if (is_new) {
    TRY(Charge(BytesOf(name, of_value->first, of_value->second.counts)));
    of_value->second.label = std::move(label);
  }
  if (has_bytes) attribute.known.emplace(bytes_, &of_value->second);
  return CountIn(place.interval, count, of_value->second.counts);
}

uint64_t CompareMeasure::BytesOf(const std::string& name, const std::string& text,
                                 const Counts& counts) {
  // The text is in the label as well.
  return kBytesOfValue + name.size() + 2 * text.size() +
         2 * counts.of_interval.size() * sizeof(counts.of_interval.front());
}

void CompareMeasure::Prune(const std::string& name, OfAttribute& attribute) const {
  std::vector<uint64_t> totals;
  totals.reserve(attribute.of_value.size());
  for (const auto& [text, value] : attribute.of_value) totals.push_back(value.counts.total);
  const auto middle = totals.begin() + static_cast<ptrdiff_t>(totals.size() / 2);
  std::ranges::nth_element(totals, middle);
  size_t left = totals.size() / 2;  // to be forgotten
  uint64_t bytes = 0;
  std::erase_if(attribute.of_value, [&](const auto& entry) {
    const auto& [text, value] = entry;
    if (left == 0 || value.counts.total > *middle) return false;
    --left;
    bytes += BytesOf(name, text, value.counts);
    return true;
  });
  attribute.known.clear();
  MemoryBudget::Release(memory_, bytes);
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
