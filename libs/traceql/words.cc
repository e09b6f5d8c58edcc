// SPDX-License-Identifier: Apache-2.0
#include "traceql/words.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "traceql/intrinsics.h"

namespace clew::traceql {
namespace {

// Each in the order of its enum.
constexpr std::array<std::string_view, 3> kStatuses = {"error", "ok", "unset"};
constexpr std::array<std::string_view, 6> kKinds = {"unspecified", "internal", "client",
                                                    "server",      "producer", "consumer"};
// kAny, the first, cannot be written: no word is empty.
constexpr std::array<std::string_view, 6> kScopes = {"",      "span", "resource",
                                                     "event", "link", "instrumentation"};
constexpr std::array<std::string_view, 5> kAggregates = {"count", "min", "max", "avg", "sum"};
constexpr std::array<std::string_view, 8> kMetricsFunctions = {
    "rate",          "count_over_time", "min_over_time",      "max_over_time",
    "sum_over_time", "avg_over_time",   "quantile_over_time", "histogram_over_time"};
// Those that stand for no value.
constexpr std::array<std::string_view, 7> kStages = {"by",   "coalesce", "select", "with",
                                                     "topk", "bottomk",  "compare"};
constexpr std::array<std::string_view, 5> kOwn = {"sort", "limit", "none", "asc", "desc"};

template <typename Enum, size_t kSize>
std::optional<Enum> Find(const std::array<std::string_view, kSize>& words, std::string_view word) {
  const auto* const found = std::ranges::find(words, word);
  if (found == words.end()) return std::nullopt;
  return static_cast<Enum>(found - words.begin());
}

}  // namespace

std::optional<Static> FindConstant(std::string_view word) {
  if (word == "true") return true;
  if (word == "false") return false;
  if (word == "nil") return Nil{};
  if (word == "minInt") return INT64_MIN;
  if (word == "maxInt") return INT64_MAX;
  if (const auto status = Find<SpanStatus>(kStatuses, word)) return *status;
  if (const auto kind = Find<SpanKind>(kKinds, word)) return *kind;
  return std::nullopt;
}

std::string_view TextOf(SpanStatus status) {
  return kStatuses[static_cast<size_t>(status)];
}

std::string_view TextOf(SpanKind kind) {
  return kKinds[static_cast<size_t>(kind)];
}

std::optional<Scope> FindScope(std::string_view word) {
  return Find<Scope>(kScopes, word);
}

std::string PrefixOf(Scope scope, bool of_parent) {
  const std::string prefix = of_parent ? "parent." : "";
  if (scope == Scope::kAny) return of_parent ? prefix : ".";
  return prefix + std::string(kScopes[static_cast<size_t>(scope)]) + ".";
}

std::optional<AggregateFunction> FindAggregate(std::string_view word) {
  return Find<AggregateFunction>(kAggregates, word);
}

std::string_view TextOf(AggregateFunction function) {
  return kAggregates[static_cast<size_t>(function)];
}

std::optional<MetricsFunction> FindMetricsFunction(std::string_view word) {
  return Find<MetricsFunction>(kMetricsFunctions, word);
}

std::string_view TextOf(MetricsFunction function) {
  return kMetricsFunctions[static_cast<size_t>(function)];
}

bool IsTempoWord(std::string_view word) {
  return FindConstant(word) || FindAggregate(word) || FindMetricsFunction(word) ||
         FindIntrinsic(word) || std::ranges::find(kStages, word) != kStages.end();
}

bool IsOwnWord(std::string_view word) {
  return std::ranges::find(kOwn, word) != kOwn.end();
}

}  // namespace clew::traceql
