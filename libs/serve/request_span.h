// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "model/tracer.h"
#include "net/exchange.h"
#include "net/grpc.h"

// Spans of requests, from when their head has come until they are answered, with the attributes of
// OpenTelemetry's conventions. They continue the trace of the header traceparent.
namespace clew::serve {

// Null when there is to be none: without a tracer, and when the caller's trace is not sampled.
std::unique_ptr<model::OwnSpan> BeginRequestSpan(model::Tracer* tracer,
                                                 const net::Exchange& exchange,
                                                 std::string_view route);
void NoteHttpStatus(model::OwnSpan& span, int status);

// The same of a gRPC call, as of "tempopb.StreamingQuerier" and "Search".
std::unique_ptr<model::OwnSpan> BeginGrpcSpan(model::Tracer* tracer, const net::Exchange& exchange,
                                              std::string_view service, std::string_view method);
void NoteGrpcStatus(model::OwnSpan& span, const net::GrpcStatus& status);
std::string GrpcPath(std::string_view service, std::string_view method);

// Of a span that may be null.
inline std::optional<model::SpanContext> ContextOf(const model::OwnSpan* span) {
  return span == nullptr ? std::nullopt : std::optional(span->context());
}

}  // namespace clew::serve
