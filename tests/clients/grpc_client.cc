// SPDX-License-Identifier: Apache-2.0
// Sends spans with grpc++ and generated classes.
// Usage: grpc_client HOST:PORT COUNT [CA]; prints the rejected spans of the answer, or the error.
// With CA, a PEM file of whom to trust, the call goes over TLS.
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "opentelemetry/proto/collector/trace/v1/trace_service.grpc.pb.h"

namespace otlp = opentelemetry::proto;

namespace {

otlp::collector::trace::v1::ExportTraceServiceRequest MakeRequest(int span_count) {
  otlp::collector::trace::v1::ExportTraceServiceRequest request;
  auto* resource_spans = request.add_resource_spans();
  auto* name = resource_spans->mutable_resource()->add_attributes();
  name->set_key("service.name");
  name->mutable_value()->set_string_value("grpc-client");
  auto* scope_spans = resource_spans->add_scope_spans();
  scope_spans->mutable_scope()->set_name("grpc_client");
  for (int i = 0; i < span_count; ++i) {
    auto* span = scope_spans->add_spans();
    span->set_trace_id(std::string("grpc-client-test"));
    std::string span_id = "span0000";
    for (int digit = 7, rest = i; digit > 3; --digit, rest /= 10) {
      span_id[static_cast<size_t>(digit)] = static_cast<char>('0' + rest % 10);
    }
    span->set_span_id(span_id);
    span->set_name("call");
    span->set_kind(otlp::trace::v1::Span::SPAN_KIND_CLIENT);
    span->set_start_time_unix_nano(1'700'000'000'000'000'000u + static_cast<unsigned>(i));
    span->set_end_time_unix_nano(1'700'000'001'000'000'000u);
  }
  return request;
}

std::shared_ptr<grpc::ChannelCredentials> TlsCredentials(const char* ca_path) {
  std::ifstream file(ca_path, std::ios::binary);
  grpc::SslCredentialsOptions options;
  options.pem_root_certs.assign(std::istreambuf_iterator<char>(file), {});
  return grpc::SslCredentials(options);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 && argc != 4) return 2;
  const auto channel = grpc::CreateChannel(
      argv[1], argc == 4 ? TlsCredentials(argv[3]) : grpc::InsecureChannelCredentials());
  const auto stub = otlp::collector::trace::v1::TraceService::NewStub(channel);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
  otlp::collector::trace::v1::ExportTraceServiceResponse response;
  const grpc::Status status = stub->Export(&context, MakeRequest(std::atoi(argv[2])), &response);
  if (!status.ok()) {
    std::printf("error %d: %s\n", status.error_code(), status.error_message().c_str());
    return 1;
  }
  std::printf("rejected %lld\n",
              static_cast<long long>(response.partial_success().rejected_spans()));
  return 0;
}
