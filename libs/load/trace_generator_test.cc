// SPDX-License-Identifier: Apache-2.0
#include "load/trace_generator.h"

#include <gmock/gmock.h>

namespace clew::load {
namespace {

TraceGenerator Generator(uint64_t seed = 7) {
  return {FindProfile("web1").value(), {.seed = seed, .start_ns = 1'700'000'000'000'000'000}};
}

TEST(TraceGenerator, MakesEachSpanWithoutTheOthers) {
  const TraceGenerator generator = Generator();
  std::vector<SpanPlan> plans;
  for (uint64_t trace = 0; trace < 2000; ++trace) {
    const TraceShape shape = generator.Shape(trace);
    generator.PlanAll(shape, plans);
    ASSERT_EQ(plans.size(), shape.span_count);
    for (uint32_t i = 0; i < plans.size(); ++i) ASSERT_EQ(generator.Plan(shape, i), plans[i]);
  }
}

TEST(TraceGenerator, MakesTheSameForTheSameSeedOnly) {
  const TraceGenerator generator = Generator();
  const SpanPlan plan = generator.Plan(generator.Shape(5), 0);
  const TraceGenerator same = Generator();
  EXPECT_EQ(same.Plan(same.Shape(5), 0), plan);
  EXPECT_EQ(same.TraceIdOf(5), generator.TraceIdOf(5));
  const TraceGenerator other = Generator(8);
  EXPECT_NE(other.Plan(other.Shape(5), 0), plan);
  EXPECT_NE(other.TraceIdOf(5), generator.TraceIdOf(5));
}

TEST(TraceGenerator, ParentsComeFirstAndContainTheirChildren) {
  const TraceGenerator generator = Generator();
  std::vector<SpanPlan> plans;
  for (uint64_t trace = 0; trace < 2000; ++trace) {
    generator.PlanAll(generator.Shape(trace), plans);
    EXPECT_EQ(plans[0].parent, kNoParent);
    for (uint32_t i = 1; i < plans.size(); ++i) {
      ASSERT_LT(plans[i].parent, i);
      const SpanPlan& parent = plans[plans[i].parent];
      ASSERT_GE(plans[i].start_ns, parent.start_ns);
      ASSERT_LE(plans[i].start_ns + plans[i].duration_ns, parent.start_ns + parent.duration_ns);
      const bool calls = parent.role == Role::kHttpClient || parent.role == Role::kProducer;
      const bool entry = plans[i].role == Role::kServer || plans[i].role == Role::kConsumer;
      ASSERT_EQ(calls, entry) << "trace " << trace << " span " << i;
    }
  }
}

TEST(TraceGenerator, TracesHaveFourteenSpansOnAverageAndALongTail) {
  const TraceGenerator generator = Generator();
  constexpr uint64_t kTraces = 4'000'000;
  uint64_t spans = 0;
  uint32_t largest = 0;
  for (uint64_t trace = 0; trace < kTraces; ++trace) {
    const uint32_t count = generator.SpanCount(trace);
    spans += count;
    largest = std::max(largest, count);
  }
  EXPECT_NEAR(static_cast<double>(spans) / kTraces, 14, 14 * 0.02);
  EXPECT_GT(largest, 10'000u);
  EXPECT_LE(largest, 1'000'000u);
}

TEST(TraceGenerator, TailReachesAMillionSpans) {
  Profile profile = FindProfile("web1").value();
  const BoundedParetoDistribution tail(profile.tail_low_spans, profile.tail_high_spans,
                                       profile.tail_alpha);
  EXPECT_NEAR(tail.Pick(0), 100, 1e-6);
  EXPECT_NEAR(tail.Pick(UINT64_MAX), 1e6, 10);
}

TEST(TraceGenerator, IdsAreOfTheirMode) {
  Profile profile = FindProfile("web1").value();
  profile.id_mode = IdMode::k64Bit;
  const TraceGenerator short_ids(profile, {});
  EXPECT_EQ(short_ids.TraceIdOf(3).ToHex().substr(0, 16), "0000000000000000");
  EXPECT_NE(short_ids.TraceIdOf(3), short_ids.TraceIdOf(4));
  profile.id_mode = IdMode::kSequential;
  const TraceGenerator counter(profile, {});
  EXPECT_EQ(counter.TraceIdOf(9).ToHex(), "0000000000000000000000000000000a");
  EXPECT_EQ(counter.SpanIdOf(2, 0).ToHex(), "0000000000200001");
}

TEST(TraceGenerator, InstancesGrowWithTheRate) {
  const Profile profile = FindProfile("web1").value();
  const TraceGenerator slow(profile, {.spans_per_second = 50'000});
  const TraceGenerator fast(profile, {.spans_per_second = 500'000});
  EXPECT_NEAR(slow.instance_count(), 500, 25);
  EXPECT_NEAR(fast.instance_count(), 5000, 50);
  EXPECT_EQ(fast.ServiceOf(0), 0u);
  EXPECT_EQ(fast.ServiceOf(fast.instance_count() - 1), 39u);
}

TEST(ZipfDistribution, PicksInProportionToTheRank) {
  const ZipfDistribution zipf(4, 1.0);
  std::array<int, 4> picked{};
  constexpr int kDraws = 250'000;
  for (uint64_t i = 0; i < kDraws; ++i) ++picked[zipf.Pick(RandomKey(1).Draw(i))];
  // 1 + 1/2 + 1/3 + 1/4 = 25/12
  EXPECT_NEAR(picked[0], kDraws * 12.0 / 25, 1000);
  EXPECT_NEAR(picked[1], kDraws * 6.0 / 25, 1000);
  EXPECT_NEAR(picked[2], kDraws * 4.0 / 25, 1000);
  EXPECT_NEAR(picked[3], kDraws * 3.0 / 25, 1000);
}

TEST(LogNormalDistribution, HasItsMean) {
  const LogNormalDistribution sizes(13, 0.8);
  double sum = 0;
  constexpr uint64_t kDraws = 1'000'000;
  for (uint64_t i = 0; i < kDraws; ++i) sum += sizes.Pick(RandomKey(2).Draw(i));
  EXPECT_NEAR(sum / kDraws, 13, 0.1);
}

}  // namespace
}  // namespace clew::load
