// SPDX-License-Identifier: Apache-2.0
// All exporters have the same interval, so ordered by phase they wake in turn, round
// after round, and the next batch needs no search.
#include "load/exporter_schedule.h"

#include <algorithm>
#include <limits>
#include <tuple>

namespace clew::load {
namespace {

// Parts of the seed's key that are no trace.
constexpr uint64_t kPhaseDraws = UINT64_MAX - 2;
constexpr uint64_t kBatchDraws = UINT64_MAX - 3;

constexpr uint32_t kMaxLateIntervals = 12;

constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

}  // namespace

Delivery DeliveryOf(const TraceGenerator& generator, const SpanPlan& plan) {
  const Profile& profile = generator.profile();
  const RandomKey key = generator.SpanKey(plan);
  const auto draw = [&](DrawOf what) {
    return UnitInterval(key.Draw(static_cast<uint64_t>(what)));
  };
  Delivery delivery{.missing = draw(DrawOf::kMissing) < profile.missing_share,
                    .ready_ns = plan.start_ns + plan.duration_ns};
  const double late = draw(DrawOf::kLate);
  if (late < profile.late_share) {
    // The same draw, spread over what is left of it.
    const auto intervals = 1 + static_cast<int64_t>(late / profile.late_share * kMaxLateIntervals);
    delivery.ready_ns += intervals * profile.export_interval_ns;
  }
  return delivery;
}

ExporterSchedule::ExporterSchedule(const TraceGenerator& generator, uint64_t trace_count)
    : generator_(generator), trace_count_(trace_count), pending_(generator.instance_count()) {
  const RandomKey key = generator.key().Part(kPhaseDraws);
  const auto interval = static_cast<double>(generator.profile().export_interval_ns);
  for (uint32_t instance = 0; instance < generator.instance_count(); ++instance) {
    const double phase = UnitInterval(key.Draw(instance)) * interval;
    exporters_.push_back({instance, static_cast<int64_t>(phase)});
  }
  std::ranges::sort(exporters_, {}, [](const Exporter& exporter) {
    return std::tuple(exporter.phase_ns, exporter.instance);
  });
}

void ExporterSchedule::GenerateUntil(int64_t end_ns) {
  while (next_trace_ < trace_count_ && generator_.StartOf(next_trace_) < end_ns) {
    generator_.PlanAll(generator_.Shape(next_trace_++), plans_);
    for (const SpanPlan& plan : plans_) {
      const Delivery delivery = DeliveryOf(generator_, plan);
      if (!delivery.missing) pending_[plan.instance].push_back({delivery.ready_ns, plan});
    }
  }
}

void ExporterSchedule::Collect(uint32_t instance, int64_t due_ns) {
  std::vector<Ready>& pending = pending_[instance];
  collected_.clear();
  const auto rest = std::partition(pending.begin(), pending.end(),
                                   [&](const Ready& ready) { return ready.ready_ns >= due_ns; });
  collected_.assign(rest, pending.end());
  pending.erase(rest, pending.end());
  std::ranges::sort(collected_, {}, [](const Ready& ready) {
    return std::tuple(ready.ready_ns, ready.plan.trace, ready.plan.index);
  });
  outgoing_.clear();
  outgoing_next_ = 0;
  for (const Ready& ready : collected_) outgoing_.push_back(ready.plan);
}

Batch ExporterSchedule::TakeBatch() {
  const size_t count =
      std::min<size_t>(outgoing_.size() - outgoing_next_, generator_.profile().max_batch_spans);
  const std::span<const SpanPlan> spans(outgoing_.data() + outgoing_next_, count);
  outgoing_next_ += count;
  const double random = UnitInterval(generator_.key().Part(kBatchDraws).Draw(batches_++));
  return {spans, due_ns_, random < generator_.profile().duplicate_share};
}

Batch ExporterSchedule::Next() {
  while (outgoing_next_ == outgoing_.size()) {
    if (turn_ == last_turn_) return {};
    const auto round = static_cast<int64_t>(turn_ / exporters_.size());
    const Exporter& exporter = exporters_[turn_ % exporters_.size()];
    due_ns_ =
        generator_.start_ns() + exporter.phase_ns + round * generator_.profile().export_interval_ns;
    GenerateUntil(due_ns_);
    ++turn_;
    const bool ends = next_trace_ == trace_count_;
    // From the turn on in which the traces ran out, each exporter has one last turn.
    if (ends && last_turn_ == UINT64_MAX) last_turn_ = turn_ + exporters_.size() - 1;
    Collect(exporter.instance, ends ? kNever : due_ns_);
  }
  return TakeBatch();
}

}  // namespace clew::load
