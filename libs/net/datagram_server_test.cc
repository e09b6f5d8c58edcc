// SPDX-License-Identifier: Apache-2.0
#include "net/datagram_server.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "net/limits.h"
#include "net/signal.h"

namespace clew::net {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr milliseconds kLong{20'000};

// Keeps what it is given, and ends a datagram's task only while the gate is open.
class KeepingHandler final : public DatagramHandler {
 public:
  Task<void> Handle(EventLoop&, std::string datagram) override {
    Begin(std::move(datagram));
    while (!gate_open_) co_await gate_.Wait();
    End();
  }

  void OnDropped(uint64_t count) override {
    const std::lock_guard lock(mutex_);
    dropped_ += count;
  }

  // On the loop.
  void SetGate(bool open) {
    gate_open_ = open;
    if (open) gate_.Resume();
  }

  void WaitForBegun(size_t count, milliseconds at_most = kLong) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, at_most, [&] { return datagrams_.size() >= count; });
  }
  std::vector<std::string> datagrams() {
    const std::lock_guard lock(mutex_);
    return datagrams_;
  }
  uint64_t dropped() {
    const std::lock_guard lock(mutex_);
    return dropped_;
  }
  size_t most_at_a_time() {
    const std::lock_guard lock(mutex_);
    return most_at_a_time_;
  }

 private:
  void Begin(std::string datagram) {
    const std::lock_guard lock(mutex_);
    datagrams_.push_back(std::move(datagram));
    most_at_a_time_ = std::max(most_at_a_time_, ++running_);
    changed_.notify_all();
  }
  void End() {
    const std::lock_guard lock(mutex_);
    --running_;
  }

  bool gate_open_ = true;
  Signal gate_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> datagrams_;
  uint64_t dropped_ = 0;
  size_t running_ = 0;
  size_t most_at_a_time_ = 0;
};

class DatagramServerTest : public testing::Test {
 protected:
  DatagramServerTest()
      : server_(DatagramServer::Listen("127.0.0.1", 0, loop_, handler_).value()),
        thread_([this] { loop_.Run(); }),
        socket_(::socket(AF_INET, SOCK_DGRAM, 0)) {}
  ~DatagramServerTest() override {
    server_->Drain(milliseconds(0));
    server_.reset();
    loop_.Stop();
    thread_.join();
    ::close(socket_);
  }

  void Send(const std::string& datagram) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(server_->port());
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(::sendto(socket_, datagram.data(), datagram.size(), 0,
                       reinterpret_cast<const sockaddr*>(&to), sizeof to),
              static_cast<ssize_t>(datagram.size()));
  }

  void SetGate(bool open) {
    loop_.Post([this, open] { handler_.SetGate(open); });
  }

  KeepingHandler handler_;
  EventLoop loop_;
  std::unique_ptr<DatagramServer> server_;
  std::thread thread_;
  const int socket_;
};

TEST_F(DatagramServerTest, GivesEachDatagramWhole) {
  const std::string large(65'507, 'x');
  Send("a");
  Send("");
  Send(large);
  handler_.WaitForBegun(3);
  EXPECT_THAT(handler_.datagrams(), ElementsAre("a", "", large));
}

TEST_F(DatagramServerTest, HandlesNoMoreThanTheLimitAtATimeAndCountsWhatWasDropped) {
  SetGate(false);
  size_t sent = 0;
  while (sent < kMaxDatagramsInFlight) {
    Send("small");
    handler_.WaitForBegun(++sent);
  }
  // More than the kernel keeps, whatever it permits here.
  constexpr size_t kMore = 600;
  for (const std::string large(60'000, 'x'); sent < kMaxDatagramsInFlight + kMore; ++sent) {
    Send(large);
  }
  EXPECT_EQ(handler_.datagrams().size(), kMaxDatagramsInFlight);
  SetGate(true);
  // What was dropped is told with the next that comes, and that may be dropped as well.
  for (int tries = 0; tries < 10'000; ++tries) {
    const size_t begun = handler_.datagrams().size();
    if (begun + handler_.dropped() == sent) break;
    Send("probe");
    ++sent;
    handler_.WaitForBegun(begun + 1, milliseconds(10));
  }
  EXPECT_GT(handler_.dropped(), 0u);
  EXPECT_EQ(handler_.datagrams().size() + handler_.dropped(), sent);
  EXPECT_EQ(handler_.most_at_a_time(), kMaxDatagramsInFlight);
}

TEST_F(DatagramServerTest, DrainTakesWhatHasCome) {
  for (int i = 0; i < 100; ++i) Send("x");
  server_->Drain(kLong);
  EXPECT_EQ(handler_.datagrams().size(), 100u);
}

TEST_F(DatagramServerTest, DrainWaitsNoLongerThanItMay) {
  SetGate(false);
  Send("x");
  handler_.WaitForBegun(1);
  server_->Drain(milliseconds(1));
  EXPECT_EQ(handler_.datagrams().size(), 1u);
}

TEST_F(DatagramServerTest, SaysWhyAPortCannotBeOpened) {
  const auto taken = DatagramServer::Listen("127.0.0.1", server_->port(), loop_, handler_);
  ASSERT_FALSE(taken.ok());
  EXPECT_THAT(taken.error().message, HasSubstr("is in use by another program"));
  const auto nowhere = DatagramServer::Listen("nowhere", 0, loop_, handler_);
  ASSERT_FALSE(nowhere.ok());
  EXPECT_THAT(nowhere.error().message, HasSubstr("not an IP address"));
}

}  // namespace
}  // namespace clew::net
