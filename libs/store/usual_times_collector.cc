// SPDX-License-Identifier: Apache-2.0
// Traces for the ledger, made of columns as they are written. What it says of a trace is what
// libs/query/ledger_trace.h reads of it later, and a test of libs/query holds both to that: spans
// by (start, id), exact copies once, the parent that the tree gives, and of those that it does
// not give, a number for each that was not received.
#include "store/usual_times_collector.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

#include "derive/limits.h"

namespace clew::store {
namespace {

constexpr std::string_view kFollowsFrom = "follows_from";  // of OpenTracing's references
constexpr std::string_view kRefTypeKey = "opentracing.ref_type";
// Of names that outlive their row group.
constexpr size_t kMaxNames = 8192;
constexpr size_t kMaxNameBytes = size_t{8} << 20;

}  // namespace

void UsualTimesCollector::Add(const BlockColumn& column, const parquet::ColumnChunk& chunk,
                              RowRange rows) {
  if (const auto* intrinsic = std::get_if<Intrinsic>(&column.holds)) {
    AddIntrinsic(*intrinsic, chunk, rows);
  } else {
    AddAttribute(std::get<AttributeColumnKey>(column.holds), chunk, rows);
  }
}

void UsualTimesCollector::AddIntrinsic(Intrinsic intrinsic, const parquet::ColumnChunk& chunk,
                                       RowRange rows) {
  switch (intrinsic) {
    case Intrinsic::kSpanId:
      rows_.span_ids = StringsOf(chunk, rows.count);
      break;
    case Intrinsic::kParentSpanId:
      rows_.parent_ids = StringsOf(chunk, rows.count);
      break;
    case Intrinsic::kStartUnixNano:
      rows_.starts = NumbersOf(chunk, rows.count);
      break;
    case Intrinsic::kDurationNano:
      rows_.durations = NumbersOf(chunk, rows.count);
      break;
    case Intrinsic::kKind:
      rows_.kinds = NumbersOf(chunk, rows.count);
      break;
    case Intrinsic::kName:
      rows_.names = CodesOf(chunk, rows.count);
      break;
    case Intrinsic::kParentRow: {
      rows_.parent_rows.assign(rows.count, ledger::kNone);
      const auto& numbers = std::get<std::vector<int32_t>>(ValuesOf(chunk));
      ForEachPlace(chunk, rows.count, [&](uint32_t row, uint32_t place) {
        if (place != UINT32_MAX) rows_.parent_rows[row] = static_cast<uint32_t>(numbers[place]);
      });
      break;
    }
    case Intrinsic::kLinkSpanId: {
      const auto& ids = std::get<parquet::ByteArrays>(ValuesOf(chunk));
      ForEachElement(chunk, [&](uint32_t row, uint32_t place) {
        rows_.linked.emplace_back(row, model::SpanId::FromBytes(ids[place]));
      });
      break;
    }
    default:
      break;
  }
}

void UsualTimesCollector::AddAttribute(const AttributeColumnKey& key,
                                       const parquet::ColumnChunk& chunk, RowRange rows) {
  if (key.type != ColumnType::kString) return;
  if (IsServiceName(key)) rows_.services = CodesOf(chunk, rows.count);
  if (key.scope == AttributeScope::kSpan) {
    const auto* const known = std::ranges::find(ledger::kPeerKeys, key.key);
    if (known == ledger::kPeerKeys.end()) return;
    Texts& texts = rows_.peers[known - ledger::kPeerKeys.begin()];
    texts.strings = StringsOf(chunk, rows.count);
    name_bytes_ += texts.strings.values.size_bytes();
    texts.codes.assign(texts.strings.values.size(), Texts::kNotAsked);
    texts.is_poor.resize(texts.strings.values.size());
  }
  if (key.scope == AttributeScope::kLink && key.key == kRefTypeKey) {
    const auto& texts = std::get<parquet::ByteArrays>(ValuesOf(chunk));
    ForEachElement(chunk, [&](uint32_t row, uint32_t place) {
      if (texts[place] == kFollowsFrom) rows_.following.push_back(row);
    });
  }
}

uint32_t UsualTimesCollector::Texts::PlaceOf(uint32_t row, ledger::Names& names) {
  const uint32_t place = strings.places[row];
  if (codes[place] == kNotAsked) {
    const std::string_view text = strings.values[place];
    codes[place] = names.CodeOf(text);
    is_poor[place] = ledger::IsPoorName(text);
  }
  return place;
}

// Each text of a dictionary is looked at once.
std::vector<uint32_t> UsualTimesCollector::CodesOf(const parquet::ColumnChunk& chunk,
                                                   uint32_t rows) {
  const auto& texts = std::get<parquet::ByteArrays>(ValuesOf(chunk));
  std::vector<uint32_t> codes_of_places;
  codes_of_places.reserve(texts.size());
  for (size_t i = 0; i < texts.size(); ++i) codes_of_places.push_back(names_->CodeOf(texts[i]));
  name_bytes_ += texts.size_bytes();
  std::vector<uint32_t> codes(rows, ledger::Names::kEmpty);
  ForEachPlace(chunk, rows, [&](uint32_t row, uint32_t place) {
    if (place != UINT32_MAX) codes[row] = codes_of_places[place];
  });
  return codes;
}

// One trace of the row group, as the ledger wants it.
class UsualTimesCollector::TraceRows {
 public:
  // `rows` and `names` learn the codes of peers.
  TraceRows(Rows& rows, ledger::Names& names, uint32_t first, uint32_t count)
      : rows_(rows), names_(names), first_(first), order_(count), places_(count) {
    std::iota(order_.begin(), order_.end(), 0u);
    std::ranges::sort(order_,
                      [&](uint32_t left, uint32_t right) { return Key(left) < Key(right); });
  }

