// SPDX-License-Identifier: Apache-2.0
#include "reference/span_places.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace clew::reference {
namespace {

using testing::ElementsAre;
using traceql::SpanKind;

constexpr size_t kNone = SpanPlace::kNoParent;

model::SpanId Id(uint8_t number) {
  model::SpanId id;
  id.bytes[7] = number;
  return id;
}

Span Make(uint8_t id, uint8_t parent, SpanKind kind = SpanKind::kInternal) {
  return {.span_id = Id(id), .parent_span_id = Id(parent), .kind = kind};
}

std::vector<SpanPlace> PlacesOf(const std::vector<Span>& spans) {
  std::vector<const Span*> pointers;
  pointers.reserve(spans.size());
  for (const Span& span : spans) pointers.push_back(&span);
  return reference::PlacesOf(pointers);
}

std::vector<size_t> ParentsOf(const std::vector<Span>& spans) {
  std::vector<size_t> parents;
  for (const SpanPlace& place : PlacesOf(spans)) parents.push_back(place.parent);
  return parents;
}

std::vector<int64_t> LeftNumbersOf(const std::vector<Span>& spans) {
  std::vector<int64_t> numbers;
  for (const SpanPlace& place : PlacesOf(spans)) numbers.push_back(place.nested_set_left);
  return numbers;
}

TEST(SpanPlaces, CutACircleAtItsFirstSpan) {
  EXPECT_THAT(ParentsOf({Make(1, 3), Make(2, 1), Make(3, 2)}), ElementsAre(kNone, 0, 1));
}

TEST(SpanPlaces, GiveNoNumbersToACircleAndWhatHangsFromIt) {
  EXPECT_THAT(LeftNumbersOf({Make(1, 2), Make(2, 1), Make(3, 2), Make(4, 0)}),
              ElementsAre(0, 0, 0, 1));
}

TEST(SpanPlaces, KeepTheParentOfWhatLeadsIntoACircle) {
  EXPECT_THAT(ParentsOf({Make(1, 2), Make(2, 3), Make(3, 2)}), ElementsAre(1, kNone, 1));
}

TEST(SpanPlaces, ASpanIsNotItsOwnParent) {
  EXPECT_THAT(ParentsOf({Make(1, 1)}), ElementsAre(kNone));
  EXPECT_THAT(ParentsOf({Make(1, 1), Make(1, 1)}), ElementsAre(kNone, 0));
  EXPECT_THAT(ParentsOf({Make(1, 1), Make(1, 1, SpanKind::kServer)}), ElementsAre(kNone, 0));
}

TEST(SpanPlaces, OfEqualIdsTheServerIsTheParentThenTheFirst) {
  EXPECT_THAT(ParentsOf({Make(1, 0), Make(1, 0), Make(2, 1)}), ElementsAre(kNone, kNone, 0));
  EXPECT_THAT(ParentsOf({Make(1, 0), Make(1, 0, SpanKind::kServer), Make(2, 1)}),
              ElementsAre(kNone, kNone, 1));
}

TEST(SpanPlaces, AServerIsTheChildOfTheClientWithItsId) {
  EXPECT_THAT(ParentsOf({Make(1, 0, SpanKind::kServer), Make(1, 9, SpanKind::kClient)}),
              ElementsAre(1, kNone));
}

TEST(SpanPlaces, NumberRootsOneAfterTheOther) {
  const std::vector<SpanPlace> places = PlacesOf({Make(1, 0), Make(2, 0), Make(3, 1)});
  EXPECT_EQ(places[0].nested_set_left, 1);
  EXPECT_EQ(places[2].nested_set_left, 2);
  EXPECT_EQ(places[0].nested_set_right, 4);
  EXPECT_EQ(places[1].nested_set_left, 5);
  EXPECT_EQ(places[1].nested_set_parent, -1);
  EXPECT_EQ(places[2].nested_set_parent, 1);
}

TEST(SpanPlaces, NumberALongChain) {
  std::vector<Span> chain(250);
  for (uint8_t i = 0; i < 250; ++i) chain[i] = Make(i + 1, i);
  const std::vector<SpanPlace> places = PlacesOf(chain);
  EXPECT_EQ(places.back().nested_set_left, 250);
  EXPECT_EQ(places.front().nested_set_right, 500);
}

}  // namespace
}  // namespace clew::reference
