// SPDX-License-Identifier: Apache-2.0
// The same spans give the same answers wherever they lie: in a memtable, in several, in
// blocks, in both, with traces split over them in any way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/test_effort.h"
#include "query/answers_fixture.h"
#include "query/layouts_fixture.h"
#include "query/search.h"
#include "store/random_spans_fixture.h"

namespace clew::query {
namespace {

using Random = std::mt19937_64;

// Some bodies of random spans; each announces the same whenever it is asked to.
std::vector<Layouts::Part> RandomBodies(uint64_t seed, size_t count) {
  Random random(seed);
  std::vector<Layouts::Part> bodies;
  for (size_t i = 0; i < count; ++i) {
    const uint64_t body_seed = random();
    const size_t spans = 1 + random() % 12;
    bodies.push_back([=](model::SpanSink& sink) {
      Random of_body(body_seed);
      store::WriteRandomSpans(of_body, spans, sink);
    });
  }
  return bodies;
}

TimeRange RandomRange(Random& random) {
  TimeRange range;
  if (random() % 2 == 0) range.start_unix_nano = static_cast<int64_t>(random() % 1000);
  if (random() % 2 == 0) range.end_unix_nano = static_cast<int64_t>(random() % 1000);
  return range;
}

SearchRequest RandomRequest(Random& random) {
  constexpr const char* kTags[] = {
      "service.name", "http.method", "name",     "kind",      "status.code",
      "error",        "key1",        "key2",     "root.name", "version",
      "k@int",        "time",        "a.b[0].c", "key3",      "root.service.name"};
  constexpr const char* kValues[] = {"", "a", "shop", "GET", "true", "er", "1", "0", "-1", "o"};
  SearchRequest request;
  for (size_t i = random() % 3; i > 0; --i) {
    request.tags.push_back({kTags[random() % 15], kValues[random() % 10]});
  }
  if (random() % 4 == 0) request.min_duration_ns = static_cast<int64_t>(random() % 600);
  if (random() % 4 == 0) request.max_duration_ns = static_cast<int64_t>(random() % 1200);
  request.range = RandomRange(random);
  request.limit = static_cast<uint32_t>(random() % 15);
  return request;
}

std::string Describe(const SearchRequest& request) {
  std::string text = "limit " + std::to_string(request.limit);
  for (const TagPredicate& tag : request.tags) text += " " + tag.key + "=" + tag.value;
  if (request.range.start_unix_nano)
    text += " from " + std::to_string(*request.range.start_unix_nano);
  if (request.range.end_unix_nano) text += " to " + std::to_string(*request.range.end_unix_nano);
  return text;
}

// The same spans, laid out in several ways; the first is what the others are held against.
using SameSpans = std::vector<store::Sources>;

void ExpectSameSearches(Random& random, const SameSpans& layouts) {
  for (int round = 0; round < 25; ++round) {
    const SearchRequest request = RandomRequest(random);
    SCOPED_TRACE(Describe(request));
    const std::string expected = TextOf(Search(layouts.front(), request).value());
    for (const store::Sources& layout : layouts) {
      const auto found = Search(layout, request);
      ASSERT_TRUE(found.ok()) << found.error().message;
      ASSERT_EQ(TextOf(found.value()), expected);
    }
  }
}

void ExpectSameTags(Random& random, const SameSpans& layouts) {
  for (int round = 0; round < 3; ++round) {
    const TimeRange range = round == 0 ? TimeRange() : RandomRange(random);
    const std::string expected = TagsOf(layouts.front(), range);
    for (const store::Sources& layout : layouts) ASSERT_EQ(TagsOf(layout, range), expected);
  }
}

void ExpectSameTraces(const SameSpans& layouts) {
  for (uint8_t id = 1; id < 14; ++id) {
    model::TraceId trace_id;
    trace_id.bytes.back() = id;
    if (id % 2 == 0) trace_id.bytes.front() = 0x80;
    const std::string expected = TraceTextOf(layouts.front(), trace_id);
    for (const store::Sources& layout : layouts) {
      ASSERT_TRUE(TraceTextOf(layout, trace_id) == expected) << trace_id.ToHex();
    }
  }
}

TEST(Layout, ChangesNoAnswer) {
  for (uint64_t seed = 0; seed < base::TestRounds(10, 250); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    const std::vector<Layouts::Part> bodies = RandomBodies(seed, 3 + seed % 20);
    Layouts lay(20, {512, 4, 12});
    const SameSpans layouts = {lay.Lay(random, bodies, 1, 0), lay.Lay(random, bodies, 1, 100),
                               lay.Lay(random, bodies, 4, 0),
                               lay.Compact(random, lay.Lay(random, bodies, 4, 100)),
                               lay.Compact(random, lay.Lay(random, bodies, 6, 70))};
    ExpectSameSearches(random, layouts);
    ExpectSameTags(random, layouts);
    ExpectSameTraces(layouts);
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace clew::query
