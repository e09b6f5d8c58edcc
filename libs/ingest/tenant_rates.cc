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

base::Result<std::monostate, Refusal> TenantRates::Take(std::string_view tenant, uint64_t bytes,
                                                        uint64_t spans) {
  const base::MutexLock lock(mutex_);
  const TenantLimits& limits = LimitsOf(tenant);
  if (limits.bytes.per_second == 0 && limits.spans.per_second == 0) return std::monostate();
  Buckets& buckets = BucketsOf(tenant);
  const int64_t now = clock_.MonotonicNanos();
  const int64_t passed = now - buckets.filled_ns;
  buckets = {.filled_ns = now,
             .bytes = Filled(limits.bytes, buckets.bytes, passed),
             .spans = Filled(limits.spans, buckets.spans, passed)};
  const std::chrono::nanoseconds for_bytes = WaitFor(limits.bytes, buckets.bytes, bytes);
  const std::chrono::nanoseconds for_spans = WaitFor(limits.spans, buckets.spans, spans);
  if (for_bytes.count() > 0 || for_spans.count() > 0) {
    base::Error over = for_bytes.count() > 0 ? Over(tenant, limits.bytes, "bytes")
                                             : Over(tenant, limits.spans, "spans");
    return Refusal(std::move(over), std::max(for_bytes, for_spans));
  }
  if (limits.bytes.per_second > 0) buckets.bytes -= static_cast<double>(bytes);
  if (limits.spans.per_second > 0) buckets.spans -= static_cast<double>(spans);
  return std::monostate();
}

size_t TenantRates::known_tenants() const {
  const base::MutexLock lock(mutex_);
  return buckets_.size();
}

TenantRates::Buckets& TenantRates::BucketsOf(std::string_view tenant) {
  const auto known = buckets_.find(tenant);
  if (known != buckets_.end()) return known->second;
  if (buckets_.size() >= kMaxTenantBuckets) ForgetFull();
  const TenantLimits& limits = LimitsOf(tenant);
  const Buckets full{.filled_ns = clock_.MonotonicNanos(),
                     .bytes = MostOf(limits.bytes),
                     .spans = MostOf(limits.spans)};
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
