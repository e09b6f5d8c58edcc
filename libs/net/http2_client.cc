// SPDX-License-Identifier: Apache-2.0
#include "net/http2_client.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "net/http2_link.h"
#include "net/http2_stream_io.h"
#include "net/transport.h"

namespace clew::net {

namespace {

using TimePoint = std::chrono::steady_clock::time_point;

class Http2ClientExchange final : public ClientExchange {
 public:
  Http2ClientExchange(std::shared_ptr<Http2Link> link, Http2Session::StreamPointer stream,
                      TimePoint deadline)
      : io_(std::move(link), std::move(stream), {.deadline = deadline}) {}
  ~Http2ClientExchange() override { io_.Abandon(kHttp2Cancel); }

  Task<base::Status> WriteBody(std::string_view piece) override {
    // The answer may come before the request has ended; the rest is not wanted then.
    if (io_.stream().closed && io_.stream().input_ended) co_return base::Status();
    co_return co_await io_.Write(piece);
  }

  Task<base::Status> FinishBody() override {
    io_.End({});
    co_return base::Status();
  }

  Task<base::Result<ResponseHead>> ReadHead() override {
    base::Status ready = co_await io_.WaitForHead();
    if (!ready.ok()) co_return std::move(ready).error();
    if (io_.stream().headers_too_large) {
      co_return base::Error{base::ErrorCode::kTooLarge, "response head is over the limit"};
    }
    co_return io_.stream().response;
  }

  Task<base::Result<std::string_view>> ReadBody() override { return io_.Read(); }
  const Headers& response_trailers() const override { return io_.stream().trailers; }
  std::string_view remote_address() const override {
    return io_.link().transport().remote_address();
  }

 private:
  mutable Http2StreamIo io_;
};

// The connection of one endpoint, or those who wait for it to be made.
struct Slot {
  std::shared_ptr<Http2Link> link;
  bool connecting = false;
  uint64_t attempts = 0;  // that have ended
  base::Error last_error{base::ErrorCode::kUnavailable, "not connected"};
  Signal changed;
};

struct ConnectionKey {
  std::string host;
  uint16_t port;
  bool tls;
  auto operator<=>(const ConnectionKey&) const = default;
};

base::Result<Transport> RequireHttp2(base::Result<Transport> connected, const Endpoint& endpoint) {
  if (connected.ok() && endpoint.tls && connected.value().alpn() != "h2") {
    return base::Error{base::ErrorCode::kUnavailable,
                       endpoint.host + " does not offer http/2 over TLS"};
  }
  return connected;
}

}  // namespace

struct Http2ClientPool::State {
  EventLoop& loop;
  const ClientOptions options;
  boost::asio::ssl::context* const tls;
  std::map<ConnectionKey, std::shared_ptr<Slot>> slots{};

  // A task of the loop, so that it does not matter which of its waiters go first.
  static Task<void> ConnectSlot(std::shared_ptr<State> state, std::shared_ptr<Slot> slot,
                                Endpoint endpoint) {
    ConnectOptions options{.host = endpoint.host,
                           .port = endpoint.port,
                           .tls = endpoint.tls ? state->tls : nullptr,
                           .alpn = "h2",
                           .timeout = state->options.connect_timeout};
    base::Result<Transport> connected =
        co_await Connect(state->loop, std::move(options), TimePoint::max());
    connected = RequireHttp2(std::move(connected), endpoint);
    slot->connecting = false;
    ++slot->attempts;
    if (!connected.ok()) {
      slot->last_error = std::move(connected).error();
    } else {
      slot->link =
          std::make_shared<Http2Link>(state->loop, std::move(connected).value(),
                                      Http2LinkOptions{.role = Http2Role::kClient,
                                                       .first_stream = state->options.idle_timeout,
                                                       .idle = state->options.idle_timeout});
      state->loop.Spawn(Http2Link::Run(slot->link, std::string()));
    }
    slot->changed.Resume();
  }

  static bool Usable(const Slot& slot) {
    return slot.link != nullptr && !slot.link->ended() && slot.link->session().may_open_streams();
  }
};

Http2ClientPool::Http2ClientPool(EventLoop& loop, ClientOptions options,
                                 boost::asio::ssl::context* tls)
    : state_(std::make_shared<State>(State{loop, std::move(options), tls})) {}

Http2ClientPool::~Http2ClientPool() {
  for (const auto& [key, slot] : state_->slots) {
    if (slot->link != nullptr && !slot->link->ended()) slot->link->StartShutdown();
  }
}

namespace {

// Resumes those who wait for a slot when their time is up.
class SlotDeadline final : public Deadline {
 public:
  SlotDeadline(EventLoop& loop, std::shared_ptr<Slot> slot, TimePoint when)
      : Deadline(loop.impl()), slot_(std::move(slot)) {
    Set(when);
  }

 private:
  void OnExpired() override {
    const std::shared_ptr<Slot> slot = slot_;
    slot->changed.Resume();
  }
  std::shared_ptr<Slot> slot_;
};

}  // namespace

Task<base::Result<std::unique_ptr<ClientExchange>>> Http2ClientPool::Open(const Endpoint& endpoint,
                                                                          RequestHead head,
                                                                          bool has_body,
                                                                          TimePoint deadline) {
  const std::shared_ptr<State> state = state_;
  std::shared_ptr<Slot>& entry = state->slots[{endpoint.host, endpoint.port, endpoint.tls}];
  if (entry == nullptr) entry = std::make_shared<Slot>();
  const std::shared_ptr<Slot> slot = entry;

  if (!State::Usable(*slot)) {
    const uint64_t attempts_before = slot->attempts;
    if (!slot->connecting) {
      slot->connecting = true;
      slot->link = nullptr;
      state->loop.Spawn(State::ConnectSlot(state, slot, endpoint));
    }
    const SlotDeadline timer(state->loop, slot, deadline);
    while (slot->attempts == attempts_before && !timer.expired()) co_await slot->changed.Wait();
    if (slot->attempts == attempts_before) {
      co_return base::Error{base::ErrorCode::kDeadlineExceeded,
                            "no http/2 connection in time to " + endpoint.host};
    }
    if (!State::Usable(*slot)) co_return slot->last_error;
  }

  base::Result<Http2Session::StreamPointer> stream =
      slot->link->session().SubmitRequest(head, has_body);
  if (!stream.ok()) co_return std::move(stream).error();
  slot->link->Kick();
  co_return std::make_unique<Http2ClientExchange>(slot->link, std::move(stream).value(), deadline);
}

}  // namespace clew::net
