// SPDX-License-Identifier: Apache-2.0
#include "load/trace_generator.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/check.h"

namespace clew::load {
namespace {

// Parts of the seed's key that are no trace.
constexpr uint64_t kTraceDraws = UINT64_MAX;

enum class TraceDraw : uint8_t {
  kTail,
  kSize,
  kRounding,
  kWidth,
  kStart,
  kDuration,
  kIdHigh,
  kIdLow
};

// A child begins in the first half of its parent and takes 1/8 to 15/16 of the rest.
constexpr double kOffsetShare = 0.5;
constexpr double kShortestShare = 0.125;
constexpr double kLengthShare = 0.8125;
constexpr int64_t kLongestTraceNs = 120'000'000'000;

constexpr uint32_t kEntrySlot = 0;
constexpr uint32_t kInternalSlot = 1;
constexpr uint32_t kCallSlot = 2;
constexpr uint32_t kDatabaseSlot = 3;
constexpr uint32_t kMinVisitWidth = 3;
constexpr uint32_t kVisitWidths = 3;

// Traces from which is learned how much work each service gets.
constexpr uint64_t kSurveyedTraces = 20'000;
constexpr uint32_t kMaxSurveyedSpans = 1000;

uint64_t DrawOfTrace(const RandomKey& trace, TraceDraw draw) {
  return trace.Part(kTraceDraws).Draw(static_cast<uint64_t>(draw));
}
uint64_t DrawOfSpan(const RandomKey& span, DrawOf draw) {
  return span.Draw(static_cast<uint64_t>(draw));
}

int64_t Scale(int64_t value, double share) {
  return static_cast<int64_t>(static_cast<double>(value) * share);
}

double BodyMean(const Profile& profile, double tail_mean) {
  const double mean =
      (profile.mean_trace_spans - profile.tail_share * tail_mean) / (1 - profile.tail_share);
  return mean - 1;  // The root is always there.
}

BoundedParetoDistribution TailOf(const Profile& profile) {
  return {profile.tail_low_spans, profile.tail_high_spans, profile.tail_alpha};
}

template <typename Id>
void PutBigEndian(uint64_t value, size_t at, Id& id) {
  for (size_t i = 0; i < 8; ++i) id.bytes[at + i] = static_cast<uint8_t>(value >> (56 - 8 * i));
}

}  // namespace

TraceGenerator::TraceGenerator(const Profile& profile, const GeneratorOptions& options)
    : profile_(profile),
      options_(options),
      key_(options.seed),
      services_(profile),
      tail_(TailOf(profile)),
      body_(BodyMean(profile, tail_.mean()), profile.trace_size_sigma),
      duration_(profile.mean_root_duration_ns, 1.0),
      first_instance_(services_.service_count() + 1) {
  CHECK(options.spans_per_second > 0);
  CountInstances();
}

// Enough instances of each service that one makes about as many spans a second as the
// profile says.
void TraceGenerator::CountInstances() {
  for (uint32_t i = 0; i <= services_.service_count(); ++i) first_instance_[i] = i;
  std::vector<uint64_t> spans(services_.service_count());
  uint64_t all = 0;
  std::vector<SpanPlan> plans;
  for (uint64_t trace = 0; trace < kSurveyedTraces; ++trace) {
    TraceShape shape = Shape(trace);
    shape.span_count = std::min(shape.span_count, kMaxSurveyedSpans);
    PlanAll(shape, plans);
    for (const SpanPlan& plan : plans) ++spans[plan.service];
    all += plans.size();
  }
  uint32_t next = 0;
  for (uint32_t service = 0; service < services_.service_count(); ++service) {
    const double share = static_cast<double>(spans[service]) / static_cast<double>(all);
    const double wanted = share * options_.spans_per_second / profile_.spans_per_instance_second;
    first_instance_[service] = next;
    next += static_cast<uint32_t>(std::max(1.0, std::round(wanted)));
  }
  first_instance_.back() = next;
}

uint32_t TraceGenerator::ServiceOf(uint32_t instance) const {
  const auto after = std::ranges::upper_bound(first_instance_, instance);
  return static_cast<uint32_t>(after - first_instance_.begin() - 1);
}

uint32_t TraceGenerator::SpanCount(uint64_t trace) const {
  const RandomKey key = TraceKey(trace);
  const bool tail = UnitInterval(DrawOfTrace(key, TraceDraw::kTail)) < profile_.tail_share;
  const uint64_t random = DrawOfTrace(key, TraceDraw::kSize);
  const double size = tail ? tail_.Pick(random) : 1 + body_.Pick(random);
  // Rounded up as often as keeps the mean.
  const double rounding = UnitInterval(DrawOfTrace(key, TraceDraw::kRounding));
  return static_cast<uint32_t>(std::min(size + rounding, profile_.tail_high_spans));
}

int64_t TraceGenerator::StartOf(uint64_t trace) const {
  const double traces_per_second = options_.spans_per_second / profile_.mean_trace_spans;
  const double within = UnitInterval(DrawOfTrace(TraceKey(trace), TraceDraw::kStart));
  // Whole seconds apart from the rest, so that long runs keep nanoseconds.
  const double seconds = (static_cast<double>(trace) + within) / traces_per_second;
  const double whole = std::floor(seconds);
  return options_.start_ns + static_cast<int64_t>(whole) * 1'000'000'000 +
         static_cast<int64_t>((seconds - whole) * 1e9);
}

TraceShape TraceGenerator::Shape(uint64_t trace) const {
  const RandomKey key = TraceKey(trace);
  const uint32_t span_count = SpanCount(trace);
  // Larger traces take longer.
  const double longer = std::sqrt(span_count / profile_.mean_trace_spans);
  const double duration = duration_.Pick(DrawOfTrace(key, TraceDraw::kDuration)) * longer;
  return {.trace = trace,
          .key = key,
          .span_count = span_count,
          .visit_width = kMinVisitWidth + Below(DrawOfTrace(key, TraceDraw::kWidth), kVisitWidths),
          .start_ns = StartOf(trace),
          .duration_ns = std::min(static_cast<int64_t>(duration), kLongestTraceNs)};
}

uint32_t TraceGenerator::ParentOf(const TraceShape& shape, uint32_t index) {
  if (index == 0) return kNoParent;
  const uint32_t slot = index % shape.visit_width;
  if (slot >= kDatabaseSlot) return index - slot + kInternalSlot;
  if (slot != kEntrySlot) return index - slot;
  const uint64_t random = DrawOfSpan(shape.key.Part(index), DrawOf::kParentVisit);
  return Below(random, index / shape.visit_width) * shape.visit_width + kCallSlot;
}

void TraceGenerator::PlaceEntry(const RandomKey& key, SpanPlan& plan) const {
  const uint32_t first = first_instance_[plan.service];
  const uint32_t count = first_instance_[plan.service + 1] - first;
  plan.instance = first + Below(DrawOfSpan(key, DrawOf::kInstance), count);
  plan.role = ServiceGraph::IsWorker(plan.service) ? Role::kConsumer : Role::kServer;
}

SpanPlan TraceGenerator::Root(const TraceShape& shape) const {
  const RandomKey key = shape.key.Part(0);
  SpanPlan plan{.trace = shape.trace,
                .parent = kNoParent,
                .service = services_.PickRoot(DrawOfSpan(key, DrawOf::kService)),
                .start_ns = shape.start_ns,
                .duration_ns = shape.duration_ns};
  PlaceEntry(key, plan);
  return plan;
}

SpanPlan TraceGenerator::Child(const TraceShape& shape, const SpanPlan& parent,
                               uint32_t index) const {
  constexpr std::array kRoles{Role::kServer, Role::kInternal, Role::kHttpClient, Role::kDatabase,
                              Role::kCache};
  const RandomKey key = shape.key.Part(index);
  SpanPlan plan = parent;
  plan.index = index;
  plan.parent = parent.index;
  const double offset = UnitInterval(DrawOfSpan(key, DrawOf::kOffset)) * kOffsetShare;
  const double length =
      kShortestShare + UnitInterval(DrawOfSpan(key, DrawOf::kLength)) * kLengthShare;
  const int64_t waited = Scale(parent.duration_ns, offset);
  plan.start_ns += waited;
  plan.duration_ns = Scale(parent.duration_ns - waited, length);
  const uint32_t slot = index % shape.visit_width;
  plan.role = kRoles[slot];
  if (slot == kEntrySlot) {
    plan.service = parent.target;
    PlaceEntry(key, plan);
  } else if (slot == kCallSlot) {
    plan.target = services_.PickCallee(plan.service, DrawOfSpan(key, DrawOf::kTarget));
    if (ServiceGraph::IsWorker(plan.target)) plan.role = Role::kProducer;
  }
  if (slot != kCallSlot) plan.target = plan.service;
  return plan;
}

SpanPlan TraceGenerator::Plan(const TraceShape& shape, uint32_t index) const {
  CHECK(index < shape.span_count);
  std::vector<uint32_t> path;
  for (uint32_t at = index; at != 0; at = ParentOf(shape, at)) path.push_back(at);
  SpanPlan plan = Root(shape);
  plan.target = plan.service;
  for (; !path.empty(); path.pop_back()) plan = Child(shape, plan, path.back());
  return plan;
}

void TraceGenerator::PlanAll(const TraceShape& shape, std::vector<SpanPlan>& plans) const {
  plans.resize(shape.span_count);
  plans[0] = Root(shape);
  plans[0].target = plans[0].service;
  for (uint32_t i = 1; i < shape.span_count; ++i) {
    plans[i] = Child(shape, plans[ParentOf(shape, i)], i);
  }
}

TraceGenerator::TimeChoices TraceGenerator::ChoicesOf(const TraceShape& shape,
                                                      const SpanPlan& plan) const {
  const auto step = static_cast<double>(ServiceGraph::ClockStep(plan.service));
  if (plan.parent == kNoParent) {
    const double apart_ns = 1e9 * profile_.mean_trace_spans / options_.spans_per_second;
    // The entropy of a log-normal variable of unit sigma, as a number of equal choices.
    constexpr double kUnitNormalChoices = 4.1327;  // sqrt(2 pi e)
    return {.starts = apart_ns / step,
            .durations = static_cast<double>(shape.duration_ns) * kUnitNormalChoices / step};
  }
  const SpanPlan parent = Plan(shape, plan.parent);
  const auto rest = static_cast<double>(parent.duration_ns - (plan.start_ns - parent.start_ns));
  return {.starts = static_cast<double>(parent.duration_ns) * kOffsetShare / step,
          .durations = rest * kLengthShare / step};
}

model::TraceId TraceGenerator::TraceIdOf(uint64_t trace) const {
  const RandomKey key = TraceKey(trace);
  model::TraceId id;
  if (profile_.id_mode == IdMode::kRandom) {
    PutBigEndian(DrawOfTrace(key, TraceDraw::kIdHigh), 0, id);
  }
  const uint64_t low = profile_.id_mode == IdMode::kSequential
                           ? trace + 1
                           : DrawOfTrace(key, TraceDraw::kIdLow) | 1;  // never all zeros
  PutBigEndian(low, 8, id);
  return id;
}

model::SpanId TraceGenerator::SpanIdOf(uint64_t trace, uint32_t index) const {
  constexpr unsigned kIndexBits = 20;  // for a million spans
  model::SpanId id;
  const uint64_t number =
      profile_.id_mode == IdMode::kSequential
          ? (trace << kIndexBits) + index + 1
          : std::max<uint64_t>(DrawOfSpan(TraceKey(trace).Part(index), DrawOf::kSpanId), 1);
  PutBigEndian(number, 0, id);
  return id;
}

}  // namespace clew::load
