// SPDX-License-Identifier: Apache-2.0
#include "store/each_present.h"

#include <gmock/gmock.h>

#include <vector>

namespace clew::store {
namespace {

std::vector<size_t> PresentOf(const std::vector<uint8_t>& present) {
  std::vector<size_t> visited;
  ForEachPresent(present, [&](size_t i) { visited.push_back(i); });
  return visited;
}

TEST(ForEachPresent, VisitsEachOneInOrder) {
  EXPECT_THAT(PresentOf({}), testing::IsEmpty());
  EXPECT_THAT(PresentOf({0, 1}), testing::ElementsAre(1));
  EXPECT_THAT(PresentOf({1, 0, 0, 0, 0, 0, 1, 1, 0, 1, 0}), testing::ElementsAre(0, 6, 7, 9));
  EXPECT_THAT(PresentOf({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}),
              testing::ElementsAre(15));
  EXPECT_THAT(PresentOf(std::vector<uint8_t>(40, 1)), testing::SizeIs(40));
}

}  // namespace
}  // namespace clew::store
