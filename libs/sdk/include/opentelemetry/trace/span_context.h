// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <utility>

#include "opentelemetry/trace/span_id.h"
#include "opentelemetry/trace/trace_flags.h"
#include "opentelemetry/trace/trace_id.h"
#include "opentelemetry/trace/trace_state.h"

namespace opentelemetry::inline v1::trace {

// What of a span crosses process boundaries. Immutable.
class SpanContext final {
 public:
  SpanContext(bool sampled_flag, bool is_remote) noexcept
      : trace_flags_(sampled_flag ? TraceFlags::kIsSampled : uint8_t{0}), is_remote_(is_remote) {}
  SpanContext(TraceId trace_id, SpanId span_id, TraceFlags trace_flags, bool is_remote,
              std::shared_ptr<TraceState> trace_state = TraceState::GetDefault()) noexcept
      : trace_id_(trace_id),
        span_id_(span_id),
        trace_flags_(trace_flags),
        is_remote_(is_remote),
        trace_state_(std::move(trace_state)) {}

  static SpanContext GetInvalid() noexcept { return SpanContext(false, false); }

  bool IsValid() const noexcept { return trace_id_.IsValid() && span_id_.IsValid(); }
  const trace::TraceId& trace_id() const noexcept { return trace_id_; }
  const trace::SpanId& span_id() const noexcept { return span_id_; }
  const trace::TraceFlags& trace_flags() const noexcept { return trace_flags_; }
  const std::shared_ptr<trace::TraceState>& trace_state() const noexcept { return trace_state_; }
  bool IsRemote() const noexcept { return is_remote_; }
  bool IsSampled() const noexcept { return trace_flags_.IsSampled(); }

  // Whether it is the same span; the trace state does not matter.
  bool operator==(const SpanContext& other) const noexcept {
    return trace_id_ == other.trace_id_ && span_id_ == other.span_id_ &&
           trace_flags_ == other.trace_flags_;
  }

 private:
  trace::TraceId trace_id_;
  trace::SpanId span_id_;
  trace::TraceFlags trace_flags_;
  bool is_remote_ = false;
  std::shared_ptr<trace::TraceState> trace_state_ = TraceState::GetDefault();
};

}  // namespace opentelemetry::inline v1::trace
