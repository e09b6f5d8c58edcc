// SPDX-License-Identifier: Apache-2.0

#include "opentelemetry/exporters/otlp/otlp_grpc_exporter.h"

#include <utility>

#include "net/grpc.h"
#include "opentelemetry/sdk/trace/span_data.h"
#include "sdk/exporters/otlp_encoding.h"
#include "sdk/exporters/retry_info.h"
#include "sdk/exporters/retrying_sender.h"

namespace opentelemetry::inline v1::exporter::otlp {
namespace {

constexpr char kMethod[] = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

// The codes that OTLP calls retryable, by number because not all have names here.
bool IsRetryable(clew::net::GrpcCode code) {
  constexpr int kAborted = 10;
  constexpr int kOutOfRange = 11;
  constexpr int kDataLoss = 15;
  const int number = static_cast<int>(code);
  return code == clew::net::GrpcCode::kCancelled ||
         code == clew::net::GrpcCode::kDeadlineExceeded ||
         code == clew::net::GrpcCode::kUnavailable || number == kAborted || number == kOutOfRange ||
         number == kDataLoss;
}

std::string WithScheme(const OtlpGrpcExporterOptions& options) {
  if (options.endpoint.find("://") != std::string::npos) return options.endpoint;
  return (options.use_ssl_credentials ? "https://" : "http://") + options.endpoint;
}

}  // namespace

class OtlpGrpcExporter::Sender final : public RetryingSender {
 public:
  explicit Sender(const OtlpGrpcExporterOptions& options)
      : RetryingSender(options.retry_policy,
                       std::chrono::duration_cast<std::chrono::milliseconds>(options.timeout),
                       options.ssl_credentials_cacert_path),
        url_(clew::net::ParseUrl(WithScheme(options))),
        encoding_(options.compression == "gzip" ? "gzip" : "identity") {
    for (const auto& [name, value] : options.metadata) metadata_.Add(name, value);
    metadata_.Add("user-agent", options.user_agent);
    if (url_.ok()) url_.value().endpoint.http2 = true;
  }

 protected:
  clew::net::Task<SendOutcome> Attempt(clew::net::HttpClient& client, std::string_view body,
                                       Deadline deadline) override {
    using Kind = SendOutcome::Kind;
    if (!url_.ok()) co_return SendOutcome{Kind::kRefused, url_.error().message};
    const clew::net::GrpcCallRequest request{kMethod, body, metadata_, encoding_ == "gzip"};
    const clew::net::GrpcReply reply =
        co_await clew::net::GrpcCall(client, url_.value().endpoint, request, deadline);
    const clew::net::GrpcStatus& status = reply.status;
    if (status.code == clew::net::GrpcCode::kOk) co_return SendOutcome{};
    const auto wait = RetryDelay(status.details);
    const bool again = IsRetryable(status.code) ||
                       (status.code == clew::net::GrpcCode::kResourceExhausted && wait.has_value());
    co_return SendOutcome{again ? Kind::kTryAgain : Kind::kRefused, status.message, wait};
  }

 private:
  clew::base::Result<clew::net::Url> url_;
  clew::net::Headers metadata_;
  std::string encoding_;
};

OtlpGrpcExporter::OtlpGrpcExporter(const OtlpGrpcExporterOptions& options)
    : sender_(std::make_unique<Sender>(options)) {}

OtlpGrpcExporter::~OtlpGrpcExporter() = default;

std::unique_ptr<sdk::trace::Recordable> OtlpGrpcExporter::MakeRecordable() noexcept {
  return std::make_unique<sdk::trace::SpanData>();
}

sdk::common::ExportResult OtlpGrpcExporter::Export(
    const nostd::span<std::unique_ptr<sdk::trace::Recordable>>& spans) noexcept {
  if (spans.empty()) return sdk::common::ExportResult::kSuccess;
  return sender_->Send(EncodeOtlp(spans));
}

bool OtlpGrpcExporter::Shutdown(std::chrono::microseconds) noexcept {
  sender_->Shutdown();
  return true;
}

}  // namespace opentelemetry::inline v1::exporter::otlp
