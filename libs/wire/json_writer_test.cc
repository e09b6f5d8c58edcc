// SPDX-License-Identifier: Apache-2.0
#include "wire/json_writer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace clew::wire {
namespace {

TEST(JsonWriter, PutsCommasBetweenValuesThatOthersWrote) {
  JsonWriter json;
  json.BeginArray();
  json.Values("");
  json.Values("1,2");
  json.Values("");
  json.Values("[3]");
  json.Number(int64_t{4});
  json.EndArray();
  EXPECT_EQ(json.Take(), "[1,2,[3],4]");
}

TEST(JsonWriter, WritesTheLargestNumbers) {
  JsonWriter json;
  json.BeginArray();
  json.Number(std::numeric_limits<int64_t>::min());
  json.NumberAsString(std::numeric_limits<int64_t>::max());
  json.Number(-std::numeric_limits<double>::max());
  json.Number(-0.0);
  json.EndArray();
  EXPECT_EQ(json.Take(),
            "[-9223372036854775808,\"9223372036854775807\",-1.7976931348623157e+308,-0.0]");
}

}  // namespace
}  // namespace clew::wire
