// SPDX-License-Identifier: Apache-2.0
#include "store/attribute_keys.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

namespace clew::store {
namespace {

// Whatever is guessed, a key has one number and one code.
TEST(AttributeKeys, GivesEachKeyOneNumberInWhateverOrderTheyCome) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    Dictionary dictionary;
    AttributeKeys keys(dictionary);
    std::map<std::string, uint32_t> numbers;
    for (int turn = 0; turn < 300; ++turn) {
      keys.Begin(random() % AttributeKeys::kKinds);
      // Runs in order, as programs send them, with some left out and some new ones.
      uint64_t key = random() % 5;
      for (int i = 0; i < 12; ++i) {
        key += random() % 4 == 0 ? random() % 300 : 1;
        const std::string text = "some.attribute.key." + std::to_string(key);
        const uint32_t number = keys.NumberOf(text);
        const auto known = numbers.emplace(text, static_cast<uint32_t>(numbers.size())).first;
        ASSERT_EQ(number, known->second) << text;
        ASSERT_EQ(dictionary[keys.CodeOf(number)], text);
      }
    }
    EXPECT_EQ(keys.count(), numbers.size());
  }
}

TEST(AttributeKeys, RepairsAKeyThatIsNoUtf8EveryTime) {
  Dictionary dictionary;
  AttributeKeys keys(dictionary);
  for (int turn = 0; turn < 3; ++turn) {
    keys.Begin(0);
    EXPECT_EQ(dictionary[keys.CodeOf(keys.NumberOf("a\xff"))], "a\xef\xbf\xbd");
  }
  EXPECT_EQ(keys.count(), 1u);
}

}  // namespace
}  // namespace clew::store
