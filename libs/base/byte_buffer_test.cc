// SPDX-License-Identifier: Apache-2.0
#include "base/byte_buffer.h"

#include <gtest/gtest.h>

#include <string>

namespace clew::base {
namespace {

TEST(ByteBuffer, HoldsWhatWasAppendedWhileItGrows) {
  ByteBuffer buffer;
  std::string expected;
  for (int i = 0; i < 1000; ++i) {
    const std::string piece(static_cast<size_t>(i % 37), static_cast<char>('a' + i % 26));
    buffer.Append(piece);
    expected += piece;
  }
  EXPECT_EQ(buffer.view(), expected);
}

TEST(ByteBuffer, ExtendGivesRoomBehindWhatIsThere) {
  ByteBuffer buffer;
  buffer.Append("ab");
  char* const room = buffer.Extend(2);
  room[0] = 'c';
  room[1] = 'd';
  EXPECT_EQ(buffer.view(), "abcd");
}

TEST(ByteBuffer, CopiesAreIndependentAndMovesLeaveNothing) {
  ByteBuffer first;
  first.Append("one");
  ByteBuffer copy = first;
  copy.Append(" more");
  EXPECT_EQ(first.view(), "one");
  EXPECT_EQ(copy.view(), "one more");
  const ByteBuffer moved = std::move(copy);
  EXPECT_EQ(moved.view(), "one more");
  // NOLINTBEGIN(bugprone-use-after-move): that is what is tested
  EXPECT_EQ(copy.view(), "");
  copy.Append("again");
  EXPECT_EQ(copy.view(), "again");
  // NOLINTEND(bugprone-use-after-move)
}

TEST(ByteBuffer, ClearKeepsTheMemory) {
  ByteBuffer buffer;
  buffer.Reserve(100);
  buffer.Append("text");
  const size_t capacity = buffer.capacity();
  buffer.clear();
  EXPECT_EQ(buffer.view(), "");
  EXPECT_EQ(buffer.capacity(), capacity);
}

}  // namespace
}  // namespace clew::base
