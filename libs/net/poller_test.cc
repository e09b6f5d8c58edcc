// SPDX-License-Identifier: Apache-2.0
#include "net/poller.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <string>

#include "base/check.h"
#include "net/event_loop_internal.h"

namespace clew::net {
namespace {

constexpr size_t kWaiting = 50'000;

// Two connected sockets: one on the poller of a loop, one that the test holds.
struct Pair {
  explicit Pair(EventLoop& loop) {
    int ends[2];
    CHECK(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0);
    polled = std::make_unique<PolledSocket>(loop.impl().poller, ends[0]);
    other = ends[1];
  }
  ~Pair() { ::close(other); }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;

  std::unique_ptr<PolledSocket> polled;
  int other;
};

// Reads byte by byte until the end of the stream or an error.
Task<void> ReadAll(PolledSocket& socket, size_t& bytes, bool& ended) {
  while (true) {
    co_await socket.Readable();
    char byte = 0;
    const PolledSocket::Outcome outcome = socket.Read({&byte, 1});
    if (outcome.error == boost::asio::error::would_block) continue;
    if (outcome.error || outcome.bytes == 0) break;
    ++bytes;
  }
  ended = true;
}

TEST(Poller, APeerThatAlwaysHasMoreLeavesOthersTheirTurn) {
  EventLoop loop;
  Pair pair(loop);
  ASSERT_EQ(::write(pair.other, std::string(kWaiting, 'x').data(), kWaiting), ssize_t{kWaiting});
  size_t read = 0;
  bool ended = false;
  loop.Spawn(ReadAll(*pair.polled, read, ended));
  while (read == 0 && loop.impl().context.run_one() > 0) continue;
  // The loop has the word again, turn after turn, and more is there.
  for (int turn = 0; turn < 3; ++turn) loop.impl().context.run_one();
  EXPECT_LT(read, kWaiting);

  ::shutdown(pair.other, SHUT_WR);
  while (!ended && loop.impl().context.run_one() > 0) continue;
  EXPECT_EQ(read, kWaiting);
}

Task<void> WaitOnce(PolledSocket& socket, bool& woken) {
  co_await socket.Readable();
  woken = true;
}

TEST(Poller, InterruptWakesWhoWaitsAndNobodyElse) {
  EventLoop loop;
  Pair quiet(loop);
  Pair interrupted(loop);
  bool quiet_woken = false;
  bool interrupted_woken = false;
  loop.Spawn(WaitOnce(*quiet.polled, quiet_woken));
  loop.Spawn(WaitOnce(*interrupted.polled, interrupted_woken));
  loop.impl().context.poll();
  interrupted.polled->Interrupt();
  EXPECT_FALSE(interrupted_woken);  // on the next turn, not now
  loop.impl().context.poll();
  EXPECT_TRUE(interrupted_woken);
  EXPECT_FALSE(quiet_woken);
  quiet.polled->Interrupt();  // who waits must go before its socket
  loop.impl().context.poll();
}

Task<void> DestroyWhenReadable(PolledSocket& socket, std::unique_ptr<PolledSocket>& victim) {
  co_await socket.Readable();
  victim.reset();
}

TEST(Poller, ASocketMayGoWhileItsEventIsInTheSameBatch) {
  EventLoop loop;
  Pair first(loop);
  Pair second(loop);
  loop.Spawn(DestroyWhenReadable(*first.polled, second.polled));
  loop.impl().context.poll();
  ASSERT_EQ(::write(first.other, "x", 1), 1);
  ASSERT_EQ(::write(second.other, "x", 1), 1);
  loop.impl().context.poll();
  EXPECT_EQ(second.polled, nullptr);
}

}  // namespace
}  // namespace clew::net
