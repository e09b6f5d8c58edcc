// SPDX-License-Identifier: Apache-2.0
#include "wire/otlp_json_value.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "wire/otlp_writer.h"
#include "wire/protobuf_writer.h"

namespace clew::wire {
namespace {

using model::ValueView;

void ExpectRoundTrip(const ValueView& value) {
  const std::string json = ToOtlpJson(value);
  const auto parsed = ParseOtlpJson(json);
  ASSERT_TRUE(parsed.ok()) << json << ": " << parsed.error().message;
  const ValueView back = parsed.value().view();
  EXPECT_EQ(back.type, value.type) << json;
  EXPECT_EQ(back.boolean, value.boolean) << json;
  EXPECT_EQ(back.integer, value.integer) << json;
  EXPECT_EQ(std::isnan(back.number), std::isnan(value.number)) << json;
  if (!std::isnan(value.number)) {
    EXPECT_EQ(back.number, value.number) << json;
    EXPECT_EQ(std::signbit(back.number), std::signbit(value.number)) << json;
  }
  EXPECT_EQ(back.text, value.text) << json;
  const auto seen = GlanceAtOtlpJson(json);
  if (!seen) return;
  EXPECT_EQ(seen->type, value.type) << json;
  if (value.type == ValueView::Type::kString) {
    EXPECT_EQ(seen->text, value.text) << json;
  }
}

std::string ArrayOf(const std::vector<ValueView>& elements) {
  ProtobufWriter out;
  for (const ValueView& element : elements) WriteAnyValue(out, 1, element);
  return out.Take();
}

std::string ListOf(std::string_view key, const ValueView& value) {
  ProtobufWriter out;
  const size_t pair = out.Open(1);
  out.Bytes(1, key);
  WriteAnyValue(out, 2, value);
  out.Close(pair);
  return out.Take();
}

TEST(OtlpJsonValue, ComesBackAsItWas) {
  ExpectRoundTrip({});
  ExpectRoundTrip(ValueView::String("plain \"quoted\" \u00e9\n"));
  ExpectRoundTrip(ValueView::String(""));
  ExpectRoundTrip(ValueView::Bool(true));
  ExpectRoundTrip(ValueView::Bool(false));
  for (const int64_t number : {int64_t{0}, int64_t{-1}, std::numeric_limits<int64_t>::min(),
                               std::numeric_limits<int64_t>::max()}) {
    ExpectRoundTrip(ValueView::Int(number));
  }
  for (const double number :
       {0.0, -0.0, -0.5, 1e300, std::numeric_limits<double>::infinity(),
        -std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    ExpectRoundTrip(ValueView::Double(number));
  }
  for (size_t size = 0; size < 5; ++size) {
    ExpectRoundTrip(ValueView::Bytes(std::string("\xff\0\x7f\x80", 4).substr(0, size)));
  }
}

TEST(OtlpJsonValue, KeepsArraysAndLists) {
  const std::string inner = ArrayOf({ValueView::Int(1), ValueView::String("two"), {}});
  ExpectRoundTrip(ValueView::Array(inner));
  ExpectRoundTrip(ValueView::Array(""));
  const std::string list = ListOf("key", ValueView::Array(inner));
  ExpectRoundTrip(ValueView::KeyValueList(list));
  const std::string outer = ArrayOf({ValueView::KeyValueList(list), ValueView::Bool(true)});
  ExpectRoundTrip(ValueView::Array(outer));
}

TEST(OtlpJsonValue, IsPlainToSeeOfTextsWithoutEscapesAndOfLists) {
  EXPECT_FALSE(GlanceAtOtlpJson(R"({"stringValue":"caf\u00e9"})"));
  EXPECT_FALSE(GlanceAtOtlpJson(R"({"stringValue":"a","stringValue":"b"})"));
  EXPECT_FALSE(GlanceAtOtlpJson(R"({"stringValue":")"));
  EXPECT_FALSE(GlanceAtOtlpJson(R"({"intValue":"1"})"));
  const std::string text = ToOtlpJson(ValueView::String("a b"));
  ASSERT_TRUE(GlanceAtOtlpJson(text));
  EXPECT_EQ(GlanceAtOtlpJson(text)->text, "a b");
  const std::string list =
      ToOtlpJson({.type = ValueView::Type::kKeyValueList, .text = ListOf("k", ValueView::Int(1))});
  ASSERT_TRUE(GlanceAtOtlpJson(list)) << list;
  EXPECT_EQ(GlanceAtOtlpJson(list)->type, ValueView::Type::kKeyValueList);
}

TEST(OtlpJsonValue, SaysWhatIsNone) {
  for (const char* json :
       {"", "1", "{", R"({"intValue":"x"})", R"({"intValue":"9223372036854775808"})",
        R"({"boolValue":1})", R"({"doubleValue":"inf"})", R"({"bytesValue":"*"})",
        R"({"arrayValue":{"values":1}})"}) {
    EXPECT_FALSE(ParseOtlpJson(json).ok()) << json;
  }
  std::string deep = R"({"intValue":"1"})";
  for (int i = 0; i < 40; ++i) {
    deep.insert(0, R"({"arrayValue":{"values":[)");
    deep += "]}}";
  }
  EXPECT_FALSE(ParseOtlpJson(deep).ok());
}

}  // namespace
}  // namespace clew::wire
