// SPDX-License-Identifier: Apache-2.0
#include "store/memtable.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "store/row_reader.h"
#include "wire/span_transcript.h"

using testing::ElementsAre;
using testing::IsEmpty;

namespace clew::store {
namespace {

using model::ValueView;

const model::TraceId kTrace = *model::TraceId::FromHex("abc");
const model::SpanId kSpan = *model::SpanId::FromHex("1");

void WriteSpan(Memtable& memtable, const model::TraceId& trace_id, uint64_t number) {
  model::SpanId span_id = kSpan;
  span_id.bytes[7] = static_cast<uint8_t>(number + 1);
  memtable.OnSpan({.trace_id = trace_id, .span_id = span_id, .parent_span_id = {}, .name = "op"});
}

// Calls `visit` for each attribute of a span.
template <typename Visit>
void ForEachAttribute(const Memtable& memtable, uint32_t row, Visit visit) {
  const AttributeColumns& columns = memtable.span_attributes();
  for (size_t i = 0; i < columns.column_count(); ++i) {
    const AttributeColumn& column = columns.column(i);
    const std::optional<uint64_t> value = column.Find(row);
    if (value) visit(InternedAttribute{column.key(), column.type(), *value});
  }
  columns.ForEachOtherOf(row, visit);
}

// The values of one attribute over the visible rows, by row.
std::vector<std::string> ValuesOf(const Memtable& memtable, std::string_view key) {
  std::vector<std::string> values;
  for (uint32_t row = 0; row < memtable.published_rows(); ++row) {
    ForEachAttribute(memtable, row, [&](const InternedAttribute& attribute) {
      if (memtable.dictionary()[attribute.key] != key) return;
      const ValueView value = ViewOf(attribute, memtable.dictionary());
      values.push_back(value.type == ValueView::Type::kInt ? std::to_string(value.integer)
                                                           : std::string(value.text));
    });
  }
  return values;
}

TEST(Memtable, RowsAreInvisibleUntilPublished) {
  Memtable memtable;
  memtable.OnResource({});
  memtable.OnScope({});
  WriteSpan(memtable, kTrace, 0);
  const uint32_t rows = memtable.FinishBody();
  EXPECT_THAT(memtable.RowsOf(kTrace), IsEmpty());
  memtable.Publish(rows);
  EXPECT_THAT(memtable.RowsOf(kTrace), ElementsAre(0));
}

// Ten thousand tenants that send little have one each.
TEST(Memtable, IsSmallWhileItHasFewSpans) {
  Memtable memtable;
  memtable.OnResource({});
  memtable.OnAttribute("service.name", ValueView::String("small"));
  memtable.OnScope({});
  WriteSpan(memtable, kTrace, 0);
  for (const char* const key : {"a", "b", "c", "d", "e"}) {
    memtable.OnAttribute(key, ValueView::String("value"));
  }
  memtable.FinishBody();
  EXPECT_LT(memtable.size_bytes(), 8192u);
}

TEST(Memtable, TheLastOfARepeatedKeyWinsWhateverItsType) {
  Memtable memtable;
  memtable.OnResource({});
  memtable.OnScope({});
  WriteSpan(memtable, kTrace, 0);
  memtable.OnAttribute("k", ValueView::String("first"));
  memtable.OnAttribute("k", ValueView::Int(2));
  memtable.Publish(memtable.FinishBody());
  EXPECT_THAT(ValuesOf(memtable, "k"), ElementsAre("2"));
}

// A text may wait to be interned while the same key comes again.
TEST(Memtable, TheLastOfARepeatedKeyWinsAlsoWhenItCameBefore) {
  const std::vector<std::vector<ValueView>> rounds{
      {ValueView::String("a")},
      {ValueView::String("b"), ValueView::String("a")},
      {ValueView::String("a"), ValueView::String("c")},
      {ValueView::String("d"), ValueView::Int(4)},
      {ValueView::Int(5), ValueView::String("e"), ValueView::String("c")},
      {ValueView::String("f"), ValueView::String("g"), ValueView::Bytes("g")}};
  Memtable memtable;
  memtable.OnResource({});
  memtable.OnScope({});
  for (uint64_t round = 0; round < rounds.size(); ++round) {
    WriteSpan(memtable, kTrace, round);
    for (const ValueView& value : rounds[round]) memtable.OnAttribute("k", value);
  }
  memtable.Publish(memtable.FinishBody());
  EXPECT_THAT(ValuesOf(memtable, "k"), ElementsAre("a", "a", "c", "4", "c", "g"));
}

TEST(Memtable, EqualResourcesAreStoredOnce) {
  Memtable memtable;
  for (const char* host : {"a", "b", "a"}) {
    memtable.OnResource({});
    memtable.OnAttribute("host", ValueView::String(host));
    memtable.OnScope({});
    WriteSpan(memtable, kTrace, 0);
  }
  memtable.Publish(memtable.FinishBody());
  EXPECT_EQ(memtable.resource_count(), 2u);
  EXPECT_EQ(memtable.traits_of(memtable.row(0)).resource,
            memtable.traits_of(memtable.row(2)).resource);
}

TEST(Memtable, KeysPastTheColumnsAreKeptToo) {
  Memtable memtable;
  memtable.OnResource({});
  memtable.OnScope({});
  WriteSpan(memtable, kTrace, 0);
  for (size_t i = 0; i < AttributeColumns::kMaxAttributeColumns + 3; ++i) {
    memtable.OnAttribute("key" + std::to_string(i), ValueView::Int(static_cast<int64_t>(i)));
  }
  memtable.Publish(memtable.FinishBody());
  EXPECT_EQ(memtable.span_attributes().column_count(), AttributeColumns::kMaxAttributeColumns);
  EXPECT_THAT(ValuesOf(memtable, "key514"), ElementsAre("514"));
}

TEST(Memtable, TextThatIsNoUtf8IsRepairedAlsoInsideOfArrays) {
  Memtable memtable;
  memtable.OnResource({});
  memtable.OnScope({});
  WriteSpan(memtable, kTrace, 0);
  memtable.OnAttribute("text", ValueView::String("\xff"));
  memtable.OnAttribute("array", ValueView::Array("\x0a\x03\x0a\x01\xff"));
  memtable.OnAttribute("bytes", ValueView::Bytes("\xff"));
  memtable.Publish(memtable.FinishBody());
  EXPECT_THAT(ValuesOf(memtable, "text"), ElementsAre("\xef\xbf\xbd"));
  EXPECT_THAT(ValuesOf(memtable, "array"), ElementsAre("\x0a\x05\x0a\x03\xef\xbf\xbd"));
  EXPECT_THAT(ValuesOf(memtable, "bytes"), ElementsAre("\xff"));
}

// Bytes share the dictionary with text, which must be UTF-8.
TEST(Memtable, BytesThatCameBeforeDoNotPassForText) {
  Memtable memtable;
  memtable.OnResource({});
  memtable.OnScope({});
  WriteSpan(memtable, kTrace, 0);
  memtable.OnAttribute("bytes", ValueView::Bytes("\xff"));
  memtable.OnAttribute("text", ValueView::String("\xff"));
  WriteSpan(memtable, kTrace, 1);
  memtable.OnAttribute("bytes", ValueView::Bytes("good"));
  memtable.OnAttribute("text", ValueView::String("good"));
  memtable.Publish(memtable.FinishBody());
  EXPECT_THAT(ValuesOf(memtable, "bytes"), ElementsAre("\xff", "good"));
  EXPECT_THAT(ValuesOf(memtable, "text"), ElementsAre("\xef\xbf\xbd", "good"));
}

TEST(Memtable, GivesBackEverythingThatWasWritten) {
  const auto announce = [](model::SpanSink& sink) {
    sink.OnResource({.schema_url = "r", .dropped_attributes_count = 1});
    sink.OnAttribute("host", ValueView::String("a"));
    sink.OnScope({.name = "s", .version = "2", .schema_url = "u", .dropped_attributes_count = 2});
    sink.OnAttribute("scope.key", ValueView::Bool(true));
    sink.OnSpan({.trace_id = kTrace,
                 .span_id = kSpan,
                 .parent_span_id = *model::SpanId::FromHex("2"),
                 .trace_state = "a=b",
                 .name = "op",
                 .kind = model::SpanKind::kServer,
                 .start_unix_nano = 10,
                 .end_unix_nano = 5,
                 .status_code = model::StatusCode::kError,
                 .status_message = "bad",
                 .flags = 257,
                 .dropped_attributes_count = 3,
                 .dropped_events_count = 4,
                 .dropped_links_count = 5});
    sink.OnAttribute("list", ValueView::Array("\x0a\x02\x08\x01"));  // read by key
    sink.OnAttribute("number", ValueView::Double(0.5));
    sink.OnEvent({.time_unix_nano = 7, .name = "e", .dropped_attributes_count = 6});
    sink.OnAttribute("event.key", ValueView::Int(-1));
    sink.OnEvent({.time_unix_nano = 8, .name = "f"});
    sink.OnLink({.trace_id = kTrace, .span_id = kSpan, .trace_state = "l", .flags = 1});
    sink.OnAttribute("link.key", ValueView::Bytes("\xff"));
  };
  Memtable memtable;
  announce(memtable);
  memtable.Publish(memtable.FinishBody());
  wire::SpanTranscript expected, found;
  announce(expected);
  ReadRows(memtable, {0}, found);
  EXPECT_EQ(found.text(), expected.text());
}

// Readers see only whole rows while a writer appends.
TEST(Memtable, ReadersRunBesideTheWriter) {
  constexpr uint32_t kRows = 20'000;
  Memtable memtable;
  bool wrong = false;
  std::thread reader([&] {
    while (memtable.published_rows() < kRows) {
      const uint32_t rows = memtable.published_rows();
      if (rows == 0) continue;
      uint32_t attributes = 0;
      ForEachAttribute(memtable, rows - 1, [&](const InternedAttribute& attribute) {
        ++attributes;
        if (attribute.value != rows - 1) wrong = true;
      });
      if (attributes != 1) wrong = true;
      if (memtable.RowsOf(memtable.trace_id(rows - 1)).empty()) wrong = true;
    }
  });
  memtable.OnResource({});
  memtable.OnScope({});
  for (uint32_t row = 0; row < kRows; ++row) {
    model::TraceId trace_id = kTrace;
    trace_id.bytes[0] = static_cast<uint8_t>(row % 251);
    WriteSpan(memtable, trace_id, row % 200);
    memtable.OnAttribute("row", ValueView::Int(row));
    memtable.Publish(memtable.FinishBody());
  }
  reader.join();
  EXPECT_FALSE(wrong);
}

}  // namespace
}  // namespace clew::store
