// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "model/tracer.h"

namespace clew::model {

// For tests: keeps what spans were made of. Thread-safe; its spans do not outlive it.
class RecordingTracer final : public Tracer {
 public:
  // That has no spans made of its work.
  static constexpr std::string_view kOwnTenant = "own";

  struct Span {
    std::string name, tenant;
    SpanKind kind = SpanKind::kInternal;
    SpanContext context;
    std::optional<SpanContext> parent;
    std::map<std::string, std::string> texts;
    std::map<std::string, uint64_t> numbers;
    std::string error;
  };

  std::unique_ptr<OwnSpan> Begin(const OwnSpanStart& start) override {
    const bool unsampled = start.parent && !start.parent->is_sampled;
    if (!Traces(start.tenant) || unsampled) return nullptr;
    Span span{.name = std::string(start.name),
              .tenant = std::string(start.tenant),
              .kind = start.kind,
              .context = NextContext(),
              .parent = start.parent,
              .texts = {},
              .numbers = {},
              .error = {}};
    if (start.parent) span.context.trace_id = start.parent->trace_id;
    return std::make_unique<Recording>(*this, std::move(span));
  }
  bool Traces(std::string_view tenant) const override { return tenant != kOwnTenant; }
  Counters counters() const override { return {.stored = ended().size()}; }

  // In the order of their ends.
  std::vector<Span> ended() const {
    const base::MutexLock lock(mutex_);
    return ended_;
  }

 private:
  class Recording final : public OwnSpan {
   public:
    Recording(RecordingTracer& tracer, Span span) : tracer_(tracer), span_(std::move(span)) {}
    ~Recording() override { tracer_.Keep(std::move(span_)); }
    Recording(const Recording&) = delete;
    Recording& operator=(const Recording&) = delete;

    SpanContext context() const override { return span_.context; }
    void SetText(std::string_view key, std::string_view value) override {
      span_.texts[std::string(key)] = value;
    }
    void SetNumber(std::string_view key, uint64_t value) override {
      span_.numbers[std::string(key)] = value;
    }
    void Fail(std::string_view why) override { span_.error = why; }

   private:
    RecordingTracer& tracer_;
    Span span_;
  };

  SpanContext NextContext() {
    const base::MutexLock lock(mutex_);
    SpanContext context{.trace_id = {}, .span_id = {}, .is_sampled = true};
    context.span_id.bytes[7] = context.trace_id.bytes[15] = ++begun_;
    return context;
  }
  void Keep(Span span) {
    const base::MutexLock lock(mutex_);
    ended_.push_back(std::move(span));
  }

  mutable base::Mutex mutex_;
  uint8_t begun_ GUARDED_BY(mutex_) = 0;
  std::vector<Span> ended_ GUARDED_BY(mutex_);
};

}  // namespace clew::model
