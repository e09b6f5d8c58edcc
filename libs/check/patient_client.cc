// SPDX-License-Identifier: Apache-2.0
#include "check/patient_client.h"

#include <utility>

#include "otlp/retry_pause.h"

namespace clew::check {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

using Answer = base::Result<std::optional<std::string>>;

// Within which one request is answered, or the server counts as away.
constexpr std::chrono::seconds kAttemptTime{15};
// Short, so that it is seen when the server is back.
constexpr milliseconds kLongestPause{1000};
constexpr milliseconds kReadPause{100};

bool IsAway(int status) {
  return status == 429 || status == 502 || status == 503 || status == 504;
}

Answer AnswerOf(net::WholeResponse response, std::string_view path) {
  const int status = response.head.status;
  if (status == 200) return std::optional(std::move(response.body));
  if (status == 404) return std::optional<std::string>();
  constexpr size_t kShown = 200;
  return base::Error{base::ErrorCode::kIo, std::string(path) + " answers " +
                                               std::to_string(status) + ": " +
                                               response.body.substr(0, kShown)};
}

}  // namespace

PatientClient::PatientClient(net::EventLoop& loop, PatientClientOptions options)
    : loop_(loop),
      options_(std::move(options)),
      writer_(loop, options_.client),
      reader_(loop, options_.client) {}

net::Task<bool> PatientClient::WaitOut(Availability::TimePoint began, milliseconds pause) {
  availability_.NoteSilence(began);
  if (availability_.away(steady_clock::now()) > options_.patience) co_return false;
  co_await loop_.SleepFor(pause);
  co_return true;
}

net::Task<otlp::ExportOutcome> PatientClient::Write(std::string_view body) {
  const otlp::ExportRequest request{.body = body, .headers = options_.headers};
  otlp::RetryPause pause(kLongestPause);
  while (true) {
    const auto began = steady_clock::now();
    otlp::ExportOutcome outcome =
        co_await otlp::Export(writer_, options_.otlp, request, began + kAttemptTime);
    if (outcome.kind != otlp::ExportOutcome::Kind::kTryAgain) {
      availability_.NoteAnswer(steady_clock::now());
      co_return outcome;
    }
    const milliseconds rest = outcome.wait ? *outcome.wait : pause.Next();
    const bool more = co_await WaitOut(began, rest);
    if (!more) co_return outcome;
    ++retries_;
  }
}

net::Task<Answer> PatientClient::Read(std::string target, std::string_view accept) {
  while (true) {
    net::RequestHead head{.method = "GET",
                          .target = target,
                          .authority = options_.api.host + ":" + std::to_string(options_.api.port)};
    head.headers = options_.headers;
    head.headers.Add("Accept", accept);
    const auto began = steady_clock::now();
    constexpr std::string_view kNoBody;
    base::Result<net::WholeResponse> response =
        co_await reader_.Fetch(options_.api, std::move(head), kNoBody, began + kAttemptTime);
    if (response.ok() && !IsAway(response.value().head.status)) {
      availability_.NoteAnswer(steady_clock::now());
      co_return AnswerOf(std::move(response).value(), target.substr(0, target.find('?')));
    }
    const std::string why = response.ok()
                                ? "http status " + std::to_string(response.value().head.status)
                                : response.error().message;
    const bool more = co_await WaitOut(began, kReadPause);
    if (!more) co_return base::Error{base::ErrorCode::kUnavailable, why};
  }
}

}  // namespace clew::check
