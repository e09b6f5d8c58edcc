// SPDX-License-Identifier: Apache-2.0
// A browser that shows a large trace needs its shape, its times and its names, and of few spans
// anything else. As JSON a trace of 100,000 spans is 58 MB and takes half a second to parse; as
// columns it is 6 MB that are read where they lie.
#include "serve/trace/trace_columns.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/check.h"
#include "ledger/peer_name.h"
#include "query/tag_match.h"
#include "serve/trace/column_writer.h"

namespace clew::serve {
namespace {

using store::Memtable;
using store::SpanRow;

uint32_t IdOf(TraceColumn column) {
  return static_cast<uint32_t>(column);
}

// Texts of the trace's dictionary by its codes, so that each is hashed once.
class Texts {
 public:
  explicit Texts(const store::Dictionary& dictionary) : dictionary_(dictionary) {}
  uint32_t OfCode(uint32_t code) {
    const auto [found, is_new] = by_code_.emplace(code, 0);
    if (is_new) found->second = texts_.NumberOf(dictionary_[code]);
    return found->second;
  }
  uint32_t Of(std::string_view text) { return texts_.NumberOf(text); }
  void Write(ColumnWriter& out) const {
    texts_.Write(IdOf(TraceColumn::kTextEnd), IdOf(TraceColumn::kText), out);
  }

 private:
  const store::Dictionary& dictionary_;
  std::unordered_map<uint32_t, uint32_t> by_code_;
  TextColumn texts_;
};

// The columns that name the other end of a call, best first.
std::vector<const store::AttributeColumn*> PeerColumns(const Memtable& memtable) {
  std::vector<const store::AttributeColumn*> found;
  for (const std::string_view key : ledger::kPeerKeys) {
    const store::AttributeColumns& columns = memtable.span_attributes();
    for (size_t i = 0; i < columns.column_count(); ++i) {
      const store::AttributeColumn& column = columns.column(i);
      if (column.type() != model::ValueView::Type::kString) continue;
      if (memtable.dictionary()[column.key()] == key) found.push_back(&column);
    }
  }
  return found;
}

// What of a trace is written; rows are those of its memtable, in the order of the tree.
class Encoder {
 public:
  Encoder(const query::FoundTrace& trace, const store::SpanTree& tree)
      : memtable_(*trace.memtable), tree_(tree), texts_(memtable_.dictionary()) {
    rows_.reserve(tree.size());
    for (const store::TreeNode& node : tree) rows_.push_back(trace.rows[node.span]);
    origin_ = memtable_.row(rows_.front()).start_unix_nano;
    for (const uint32_t row : rows_) {
      origin_ = std::min(origin_, memtable_.row(row).start_unix_nano);
    }
  }

  std::string Encode(std::string_view remark) {
    ColumnWriter out(static_cast<uint32_t>(rows_.size()), origin_);
    WriteShape(out);
    WriteTimes(out);
    WriteNames(out);
    WriteHow(out);
    WriteEvents(out);
    WriteLinks(out);
    texts_.Write(out);
    out.AddBytes(IdOf(TraceColumn::kRemark), remark);
    return std::move(out).Take();
  }

 private:
  // One value for each row.
  template <typename T, typename ValueOf>
  void Add(ColumnWriter& out, TraceColumn column, ValueOf value_of) const {
    std::vector<T> values;
    values.reserve(rows_.size());
    for (size_t i = 0; i < rows_.size(); ++i) values.push_back(value_of(i));
    out.Add(IdOf(column), values);
  }
  const SpanRow& Span(size_t i) const { return memtable_.row(rows_[i]); }
  const store::SpanTraits& Traits(size_t i) const { return memtable_.traits_of(Span(i)); }
  // Doubles hold every nanosecond of 104 days.
  double SinceOrigin(int64_t unix_nano) const { return SinceNanos(origin_, unix_nano); }
  static double SinceNanos(int64_t from, int64_t to) {
    if (to < from) return -SinceNanos(to, from);
    return static_cast<double>(static_cast<uint64_t>(to) - static_cast<uint64_t>(from));
  }

  void WriteShape(ColumnWriter& out) const;
  void WriteTimes(ColumnWriter& out) const;
  void WriteNames(ColumnWriter& out);
  void WriteHow(ColumnWriter& out);
  void WriteEvents(ColumnWriter& out);
  void WriteLinks(ColumnWriter& out) const;
  uint32_t PeerOf(size_t i, const std::vector<const store::AttributeColumn*>& columns);