  // Returns from where the trace's times count.
  int64_t Read(ledger::Trace& trace) {
    trace.spans.clear();
    const int64_t start = rows_.starts[first_ + order_.front()];
    std::vector<uint32_t> read;
    for (const uint32_t row : order_) {
      if (read.empty() || !IsCopy(read.back(), row)) {
        trace.spans.push_back(SpanOf(row, start));
        read.push_back(row);
      }
      places_[row] = static_cast<uint32_t>(read.size()) - 1;
    }
    for (size_t place = 0; place < read.size(); ++place) {
      SetParent(read[place], trace.spans[place]);
    }
    return start;
  }

 private:
  // Row numbers are in the trace; equal keys keep the order of the block.
  std::tuple<int64_t, std::string_view, uint32_t> Key(uint32_t row) const {
    return {rows_.starts[first_ + row], rows_.span_ids[first_ + row], row};
  }
  int64_t EndOf(uint32_t row) const {
    return static_cast<int64_t>(static_cast<uint64_t>(rows_.starts[first_ + row]) +
                                static_cast<uint64_t>(rows_.durations[first_ + row]));
  }
  // The parent that the span names; not valid: none.
  model::SpanId NamedParent(uint32_t row) const {
    const std::string_view named = rows_.parent_ids[first_ + row];
    if (!named.empty()) return model::SpanId::FromBytes(named);
    const uint32_t parent = rows_.parent_rows[first_ + row];
    if (parent >= order_.size()) return {};
    return model::SpanId::FromBytes(rows_.span_ids[first_ + parent]);
  }
  bool IsCopy(uint32_t left, uint32_t right) const {
    return rows_.starts[first_ + left] == rows_.starts[first_ + right] &&
           rows_.span_ids[first_ + left] == rows_.span_ids[first_ + right] &&
           EndOf(left) == EndOf(right) && NamedParent(left) == NamedParent(right) &&
           rows_.kinds[first_ + left] == rows_.kinds[first_ + right];
  }

  ledger::Span SpanOf(uint32_t row, int64_t trace_start) {
    const uint32_t at = first_ + row;
    const auto since_start = [&](int64_t time) {
      return static_cast<uint64_t>(time) - static_cast<uint64_t>(trace_start);
    };
    ledger::Span span{.start_ns = since_start(rows_.starts[at]),
                      .end_ns = since_start(std::max(rows_.starts[at], EndOf(row))),
                      .service = rows_.services.empty() ? 0 : rows_.services[at],
                      .operation = rows_.names[at],
                      .kind = static_cast<model::SpanKind>(rows_.kinds[at])};
    using model::SpanKind;
    if (span.kind == SpanKind::kClient || span.kind == SpanKind::kProducer) span.peer = PeerOf(at);
    span.follows = Follows(row);
    return span;
  }

  uint32_t PeerOf(uint32_t at) {
    uint32_t poor = ledger::Names::kEmpty;
    for (Texts& texts : rows_.peers) {
      if (texts.codes.empty()) continue;
      const uint32_t place = texts.PlaceOf(at, names_);
      const uint32_t code = texts.codes[place];
      if (code == ledger::Names::kEmpty) continue;
      if (!texts.is_poor[place]) return code;
      if (poor == ledger::Names::kEmpty) poor = code;
    }
    return poor;
  }

