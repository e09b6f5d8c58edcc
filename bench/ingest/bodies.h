// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "body_format.h"
#include "load/trace_generator.h"

namespace clew::bench {

// A request ready to be sent: for gRPC with the five bytes in front of its message.
struct Body {
  std::string bytes;
  size_t head_bytes = 0;                 // in front of the message
  std::vector<uint32_t> trace_ids_at{};  // positions in bytes; of plain OTLP protobuf alone
  uint64_t turn = 0;                     // how often it was renewed
  bool in_flight = false;

  std::string_view message() const { return std::string_view(bytes).substr(head_bytes); }
};

struct BodyOptions {
  BodyFormat format = BodyFormat::kOtlpGrpc;
  BodyEncoding encoding = BodyEncoding::kNone;
  uint64_t spans = 0;             // in all, at least one body
  uint32_t spans_per_body = 500;  // exactly, each body of one instance
  uint64_t seed = 1;
};

// All different. The spans are those of the default load, and end about now.
std::vector<Body> MakeBodies(const BodyOptions& options);

// Makes another body of the same size out of one: each of its traces gets another id, the
// same one in all bodies that were renewed as often.
// REQUIRES: trace_ids_at is filled; not in flight
void Renew(Body& body);

// What the bodies cost apart from a server, in CPU seconds of this thread.
struct ScanCost {
  double inflate_seconds = 0;
  double validate_seconds = 0;
  uint64_t plain_bytes = 0;
};
ScanCost MeasureScan(const std::vector<Body>& bodies, BodyFormat format, BodyEncoding encoding);

}  // namespace clew::bench
