// SPDX-License-Identifier: Apache-2.0
#include "reference/text_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace clew::reference {
namespace {

using testing::ElementsAre;

std::string ErrorOf(std::string_view text) {
  const auto test = ParseTextFile(text);
  return test.ok() ? "" : test.error().message;
}

TEST(TextFile, NamesTheLineThatIsWrong) {
  EXPECT_EQ(ErrorOf("a 1ms\n"), "1: a trace is wanted: a");
  EXPECT_EQ(ErrorOf("trace\n"), "1: no trace id: trace");
  EXPECT_EQ(ErrorOf("trace x\n"), "1: no trace id: x");
  EXPECT_EQ(ErrorOf("# one\n\ntrace 1\n  a 5parsec\n"), "4: no duration, start or field: 5parsec");
  EXPECT_EQ(ErrorOf("trace 1\n  a @soon\n"), "2: no duration: @soon");
  EXPECT_EQ(ErrorOf("trace 1\n  a .x=\n"), "2: no value: ");
  EXPECT_EQ(ErrorOf("trace 1\n  a .x=\"open\n"), "2: no value: \"open");
  EXPECT_EQ(ErrorOf("trace 1\n  a x=1\n"), "2: no field of a span: x");
  EXPECT_EQ(ErrorOf("trace 1\n  a event.x=1\n"), "2: no field of a span: event.x");
  EXPECT_EQ(ErrorOf("trace 1\n  a status=fine\n"), "2: no status and no kind: fine");
  EXPECT_EQ(ErrorOf("trace 1\n  event \"x\"\n"), "2: it belongs to no span: event");
  EXPECT_EQ(ErrorOf("trace 1\n  a\n    link \"1\"\n"), "3: a link has a trace and a span: \"1\"");
  EXPECT_EQ(ErrorOf("trace 1\n? { }\nwith colour=red\nnothing\n"), "3: no option: colour=red");
  EXPECT_EQ(ErrorOf("with limit=few\n"), "1: no number: few");
  EXPECT_EQ(ErrorOf("with from=soon\n"), "1: no duration: soon");
  EXPECT_EQ(ErrorOf("trace 1\n? { }\n\n? { }\nnothing\n"),
            "2: nothing is expected; write `nothing`");
}

TEST(TextFile, MakesATreeByIndentation) {
  const TextFile test = ParseTextFile(
                            "trace 2a @1s\n"
                            "  a 5ms\n"
                            "    b @2ms 1ms\n"
                            "      c\n"
                            "    d\n"
                            "  e\n")
                            .value();
  const std::vector<Span>& spans = test.spans.traces.at(0).spans;
  EXPECT_EQ(test.spans.traces[0].trace_id.ToHex(), "0000000000000000000000000000002a");
  EXPECT_FALSE(spans[0].parent_span_id.IsValid());
  EXPECT_EQ(spans[1].parent_span_id, spans[0].span_id);
  EXPECT_EQ(spans[2].parent_span_id, spans[1].span_id);
  EXPECT_EQ(spans[3].parent_span_id, spans[0].span_id);
  EXPECT_FALSE(spans[4].parent_span_id.IsValid());
  EXPECT_EQ(spans[1].start_ns, kTextStartNs + 1'002'000'000);
  EXPECT_EQ(spans[1].end_ns, kTextStartNs + 1'003'000'000);
}

TEST(TextFile, ReadsValuesOfAllTypes) {
  const TextFile test = ParseTextFile(
                            "trace 1\n"
                            "  a .s=\"x y\\n\" .i=-5 .f=5.0 .b=true .n=null"
                            " .a=[1, \"]\"] .l={k=\"v\", m=[2]} .y=bytes:00ff\n")
                            .value();
  const Attributes& attributes = test.spans.traces.at(0).spans.at(0).attributes;
  ASSERT_EQ(attributes.size(), 8u);
  EXPECT_EQ(std::get<std::string>(attributes[0].value.value), "x y\n");
  EXPECT_EQ(std::get<int64_t>(attributes[1].value.value), -5);
  EXPECT_EQ(std::get<double>(attributes[2].value.value), 5.0);
  EXPECT_TRUE(std::get<bool>(attributes[3].value.value));
  EXPECT_TRUE(std::holds_alternative<std::monostate>(attributes[4].value.value));
  EXPECT_EQ(std::get<Array>(attributes[5].value.value).elements.size(), 2u);
  EXPECT_EQ(std::get<KeyValueList>(attributes[6].value.value).pairs.at(1).key, "m");
  EXPECT_EQ(std::get<Bytes>(attributes[7].value.value).bytes, std::string("\0\xff", 2));
}

TEST(TextFile, ReadsEventsAndLinks) {
  const TextFile test = ParseTextFile(
                            "trace 1\n"
                            "  a @1ms\n"
                            "    event \"x\" @2ms event.k=1\n"
                            "    link \"2\" \"3\" link.k=2\n")
                            .value();
  const Span& span = test.spans.traces.at(0).spans.at(0);
  EXPECT_EQ(span.events.at(0).name, "x");
  EXPECT_EQ(span.events[0].time_ns, kTextStartNs + 3'000'000);
  EXPECT_EQ(span.events[0].attributes.at(0).key, "k");
  EXPECT_EQ(span.links.at(0).span_id.ToHex(), "0000000000000003");
  EXPECT_EQ(span.links[0].attributes.at(0).key, "k");
}

TEST(TextFile, OptionsHoldForAFileOrAQuery) {
  const TextFile test = ParseTextFile(
                            "with limit=3\n"
                            "? { }\n"
                            "with from=1s to=2s spss=5 attributes\n"
                            "1: a\n"
                            "? { .x = 1 }\n"
                            "nothing\n")
                            .value();
  ASSERT_EQ(test.cases.size(), 2u);
  EXPECT_EQ(test.cases[0].options.limit, 3u);
  EXPECT_EQ(test.cases[0].options.to_ns, 2'000'000'000);
  EXPECT_TRUE(test.cases[0].options.show_attributes);
  EXPECT_EQ(test.cases[1].options.limit, 3u);
  EXPECT_FALSE(test.cases[1].options.to_ns);
  EXPECT_EQ(test.cases[1].line, 5u);
  EXPECT_THAT(test.cases[1].expected, ElementsAre("nothing"));
}

}  // namespace
}  // namespace clew::reference
