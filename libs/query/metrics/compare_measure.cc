// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/compare_measure.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>

#include "query/eval/block_fields.h"
#include "traceql/intrinsics.h"

namespace clew::query {
namespace {

using traceql::Intrinsic;

constexpr int64_t kDefaultTop = 10;
// Intervals and sides of a row group for which columns are gone through one by one.
constexpr size_t kMostParts = 64;

struct Compared {
  std::string name;
  traceql::FieldExpr expr;
};

std::vector<Compared> AllOf(const std::vector<Intrinsic>& intrinsics) {
  std::vector<Compared> all;
  all.reserve(intrinsics.size());
  for (const Intrinsic intrinsic : intrinsics) {
    all.push_back({traceql::NameOf(intrinsic), {.node = intrinsic}});
  }
  return all;
}

const std::vector<Compared>& OwnIntrinsics() {
  static const std::vector<Compared> own =
      AllOf({Intrinsic::kName, Intrinsic::kStatus, Intrinsic::kKind, Intrinsic::kStatusMessage});
  return own;
}

const std::vector<Compared>& RootIntrinsics() {
  static const std::vector<Compared> of_root =
      AllOf({Intrinsic::kRootName, Intrinsic::kRootServiceName});
  return of_root;
}

}  // namespace

struct CompareMeasure::Reader {
  Reader(const SelectedRows& spans, Regexes& regexes, const Cancellation& of_scan)
      : group(spans.group.Fork()),
        columns(group),
        fields(columns, regexes),
        cancellation(of_scan) {}

