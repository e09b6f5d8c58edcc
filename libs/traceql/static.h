// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

// The literal values of the language.
namespace clew::traceql {

struct Nil {
  bool operator==(const Nil&) const = default;
};

struct Duration {
  int64_t ns = 0;
  bool operator==(const Duration&) const = default;
};

// In the order of their numbers in TraceQL, which is not that of OTLP.
enum class SpanStatus : uint8_t { kError, kOk, kUnset };
enum class SpanKind : uint8_t { kUnspecified, kInternal, kClient, kServer, kProducer, kConsumer };

using Static =
    std::variant<Nil, int64_t, double, std::string, bool, Duration, SpanStatus, SpanKind>;

// The number with its sign turned. None when it has none, or when that number is no int64.
std::optional<Static> Negated(const Static& number);

}  // namespace clew::traceql
