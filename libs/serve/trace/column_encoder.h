// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/peer_name.h"
#include "model/span_sink.h"
#include "serve/trace/column_writer.h"
#include "serve/trace/trace_columns.h"

namespace clew::serve {

// Nanoseconds from one instant to another, as doubles, which hold every one of 104 days.
inline double SinceNanos(int64_t from, int64_t to) {
  if (to < from) return -SinceNanos(to, from);
  return static_cast<double>(static_cast<uint64_t>(to) - static_cast<uint64_t>(from));
}

// Writes the columns of a trace, wherever its spans lie. A Source tells of span i, in the order of
// the tree; what it tells as numbers are those of its texts, by which they are counted as they
// are first asked for:
//
//   size_t size() const;
//   std::string_view SpanId(size_t i) const;
//   uint32_t Parent(size_t i), Subtree(size_t i), Depth(size_t i) const;
//   int64_t Start(size_t i), End(size_t i) const;  // Unix nanoseconds
//   int32_t Kind(size_t i), Status(size_t i) const;
//   bool IsParentMissing(size_t i) const;
//   uint32_t Service(size_t i), Name(size_t i), StatusMessage(size_t i);
//   size_t peer_columns() const;  // that may name the other end of a call, best first
//   std::optional<std::string_view> Peer(size_t column, size_t i) const;
//   uint32_t PeerNumber(size_t column, size_t i);
//   void ForEachEvent(size_t i, visit(int64_t unix_nano, uint32_t name));
//   void ForEachLink(size_t i, visit(std::string_view trace_id, std::string_view span_id)) const;
//   const TextColumn& texts() const;
template <typename Source>
class ColumnEncoder {
 public:
  // REQUIRES: the source has spans, and outlives it.
  explicit ColumnEncoder(Source& source) : source_(source), origin_(source.Start(0)) {
    for (size_t i = 1; i < source.size(); ++i) origin_ = std::min(origin_, source.Start(i));
  }

  std::string Encode(std::string_view remark) {
    ColumnWriter out(static_cast<uint32_t>(source_.size()), origin_);
    WriteShape(out);
    WriteTimes(out);
    WriteNames(out);
    WriteHow(out);
    WriteEvents(out);
    WriteLinks(out);
    source_.texts().Write(IdOf(TraceColumn::kTextEnd), IdOf(TraceColumn::kText), out);
    out.AddBytes(IdOf(TraceColumn::kRemark), remark);
    return std::move(out).Take();
  }

 private:
  static uint32_t IdOf(TraceColumn column) { return static_cast<uint32_t>(column); }

  // One value for each row.
  template <typename T, typename ValueOf>
  void Add(ColumnWriter& out, TraceColumn column, ValueOf value_of) const {
    std::vector<T> values;
    values.reserve(source_.size());
    for (size_t i = 0; i < source_.size(); ++i) values.push_back(value_of(i));
    out.Add(IdOf(column), values);
  }

  void WriteShape(ColumnWriter& out) const {
    std::string ids;
    ids.reserve(source_.size() * sizeof(model::SpanId));
    for (size_t i = 0; i < source_.size(); ++i) ids.append(source_.SpanId(i));
    out.AddBytes(IdOf(TraceColumn::kSpanId), ids);
    Add<uint32_t>(out, TraceColumn::kParent, [&](size_t i) { return source_.Parent(i); });
    Add<uint32_t>(out, TraceColumn::kSubtree, [&](size_t i) { return source_.Subtree(i); });
    Add<uint32_t>(out, TraceColumn::kDepth, [&](size_t i) { return source_.Depth(i); });
  }

  void WriteTimes(ColumnWriter& out) const {
    Add<double>(out, TraceColumn::kStart,
                [&](size_t i) { return SinceNanos(origin_, source_.Start(i)); });
    Add<double>(out, TraceColumn::kDuration, [&](size_t i) {
      return std::max(0.0, SinceNanos(source_.Start(i), source_.End(i)));
    });
  }

  void WriteNames(ColumnWriter& out) {
    Add<uint32_t>(out, TraceColumn::kService, [&](size_t i) { return source_.Service(i); });
    Add<uint32_t>(out, TraceColumn::kName, [&](size_t i) { return source_.Name(i); });
    Add<uint32_t>(out, TraceColumn::kPeer, [&](size_t i) { return PeerOf(i); });
  }

  uint32_t PeerOf(size_t i) {
    const auto kind = static_cast<model::SpanKind>(source_.Kind(i));
    if (kind != model::SpanKind::kClient && kind != model::SpanKind::kProducer) return 0;
    std::optional<size_t> poor;
    for (size_t column = 0; column < source_.peer_columns(); ++column) {
      const std::optional<std::string_view> name = source_.Peer(column, i);
      if (!name) continue;
      if (!ledger::IsPoorName(*name)) return source_.PeerNumber(column, i);
      if (!poor) poor = column;
    }
    return poor ? source_.PeerNumber(*poor, i) : 0;
  }

  void WriteHow(ColumnWriter& out) {
    // A number that OTLP does not know is told as 0, which claims nothing.
    const auto known = [](int32_t number, int32_t last) {
      return static_cast<uint8_t>(number < 0 || number > last ? 0 : number);
    };
    Add<uint8_t>(out, TraceColumn::kKind, [&](size_t i) {
      return known(source_.Kind(i), static_cast<int32_t>(model::SpanKind::kConsumer));
    });
    Add<uint8_t>(out, TraceColumn::kStatus, [&](size_t i) {
      return known(source_.Status(i), static_cast<int32_t>(model::StatusCode::kError));
    });
    Add<uint8_t>(out, TraceColumn::kMarks, [&](size_t i) {
      return source_.IsParentMissing(i) ? kParentMissing : uint8_t{0};
    });
    Add<uint32_t>(out, TraceColumn::kStatusMessage,
                  [&](size_t i) { return source_.StatusMessage(i); });
  }

  void WriteEvents(ColumnWriter& out) {
    std::vector<uint32_t> ends, names;
    std::vector<double> times;
    for (size_t i = 0; i < source_.size(); ++i) {
      source_.ForEachEvent(i, [&](int64_t unix_nano, uint32_t name) {
        times.push_back(SinceNanos(origin_, unix_nano));
        names.push_back(name);
      });
      ends.push_back(static_cast<uint32_t>(times.size()));
    }
    out.Add(IdOf(TraceColumn::kEventEnd), ends);
    out.Add(IdOf(TraceColumn::kEventTime), times);
    out.Add(IdOf(TraceColumn::kEventName), names);
  }

  void WriteLinks(ColumnWriter& out) const {
    std::vector<uint32_t> ends;
    std::string traces, spans;
    for (size_t i = 0; i < source_.size(); ++i) {
      source_.ForEachLink(i, [&](std::string_view trace_id, std::string_view span_id) {
        traces.append(trace_id);
        spans.append(span_id);
      });
      ends.push_back(static_cast<uint32_t>(spans.size() / sizeof(model::SpanId)));
    }
    out.Add(IdOf(TraceColumn::kLinkEnd), ends);
    out.AddBytes(IdOf(TraceColumn::kLinkTraceId), traces);
    out.AddBytes(IdOf(TraceColumn::kLinkSpanId), spans);
  }

  Source& source_;
  int64_t origin_;
};

}  // namespace clew::serve
