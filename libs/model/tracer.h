// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "model/ids.h"
#include "model/span_sink.h"

// Spans of this program's own work. Whoever works knows this much of tracing and no SDK: without a
// Tracer there is nothing to do but to see that the pointer is null.
namespace clew::model {

// What of a span its children have to know. It is handed on in requests, never by what thread
// somebody runs on: coroutines change threads and share them.
struct SpanContext {
  TraceId trace_id;
  SpanId span_id;
  bool is_sampled = false;
};

// A span while its work is done; it ends when this is destroyed. Used by one thread at a time.
class OwnSpan {
 public:
  virtual ~OwnSpan() = default;

  virtual SpanContext context() const = 0;
  virtual void SetText(std::string_view key, std::string_view value) = 0;
  virtual void SetNumber(std::string_view key, uint64_t value) = 0;
  // Its status is that of an error.
  virtual void Fail(std::string_view why) = 0;
};

struct OwnSpanStart {
  std::string_view name;
  std::string_view tenant{};  // whose spans the work is about; empty: those of several
  // kServer: its parent is in another program. kConsumer: of a body that comes in; there are so
  // many that a share of them has to do.
  SpanKind kind = SpanKind::kInternal;
  std::optional<SpanContext> parent{};  // none: it begins a trace
};

// Makes spans of what this program does. Thread-safe.
class Tracer {
 public:
  virtual ~Tracer() = default;

  // Null when there is to be none, and then none below it.
  virtual std::unique_ptr<OwnSpan> Begin(const OwnSpanStart& start) = 0;
  // False for the tenant whose spans are those that are made here: work about them makes none, or
  // there would be no end.
  virtual bool Traces(std::string_view tenant) const = 0;

  // Of spans that have ended.
  struct Counters {
    uint64_t stored = 0;
    uint64_t dropped = 0;  // too many waited, or they could not be stored
  };
  virtual Counters counters() const = 0;
};

}  // namespace clew::model
