// SPDX-License-Identifier: Apache-2.0
#include "ingest/forward/forwarder.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "base/thread_name.h"
#include "wire/otlp_writer.h"

namespace clew::ingest {
namespace {

using otlp::ExportOutcome;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::string_view kTenantHeader = "x-scope-orgid";

// The body as OTLP in protobuf: as it came if that is what it is, and written anew if it is of
// another format or has spans that were not stored.
base::Result<std::string> EncodeAsOtlp(const IngestRequest& request) {
  std::string plain = TRY(PlainBody(request, kInflatedLimitBytes));
  const wire::BodySummary summary = TRY(wire::Validate(request.format, plain));
  const bool is_otlp = request.format == wire::Format::kOtlpProtobuf;
  if (is_otlp && summary.rejected_spans == 0) return plain;
  wire::OtlpWriter writer;
  TRY(wire::Scan(request.format, wire::kDecoderVersion, plain, writer));
  return writer.Take();
}

// Shorter ones are no secrets, and words of every sentence.
constexpr size_t kShortestSecretBytes = 4;

// What must not be in the log: the words of all headers, so that a token is one without its
// "Bearer", and the path and parameters to which bodies go. The longest come first, as one may be
// in another.
std::vector<std::string> SecretsOf(const ForwardOptions& options) {
  std::vector<std::string> secrets;
  const auto add = [&](std::string_view text) {
    if (text.size() >= kShortestSecretBytes) secrets.emplace_back(text);
  };
  for (const net::Header& header : options.headers) {
    add(header.value);
    for (size_t begin = 0; begin < header.value.size();) {
      const size_t end = std::min(header.value.find(' ', begin), header.value.size());
      add(header.value.substr(begin, end - begin));
      begin = end + 1;
    }
  }
  if (options.destination.path != otlp::Destination().path) add(options.destination.path);
  const size_t question = options.destination.path.find('?');
  if (question != std::string::npos) add(options.destination.path.substr(question + 1));
  std::ranges::sort(secrets, std::ranges::greater(), &std::string::size);
  return secrets;
}

// A destination may repeat what it was sent in its answer.
std::string Without(const std::vector<std::string>& secrets, std::string text) {
  constexpr std::string_view kLeftOut = "(left out)";
  for (const std::string& secret : secrets) {
    for (size_t at = text.find(secret); at != std::string::npos;
         at = text.find(secret, at + kLeftOut.size())) {
      text.replace(at, secret.size(), kLeftOut);
    }
  }
  return text;
}

}  // namespace

Forwarder::Forwarder(ForwardOptions options)
    : options_(std::move(options)),
      secrets_(SecretsOf(options_)),
      client_(loop_, {.ca_path = options_.ca_path}),
      random_(std::random_device()()),
      thread_([this] {
        base::NameThread("forward");
        loop_.Run();
      }) {}

Forwarder::~Forwarder() {
  Stop(milliseconds(0));
}

void Forwarder::OnStored(const IngestRequest& request, uint64_t spans) {
  if (!Reserve(request.body.size(), spans)) {
    return Complain(spans, "too many wait for the destination");
  }
  Push({request, spans});
}

bool Forwarder::Reserve(uint64_t bytes, uint64_t spans) {
  const base::MutexLock lock(mutex_);
  if (stopping_ || counters_.queued_bytes + bytes > options_.queue_bytes) {
    counters_.dropped += spans;
    return false;
  }
  counters_.queued_bytes += bytes;
  counters_.waiting += spans;
  return true;
}

void Forwarder::Push(Body body) {
  {
    const base::MutexLock lock(mutex_);
    queue_.push_back(std::move(body));
    if (senders_ == kForwardSenders) return;
    ++senders_;
  }
  loop_.Spawn(SendQueued());
}

std::optional<Forwarder::Body> Forwarder::Take() {
  const base::MutexLock lock(mutex_);
  if (queue_.empty()) {
    --senders_;
    idle_.NotifyAll();
    return std::nullopt;
  }
  std::optional<Body> body(std::move(queue_.front()));
  queue_.pop_front();
  return body;
}

bool Forwarder::is_stopping() const {
  const base::MutexLock lock(mutex_);
  return stopping_;
}

net::Task<void> Forwarder::SendQueued() {
  while (const std::optional<Body> body = Take()) {
    const ExportOutcome outcome = co_await SendUntilAnswered(*body);
    Count(*body, outcome);
  }
}

net::Task<ExportOutcome> Forwarder::SendUntilAnswered(const Body& body) {
  const TimePoint give_up = steady_clock::now() + kForwardGiveUpAfter;
  milliseconds pause = kForwardFirstPause;
  while (true) {
    ExportOutcome outcome = co_await SendOnce(body);
    if (outcome.kind != ExportOutcome::Kind::kTryAgain || is_stopping()) co_return outcome;
    // Senders that failed together do not come back together.
    const double share = std::uniform_real_distribution<>(0.5, 1.5)(random_);
    const auto own = std::chrono::duration_cast<milliseconds>(pause * share);
    const milliseconds wait = std::max(own, outcome.wait.value_or(milliseconds(0)));
    if (steady_clock::now() + wait >= give_up) co_return outcome;
    co_await Rest(wait);
    pause = std::min<milliseconds>(2 * pause, kForwardLongestPause);
  }
}

// A body is encoded anew for each try, so that none is held twice while it waits.
net::Task<ExportOutcome> Forwarder::SendOnce(const Body& body) {
  const base::Result<std::string> encoded = EncodeAsOtlp(body.request);
  if (!encoded.ok()) {
    ExportOutcome refused;
    refused.kind = ExportOutcome::Kind::kRefused;
    refused.reason = encoded.error().message;
    co_return refused;
  }
  const net::Headers headers = HeadersFor(body.request);
  const otlp::ExportRequest request{
      .body = encoded.value(),
      .headers = headers,
      .gzip = body.request.encoding != wire::ContentEncoding::kIdentity};
  const TimePoint deadline = steady_clock::now() + kForwardRequestTimeout;
  co_return co_await otlp::Export(client_, options_.destination, request, deadline);
}

net::Headers Forwarder::HeadersFor(const IngestRequest& request) const {
  net::Headers headers = options_.headers;
  if (request.tenant != kSingleTenant && !headers.Has(kTenantHeader)) {
    headers.Add(kTenantHeader, request.tenant);
  }
  return headers;
}

net::Task<void> Forwarder::Rest(std::chrono::nanoseconds time) {
  const TimePoint end = steady_clock::now() + time;
  while (steady_clock::now() < end && !is_stopping()) {
    co_await loop_.SleepFor(std::min<std::chrono::nanoseconds>(time, kForwardPoll));
  }
}

void Forwarder::Count(const Body& body, const ExportOutcome& outcome) {
  uint64_t lost = body.spans;
  {
    const base::MutexLock lock(mutex_);
    counters_.queued_bytes -= body.request.body.size();
    counters_.waiting -= body.spans;
    if (outcome.kind == ExportOutcome::Kind::kAccepted) {
      lost = std::min(outcome.rejected_spans, body.spans);
      counters_.sent += body.spans - lost;
    }
    const bool in_time = outcome.kind != ExportOutcome::Kind::kTryAgain || !stopping_;
    (in_time ? counters_.failed : counters_.dropped) += lost;
  }
  if (lost > 0) Complain(lost, outcome.reason.empty() ? "they were rejected" : outcome.reason);
}

void Forwarder::Complain(uint64_t spans, std::string_view why) {
  uint64_t lost = 0;
  {
    const base::MutexLock lock(mutex_);
    lost_since_ += spans;
    const TimePoint now = steady_clock::now();
    if (now < next_complaint_) return;
    next_complaint_ = now + kForwardLogInterval;
    lost = std::exchange(lost_since_, 0);
  }
  base::LogWarning(std::to_string(lost) + " spans were not forwarded, of the last because: " +
                   Without(secrets_, std::string(why)));
}

Forwarder::Counters Forwarder::counters() const {
  const base::MutexLock lock(mutex_);
  return counters_;
}

void Forwarder::Stop(milliseconds grace) {
  if (!thread_.joinable()) return;
  {
    const TimePoint deadline = steady_clock::now() + grace;
    const base::MutexLock lock(mutex_);
    stopping_ = true;
    while (senders_ > 0 && steady_clock::now() < deadline) {
      idle_.WaitFor(mutex_, deadline - steady_clock::now());
    }
  }
  loop_.Stop();
  thread_.join();
  const base::MutexLock lock(mutex_);
  counters_.dropped += std::exchange(counters_.waiting, 0);
  counters_.queued_bytes = 0;
  if (counters_.dropped + counters_.failed == 0) return;
  base::LogWarning("forwarded " + std::to_string(counters_.sent) + " spans; " +
                   std::to_string(counters_.failed) + " failed and " +
                   std::to_string(counters_.dropped) + " were dropped");
}

}  // namespace clew::ingest
