// SPDX-License-Identifier: Apache-2.0
#include "check/availability.h"

#include <gtest/gtest.h>

namespace clew::check {
namespace {

using std::chrono::seconds;

TEST(Availability, AddsUpTheTimesFromTheFirstSilenceToTheNextAnswer) {
  const Availability::TimePoint start{};
  Availability server;
  server.NoteAnswer(start + seconds(1));
  EXPECT_EQ(server.total(start + seconds(2)), seconds(0));
  server.NoteSilence(start + seconds(3));
  server.NoteSilence(start + seconds(5));
  EXPECT_EQ(server.away(start + seconds(6)), seconds(3));
  server.NoteAnswer(start + seconds(7));
  EXPECT_EQ(server.away(start + seconds(8)), seconds(0));
  EXPECT_EQ(server.total(start + seconds(8)), seconds(4));
  server.NoteSilence(start + seconds(10));
  EXPECT_EQ(server.total(start + seconds(11)), seconds(5));
}

}  // namespace
}  // namespace clew::check
