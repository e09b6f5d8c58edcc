// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "query/trace_lookup.h"
#include "serve/api.h"

// Replies that hold a trace. One that is large has a rest, which is kCancelled once nobody
// waits for it.
namespace clew::serve {

// In Tempo's JSON, the array of its resource spans between two texts.
// REQUIRES: the trace has spans.
struct JsonFrame {
  std::string before, after;
};
base::Result<ApiReply> JsonTrace(const ApiRequest& request, query::FoundTrace trace,
                                 JsonFrame frame);

// In protobuf: OTLP's TracesData, as it is or as that field of a message, and what follows.
struct ProtobufFrame {
  std::optional<uint32_t> field{};
  std::string after{};
};
base::Result<ApiReply> ProtobufTrace(const ApiRequest& request, query::FoundTrace trace,
                                     ProtobufFrame frame);

}  // namespace clew::serve
