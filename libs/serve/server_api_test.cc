// SPDX-License-Identifier: Apache-2.0
#include "serve/server_api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using testing::HasSubstr;

namespace clew::serve {
namespace {

TEST(ServerFacts, TellWhereToSendSpans) {
  ServerFacts facts("1.2.3", "./clew-data", false);
  const ingest::IngestCounters by_receiver;
  EXPECT_THAT(facts.Json({}, by_receiver),
              testing::StartsWith(
                  R"({"version":"1.2.3","dataDirectory":"./clew-data","scheme":"http","ports":[],)"
                  R"("received":{"requests":0,"refusedRequests":0,"spans":0,"rejectedSpans":0,)"
                  R"("lastRefusal":"",)"));
  facts.SetPorts({{"otlp_grpc", 4317}, {"ui", 3000}});
  ingest::Ingestor::Counters some;
  some.requests = 3;
  some.refused_requests = 1;
  some.accepted_spans = 7;
  const std::string told = facts.Json(some, by_receiver);
  EXPECT_THAT(told, HasSubstr(R"("ports":[{"protocol":"otlp_grpc","port":4317},)"
                              R"({"protocol":"ui","port":3000}])"));
  EXPECT_THAT(told, HasSubstr(R"({"requests":3,"refusedRequests":1,"spans":7,"rejectedSpans":0,)"));
}

TEST(ServerFacts, TellWhyTheLastWasRefused) {
  const ServerFacts facts("1.2.3", "./clew-data", false);
  EXPECT_THAT(facts.Json({}, ingest::IngestCounters(), "JSON \"ends\" at byte 7"),
              HasSubstr(R"("lastRefusal":"JSON \"ends\" at byte 7",)"));
}

TEST(ServerFacts, TellWhichReceiverSpansCameBy) {
  const ServerFacts facts("1.2.3", "./clew-data", false);
  ingest::IngestCounters by_receiver;
  ingest::Taken taken;
  taken.body.summary.accepted_spans = 5;
  by_receiver.CountTaken(ingest::Receiver::kZipkinHttp, "", taken);
  by_receiver.CountRefused(ingest::Receiver::kOtlpHttp, "", ingest::Refused::kMalformed, 1);
  const std::string told = facts.Json({}, by_receiver);
  EXPECT_THAT(told,
              HasSubstr(R"({"receiver":"otlp_grpc","requests":0,"refusedRequests":0,"spans":0},)"
                        R"({"receiver":"otlp_http","requests":1,"refusedRequests":1,"spans":0},)"));
  EXPECT_THAT(
      told,
      HasSubstr(R"({"receiver":"zipkin_http","requests":1,"refusedRequests":0,"spans":5}]})"));
}

}  // namespace
}  // namespace clew::serve
