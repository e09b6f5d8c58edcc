// SPDX-License-Identifier: Apache-2.0
// Calls a method of tempopb.StreamingQuerier with grpc++ and generated classes.
// Usage: stream_client HOST:PORT METHOD [CA] < REQUEST, which is protobuf's JSON. Prints a line
// "BYTES MS JSON" for each message of the answer, MS being the milliseconds since the call, then
// "partial WHY", and "status CODE TEXT".
// With CA, a PEM file of whom to trust, the call goes over TLS.
#include <google/protobuf/util/json_util.h>
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <string>

#include "tempo_stream.grpc.pb.h"

namespace {

using Querier = tempopb::StreamingQuerier;

std::shared_ptr<grpc::ChannelCredentials> CredentialsOf(const char* ca_path) {
  if (ca_path == nullptr) return grpc::InsecureChannelCredentials();
  std::ifstream file(ca_path, std::ios::binary);
  grpc::SslCredentialsOptions options;
  options.pem_root_certs.assign(std::istreambuf_iterator<char>(file), {});
  return grpc::SslCredentials(options);
}

template <typename Request, typename Response>
using Start = std::unique_ptr<grpc::ClientReader<Response>> (Querier::Stub::*)(grpc::ClientContext*,
                                                                               const Request&);

template <typename Request, typename Response>
int Call(Querier::Stub& stub, Start<Request, Response> start, const std::string& request_json) {
  Request request;
  if (!google::protobuf::util::JsonStringToMessage(request_json, &request).ok()) return 2;
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
  const auto begin = std::chrono::steady_clock::now();
  const auto reader = (stub.*start)(&context, request);
  Response response;
  while (reader->Read(&response)) {
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    std::string json;
    if (!google::protobuf::util::MessageToJsonString(response, &json).ok()) return 2;
    std::printf("%zu %.3f %s\n", response.ByteSizeLong(), took.count(), json.c_str());
  }
  const grpc::Status status = reader->Finish();
  const auto& trailers = context.GetServerTrailingMetadata();
  const auto partial = trailers.find("x-clew-partial");
  const std::string why =
      partial == trailers.end() ? "" : std::string(partial->second.data(), partial->second.size());
  std::printf("partial %s\n", why.c_str());
  std::printf("status %d %s\n", status.error_code(), status.error_message().c_str());
  return 0;
}

template <typename Request, typename Response>
std::function<int(Querier::Stub&, const std::string&)> Caller(Start<Request, Response> start) {
  return [start](Querier::Stub& stub, const std::string& request) {
    return Call(stub, start, request);
  };
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 && argc != 4) return 2;
  const std::map<std::string, std::function<int(Querier::Stub&, const std::string&)>> methods = {
      {"Search", Caller(&Querier::Stub::Search)},
      {"SearchTags", Caller(&Querier::Stub::SearchTags)},
      {"SearchTagsV2", Caller(&Querier::Stub::SearchTagsV2)},
      {"SearchTagValues", Caller(&Querier::Stub::SearchTagValues)},
      {"SearchTagValuesV2", Caller(&Querier::Stub::SearchTagValuesV2)},
      {"MetricsQueryRange", Caller(&Querier::Stub::MetricsQueryRange)},
      {"MetricsQueryInstant", Caller(&Querier::Stub::MetricsQueryInstant)},
      {"Unheard", Caller(&Querier::Stub::Unheard)}};
  const auto method = methods.find(argv[2]);
  if (method == methods.end()) return 2;
  const auto channel = grpc::CreateChannel(argv[1], CredentialsOf(argc == 4 ? argv[3] : nullptr));
  channel->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(10));
  const auto stub = Querier::NewStub(channel);
  const std::string request(std::istreambuf_iterator<char>(std::cin), {});
  return method->second(*stub, request);
}
