// SPDX-License-Identifier: Apache-2.0
#include "ingest/sampling_strategies.h"

#include <gmock/gmock.h>

#include "jaeger/api_v2/model.pb.h"

namespace clew::ingest {
namespace {

namespace proto = jaeger::api_v2;
using testing::StartsWith;

SamplingStrategies Read(std::string_view json) {
  return SamplingStrategies::FromJson(json).value();
}

std::string ErrorOf(std::string_view json) {
  const auto strategies = SamplingStrategies::FromJson(json);
  return strategies.ok() ? "fine" : strategies.error().message;
}

constexpr std::string_view kAll =
    R"({"strategyType":"PROBABILISTIC","probabilisticSampling":{"samplingRate":1}})";

TEST(SamplingStrategies, AreAllWithoutAFile) {
  EXPECT_EQ(SamplingStrategies().Of("a").Json(), kAll);
  EXPECT_EQ(Read("{}").Of("a").Json(), kAll);
}

TEST(SamplingStrategies, AreTheDefaultForServicesWithoutOne) {
  const SamplingStrategies strategies = Read(R"({
    "default_strategy": {"type": "probabilistic", "param": 0.5},
    "service_strategies": [{"service": "a", "type": "ratelimiting", "param": 5}]})");
  EXPECT_EQ(strategies.Of("a").Json(),
            R"({"strategyType":"RATE_LIMITING","rateLimitingSampling":{"maxTracesPerSecond":5}})");
  EXPECT_EQ(strategies.Of("b").Json(),
            R"({"strategyType":"PROBABILISTIC","probabilisticSampling":{"samplingRate":0.5}})");
}

constexpr std::string_view kWithOperations = R"({
  "default_strategy": {"type": "probabilistic", "param": 0.5, "operation_strategies": [
    {"operation": "/health", "type": "probabilistic", "param": 0}]},
  "service_strategies": [
    {"service": "a", "type": "probabilistic", "param": 0.25, "operation_strategies": [
      {"operation": "/buy", "type": "probabilistic", "param": 1}]},
    {"service": "b", "type": "probabilistic", "param": 0.125, "operation_strategies": [
      {"operation": "/health", "type": "probabilistic", "param": 1}]},
    {"service": "c", "type": "ratelimiting", "param": 5}]})";

TEST(SamplingStrategies, TakeOperationsOfTheDefaultUnlessTheyHaveThem) {
  const SamplingStrategies strategies = Read(kWithOperations);
  EXPECT_EQ(strategies.Of("a").Json(),
            R"({"strategyType":"PROBABILISTIC","probabilisticSampling":{"samplingRate":0.25},)"
            R"("operationSampling":{"defaultSamplingProbability":0.25,)"
            R"("defaultLowerBoundTracesPerSecond":0,"perOperationStrategies":[)"
            R"({"operation":"/buy","probabilisticSampling":{"samplingRate":1}},)"
            R"({"operation":"/health","probabilisticSampling":{"samplingRate":0}}]}})");
  EXPECT_THAT(strategies.Of("b").rate_of, testing::ElementsAre(testing::Pair("/health", 1)));
  EXPECT_THAT(strategies.Of("c").rate_of, testing::IsEmpty());
  EXPECT_EQ(strategies.Of("other").rate, 0.5);
  EXPECT_THAT(strategies.Of("other").rate_of, testing::ElementsAre(testing::Pair("/health", 0)));
}

// Jaeger's collector takes such a file, too, and warns of these operations.
TEST(SamplingStrategies, LeaveOutOperationsThatAreLimitedToSoManyASecond) {
  const SamplingStrategies strategies = Read(R"({
    "default_strategy": {"type": "probabilistic", "param": 0.5, "operation_strategies": [
      {"operation": "/health", "type": "probabilistic", "param": 0},
      {"operation": "/other", "type": "ratelimiting", "param": 3}]},
    "service_strategies": [
      {"service": "a", "type": "probabilistic", "param": 0.25, "operation_strategies": [
        {"operation": "/health", "type": "ratelimiting", "param": 5},
        {"operation": "/buy", "type": "probabilistic", "param": 1}]}]})");
  EXPECT_THAT(strategies.left_out(), testing::ElementsAre("/other", "/health"));
  EXPECT_EQ(strategies.Of("a").rate, 0.25);
  // That of the default is the next to say something of it.
  EXPECT_THAT(strategies.Of("a").rate_of,
              testing::ElementsAre(testing::Pair("/buy", 1), testing::Pair("/health", 0)));
  EXPECT_THAT(strategies.Of("b").rate_of, testing::ElementsAre(testing::Pair("/health", 0)));
}

TEST(SamplingStrategies, AreReadByGeneratedClasses) {
  const SamplingStrategies strategies = Read(kWithOperations);
  proto::SamplingStrategyResponse response;
  ASSERT_TRUE(response.ParseFromString(strategies.Of("a").Protobuf()));
  EXPECT_EQ(response.strategy_type(), proto::PROBABILISTIC);
  EXPECT_EQ(response.probabilistic_sampling().sampling_rate(), 0.25);
  EXPECT_EQ(response.operation_sampling().default_sampling_probability(), 0.25);
  ASSERT_EQ(response.operation_sampling().per_operation_strategies_size(), 2);
  const auto& health = response.operation_sampling().per_operation_strategies(1);
  EXPECT_EQ(health.operation(), "/health");
  EXPECT_TRUE(health.has_probabilistic_sampling());
  EXPECT_EQ(health.probabilistic_sampling().sampling_rate(), 0);
  ASSERT_TRUE(response.ParseFromString(strategies.Of("c").Protobuf()));
  EXPECT_EQ(response.strategy_type(), proto::RATE_LIMITING);
  EXPECT_EQ(response.rate_limiting_sampling().max_traces_per_second(), 5);
  EXPECT_FALSE(response.has_operation_sampling());
}

TEST(SamplingStrategies, SayWhatIsWrongAndWhere) {
  const auto of_default = [](const std::string& members) {
    return ErrorOf(R"({"default_strategy":{)" + members + "}}");
  };
  EXPECT_THAT(ErrorOf("{"), StartsWith("sampling strategies: "));
  EXPECT_EQ(ErrorOf("[]"), "sampling strategies: expected an object at byte 0");
  EXPECT_EQ(of_default(R"("type":"probabilistic")"),
            "sampling strategies: expected a strategy with a \"param\" at byte 20");
  EXPECT_EQ(of_default(R"("type":"probabilistic","param":1.5)"),
            "sampling strategies: expected a rate from 0 to 1 at byte 52");
  EXPECT_EQ(of_default(R"("type":"probabilistic","param":"NaN")"),
            "sampling strategies: expected a rate from 0 to 1 at byte 52");
  EXPECT_EQ(of_default(R"("type":"ratelimiting","param":40000)"),
            "sampling strategies: expected a number of traces a second from 0 to 32767 at byte 51");
  EXPECT_EQ(of_default(R"("type":"adaptive","param":1)"),
            "sampling strategies: expected a \"type\" that is probabilistic or ratelimiting at "
            "byte 20");
  EXPECT_EQ(ErrorOf(R"({"service_strategies":[{"type":"probabilistic","param":1}]})"),
            "sampling strategies: expected a strategy with a name at byte 23");
  EXPECT_EQ(
      of_default(R"("type":"probabilistic","param":1,"operation_strategies":[)"
                 R"({"operation":"o","type":"ratelimiting","param":-1}])"),
      "sampling strategies: expected a number of traces a second from 0 to 32767 at byte 125");
}

}  // namespace
}  // namespace clew::ingest
