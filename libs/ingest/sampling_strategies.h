// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace clew::ingest {

// How many of its traces a service is to sample: a share of them, or so many a second.
struct SamplingStrategy {
  double rate = 1;                        // from 0 to 1
  std::optional<int32_t> most_a_second;   // instead of the rate
  std::map<std::string, double> rate_of;  // operations that have a rate of their own

  // As clients read it from the agent's HTTP endpoint.
  std::string Json() const;
  // As a jaeger.api_v2.SamplingStrategyResponse.
  std::string Protobuf() const;
};

// The strategy of every service. A value; immutable once it is made.
class SamplingStrategies {
 public:
  // All traces of all services.
  SamplingStrategies() = default;

  // Of a file of strategies as Jaeger's collector reads them:
  //
  //   {"default_strategy": {"type": "probabilistic", "param": 0.5},
  //    "service_strategies": [
  //      {"service": "a", "type": "ratelimiting", "param": 5},
  //      {"service": "b", "type": "probabilistic", "param": 0.8, "operation_strategies": [
  //        {"operation": "GET /", "type": "probabilistic", "param": 0.1}]}]}
  //
  // Operations of the default strategy count for every service that has a rate, unless it
  // has the same operation. Without a default strategy the others sample all. An answer has no
  // place for an operation that is to sample so many a second: it is left out, as by Jaeger.
  // kInvalidArgument "sampling strategies: ... at byte N".
  static base::Result<SamplingStrategies> FromJson(std::string_view json);

  // The names of operations that were left out, as often as they were.
  const std::vector<std::string>& left_out() const { return left_out_; }

  const SamplingStrategy& Of(std::string_view service) const {
    const auto found = services_.find(service);
    return found == services_.end() ? default_ : found->second;
  }

 private:
  class Reader;

  SamplingStrategy default_;
  std::map<std::string, SamplingStrategy, std::less<>> services_;
  std::vector<std::string> left_out_;
};

}  // namespace clew::ingest