  bool Follows(uint32_t row) const {
    if (!std::ranges::binary_search(rows_.following, first_ + row)) return false;
    const model::SpanId named = NamedParent(row);
    const auto linked = std::ranges::equal_range(rows_.linked, first_ + row, {},
                                                 &std::pair<uint32_t, model::SpanId>::first);
    return named.IsValid() &&
           std::ranges::any_of(linked, [&](const auto& link) { return link.second == named; });
  }

  void SetParent(uint32_t row, ledger::Span& span) {
    const uint32_t parent = rows_.parent_rows[first_ + row];
    if (parent < order_.size()) {
      span.parent = places_[parent];
      return;
    }
    const model::SpanId named = NamedParent(row);
    if (!named.IsValid()) return;
    if (IsInTrace(named)) {
      span.parent = places_[row];  // in a circle that was cut here
      return;
    }
    span.missing_parent =
        missing_.try_emplace(named, static_cast<uint32_t>(missing_.size())).first->second;
  }

  bool IsInTrace(const model::SpanId& id) {
    if (ids_.empty()) {
      for (const uint32_t row : order_) {
        ids_.push_back(model::SpanId::FromBytes(rows_.span_ids[first_ + row]));
      }
      std::ranges::sort(ids_);
    }
    return std::ranges::binary_search(ids_, id);
  }

  Rows& rows_;
  ledger::Names& names_;
  const uint32_t first_;
  std::vector<uint32_t> order_;
  std::vector<uint32_t> places_;    // of each row in the trace
  std::vector<model::SpanId> ids_;  // sorted; of a trace that lacks a parent
  std::map<model::SpanId, uint32_t> missing_;
};

// The first of those that name no parent, as in traces_builder.cc; ledger::kNone: it is not here.
uint32_t UsualTimesCollector::RootRow(uint32_t first, uint32_t count) const {
  const auto place = [&](uint32_t row) {
    return std::pair(rows_.starts[row], rows_.span_ids[row]);
  };
  uint32_t root = ledger::kNone;
  for (uint32_t row = first; row < first + count; ++row) {
    if (rows_.parent_rows[row] != ledger::kNone) continue;
    const std::string_view named = rows_.parent_ids[row];
    if (!named.empty() && model::SpanId::FromBytes(named).IsValid()) continue;
    if (root == ledger::kNone || place(row) < place(root)) root = row;
  }
  return root;
}

// Whether it is within the limits is known before the ledger is made: of many operations most are
// not, and cost nothing.
bool UsualTimesCollector::IsKept(uint32_t root_row) {
  const ledger::Operation root{.service = rows_.services.empty() ? 0 : rows_.services[root_row],
                               .name = rows_.names[root_row]};
  const auto [known, is_new] = kept_roots_.try_emplace(root);
  if (is_new) {
    known->second = derive::RootOperationOf(root, *names_).hash() < times_.least_dropped_hash();
  }
  return known->second;
}

void UsualTimesCollector::AddTrace(uint32_t first, uint32_t count) {
  const uint32_t root = RootRow(first, count);
  if (root == ledger::kNone) return;
  if (!IsKept(root)) {
    times_.LeaveOut(1);
    return;
  }
  const int64_t start = TraceRows(rows_, *names_, first, count).Read(trace_);
  builder_.Add(trace_, ledger::BuildLedger(trace_), start);
  if (builder_.size() > derive::kMaxTimes) MoveTimes();
}

void UsualTimesCollector::MoveTimes() {
  builder_.MoveTo(times_, *names_);
  times_.Trim();
  kept_roots_.clear();
}

derive::UsualTimes UsualTimesCollector::Take() {
  MoveTimes();
  return std::move(times_);
}

void UsualTimesCollector::EndRowGroup(RowRange rows) {
  for (; next_ < fragments_.size() && fragments_[next_].first_row < rows.end(); ++next_) {
    const Fragment& fragment = fragments_[next_];
    const bool whole = fragment.first_row >= rows.first &&
                       fragment.first_row + fragment.rows <= rows.end() &&
                       fragment.rows <= derive::kMaxSpansOfTrace;
    if (whole) {
      AddTrace(static_cast<uint32_t>(fragment.first_row - rows.first), fragment.rows);
    } else {
      times_.LeaveOut(1);
    }
  }
  rows_ = {};
  if (names_->size() <= kMaxNames && name_bytes_ <= kMaxNameBytes) return;
  MoveTimes();
  name_bytes_ = 0;
  names_ = std::make_unique<ledger::Names>();
}

}  // namespace clew::store
