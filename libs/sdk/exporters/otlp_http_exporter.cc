// SPDX-License-Identifier: Apache-2.0

#include "opentelemetry/exporters/otlp/otlp_http_exporter.h"

#include <charconv>
#include <utility>

#include "net/http_client.h"
#include "opentelemetry/sdk/trace/span_data.h"
#include "sdk/exporters/otlp_encoding.h"
#include "sdk/exporters/retrying_sender.h"

namespace opentelemetry::inline v1::exporter::otlp {
namespace {

bool IsRetryable(int status) {
  return status == 429 || status == 502 || status == 503 || status == 504;
}

// Retry-After in seconds; a date is treated as not given.
std::optional<std::chrono::milliseconds> RetryAfter(const clew::net::Headers& headers) {
  const auto text = headers.Get("retry-after");
  if (!text.has_value()) return std::nullopt;
  uint32_t seconds = 0;
  const char* end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, seconds);
  if (error != std::errc() || stop != end) return std::nullopt;
  return std::chrono::milliseconds(int64_t{seconds} * 1000);
}

}  // namespace

class OtlpHttpExporter::Sender final : public RetryingSender {
 public:
  explicit Sender(const OtlpHttpExporterOptions& options)
      : RetryingSender(options.retry_policy,
                       std::chrono::duration_cast<std::chrono::milliseconds>(options.timeout),
                       options.ssl_ca_cert_path),
        url_(clew::net::ParseUrl(options.url)) {
    for (const auto& [name, value] : options.http_headers) headers_.Add(name, value);
    headers_.Set("content-type", "application/x-protobuf");
    headers_.Set("user-agent", options.user_agent);
  }

 protected:
  clew::net::Task<SendOutcome> Attempt(clew::net::HttpClient& client, std::string_view body,
                                       Deadline deadline) override {
    using Kind = SendOutcome::Kind;
    if (!url_.ok()) co_return SendOutcome{Kind::kRefused, url_.error().message};
    const clew::net::Url& url = url_.value();
    clew::net::RequestHead head{
        .method = "POST",
        .target = url.path,
        .authority = url.endpoint.host + ":" + std::to_string(url.endpoint.port),
        .scheme = url.endpoint.tls ? "https" : "http",
        .headers = headers_,
        .content_length = body.size()};
    const auto response = co_await client.Fetch(url.endpoint, std::move(head), body, deadline);
    if (!response.ok()) co_return SendOutcome{Kind::kTryAgain, response.error().message};
    const int status = response.value().head.status;
    if (status >= 200 && status < 300) co_return SendOutcome{};
    co_return SendOutcome{IsRetryable(status) ? Kind::kTryAgain : Kind::kRefused,
                          "the collector answers with status " + std::to_string(status),
                          RetryAfter(response.value().head.headers)};
  }

 private:
  clew::base::Result<clew::net::Url> url_;
  clew::net::Headers headers_;
};

OtlpHttpExporter::OtlpHttpExporter(const OtlpHttpExporterOptions& options)
    : sender_(std::make_unique<Sender>(options)) {}

OtlpHttpExporter::~OtlpHttpExporter() = default;

std::unique_ptr<sdk::trace::Recordable> OtlpHttpExporter::MakeRecordable() noexcept {
  return std::make_unique<sdk::trace::SpanData>();
}

sdk::common::ExportResult OtlpHttpExporter::Export(
    const nostd::span<std::unique_ptr<sdk::trace::Recordable>>& spans) noexcept {
  if (spans.empty()) return sdk::common::ExportResult::kSuccess;
  return sender_->Send(EncodeOtlp(spans));
}

bool OtlpHttpExporter::Shutdown(std::chrono::microseconds) noexcept {
  sender_->Shutdown();
  return true;
}

}  // namespace opentelemetry::inline v1::exporter::otlp
