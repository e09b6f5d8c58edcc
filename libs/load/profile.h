// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace clew::load {

enum class IdMode : uint8_t {
  kRandom,      // 128 random bits
  k64Bit,       // the upper half is zero, as old Zipkin and Jaeger clients send
  kSequential,  // a counter
};

// What a load is like. Shares are of 1. The named profiles are the only source of the
// numbers; flags change single fields.
struct Profile {
  std::string_view name{};

  // Trace sizes: log-normal, and for `tail_share` of the traces Pareto.
  double mean_trace_spans = 14;
  double trace_size_sigma = 0.8;
  double tail_share = 0.001;
  double tail_low_spans = 100;
  double tail_high_spans = 1'000'000;
  double tail_alpha = 1.2;

  // Who sends.
  uint32_t service_count = 40;
  double service_zipf = 1.0;
  uint32_t callees_per_service = 6;
  double spans_per_instance_second = 100;

  // How they send: OpenTelemetry's BatchSpanProcessor with its default limits.
  int64_t export_interval_ns = 5'000'000'000;
  uint32_t max_batch_spans = 512;
  double late_share = 0.005;     // arrive 1 to 12 intervals later
  double missing_share = 0.002;  // never arrive
  double duplicate_share = 0;    // of bodies, sent twice as a retry would

  double error_share = 0.01;  // of spans; each carries a stack trace
  double mean_root_duration_ns = 120e6;
  int64_t clock_skew_ns = 1'000'000;  // a host's clock is off by up to this, either way
  IdMode id_mode = IdMode::kRandom;
};

// A profile by its name. kNotFound.
base::Result<Profile> FindProfile(std::string_view name);

}  // namespace clew::load
