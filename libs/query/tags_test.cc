// SPDX-License-Identifier: Apache-2.0
#include "query/tags.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "query/test_spans.h"

using testing::ElementsAre;
using testing::IsEmpty;

namespace clew::query {
namespace {

std::vector<std::string> Names(const std::vector<TestSpan>& spans, TagScope scope,
                               const TimeRange& range = {}) {
  store::Memtable memtable;
  Fill(memtable, spans);
  return ListTagNames(SourcesOf(memtable), scope, {.range = range}).value();
}

// The values without their types.
std::vector<std::string> TextsOf(const std::vector<TestSpan>& spans, const Tag& tag,
                                 const TimeRange& range = {}) {
  store::Memtable memtable;
  Fill(memtable, spans);
  const std::vector<TagValue> values =
      ListTagValues(SourcesOf(memtable), tag, {.range = range}).value();
  std::vector<std::string> texts(values.size());
  std::ranges::transform(values, texts.begin(), &TagValue::value);
  return texts;
}

TEST(Tags, NamesComeByScopeAndSorted) {
  const std::vector<TestSpan> spans = {
      {.tag = "b", .scope = "http", .event = "retry", .link = "batch"}, {.tag = "a"}};
  EXPECT_THAT(Names(spans, TagScope::kResource), ElementsAre("service.name"));
  EXPECT_THAT(Names(spans, TagScope::kSpan), ElementsAre("number", "tag"));
  EXPECT_THAT(Names(spans, TagScope::kEvent), ElementsAre("event.tag"));
  EXPECT_THAT(Names(spans, TagScope::kLink), ElementsAre("link.tag"));
  EXPECT_THAT(Names(spans, TagScope::kInstrumentation), ElementsAre("scope.tag"));
  EXPECT_THAT(Names(spans, TagScope::kAny), ElementsAre("number", "service.name", "tag"));
}

TEST(Tags, NamesOfAScopeThatNoSpanHasAreNone) {
  EXPECT_THAT(Names({{}}, TagScope::kEvent), IsEmpty());
  EXPECT_THAT(Names({{}}, TagScope::kLink), IsEmpty());
  EXPECT_THAT(Names({{}}, TagScope::kInstrumentation), IsEmpty());
}

TEST(Tags, ValuesAreTypedAndSorted) {
  store::Memtable memtable;
  Fill(memtable, {{.span = 2}, {.span = 1}, {.span = 2}});
  EXPECT_THAT(ListTagValues(SourcesOf(memtable), {TagScope::kSpan, "number"}).value(),
              ElementsAre(TagValue{"int", "1"}, TagValue{"int", "2"}));
  EXPECT_THAT(ListTagValues(SourcesOf(memtable), {TagScope::kIntrinsic, "status"}).value(),
              ElementsAre(TagValue{"keyword", "unset"}));
}

TEST(Tags, ValuesAreThoseOfTheScope) {
  const std::vector<TestSpan> spans = {
      {.tag = "blue", .scope = "http", .event = "retry", .link = "batch"}};
  EXPECT_THAT(TextsOf(spans, {TagScope::kSpan, "tag"}), ElementsAre("blue"));
  EXPECT_THAT(TextsOf(spans, {TagScope::kResource, "tag"}), IsEmpty());
  EXPECT_THAT(TextsOf(spans, {TagScope::kEvent, "event.tag"}), ElementsAre("retry"));
  EXPECT_THAT(TextsOf(spans, {TagScope::kLink, "link.tag"}), ElementsAre("batch"));
  EXPECT_THAT(TextsOf(spans, {TagScope::kInstrumentation, "scope.tag"}), ElementsAre("http"));
  EXPECT_THAT(TextsOf(spans, {TagScope::kLink, "event.tag"}), IsEmpty());
  EXPECT_THAT(TextsOf(spans, {TagScope::kAny, "event.tag"}), IsEmpty());
}

TEST(Tags, IntrinsicsHaveTheValuesOfSpansRootsEventsAndScopes) {
  const std::vector<TestSpan> spans = {
      {.span = 1, .service = "web", .name = "GET", .kind = model::SpanKind::kServer},
      {.span = 2, .parent = 1, .service = "db", .name = "SELECT", .scope = "sql", .event = "row"}};
  const auto values = [&](std::string name) {
    return TextsOf(spans, {TagScope::kIntrinsic, std::move(name)});
  };
  EXPECT_THAT(values("name"), ElementsAre("GET", "SELECT"));
  EXPECT_THAT(values("kind"), ElementsAre("server", "unspecified"));
  EXPECT_THAT(values("rootName"), ElementsAre("GET"));
  EXPECT_THAT(values("rootServiceName"), ElementsAre("web"));
  EXPECT_THAT(values("event:name"), ElementsAre("row"));
  EXPECT_THAT(values("instrumentation:name"), ElementsAre("sql"));
  EXPECT_THAT(values("instrumentation:version"), ElementsAre("1"));
  EXPECT_THAT(values("link:traceID"), IsEmpty());
  EXPECT_THAT(values("duration"), IsEmpty());
}

TEST(Tags, ARangeIsHalfOpenOnTheStartOfTheSpan) {
  const std::vector<TestSpan> spans = {
      {.start = 10, .service = "a", .name = "first", .tag = "x", .scope = "s1", .event = "e1"},
      {.start = 20, .service = "b", .name = "second", .scope = "s2", .event = "e2"}};
  const TimeRange first{.start_unix_nano = 10, .end_unix_nano = 20};
  const TimeRange second{.start_unix_nano = 20, .end_unix_nano = 30};
  EXPECT_THAT(TextsOf(spans, {TagScope::kResource, "service.name"}, first), ElementsAre("a"));
  EXPECT_THAT(TextsOf(spans, {TagScope::kIntrinsic, "name"}, second), ElementsAre("second"));
  EXPECT_THAT(TextsOf(spans, {TagScope::kEvent, "event.tag"}, second), ElementsAre("e2"));
  EXPECT_THAT(TextsOf(spans, {TagScope::kInstrumentation, "scope.tag"}, first), ElementsAre("s1"));
  EXPECT_THAT(Names(spans, TagScope::kSpan, first), ElementsAre("number", "tag"));
  EXPECT_THAT(Names(spans, TagScope::kSpan, second), ElementsAre("number"));
}

TEST(Tags, WhatIsNotPublishedIsNotListed) {
  store::Memtable memtable;
  Fill(memtable, {{.tag = "a"}});
  Announce({.tag = "secret", .event = "secret"}, memtable);
  memtable.FinishBody();
  EXPECT_THAT(ListTagValues(SourcesOf(memtable), {TagScope::kAny, "tag"}).value(),
              ElementsAre(TagValue{"string", "a"}));
  EXPECT_THAT(ListTagNames(SourcesOf(memtable), TagScope::kEvent).value(), IsEmpty());
}

// Rows, resources and scopes keep coming while their tags are listed.
TEST(Tags, AreListedBesideTheWriter) {
  store::Memtable memtable;
  Fill(memtable, {{.scope = "s", .event = "e"}});
  std::thread writer([&] {
    for (int i = 0; i < 500; ++i) {
      const std::string text = "s" + std::to_string(i);
      Fill(memtable, {{.service = text, .tag = text, .scope = text, .event = text}});
    }
  });
  while (memtable.published_rows() < 501) {
    ASSERT_FALSE(
        ListTagValues(SourcesOf(memtable), {TagScope::kAny, "service.name"}).value().empty());
    ASSERT_THAT(ListTagNames(SourcesOf(memtable), TagScope::kEvent).value(),
                ElementsAre("event.tag"));
    ASSERT_FALSE(ListTagValues(SourcesOf(memtable), {TagScope::kInstrumentation, "scope.tag"})
                     .value()
                     .empty());
  }
  writer.join();
}

TEST(Tags, EndWhenTheyAreCancelled) {
  store::Memtable memtable;
  Fill(memtable, {{.tag = "a"}});
  std::stop_source nobody_waits;
  nobody_waits.request_stop();
  EXPECT_EQ(
      ListTagNames(SourcesOf(memtable), TagScope::kAny, {.cancelled = nobody_waits.get_token()})
          .error()
          .code,
      base::ErrorCode::kCancelled);
  EXPECT_EQ(ListTagValues(SourcesOf(memtable), {TagScope::kAny, "tag"},
                          {.cancelled = nobody_waits.get_token()})
                .error()
                .code,
            base::ErrorCode::kCancelled);
}

}  // namespace
}  // namespace clew::query
