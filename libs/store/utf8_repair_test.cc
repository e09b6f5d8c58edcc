// SPDX-License-Identifier: Apache-2.0
#include "store/utf8_repair.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>

#include "wire/otlp_value.h"
#include "wire/otlp_writer.h"

namespace clew::store {
namespace {

using model::ValueView;

constexpr std::string_view kReplaced = "\xef\xbf\xbd";

// The encoding of an array or list, put together member by member.
class Encoding {
 public:
  Encoding& Value(const ValueView& value) {
    wire::WriteAnyValue(out_, 1, value);
    return *this;
  }
  Encoding& KeyValue(std::string_view key, const ValueView& value) {
    const size_t opened = out_.Open(1);
    out_.Bytes(1, key);
    wire::WriteAnyValue(out_, 2, value);
    out_.Close(opened);
    return *this;
  }
  Encoding& Raw(std::string_view any_value) {
    out_.Bytes(1, any_value);
    return *this;
  }
  std::string Take() { return out_.Take(); }

 private:
  wire::ProtobufWriter out_;
};

TEST(RepairUtf8, ReplacesEachWrongByte) {
  EXPECT_EQ(RepairUtf8("a\xff\xc3\xa9z"), "a\xef\xbf\xbd\xc3\xa9z");
  EXPECT_EQ(RepairUtf8("\xc3"), "\xef\xbf\xbd");
  EXPECT_EQ(RepairUtf8("\xed\xa0\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");  // a surrogate
}

TEST(RepairNestedUtf8, LeavesAloneWhatIsRight) {
  const std::string array = Encoding()
                                .Value(ValueView::String("caf\xc3\xa9"))
                                .Value(ValueView::Int(-1))
                                .Value(ValueView::Bytes("\xff\xfe"))
                                .Take();
  EXPECT_EQ(RepairNestedUtf8(ValueView::Array(array)).strings, 0u);
  EXPECT_EQ(RepairNestedUtf8(ValueView::Array("")).strings, 0u);
}

TEST(RepairNestedUtf8, RepairsStringsAndKeepsAllOtherValues) {
  const auto array = [](std::string_view text) {
    return Encoding()
        .Value(ValueView::String(text))
        .Value(ValueView::Int(-1))
        .Value(ValueView::Bool(true))
        .Value(ValueView::Double(0.5))
        .Value(ValueView::Bytes("\xff"))
        .Value({})
        .Take();
  };
  const std::string wrong = array("\xff");
  const RepairedValue repaired = RepairNestedUtf8(ValueView::Array(wrong));
  EXPECT_EQ(repaired.strings, 1u);
  EXPECT_EQ(repaired.text, array(kReplaced));
}

TEST(RepairNestedUtf8, RepairsKeysAndValuesAtEveryDepth) {
  const auto list = [](std::string_view text) {
    const std::string inner = Encoding().Value(ValueView::String(text)).Take();
    const std::string middle = Encoding().KeyValue(text, ValueView::Array(inner)).Take();
    return Encoding().KeyValue("outer", ValueView::KeyValueList(middle)).Take();
  };
  const std::string wrong = list("\xff");
  const RepairedValue repaired = RepairNestedUtf8(ValueView::KeyValueList(wrong));
  EXPECT_EQ(repaired.strings, 2u);
  EXPECT_EQ(repaired.text, list(kReplaced));
}

// A string that a length of more than one byte belongs to once it is longer.
TEST(RepairNestedUtf8, FitsTheLengthsOfWhatIsAround) {
  const auto array = [](std::string_view text) {
    const std::string inner = Encoding().Value(ValueView::String(text)).Take();
    return Encoding().Value(ValueView::Array(inner)).Take();
  };
  std::string replaced;
  for (int i = 0; i < 60; ++i) replaced += kReplaced;
  const std::string wrong = array(std::string(60, '\xff'));
  EXPECT_EQ(RepairNestedUtf8(ValueView::Array(wrong)).text, array(replaced));
}

// "\xd2" is cut off; "\xa9\x01", the tag of a field nobody knows, would complete it.
TEST(RepairNestedUtf8, IsNotDeceivedByTheTagAfterAString) {
  const std::string eight_bytes(8, '\0');
  const std::string array = Encoding().Raw("\x0a\x01\xd2\xa9\x01" + eight_bytes).Take();
  ASSERT_TRUE(IsUtf8(array));
  EXPECT_EQ(RepairNestedUtf8(ValueView::Array(array)).text,
            Encoding().Value(ValueView::String(kReplaced)).Take());
}

TEST(RepairNestedUtf8, KeepsTheLastOfSeveralMembers) {
  const std::string array =
      Encoding().Raw("\x0a\x01\xff\x18\x05").Raw("\x18\x05\x0a\x01\xff").Take();
  const RepairedValue repaired = RepairNestedUtf8(ValueView::Array(array));
  EXPECT_EQ(repaired.strings, 1u);
  EXPECT_EQ(repaired.text,
            Encoding().Value(ValueView::Int(5)).Value(ValueView::String(kReplaced)).Take());
}

// Whether the encoding is one that a scan would hand on.
bool IsChecked(std::string_view array) {
  wire::ProtobufWriter any_value;
  any_value.Bytes(5, array);
  ValueView value;
  wire::ScanFailure failure;
  return wire::ReadAnyValue(any_value.bytes(), any_value.bytes().data(), 0, value, failure);
}

// Of anything that passes the check, what comes out passes it too and is right.
TEST(RepairNestedUtf8, WhatItRepairedNeedsNoRepair) {
  const std::string inner = Encoding().KeyValue("key", ValueView::String("text")).Take();
  const std::string array = Encoding()
                                .Value(ValueView::String("caf\xc3\xa9"))
                                .Value(ValueView::Int(-1))
                                .Value(ValueView::KeyValueList(inner))
                                .Value(ValueView::Array(Encoding().Value({}).Take()))
                                .Take();
  std::mt19937 random(1);
  int repairs = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string changed = array;
    for (int j = 0; j < 3; ++j) changed[random() % changed.size()] = static_cast<char>(random());
    if (!IsChecked(changed)) continue;
    const RepairedValue repaired = RepairNestedUtf8(ValueView::Array(changed));
    if (repaired.strings == 0) continue;
    ++repairs;
    ASSERT_TRUE(IsChecked(repaired.text));
    ASSERT_EQ(RepairNestedUtf8(ValueView::Array(repaired.text)).strings, 0u);
  }
  EXPECT_GT(repairs, 100);
}

}  // namespace
}  // namespace clew::store
