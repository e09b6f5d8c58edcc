// SPDX-License-Identifier: Apache-2.0
#include "wire/json_tree.h"

#include <gmock/gmock.h>
#include <simdjson.h>

#include <random>

#include "wire/json_writer.h"

namespace clew::wire {
namespace {

// Writes a value as it would be without spaces and escapes that are not needed.
void Write(JsonValue value, JsonWriter& out) {
  switch (value.type()) {
    case JsonType::kObject: {
      out.BeginObject();
      JsonMembers member(value);
      while (member.Next()) {
        out.Key(member.key());
        Write(member.value(), out);
      }
      return out.EndObject();
    }
    case JsonType::kArray: {
      out.BeginArray();
      JsonElements element(value);
      while (element.Next()) Write(element.value(), out);
      return out.EndArray();
    }
    case JsonType::kString:
      return out.String(value.text());
    case JsonType::kNumber:
      return out.String("number " + std::string(value.text()));
    case JsonType::kTrue:
      return out.Bool(true);
    case JsonType::kFalse:
      return out.Bool(false);
    case JsonType::kNull:
      return out.Null();
  }
}

std::string Parsed(std::string_view json) {
  JsonTree tree;
  ScanFailure failure;
  if (!tree.Parse(json, failure)) return failure.ToError("json").message;
  JsonWriter out;
  Write(tree.root(), out);
  return out.Take();
}

TEST(JsonTree, HoldsEveryValueInItsOrder) {
  EXPECT_EQ(Parsed(R"( { "a" : [ 1 , -2.5e+3 , "x" , [ ] , { } ] , "b" : true ,
                        "b" : null , "" : { "c" : false } } )"),
            R"({"a":["number 1","number -2.5e+3","x",[],{}],"b":true,"b":null,"":{"c":false}})");
  EXPECT_EQ(Parsed("[]"), "[]");
  EXPECT_EQ(Parsed("[123456789012345678901234567890,1e999]"),
            R"(["number 123456789012345678901234567890","number 1e999"])");
}

TEST(JsonTree, ResolvesEscapes) {
  EXPECT_EQ(Parsed(R"(["\"\\\/\b\f\n\r\t","A\u0042\u00e9\u20ac\ud83d\ude00z"])"),
            "[\"\\\"\\\\/\\u0008\\u000c\\n\\u000d\\u0009\",\"AB\u00e9\u20ac\U0001f600z\"]");
  EXPECT_EQ(Parsed(R"({"\u0061":1})"), R"({"a":"number 1"})");
}

TEST(JsonTree, TakesHalfASurrogatePairAsAReplacementCharacter) {
  EXPECT_EQ(Parsed(R"(["\ud83d"])"), "[\"\ufffd\"]");
  EXPECT_EQ(Parsed(R"(["\ude00\ud83dx"])"), "[\"\ufffd\ufffdx\"]");
  EXPECT_EQ(Parsed(R"(["\ud83d\u0041"])"), "[\"\ufffdA\"]");
}

TEST(JsonTree, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(Parsed(""), "json: no JSON at byte 0");
  EXPECT_EQ(Parsed(" 12"), "json: expected a JSON object or array at byte 1");
  EXPECT_EQ(Parsed(R"({"a":1)"), "json: expected a member of a JSON object or its end at byte 6");
  EXPECT_EQ(Parsed(R"({"a":tru})"), "json: expected a JSON value at byte 5");
  EXPECT_EQ(Parsed(R"({"a":01})"), "json: expected a JSON value at byte 5");
  EXPECT_EQ(Parsed(R"({"a" 1})"), "json: expected a member of a JSON object or its end at byte 1");
  EXPECT_EQ(Parsed(R"([1 2])"), "json: expected an element of a JSON array or its end at byte 3");
  EXPECT_EQ(Parsed(R"(["\x"])"), "json: wrong escape in a JSON string at byte 1");
  EXPECT_EQ(Parsed(R"(["\u12g4"])"), "json: wrong escape in a JSON string at byte 1");
  EXPECT_EQ(Parsed("{} {}"), "json: more behind the end of the JSON at byte 3");
  EXPECT_EQ(Parsed(R"(["abc)"), "json: string without an end at byte 1");
  EXPECT_EQ(Parsed("[\"a\nb\"]"), "json: control character in a string at byte 3");
  EXPECT_EQ(Parsed("[\"a\xff\"]"), "json: text is no UTF-8 at byte 3");
}

TEST(JsonTree, Takes256NestedListsAndNoMore) {
  const auto nested = [](size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_EQ(Parsed(nested(256)), nested(256));
  EXPECT_EQ(Parsed(nested(257)), "json: JSON nested too deeply at byte 256");
  EXPECT_EQ(Parsed(nested(100'000)), "json: JSON nested too deeply at byte 256");
}

TEST(JsonTree, TellsWhereAValueLies) {
  JsonTree tree;
  ScanFailure failure;
  ASSERT_TRUE(tree.Parse(R"(["\n\n", 7])", failure));
  JsonElements element(tree.root());
  ASSERT_TRUE(element.Next() && element.Next());
  EXPECT_EQ(element.value().position(), 9u);
}

TEST(JsonTree, IsUsedAgain) {
  JsonTree tree;
  ScanFailure failure;
  const std::string large = "[\"" + std::string(8 << 20, 'x') + "\"]";
  ASSERT_TRUE(tree.Parse(large, failure));
  tree.Shrink();
  EXPECT_FALSE(tree.Parse("[1", failure));
  ASSERT_TRUE(tree.Parse("[2]", failure));
  JsonElements element(tree.root());
  ASSERT_TRUE(element.Next());
  EXPECT_EQ(element.value().text(), "2");
}

// simdjson's other parser checks all of a document too, but refuses numbers that fit no
// type and half surrogate pairs, so the texts have neither.
TEST(JsonTree, AcceptsWhatAnotherParserAccepts) {
  constexpr std::string_view kPieces[] = {
      "{",     "}",    "[", "]",  ",",  ":",   "\"a\"", "\"\"", "1",      "-0.5",  "true",
      "false", "null", " ", "\n", "01", "tru", "\"",    "x",    "\"k\":", "[1,2]", "{\"k\":[]}"};
  std::mt19937 random(1);
  simdjson::dom::parser oracle;
  int accepted = 0;
  for (int round = 0; round < 200'000; ++round) {
    std::string json(1, random() % 2 == 0 ? '{' : '[');
    for (size_t count = random() % 9; count > 0; --count) {
      json += kPieces[random() % std::size(kPieces)];
    }
    json += json[0] == '{' ? "}" : "]";
    JsonTree tree;
    ScanFailure failure;
    const bool expected = oracle.parse(json).error() == simdjson::SUCCESS;
    ASSERT_EQ(tree.Parse(json, failure), expected) << json;
    accepted += expected ? 1 : 0;
  }
  EXPECT_GT(accepted, 1000);
}

}  // namespace
}  // namespace clew::wire
