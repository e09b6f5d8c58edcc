// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "load/counter_random.h"
#include "load/distributions.h"
#include "load/profile.h"
#include "load/service_graph.h"
#include "model/ids.h"

namespace clew::load {

// What a span does; decides its kind, scope and attributes.
enum class Role : uint8_t {
  kServer,
  kConsumer,
  kInternal,
  kHttpClient,
  kProducer,
  kDatabase,
  kCache
};
inline constexpr uint32_t kRoleCount = 7;

// What a draw of a span is for. Attributes draw from kFirstAttribute on.
enum class DrawOf : uint8_t {
  kParentVisit,
  kService,
  kInstance,
  kTarget,
  kOffset,
  kLength,
  kSpanId,
  kRoute,
  kError,
  kErrorVariant,
  kMissing,
  kLate,
  kFirstAttribute
};

inline constexpr uint32_t kNoParent = UINT32_MAX;

// A trace before its spans: everything that they share.
struct TraceShape {
  uint64_t trace = 0;
  RandomKey key{0};
  uint32_t span_count = 0;
  uint32_t visit_width = 0;  // spans of one visit of a service
  int64_t start_ns = 0;      // Unix time
  int64_t duration_ns = 0;   // of the root
};

// A span but for its attributes, which follow from the same numbers. Times are true
// ones: what its host's clock says is up to the encoder.
struct SpanPlan {
  uint64_t trace = 0;
  uint32_t index = 0;   // in its trace
  uint32_t parent = 0;  // index, or kNoParent
  uint32_t service = 0;
  uint32_t instance = 0;  // across all services
  uint32_t target = 0;    // the service that a client or producer calls
  Role role = Role::kServer;
  int64_t start_ns = 0;
  int64_t duration_ns = 0;

  bool operator==(const SpanPlan&) const = default;
};

struct GeneratorOptions {
  uint64_t seed = 1;
  int64_t start_ns = 0;             // Unix time of the first trace
  double spans_per_second = 50000;  // of simulated time
};

// Makes the spans of trace n from the seed and n alone. Immutable: any thread.
//
// A trace is a tree of visits. A visit is one service at work: its entry (server or
// consumer), an internal span, a call to another service, a database and a cache call,
// of which the first `visit_width` are there. A later visit hangs under the outgoing
// call of an earlier one, so a span needs its ancestors and nothing else.
class TraceGenerator {
 public:
  TraceGenerator(const Profile& profile, const GeneratorOptions& options);

  const Profile& profile() const { return profile_; }
  const ServiceGraph& services() const { return services_; }
  uint32_t instance_count() const { return first_instance_.back(); }
  uint32_t ServiceOf(uint32_t instance) const;
  // What is drawn by instance, batch and so on, apart from the traces.
  RandomKey key() const { return key_; }
  int64_t start_ns() const { return options_.start_ns; }

  uint32_t SpanCount(uint64_t trace) const;
  int64_t StartOf(uint64_t trace) const;
  TraceShape Shape(uint64_t trace) const;
  // One span; costs its depth. REQUIRES: index < shape.span_count
  SpanPlan Plan(const TraceShape& shape, uint32_t index) const;
  // All of them, by index; `plans` is overwritten.
  void PlanAll(const TraceShape& shape, std::vector<SpanPlan>& plans) const;

  RandomKey TraceKey(uint64_t trace) const { return key_.Part(trace); }
  RandomKey SpanKey(const SpanPlan& plan) const { return TraceKey(plan.trace).Part(plan.index); }
  model::TraceId TraceIdOf(uint64_t trace) const;
  model::SpanId SpanIdOf(uint64_t trace, uint32_t index) const;

  // How the times of a span were drawn: the number of values that each could have had.
  struct TimeChoices {
    double starts = 1;
    double durations = 1;
  };
  TimeChoices ChoicesOf(const TraceShape& shape, const SpanPlan& plan) const;

 private:
  static uint32_t ParentOf(const TraceShape& shape, uint32_t index);
  SpanPlan Root(const TraceShape& shape) const;
  SpanPlan Child(const TraceShape& shape, const SpanPlan& parent, uint32_t index) const;
  void PlaceEntry(const RandomKey& key, SpanPlan& plan) const;
  void CountInstances();

  const Profile profile_;
  const GeneratorOptions options_;
  const RandomKey key_;
  const ServiceGraph services_;
  const BoundedParetoDistribution tail_;
  const LogNormalDistribution body_;  // of a size less one
  const LogNormalDistribution duration_;
  std::vector<uint32_t> first_instance_;  // of each service, and the end of the last
};

}  // namespace clew::load
