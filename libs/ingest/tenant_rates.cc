// SPDX-License-Identifier: Apache-2.0
#include "ingest/tenant_rates.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "ingest/limits.h"

namespace clew::ingest {
namespace {

constexpr double kLongestWaitSeconds = 1e6;  // beyond it a wait is only long

double MostOf(const RateLimit& limit) {
  return static_cast<double>(limit.burst > 0 ? limit.burst : limit.per_second);
}

double Filled(const RateLimit& limit, double tokens, int64_t nanos) {
  const double more = static_cast<double>(limit.per_second) * static_cast<double>(nanos) / 1e9;
  return std::min(MostOf(limit), tokens + more);
}

// How long it takes until so many may be taken. More than a full bucket has needs a full one.
std::chrono::nanoseconds WaitFor(const RateLimit& limit, double tokens, uint64_t wanted) {
  if (limit.per_second == 0) return {};
  const double lacking = std::min(static_cast<double>(wanted), MostOf(limit)) - tokens;
  if (lacking <= 0) return {};
  const double seconds = lacking / static_cast<double>(limit.per_second);
  return std::chrono::ceil<std::chrono::nanoseconds>(
      std::chrono::duration<double>(std::min(seconds, kLongestWaitSeconds)));
}

bool HasLimit(const TenantLimits& limits) {
  return limits.bytes.per_second > 0 || limits.spans.per_second > 0;
}

base::Error Over(std::string_view tenant, const RateLimit& limit, std::string_view what) {
  return {base::ErrorCode::kExhausted, "tenant " + std::string(tenant) + " sends more than its " +
                                           std::to_string(limit.per_second) + " " +
                                           std::string(what) + " a second: send again later"};
}

}  // namespace

void TenantRates::Set(const TenantLimits& limits, OwnLimits own) {
  const base::MutexLock lock(mutex_);
  limits_ = limits;
  own_ = std::move(own);
  buckets_.clear();
}

const TenantLimits& TenantRates::LimitsOf(std::string_view tenant) const {
  const auto own = own_.find(tenant);
  return own == own_.end() ? limits_ : own->second;
}

base::Result<std::monostate, Refusal> TenantRates::TakeBytes(std::string_view tenant,
                                                             uint64_t bytes) {
  const base::MutexLock lock(mutex_);
  const TenantLimits& limits = LimitsOf(tenant);
  if (!HasLimit(limits)) return std::monostate();
  Buckets& buckets = BucketsOf(tenant);
  const std::chrono::nanoseconds wait = WaitFor(limits.bytes, buckets.bytes, bytes);
  if (wait.count() > 0) return Refusal(Over(tenant, limits.bytes, "bytes"), wait);
  if (limits.bytes.per_second > 0) buckets.bytes -= static_cast<double>(bytes);
  return std::monostate();
}

base::Result<std::monostate, Refusal> TenantRates::TakeSpans(std::string_view tenant,
                                                             uint64_t spans, uint64_t bytes) {
  const base::MutexLock lock(mutex_);
  const TenantLimits& limits = LimitsOf(tenant);
  if (!HasLimit(limits)) return std::monostate();
  Buckets& buckets = BucketsOf(tenant);
  const std::chrono::nanoseconds wait = WaitFor(limits.spans, buckets.spans, spans);
  if (wait.count() > 0) {
    buckets.bytes += static_cast<double>(bytes);
    return Refusal(Over(tenant, limits.spans, "spans"), wait);
  }
  if (limits.spans.per_second > 0) buckets.spans -= static_cast<double>(spans);
  return std::monostate();
}

void TenantRates::GiveBack(std::string_view tenant, uint64_t bytes, uint64_t spans) {
  const base::MutexLock lock(mutex_);
  if (!HasLimit(LimitsOf(tenant))) return;
  Buckets& buckets = BucketsOf(tenant);
  buckets.bytes += static_cast<double>(bytes);
  buckets.spans += static_cast<double>(spans);
}

size_t TenantRates::known_tenants() const {
  const base::MutexLock lock(mutex_);
  return buckets_.size();
}

TenantRates::Buckets& TenantRates::BucketsOf(std::string_view tenant) {
  const TenantLimits& limits = LimitsOf(tenant);
  const int64_t now = clock_.MonotonicNanos();
  const auto known = buckets_.find(tenant);
  if (known != buckets_.end()) {
    Buckets& buckets = known->second;
    const int64_t passed = now - buckets.filled_ns;
    buckets = {.filled_ns = now,
               .bytes = Filled(limits.bytes, buckets.bytes, passed),
               .spans = Filled(limits.spans, buckets.spans, passed)};
    return buckets;
  }
  if (buckets_.size() >= kMaxTenantBuckets) ForgetFull();
  const Buckets full{
      .filled_ns = now, .bytes = MostOf(limits.bytes), .spans = MostOf(limits.spans)};
  return buckets_.emplace(std::string(tenant), full).first->second;
}

// What is full again says nothing. Buckets that owe stay, however many they are: they were paid
// for by as many bodies.
void TenantRates::ForgetFull() {
  const int64_t now = clock_.MonotonicNanos();
  for (auto entry = buckets_.begin(); entry != buckets_.end();) {
    const Buckets& buckets = entry->second;
    const TenantLimits& limits = LimitsOf(entry->first);
    const int64_t passed = now - buckets.filled_ns;
    const auto is_full = [&](const RateLimit& limit, double tokens) {
      return Filled(limit, tokens, passed) >= MostOf(limit);
    };
    const bool full = is_full(limits.bytes, buckets.bytes) && is_full(limits.spans, buckets.spans);
    entry = full ? buckets_.erase(entry) : std::next(entry);
  }
}

}  // namespace clew::ingest
