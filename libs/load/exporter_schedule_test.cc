// SPDX-License-Identifier: Apache-2.0
#include "load/exporter_schedule.h"

#include <gmock/gmock.h>

#include <map>
#include <set>
#include <string>
#include <utility>

#include "base/hash.h"
#include "load/span_encoder.h"

namespace clew::load {
namespace {

constexpr int64_t kStart = 1'700'000'000'000'000'000;
constexpr uint64_t kTraces = 20'000;  // 5.6 simulated seconds

Profile Web1() {
  return FindProfile("web1").value();
}

TraceGenerator Generator(const Profile& profile = Web1(), uint64_t seed = 3) {
  return {profile, {.seed = seed, .start_ns = kStart}};
}

TEST(ExporterSchedule, SendsEverySpanOnceExceptTheMissing) {
  const TraceGenerator generator = Generator();
  std::set<std::pair<uint64_t, uint32_t>> sent;
  ExporterSchedule schedule(generator, kTraces);
  for (Batch batch = schedule.Next(); !batch.spans.empty(); batch = schedule.Next()) {
    for (const SpanPlan& plan : batch.spans) {
      ASSERT_TRUE(sent.emplace(plan.trace, plan.index).second);
      ASSERT_EQ(generator.Plan(generator.Shape(plan.trace), plan.index), plan);
    }
  }
  size_t spans = 0;
  size_t missing = 0;
  std::vector<SpanPlan> plans;
  for (uint64_t trace = 0; trace < kTraces; ++trace) {
    generator.PlanAll(generator.Shape(trace), plans);
    for (const SpanPlan& plan : plans) {
      const bool is_missing = DeliveryOf(generator, plan).missing;
      missing += is_missing;
      ASSERT_EQ(sent.contains({trace, plan.index}), !is_missing);
    }
    spans += plans.size();
  }
  EXPECT_EQ(sent.size() + missing, spans);
  EXPECT_NEAR(static_cast<double>(missing) / static_cast<double>(spans), 0.002, 0.0005);
}

TEST(ExporterSchedule, BatchesAreOfOneInstanceEndedAndInTimeOrder) {
  const TraceGenerator generator = Generator();
  ExporterSchedule schedule(generator, 10 * kTraces);
  std::map<uint32_t, int64_t> last;
  int64_t due = 0;
  for (Batch batch = schedule.Next(); !batch.spans.empty(); batch = schedule.Next()) {
    ASSERT_LE(batch.spans.size(), 512u);
    ASSERT_GE(batch.due_ns, due);
    due = batch.due_ns;
    const uint32_t instance = batch.spans.front().instance;
    for (const SpanPlan& plan : batch.spans) ASSERT_EQ(plan.instance, instance);
    // The exporter wakes every 5 s; a full batch goes with its successor.
    const auto before = last.try_emplace(instance, due).first;
    ASSERT_EQ((due - before->second) % 5'000'000'000, 0);
    before->second = due;
  }
  EXPECT_NEAR(static_cast<double>(due - kStart), 56e9, 6e9);
}

TEST(ExporterSchedule, LateSpansComeAfterTheirInterval) {
  Profile profile = Web1();
  profile.late_share = 1;
  const TraceGenerator generator = Generator(profile);
  const SpanPlan plan = generator.Plan(generator.Shape(0), 0);
  const int64_t late = DeliveryOf(generator, plan).ready_ns - plan.start_ns - plan.duration_ns;
  EXPECT_GE(late, 5'000'000'000);
  EXPECT_LE(late, 60'000'000'000);
}

// The bytes of all bodies of a load, as one hash.
base::Hash128 HashOfLoad(const TraceGenerator& generator) {
  SpanEncoder encoder(generator);
  ExporterSchedule schedule(generator, 3000);
  base::Hasher128 hasher;
  base::ByteBuffer body;
  for (Batch batch = schedule.Next(); !batch.spans.empty(); batch = schedule.Next()) {
    encoder.EncodeBody(batch.spans, body);
    hasher.Add(body.view());
  }
  return hasher.hash();
}

TEST(ExporterSchedule, SameSeedSameBytes) {
  EXPECT_EQ(HashOfLoad(Generator()), HashOfLoad(Generator()));
  EXPECT_NE(HashOfLoad(Generator()), HashOfLoad(Generator(Web1(), 4)));
  Profile skewed = Web1();
  skewed.clock_skew_ns = 50'000'000;
  EXPECT_NE(HashOfLoad(Generator()), HashOfLoad(Generator(skewed)));
}

TEST(ExporterSchedule, DuplicatesTheShareOfBodies) {
  Profile profile = Web1();
  profile.duplicate_share = 0.25;
  const TraceGenerator generator = Generator(profile);
  ExporterSchedule schedule(generator, 10 * kTraces);
  double bodies = 0;
  double twice = 0;
  for (Batch batch = schedule.Next(); !batch.spans.empty(); batch = schedule.Next(), ++bodies) {
    twice += batch.sent_twice;
  }
  EXPECT_NEAR(twice / bodies, 0.25, 0.03);
}

}  // namespace
}  // namespace clew::load
