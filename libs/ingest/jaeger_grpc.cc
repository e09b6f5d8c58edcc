// SPDX-License-Identifier: Apache-2.0
#include "ingest/jaeger_grpc.h"

#include <string>
#include <utility>

#include "ingest/receive.h"

namespace clew::ingest {
namespace {

net::Task<net::GrpcReply> PostSpans(Ingestor& ingestor, net::Exchange& exchange,
                                    net::GrpcRequest request) {
  const IngestOutcome stored = co_await ReceiveMessage(ingestor, exchange, std::move(request),
                                                       wire::Format::kJaegerProtobuf);
  co_return stored.ok() ? net::GrpcReply() : GrpcFailure(stored.error());
}

}  // namespace

void AddJaegerGrpc(net::GrpcHandler& grpc, Ingestor& ingestor) {
  NoteRefusedMessages(grpc, ingestor, Receiver::kJaegerGrpc);
  grpc.Add(std::string(kJaegerPostSpans),
           [&ingestor](net::Exchange& exchange, net::GrpcRequest request) {
             return PostSpans(ingestor, exchange, std::move(request));
           });
}

}  // namespace clew::ingest