  const Memtable& memtable_;
  const store::SpanTree& tree_;
  Texts texts_;
  std::vector<uint32_t> rows_;
  int64_t origin_ = 0;
};

void Encoder::WriteShape(ColumnWriter& out) const {
  std::string ids;
  ids.reserve(rows_.size() * sizeof(model::SpanId));
  for (size_t i = 0; i < rows_.size(); ++i) {
    const model::SpanId& id = Span(i).span_id;
    ids.append(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size());
  }
  out.AddBytes(IdOf(TraceColumn::kSpanId), ids);
  Add<uint32_t>(out, TraceColumn::kParent, [&](size_t i) { return tree_[i].parent; });
  Add<uint32_t>(out, TraceColumn::kSubtree, [&](size_t i) { return tree_[i].subtree_size; });
  Add<uint32_t>(out, TraceColumn::kDepth, [&](size_t i) { return tree_[i].depth; });
}

void Encoder::WriteTimes(ColumnWriter& out) const {
  Add<double>(out, TraceColumn::kStart,
              [&](size_t i) { return SinceOrigin(Span(i).start_unix_nano); });
  Add<double>(out, TraceColumn::kDuration, [&](size_t i) {
    return std::max(0.0, SinceNanos(Span(i).start_unix_nano, Span(i).end_unix_nano));
  });
}

uint32_t Encoder::PeerOf(size_t i, const std::vector<const store::AttributeColumn*>& columns) {
  const auto kind = static_cast<model::SpanKind>(Traits(i).kind);
  if (kind != model::SpanKind::kClient && kind != model::SpanKind::kProducer) return 0;
  std::optional<uint32_t> poor;
  for (const store::AttributeColumn* column : columns) {
    const std::optional<uint64_t> code = column->Find(rows_[i]);
    if (!code) continue;
    const auto text = static_cast<uint32_t>(*code);
    if (!ledger::IsPoorName(memtable_.dictionary()[text])) return texts_.OfCode(text);
    if (!poor) poor = text;
  }
  return poor ? texts_.OfCode(*poor) : 0;
}

void Encoder::WriteNames(ColumnWriter& out) {
  const std::vector<std::string_view> names = query::ServiceNames(memtable_);
  std::unordered_map<uint32_t, uint32_t> services;  // by resource
  Add<uint32_t>(out, TraceColumn::kService, [&](size_t i) {
    const uint32_t resource = Traits(i).resource;
    const auto [found, is_new] = services.emplace(resource, 0);
    if (is_new) found->second = texts_.Of(names[resource]);
    return found->second;
  });
  Add<uint32_t>(out, TraceColumn::kName, [&](size_t i) { return texts_.OfCode(Span(i).name); });
  const std::vector<const store::AttributeColumn*> peers = PeerColumns(memtable_);
  Add<uint32_t>(out, TraceColumn::kPeer, [&](size_t i) { return PeerOf(i, peers); });
}

void Encoder::WriteHow(ColumnWriter& out) {
  // A number that OTLP does not know is told as 0, which claims nothing.
  const auto known = [](int32_t number, int32_t last) {
    return static_cast<uint8_t>(number < 0 || number > last ? 0 : number);
  };
  Add<uint8_t>(out, TraceColumn::kKind, [&](size_t i) {
    return known(Traits(i).kind, static_cast<int32_t>(model::SpanKind::kConsumer));
  });
  Add<uint8_t>(out, TraceColumn::kStatus, [&](size_t i) {
    return known(Traits(i).status_code, static_cast<int32_t>(model::StatusCode::kError));
  });
  Add<uint8_t>(out, TraceColumn::kMarks, [&](size_t i) {
    const bool missing =
        tree_[i].parent == store::TreeNode::kNoParent && Span(i).parent_span_id.IsValid();
    return missing ? kParentMissing : uint8_t{0};
  });
  Add<uint32_t>(out, TraceColumn::kStatusMessage,
                [&](size_t i) { return texts_.OfCode(Traits(i).status_message); });
}

void Encoder::WriteEvents(ColumnWriter& out) {
  std::vector<uint32_t> ends, names;
  std::vector<double> times;
  for (const uint32_t row : rows_) {
    const store::ElementRange range = memtable_.events_of(row);
    for (uint32_t event = range.first; event < range.end; ++event) {
      times.push_back(SinceOrigin(memtable_.event(event).time_unix_nano));
      names.push_back(texts_.OfCode(memtable_.event(event).name));
    }
    ends.push_back(static_cast<uint32_t>(times.size()));
  }
  out.Add(IdOf(TraceColumn::kEventEnd), ends);
  out.Add(IdOf(TraceColumn::kEventTime), times);
  out.Add(IdOf(TraceColumn::kEventName), names);
}

void Encoder::WriteLinks(ColumnWriter& out) const {
  std::vector<uint32_t> ends;
  std::string traces, spans;
  for (const uint32_t row : rows_) {
    const store::ElementRange range = memtable_.links_of(row);
    for (uint32_t link = range.first; link < range.end; ++link) {
      const store::LinkRow& to = memtable_.link(link);
      traces.append(reinterpret_cast<const char*>(to.trace_id.bytes.data()),
                    to.trace_id.bytes.size());
      spans.append(reinterpret_cast<const char*>(to.span_id.bytes.data()), to.span_id.bytes.size());
    }
    ends.push_back(static_cast<uint32_t>(spans.size() / sizeof(model::SpanId)));
  }
  out.Add(IdOf(TraceColumn::kLinkEnd), ends);
  out.AddBytes(IdOf(TraceColumn::kLinkTraceId), traces);
  out.AddBytes(IdOf(TraceColumn::kLinkSpanId), spans);
}

}  // namespace

std::span<const std::string_view> TraceColumnKeys() {
  static constexpr auto kKeys = [] {
    std::array<std::string_view, ledger::kPeerKeys.size() + 1> keys{"service.name"};
    std::ranges::copy(ledger::kPeerKeys, keys.begin() + 1);
    return keys;
  }();
  return kKeys;
}

store::SpanTree TreeOf(const query::FoundTrace& trace) {
  std::vector<store::TreeSpan> spans;
  spans.reserve(trace.rows.size());
  for (const uint32_t index : trace.rows) {
    const SpanRow& row = trace.memtable->row(index);
    const auto kind = static_cast<model::SpanKind>(trace.memtable->traits_of(row).kind);
    spans.push_back({row.span_id, row.parent_span_id, row.start_unix_nano, kind});
  }
  return store::BuildSpanTree(spans);
}

std::string TraceColumns(const query::FoundTrace& trace, const store::SpanTree& tree,
                         std::string_view remark) {
  CHECK(!trace.rows.empty());
  CHECK(tree.size() == trace.rows.size());
  return Encoder(trace, tree).Encode(remark);
}

}  // namespace clew::serve
