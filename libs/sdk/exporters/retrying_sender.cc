// SPDX-License-Identifier: Apache-2.0

#include "sdk/exporters/retrying_sender.h"

#include <algorithm>
#include <cstdio>
#include <random>

namespace opentelemetry::inline v1::exporter::otlp {
namespace {

using std::chrono::milliseconds;

// How soon a pause notices Shutdown.
constexpr milliseconds kPauseStep{20};

// Between a half and the whole of `pause`, so that many processes do not come back at once.
milliseconds Jittered(milliseconds pause) {
  static thread_local std::minstd_rand random{std::random_device{}()};
  return milliseconds(
      std::uniform_int_distribution<int64_t>(pause.count() / 2, pause.count())(random));
}

}  // namespace

sdk::common::ExportResult RetryingSender::Send(std::string_view body) {
  if (shut_down_.load(std::memory_order_relaxed)) return sdk::common::ExportResult::kFailure;
  SendOutcome outcome;
  {
    clew::net::EventLoop loop;
    clew::net::HttpClient client(loop, {.ca_path = ca_path_});
    loop.Spawn(SendUntil(loop, client, body, outcome));
    loop.Run();
  }
  if (outcome.kind == SendOutcome::Kind::kAccepted) return sdk::common::ExportResult::kSuccess;
  std::fprintf(stderr, "cannot export spans: %s\n", outcome.reason.c_str());
  return sdk::common::ExportResult::kFailure;
}

clew::net::Task<void> RetryingSender::SendUntil(clew::net::EventLoop& loop,
                                                clew::net::HttpClient& client,
                                                std::string_view body, SendOutcome& outcome) {
  const Deadline deadline = std::chrono::steady_clock::now() + timeout_;
  milliseconds pause = policy_.initial_backoff;
  for (uint32_t attempt = 1;; ++attempt) {
    outcome = co_await Attempt(client, body, deadline);
    if (outcome.kind != SendOutcome::Kind::kTryAgain || attempt >= policy_.max_attempts) break;
    const milliseconds wait = outcome.wait.value_or(Jittered(pause));
    const bool waited = co_await Pause(loop, wait, deadline);
    if (!waited) break;
    const auto longer = milliseconds(
        static_cast<int64_t>(static_cast<float>(pause.count()) * policy_.backoff_multiplier));
    pause = std::min(longer, policy_.max_backoff);
  }
  loop.Stop();
}

// False when there is no time left to try again.
clew::net::Task<bool> RetryingSender::Pause(clew::net::EventLoop& loop, milliseconds pause,
                                            Deadline deadline) {
  const Deadline end = std::chrono::steady_clock::now() + pause;
  if (end >= deadline) co_return false;
  while (std::chrono::steady_clock::now() < end) {
    if (shut_down_.load(std::memory_order_relaxed)) co_return false;
    co_await loop.SleepFor(kPauseStep);
  }
  co_return true;
}

}  // namespace opentelemetry::inline v1::exporter::otlp
