// SPDX-License-Identifier: Apache-2.0

#include "opentelemetry/sdk/trace/random_id_generator.h"

#include <unistd.h>

#include <array>
#include <cstring>
#include <random>

namespace opentelemetry::inline v1::sdk::trace {
namespace {

std::mt19937_64 SeededGenerator() {
  std::random_device device;
  std::seed_seq seed{device(), device(), device(), device()};
  return std::mt19937_64(seed);
}

uint64_t NextRandom() {
  static thread_local std::mt19937_64 generator = SeededGenerator();
  static thread_local pid_t seeded_in = getpid();
  if (const pid_t pid = getpid(); pid != seeded_in) {
    generator = SeededGenerator();
    seeded_in = pid;
  }
  return generator();
}

// All zeros names nothing, so it is drawn again.
uint64_t NextNonZero() {
  uint64_t value = NextRandom();
  while (value == 0) value = NextRandom();
  return value;
}

}  // namespace

opentelemetry::trace::SpanId RandomIdGenerator::GenerateSpanId() noexcept {
  std::array<uint8_t, 8> bytes{};
  const uint64_t value = NextNonZero();
  std::memcpy(bytes.data(), &value, sizeof value);
  return opentelemetry::trace::SpanId(bytes);
}

opentelemetry::trace::TraceId RandomIdGenerator::GenerateTraceId() noexcept {
  std::array<uint8_t, 16> bytes{};
  const uint64_t halves[2] = {NextNonZero(), NextRandom()};
  std::memcpy(bytes.data(), halves, sizeof halves);
  return opentelemetry::trace::TraceId(bytes);
}

}  // namespace opentelemetry::inline v1::sdk::trace
