// SPDX-License-Identifier: Apache-2.0
#include "check/check_trace.h"

#include <cstdio>

#include "base/check.h"
#include "load/counter_random.h"
#include "model/span_sink.h"
#include "wire/otlp_scan.h"
#include "wire/otlp_writer.h"

namespace clew::check {
namespace {

using load::Below;
using load::RandomKey;
using model::ValueView;

constexpr uint32_t kFewestSpans = 4;
constexpr uint32_t kMostSpans = 12;
constexpr uint32_t kNameCount = 5;
constexpr std::array<std::string_view, kNameCount> kNames = {"write", "read", "compare", "wait",
                                                             "count"};

// What a draw is for. Those of a span are of its part of the key.
enum Draw : uint64_t { kIdHigh, kIdLow, kSpanCount, kParent, kStart, kDuration, kText, kWhat };

RandomKey KeyOf(const CheckTrace& trace) {
  return RandomKey(trace.seed).Part(trace.number);
}

template <typename Id>
void Fill(Id& id, size_t at, uint64_t bits) {
  for (size_t i = 0; i < 8; ++i) id.bytes[at + i] = static_cast<uint8_t>(bits >> (56 - 8 * i));
}

model::SpanId SpanIdOf(const RandomKey& key, uint32_t index) {
  model::SpanId id;
  Fill(id, 0, key.Part(index).Draw(kIdLow) | 1);  // never all zeros
  return id;
}

uint32_t ParentOf(const RandomKey& key, uint32_t index) {
  return Below(key.Part(index).Draw(kParent), index);
}

model::SpanView SpanOf(const CheckTrace& trace, uint32_t index) {
  const RandomKey key = KeyOf(trace);
  const RandomKey own = key.Part(index);
  const auto offset = index == 0 ? 0 : Below(own.Draw(kStart), kTraceSpanNs / 2);
  const auto duration = index == 0 ? kTraceSpanNs : Below(own.Draw(kDuration), kTraceSpanNs / 2);
  model::SpanView span{};
  span.trace_id = TraceIdOf(trace);
  span.span_id = SpanIdOf(key, index);
  if (index > 0) span.parent_span_id = SpanIdOf(key, ParentOf(key, index));
  span.name = kNames[Below(own.Draw(kWhat), kNameCount)];
  span.kind = index == 0 ? model::SpanKind::kServer : model::SpanKind::kInternal;
  span.start_unix_nano = trace.start_ns + offset;
  span.end_unix_nano = span.start_unix_nano + duration;
  if (own.Draw(kWhat) % 8 == 0) {
    span.status_code = model::StatusCode::kError;
    span.status_message = "drawn to fail";
  }
  return span;
}

// Values of every plain type, an event and a link.
void WriteSpan(const CheckTrace& trace, uint32_t index, model::SpanSink& sink) {
  const RandomKey own = KeyOf(trace).Part(index);
  const model::SpanView span = SpanOf(trace, index);
  std::string text(16, ' ');
  std::snprintf(text.data(), text.size() + 1, "%016llx",
                static_cast<unsigned long long>(own.Draw(kText)));
  sink.OnSpan(span);
  sink.OnAttribute(kNumberAttribute, ValueView::Int(static_cast<int64_t>(trace.number)));
  sink.OnAttribute("clew.check.text", ValueView::String(text));
  sink.OnAttribute("clew.check.real", ValueView::Double(load::UnitInterval(own.Draw(kText))));
  sink.OnAttribute("clew.check.even", ValueView::Bool(index % 2 == 0));
  if (own.Draw(kText) % 3 == 0) {
    sink.OnEvent({.time_unix_nano = span.start_unix_nano, .name = "drawn"});
    sink.OnAttribute("clew.check.index", ValueView::Int(index));
  }
  if (own.Draw(kText) % 5 == 0) sink.OnLink({.trace_id = span.trace_id, .span_id = span.span_id});
}

CheckBody MakeBody(const CheckTrace& trace, uint32_t span_count, uint32_t first) {
  const std::string run = RunName(trace.seed);
  wire::OtlpWriter writer;
  writer.OnResource({});
  writer.OnAttribute("service.name", ValueView::String(kService));
  writer.OnAttribute(kRunAttribute, ValueView::String(run));
  writer.OnScope({.name = "clew.check"});
  for (uint32_t index = first; index < span_count; index += kBodies) {
    WriteSpan(trace, index, writer);
  }
  CheckBody body{.bytes = writer.Take(), .spans = {}};
  load::SpanTexts texts;
  const base::Status scanned = wire::ScanOtlp(body.bytes, texts);
  CHECK(scanned.ok());
  body.spans = texts.Take();
  return body;
}

}  // namespace

std::string RunName(uint64_t seed) {
  std::string name(16, ' ');
  std::snprintf(name.data(), name.size() + 1, "%016llx", static_cast<unsigned long long>(seed));
  return name;
}

model::TraceId TraceIdOf(const CheckTrace& trace) {
  const RandomKey key = KeyOf(trace);
  model::TraceId id;
  Fill(id, 0, key.Draw(kIdHigh));
  Fill(id, 8, key.Draw(kIdLow) | 1);  // never all zeros
  return id;
}

std::array<CheckBody, kBodies> MakeBodies(const CheckTrace& trace) {
  const uint32_t span_count =
      kFewestSpans + Below(KeyOf(trace).Draw(kSpanCount), kMostSpans - kFewestSpans + 1);
  return {MakeBody(trace, span_count, 0), MakeBody(trace, span_count, 1)};
}

}  // namespace clew::check
