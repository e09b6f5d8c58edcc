// SPDX-License-Identifier: Apache-2.0
#include "serve/server_api.h"

#include <gtest/gtest.h>

namespace clew::serve {
namespace {

TEST(ServerFacts, TellWhereToSendSpans) {
  ServerFacts facts("1.2.3", "./clew-data", false);
  const ingest::Ingestor::Counters none;
  EXPECT_EQ(facts.Json(none),
            R"({"version":"1.2.3","dataDirectory":"./clew-data","scheme":"http","ports":[],)"
            R"("received":{"requests":0,"refusedRequests":0,"spans":0,"rejectedSpans":0}})");
  facts.SetPorts({{"otlp_grpc", 4317}, {"ui", 3000}});
  ingest::Ingestor::Counters some;
  some.requests = 3;
  some.refused_requests = 1;
  some.accepted_spans = 7;
  EXPECT_EQ(facts.Json(some),
            R"({"version":"1.2.3","dataDirectory":"./clew-data","scheme":"http",)"
            R"("ports":[{"protocol":"otlp_grpc","port":4317},{"protocol":"ui","port":3000}],)"
            R"("received":{"requests":3,"refusedRequests":1,"spans":7,"rejectedSpans":0}})");
}

}  // namespace
}  // namespace clew::serve
