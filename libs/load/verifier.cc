// SPDX-License-Identifier: Apache-2.0
#include "load/verifier.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "load/exporter_schedule.h"
#include "load/span_comparison.h"
#include "wire/otlp_scan.h"

namespace clew::load {
namespace {

// Part of the seed's key that is no trace.
constexpr uint64_t kSampleDraws = UINT64_MAX - 4;

constexpr size_t kMaxTraceBytes = size_t{4} << 30;
constexpr std::chrono::seconds kReadTimeout{60};

}  // namespace

Verifier::Verifier(net::EventLoop& loop, const TraceGenerator& generator, VerifierOptions options)
    : loop_(loop),
      generator_(generator),
      options_(std::move(options)),
      encoder_(generator),
      count_(options_.sample == 0 ? options_.trace_count
                                  : std::min(options_.sample, options_.trace_count)) {}

// All of them, or one out of each of `count_` equal parts.
uint64_t Verifier::TraceAt(uint64_t position) const {
  if (count_ == options_.trace_count) return position;
  const auto part = static_cast<double>(options_.trace_count) / static_cast<double>(count_);
  const double within = UnitInterval(generator_.key().Part(kSampleDraws).Draw(position));
  const auto trace = static_cast<uint64_t>((static_cast<double>(position) + within) * part);
  return std::min(trace, options_.trace_count - 1);
}

net::Task<void> Verifier::Run() {
  working_ = options_.connections;
  for (uint32_t i = 0; i < options_.connections; ++i) {
    clients_.push_back(std::make_unique<net::HttpClient>(loop_, options_.client));
    loop_.Spawn(Work(*clients_.back()));
  }
  while (working_ > 0) co_await ended_.Wait();
}

net::Task<void> Verifier::Work(net::HttpClient& client) {
  while (next_ < count_) {
    const uint64_t trace = TraceAt(next_++);
    const base::Result<std::string> response = co_await Fetch(client, trace);
    base::Result<std::vector<SpanText>> read =
        response.ok() ? ReadTraceResponse(response.value()) : response.error();
    if (read.ok()) {
      Compare(trace, read.value());
    } else {
      ++verdict_.unread_traces;
      Name(trace, "cannot be read: " + read.error().message);
    }
  }
  --working_;
  ended_.Resume();
}

net::Task<base::Result<std::string>> Verifier::Fetch(net::HttpClient& client, uint64_t trace) {
  net::RequestHead head{
      .method = "GET",
      .target = "/api/v2/traces/" + generator_.TraceIdOf(trace).ToHex(),
      .authority = options_.endpoint.host + ":" + std::to_string(options_.endpoint.port)};
  head.headers = options_.headers;
  head.headers.Add("accept", "application/protobuf");
  const auto deadline = std::chrono::steady_clock::now() + kReadTimeout;
  constexpr std::string_view kNoBody;
  auto response =
      co_await client.Fetch(options_.endpoint, std::move(head), kNoBody, deadline, kMaxTraceBytes);
  if (!response.ok()) co_return response.error();
  const int status = response.value().head.status;
  if (status == 404) co_return std::string();  // No spans, which may be right.
  if (status != 200) {
    co_return base::Error{base::ErrorCode::kUnavailable, "http status " + std::to_string(status)};
  }
  co_return std::move(response.value().body);
}

std::vector<SpanText> Verifier::Expected(uint64_t trace) {
  SpanTexts texts;
  generator_.PlanAll(generator_.Shape(trace), plans_);
  for (const SpanPlan& plan : plans_) {
    if (DeliveryOf(generator_, plan).missing) continue;
    encoder_.EncodeBody({&plan, 1}, body_);
    const base::Status scanned = wire::ScanOtlp(body_.view(), texts);
    CHECK(scanned.ok());
  }
  return texts.Take();
}

void Verifier::Compare(uint64_t trace, const std::vector<SpanText>& read) {
  const std::vector<SpanText> expected = Expected(trace);
  ++verdict_.traces;
  verdict_.spans += expected.size();
  const SpanDifferences differences = CompareSpans(
      expected, read, [&](std::string difference) { Name(trace, std::move(difference)); });
  verdict_.missing_spans += differences.missing;
  verdict_.extra_spans += differences.extra;
  verdict_.changed_spans += differences.changed;
}

void Verifier::Name(uint64_t trace, std::string difference) {
  if (verdict_.differences.size() >= kMaxNamedDifferences) return;
  verdict_.differences.push_back("trace " + generator_.TraceIdOf(trace).ToHex() + " (number " +
                                 std::to_string(trace) + "): " + std::move(difference));
}

}  // namespace clew::load
