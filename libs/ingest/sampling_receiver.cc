// SPDX-License-Identifier: Apache-2.0
#include "ingest/sampling_receiver.h"

#include <optional>
#include <string>
#include <utility>

#include "ingest/ingestor.h"
#include "ingest/limits.h"
#include "ingest/receive.h"
#include "wire/protobuf_scan.h"

namespace clew::ingest {
namespace {

// The service that is asked for; nullopt unless there is exactly one.
std::optional<std::string> ServiceOf(const net::RequestHead& request) {
  std::optional<std::string> service;
  for (auto& [key, value] : net::ParseQuery(request.query())) {
    if (key != "service") continue;
    if (service) return std::nullopt;
    service = std::move(value);
  }
  return service;
}

net::Task<net::GrpcReply> GetSamplingStrategy(std::shared_ptr<const SamplingFile> file,
                                              net::GrpcRequest request) {
  net::GrpcReply reply;
  const base::Result<std::string> message =
      Unpacked(std::move(request.message), request.encoding, kSamplingQuestionBytes);
  if (!message.ok()) {
    reply.status.code = net::ToGrpcCode(message.error().code);
    reply.status.message = message.error().message;
    co_return reply;
  }
  std::string_view service;
  wire::FieldCursor field(message.value(), message.value().data());
  while (field.Next()) {
    if (field.tag() == wire::Tag(1, wire::WireType::kBytes)) service = field.bytes();
  }
  if (field.failed()) {
    reply.status.code = net::GrpcCode::kInvalidArgument;
    reply.status.message = field.failure().ToError("sampling").message;
    co_return reply;
  }
  reply.message = file->strategies()->Of(service).Protobuf();
  co_return reply;
}

}  // namespace

net::Task<void> SamplingReceiver::Handle(net::Exchange& exchange) {
  const net::RequestHead& request = exchange.request();
  if (request.path() != "/sampling" && request.path() != "/api/sampling") {
    if (otherwise_ != nullptr) {
      co_await otherwise_->Handle(exchange);
    } else {
      co_await ReplyNotFound(exchange);
    }
    co_return;
  }
  if (request.method != "GET") {
    co_await ReplyMethodNotAllowed(exchange, "GET");
    co_return;
  }
  const std::optional<std::string> service = ServiceOf(request);
  if (!service) {
    (void)co_await net::ReplyText(exchange, 400, kPlainText,
                                  "'service' parameter must be provided once\n");
    co_return;
  }
  const std::string body = file_->strategies()->Of(*service).Json();
  (void)co_await net::ReplyText(exchange, 200, "application/json", body);
}

void AddSamplingGrpc(net::GrpcHandler& grpc, std::shared_ptr<const SamplingFile> file) {
  grpc.Add(std::string(kJaegerGetSamplingStrategy),
           [file = std::move(file)](net::Exchange&, net::GrpcRequest request) {
             return GetSamplingStrategy(file, std::move(request));
           });
}

}  // namespace clew::ingest
