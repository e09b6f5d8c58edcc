// SPDX-License-Identifier: Apache-2.0
#include "serve/streaming/answer_parts.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "serve/attribute_protobuf.h"
#include "serve/streaming/message_packer.h"
#include "serve/summary_texts.h"
#include "serve/tempo_metrics.h"
#include "serve/time_units.h"
#include "wire/protobuf_writer.h"

namespace clew::serve {
namespace {

using wire::ProtobufWriter;

// The field that an answer's list has in all of these messages, and that of its metrics.
constexpr uint32_t kListField = 1;
constexpr uint32_t kMetricsField = 2;

void WriteSpan(ProtobufWriter& out, const query::SpanAnswer& span) {
  const size_t opened = out.Open(1);
  out.Bytes(1, span.span_id.ToHex());
  out.BytesUnlessEmpty(2, span.name);
  out.VarintUnlessZero(3, static_cast<uint64_t>(span.start_unix_nano));
  // An unsigned number; a span that ends before it starts has none.
  out.VarintUnlessZero(4, static_cast<uint64_t>(std::max<int64_t>(span.duration_ns, 0)));
  WriteAttributes(out, 5, span.attributes);
  out.Close(opened);
}

void WriteSpanset(ProtobufWriter& out, uint32_t field, const query::SpansetAnswer& spanset,
                  size_t most_spans) {
  const size_t opened = out.Open(field);
  const size_t count = std::min(most_spans, spanset.spans.size());
  for (size_t i = 0; i < count; ++i) WriteSpan(out, spanset.spans[i]);
  out.VarintUnlessZero(2, spanset.matched);
  WriteAttributes(out, 3, spanset.attributes);
  out.Close(opened);
}

void WriteStats(ProtobufWriter& out, const query::ServiceStats& service) {
  const size_t entry = out.Open(8);
  out.Bytes(1, service.service);
  const size_t stats = out.Open(2);
  out.VarintUnlessZero(1, service.span_count);
  out.VarintUnlessZero(2, service.error_count);
  out.Close(stats);
  out.Close(entry);
}

std::string TraceWith(const query::TraceSummary& trace, size_t most_spans) {
  ProtobufWriter out;
  const size_t opened = out.Open(kListField);
  out.Bytes(1, ShortHex(trace.trace_id));
  out.BytesUnlessEmpty(2, RootService(trace));
  out.BytesUnlessEmpty(3, trace.root_name);
  out.VarintUnlessZero(4, static_cast<uint64_t>(trace.start_unix_nano));
  out.VarintUnlessZero(5, DurationMillis(trace));
  if (!trace.spansets.empty()) WriteSpanset(out, 6, trace.spansets.front(), most_spans);
  for (const query::SpansetAnswer& spanset : trace.spansets) {
    WriteSpanset(out, 7, spanset, most_spans);
  }
  for (const query::ServiceStats& service : trace.services) WriteStats(out, service);
  out.Close(opened);
  return out.Take();
}

void WriteDouble(ProtobufWriter& out, uint32_t field, double value) {
  out.Fixed64(field, std::bit_cast<uint64_t>(value));
}

void WriteExemplar(ProtobufWriter& out, const query::Exemplar& exemplar) {
  const size_t opened = out.Open(4);
  WriteAttributes(out, 1, ExemplarLabels(exemplar));
  WriteDouble(out, 2, exemplar.value);
  out.Varint(3, static_cast<uint64_t>(exemplar.unix_nano / kNanosPerMilli));
  out.Close(opened);
}

std::string RangeWith(const std::vector<int64_t>& timestamps, const query::Series& series,
                      bool exemplars) {
  ProtobufWriter out;
  const size_t opened = out.Open(kListField);
  WriteAttributes(out, 1, series.labels);
  for (size_t i = 0; i < series.samples.size(); ++i) {
    if (std::isnan(series.samples[i])) continue;
    const size_t sample = out.Open(2);
    WriteDouble(out, 1, series.samples[i]);
    out.Varint(2, static_cast<uint64_t>(timestamps[i] / kNanosPerMilli));
    out.Close(sample);
  }
  if (exemplars) {
    for (const query::Exemplar& exemplar : series.exemplars) WriteExemplar(out, exemplar);
  }
  out.Close(opened);
  return out.Take();
}

}  // namespace

std::string TracePart(const query::TraceSummary& trace) {
  size_t spans = 0;
  for (const query::SpansetAnswer& spanset : trace.spansets) {
    spans = std::max(spans, spanset.spans.size());
  }
  std::string part = TraceWith(trace, spans);
  while (part.size() > kMaxPartBytes && spans > 0) {
    spans /= 2;
    part = TraceWith(trace, spans);
  }
  return part;
}

std::string RangePart(const std::vector<int64_t>& timestamps, const query::Series& series) {
  std::string part = RangeWith(timestamps, series, true);
  if (part.size() > kMaxPartBytes) part = RangeWith(timestamps, series, false);
  return part;
}

std::string InstantPart(const query::Series& series) {
  ProtobufWriter out;
  const size_t opened = out.Open(kListField);
  WriteAttributes(out, 1, series.labels);
  WriteDouble(out, 2, series.samples.front());
  out.Close(opened);
  return out.Take();
}

std::string TextPart(std::string_view text) {
  ProtobufWriter out;
  out.Bytes(kListField, text);
  return out.Take();
}

std::string TagValuePart(const query::TagValue& value) {
  ProtobufWriter out;
  const size_t opened = out.Open(kListField);
  out.BytesUnlessEmpty(1, value.type);
  out.BytesUnlessEmpty(2, value.value);
  out.Close(opened);
  return out.Take();
}

std::vector<std::string> ScopeParts(std::string_view scope, const std::vector<std::string>& names) {
  constexpr size_t kFrameBytes = 64;  // of the scope, its name in it
  std::vector<std::string> parts;
  for (size_t i = 0; i < names.size();) {
    ProtobufWriter out;
    const size_t opened = out.Open(kListField);
    out.Bytes(1, scope);
    do {
      out.Bytes(2, names[i++]);
    } while (i < names.size() &&
             out.bytes().size() + names[i].size() + kFrameBytes <= kMaxPartBytes);
    out.Close(opened);
    parts.push_back(out.Take());
  }
  return parts;
}

std::string SearchMetricsPart(const JobProgress& progress, const Inspected& inspected) {
  ProtobufWriter out;
  const size_t opened = out.Open(kMetricsField);
  out.VarintUnlessZero(1, inspected.traces);
  out.VarintUnlessZero(2, inspected.bytes);
  out.VarintUnlessZero(4, progress.completed);
  out.VarintUnlessZero(5, progress.total);
  out.Close(opened);
  return out.Take();
}

std::string MetadataMetricsPart(const JobProgress& progress) {
  ProtobufWriter out;
  const size_t opened = out.Open(kMetricsField);
  out.VarintUnlessZero(2, progress.total);
  out.VarintUnlessZero(3, progress.completed);
  out.Close(opened);
  return out.Take();
}

}  // namespace clew::serve
