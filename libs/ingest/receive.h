// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "ingest/ingestor.h"
#include "net/exchange.h"
#include "net/grpc.h"

// What receivers have in common. What is given outlives the task.
namespace clew::ingest {

inline constexpr std::string_view kPlainText = "text/plain; charset=utf-8";

// Reads the body of an HTTP request, compressed as its Content-Encoding says, and stores it.
// What is refused on the way is counted as refused.
net::Task<IngestOutcome> ReceiveBody(Ingestor& ingestor, net::Exchange& exchange,
                                     wire::Format format);

// Stores the message of a gRPC call in the same way.
net::Task<IngestOutcome> ReceiveMessage(Ingestor& ingestor, net::Exchange& exchange,
                                        net::GrpcRequest request, wire::Format format);

// Notes the messages that come too large, malformed or not whole, as refused.
void NoteRefusedMessages(net::GrpcHandler& grpc, Ingestor& ingestor, Receiver receiver);

// Notes a body of a media type that the receiver does not take.
Refusal NoteUnsupported(Ingestor& ingestor, const net::Exchange& exchange, Receiver receiver,
                        base::Error why);

// Answers in plain text: 404, 405, and an error with the status of its code, and with
// Retry-After when the same may be sent again later.
net::Task<void> ReplyNotFound(net::Exchange& exchange);
// 405 names the method that would do.
net::Task<void> ReplyMethodNotAllowed(net::Exchange& exchange, std::string allowed = "POST");
net::Task<void> ReplyPlainError(net::Exchange& exchange, Refusal refusal);

// How a gRPC call fails, with RetryInfo when the same may be sent again later.
net::GrpcCode GrpcCodeOf(base::ErrorCode code);
net::GrpcReply GrpcFailure(const Refusal& refusal);

}  // namespace clew::ingest
