// SPDX-License-Identifier: Apache-2.0
// Property: what a client is told is JSON again, with rates from 0 to 1.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "ingest/sampling_strategies.h"
#include "wire/json_tree.h"

namespace {

bool IsRate(double rate) {
  return rate >= 0 && rate <= 1;
}

void Check(const clew::ingest::SamplingStrategy& strategy) {
  clew::wire::JsonTree tree;
  clew::wire::ScanFailure failure;
  if (!tree.Parse(strategy.Json(), failure) || !IsRate(strategy.rate)) std::abort();
  for (const auto& [operation, rate] : strategy.rate_of) {
    if (!IsRate(rate)) std::abort();
  }
  if (strategy.most_a_second && *strategy.most_a_second < 0) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto strategies = clew::ingest::SamplingStrategies::FromJson(text);
  if (!strategies.ok()) return 0;
  for (const char* service : {"", "a", "b", "c"}) Check(strategies.value().Of(service));
  return 0;
}
