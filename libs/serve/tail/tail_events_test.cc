// SPDX-License-Identifier: Apache-2.0
#include "serve/tail/tail_events.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/compression.h"
#include "serve/limits.h"
#include "serve/tail/tail_body_fixture.h"
#include "serve/traceql_query.h"

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

namespace clew::serve {
namespace {

constexpr uint64_t kMemory = uint64_t{64} << 20;

std::shared_ptr<const TailBody> Body(ingest::IngestRequest request) {
  return std::make_shared<const TailBody>(TailBody{.request = std::move(request), .spans = 1});
}

std::string Hex(size_t number) {
  std::string hex = std::to_string(number + 1);
  return std::string(32 - hex.size(), '0') + hex;
}

std::string EventsOf(const std::string& query, const TailQueue::Taken& taken) {
  return TailEvents(ParseSpansetPipeline(query).value(), taken, kMemory).value();
}

TEST(TailEvents, TellWhatMatchesAsASearchDoes) {
  const TailQueue::Taken taken{
      .bodies = {Body(OneSpan(Hex(0), "GET")), Body(OneSpan(Hex(1), "PUT"))}};
  const std::string events = EventsOf("{ name = \"PUT\" }", taken);
  EXPECT_THAT(events, StartsWith("event: traces\ndata: {\"traces\":[{\"traceID\":\"2\","));
  EXPECT_THAT(events, HasSubstr(R"("rootServiceName":"shop","rootTraceName":"PUT")"));
  EXPECT_THAT(events, Not(HasSubstr("GET")));
  EXPECT_EQ(EventsOf("{ name = \"DELETE\" }", taken), "");
}

TEST(TailEvents, ReadWhatCameCompressed) {
  ingest::IngestRequest request = OneSpan(Hex(0), "GET");
  request.encoding = wire::ContentEncoding::kGzip;
  request.body = base::GzipCompress(request.body);
  EXPECT_THAT(EventsOf("{ }", {.bodies = {Body(std::move(request))}}), HasSubstr("GET"));
}

TEST(TailEvents, SayWhatWasSkipped) {
  EXPECT_EQ(EventsOf("{ }", {.bodies = {}, .skipped_spans = 12}),
            "event: skipped\ndata: {\"spans\":12,\"traces\":0}\n\n");
  TailQueue::Taken taken;
  for (size_t i = 0; i < kMaxTailTraces + 3; ++i)
    taken.bodies.push_back(Body(OneSpan(Hex(i), "GET")));
  EXPECT_THAT(EventsOf("{ }", taken),
              HasSubstr("event: skipped\ndata: {\"spans\":0,\"traces\":3}\n\n"));
}

}  // namespace
}  // namespace clew::serve