  BlockRows group;
  BlockFields columns;
  FieldSet fields;
  Cancellation cancellation;
};

CompareMeasure::CompareMeasure(const Question& question)
    : question_(question),
      selected_(question.compare.selection.expr.get(), question.regexes),
      roots_(
          {question.sources, question.axis.range(), question.memory},
          {&In(baseline_, RootIntrinsics()[0].name), &In(selection_, RootIntrinsics()[0].name),
           &In(baseline_, RootIntrinsics()[1].name), &In(selection_, RootIntrinsics()[1].name)}) {}

bool CompareMeasure::IsInTime(int64_t start_unix_nano) const {
  const traceql::Compare& compare = question_.compare;
  return !compare.start_ns ||
         (start_unix_nano >= *compare.start_ns && start_unix_nano < *compare.end_ns);
}

base::Result<CompareMeasure::Place> CompareMeasure::PlaceOf(const SelectedSpan& span) {
  bool selected = IsInTime(span.start_unix_nano);
  const traceql::FieldExpr* const expr = question_.compare.selection.expr.get();
  if (selected && expr != nullptr) {
    selected = IsTrue(TRY(span.fields.Get(*expr))->Evaluate(span.at));
  }
  return Place{selected ? selection_ : baseline_,
               static_cast<uint32_t>(question_.axis.IntervalOf(span.start_unix_nano))};
}

base::Status CompareMeasure::Add(const SelectedSpan& span) {
  const Place place = TRY(PlaceOf(span));
  TRY(AddOwn(place, span));
  return AddRoot(place, span);
}

base::Status CompareMeasure::AddOwn(const SelectedSpan& span) {
  const Place place = TRY(PlaceOf(span));
  TRY(AddOwn(place, span));
  return roots_.Keep(span);
}

base::Status CompareMeasure::AddRoot(const SelectedSpan& span) {
  const Place place = TRY(PlaceOf(span));
  return AddRoot(place, span);
}

base::Status CompareMeasure::AddOwn(const Place& place, const SelectedSpan& span) {
  for (const FieldSet::NamedField& attribute : *TRY(span.fields.All())) {
    const Field* const field = TRY(span.fields.Get(*attribute.expr));
    TRY(In(place.side, attribute.name).Add(field->Evaluate(span.at), place.interval, 1));
  }
  for (const Compared& compared : OwnIntrinsics()) {
    const Field* const field = TRY(span.fields.Get(compared.expr));
    TRY(In(place.side, compared.name).Add(field->Evaluate(span.at), place.interval, 1));
  }
  return {};
}

base::Status CompareMeasure::AddRoot(const Place& place, const SelectedSpan& span) {
  for (const Compared& compared : RootIntrinsics()) {
    const Field* const field = TRY(span.fields.Get(compared.expr));
    TRY(In(place.side, compared.name).Add(field->Evaluate(span.at), place.interval, 1));
  }
  return {};
}

base::Status CompareMeasure::AddRows(const SelectedRows& spans, Cancellation& cancellation) {
  const std::optional<SplitRows> split = TRY(Split(spans, cancellation));
  if (!split) {
    return spans.ForEach(0, spans.rows.size(), cancellation,
                         [this](const SelectedSpan& span) { return AddOwn(span); });
  }
  const std::vector<ComparedColumn> columns = TRY(ColumnsOf(spans));
  return CountColumns(columns, *split, spans, cancellation);
}

base::Result<std::vector<ComparedColumn>> CompareMeasure::ColumnsOf(const SelectedRows& spans) {
  std::vector<ComparedColumn> columns;
  const auto add = [&](const std::string& name, const traceql::FieldExpr& expr) {
    columns.push_back({&expr, &In(baseline_, name), &In(selection_, name)});
  };
  for (const FieldSet::NamedField& attribute : *TRY(spans.fields.All())) {
    add(attribute.name, *attribute.expr);
  }
  for (const Compared& compared : OwnIntrinsics()) add(compared.name, compared.expr);
  return columns;
}

base::Status CompareMeasure::CountColumns(const std::vector<ComparedColumn>& columns,
                                          const SplitRows& split, const SelectedRows& spans,
                                          Cancellation& cancellation) {
  ScanThreads* const threads = question_.threads;
  std::vector<std::unique_ptr<Reader>> readers(WorkersOf(threads));
  std::vector<base::Status> outcomes(columns.size() + 1);
  // Roots first, which take the longest.
  const auto count = [&](size_t part, size_t worker) {
    std::unique_ptr<Reader>& reader = readers[worker];
    if (reader == nullptr) {
      reader = std::make_unique<Reader>(spans, question_.regexes, cancellation);
    }
    outcomes[part] =
        part == 0
            ? roots_.Count(split, spans.block, reader->group, reader->cancellation)
            : columns[part - 1].Count(split, reader->group, reader->fields, reader->cancellation);
  };
  ForEachPart(threads, outcomes.size(), count);
  for (const auto& reader : readers) {
    if (reader != nullptr) spans.group.Join(reader->group);
  }
  for (base::Status& outcome : outcomes) TRY(std::move(outcome));
  return {};
}

base::Result<std::optional<SplitRows>> CompareMeasure::Split(const SelectedRows& spans,
                                                             Cancellation& cancellation) const {
  RowSet selected = spans.rows;
  TRY(selected_.Narrow(spans.group, spans.fields, cancellation, selected));
  SplitRows split;
  split.part_of.assign(spans.rows.size(), SplitRows::kNone);
  std::map<std::pair<uint32_t, bool>, uint8_t> parts;  // by interval and side
  std::pair<uint32_t, bool> key;                       // of the span before
  uint8_t part = SplitRows::kNone;
  bool few = true;
  const auto add = [&](const SelectedSpan& span) -> base::Status {
    const bool chosen = selected.Has(span.at.row) && IsInTime(span.start_unix_nano);
    const auto interval = static_cast<uint32_t>(question_.axis.IntervalOf(span.start_unix_nano));
    if (part == SplitRows::kNone || key != std::pair(interval, chosen)) {
      key = {interval, chosen};
      few = few && (parts.size() < kMostParts || parts.contains(key));
      if (!few) return {};
      const auto [place, is_new] = parts.try_emplace(key, static_cast<uint8_t>(split.parts.size()));
      if (is_new) split.parts.push_back({interval, chosen, RowSet(spans.rows.size())});
      part = place->second;
    }
    split.parts[part].rows.Add(span.at.row);
    split.part_of[span.at.row] = part;
    return {};
  };
  TRY(spans.ForEach(0, spans.rows.size(), cancellation, add));
  return few ? std::optional(std::move(split)) : std::nullopt;
}

void CompareMeasure::AppendSeries(const std::string& type, const Side& side,
                                  std::vector<Series>& series) const {
  const auto add = [&](const std::string& meta_type, AnswerAttribute label,
                       const IntervalCounts& counts) {
    Series one{.labels = {{.key = "__meta_type", .values = {meta_type}}, std::move(label)},
               .samples = std::vector<double>(question_.axis.interval_count())};
    for (const auto& [interval, count] : counts.of_interval) one.samples[interval] = count;
    series.push_back(std::move(one));
  };
  const auto top = static_cast<size_t>(question_.compare.top.value_or(kDefaultTop));
  for (const auto& [name, values] : side) {
    if (values.all().total == 0) continue;
    for (ValueCounts::Counted& counted : values.MostFrequent(name, top)) {
      add(type, std::move(counted.label), counted.counts);
    }
    add(type + "_total", {.key = name, .values = {std::string("nil")}}, values.all());
  }
}

std::vector<Series> CompareMeasure::Take() {
  std::vector<Series> series;
  AppendSeries("baseline", baseline_, series);
  AppendSeries("selection", selection_, series);
  return series;
}

}  // namespace clew::query
