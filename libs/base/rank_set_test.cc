// SPDX-License-Identifier: Apache-2.0
#include "base/rank_set.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <thread>
#include <vector>

#include "base/append_vector.h"

namespace clew::base {
namespace {

// All numbers, all in a word, one in a few words, all beside each other and far apart.
TEST(RankSet, FindsWhatAMapFinds) {
  for (const uint32_t most_apart : {1U, 2U, 7U, 64U, 65U, 500U, 100'000U}) {
    std::mt19937_64 random(most_apart);
    RankSet set;
    std::map<uint32_t, uint32_t> ranks;
    uint32_t member = static_cast<uint32_t>(random() % most_apart);
    for (uint32_t rank = 0; rank < 3000; ++rank) {
      set.Add(member);
      ranks[member] = rank;
      member += 1 + static_cast<uint32_t>(random() % most_apart);
    }
    for (uint32_t i = 0; i < 20'000; ++i) {
      const auto asked = static_cast<uint32_t>(random() % (member + 100));
      const auto found = ranks.find(asked);
      const std::optional<uint32_t> rank = set.RankOf(asked);
      ASSERT_EQ(rank.has_value(), found != ranks.end()) << most_apart << " " << asked;
      if (rank) {
        ASSERT_EQ(*rank, found->second) << most_apart << " " << asked;
      }
    }
    for (const uint32_t end : {0U, 1U, 63U, 64U, 65U, member / 2, member, UINT32_MAX}) {
      std::map<uint32_t, uint32_t> visited;
      set.ForEach(end, [&](uint32_t one, uint32_t rank) {
        visited[one] = rank;
        return true;
      });
      const std::map<uint32_t, uint32_t> below(ranks.begin(), ranks.lower_bound(end));
      EXPECT_EQ(visited, below) << most_apart << " below " << end;
    }
  }
}

TEST(RankSet, VisitsThoseOfAMask) {
  std::mt19937_64 random(3);
  RankSet set;
  std::map<uint32_t, uint32_t> wanted;
  std::vector<uint64_t> mask(200);
  for (uint64_t& word : mask) {
    word = random();
    word &= random();
  }
  uint32_t rank = 0;
  for (uint32_t member = 0; member < 20'000; member += 1 + static_cast<uint32_t>(random() % 9)) {
    set.Add(member);
    const bool masked = member / 64 < mask.size() && (mask[member / 64] >> member % 64 & 1) != 0;
    if (masked) wanted[member] = rank;
    ++rank;
  }
  std::map<uint32_t, uint32_t> visited;
  set.ForEachOf(mask, [&](uint32_t member, uint32_t of) { visited[member] = of; });
  EXPECT_EQ(visited, wanted);
}

TEST(RankSet, VisitsUntilItIsToldToStop) {
  RankSet set;
  for (uint32_t member = 0; member < 200; member += 2) set.Add(member);
  uint32_t visits = 0;
  set.ForEach(UINT32_MAX, [&](uint32_t, uint32_t) { return ++visits < 70; });
  EXPECT_EQ(visits, 70u);
}

TEST(RankSet, CostsTwoBitsForAMemberWhereAllAre) {
  RankSet set;
  for (uint32_t member = 0; member < 1'000'000; ++member) set.Add(member);
  EXPECT_LT(set.size_bytes(), 1'000'000u * 2 / 8 + 8192);
}

// What was published stays as it was while others are added to the same word.
TEST(RankSet, ReadersRunBesideTheWriter) {
  constexpr uint32_t kMembers = 40'000;
  RankSet set;
  AppendVector<uint32_t> published;  // its size is how many there are
  bool wrong = false;
  std::thread reader([&] {
    for (size_t count = 0; count < kMembers; count = published.size()) {
      if (count == 0) continue;
      const auto last = static_cast<uint32_t>(count - 1);
      if (set.RankOf(last * 3) != last) wrong = true;
      if (set.RankOf(last / 2 * 3 + 1)) wrong = true;
      uint32_t seen = 0;
      if (count % 64 == 0) {
        set.ForEach(last * 3 + 1, [&](uint32_t, uint32_t) { return ++seen != 0; });
        if (seen != count) wrong = true;
      }
    }
  });
  for (uint32_t i = 0; i < kMembers; ++i) {
    set.Add(i * 3);
    published.push_back(i);
  }
  reader.join();
  EXPECT_FALSE(wrong);
}

}  // namespace
}  // namespace clew::base
