// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "ingest/forward/forwarder.h"
#include "ingest/limits.h"

namespace CLI {
class App;
}

// Where everything is sent as well, as flags say it.
namespace clew {

struct ForwardFlags {
  std::string url;                   // empty: nowhere
  std::vector<std::string> headers;  // "name: value"
  std::string headers_file;          // of such lines; empty: none
  std::string ca_file;               // PEM; empty: the system's
  uint64_t queue_bytes = ingest::kForwardQueueBytes;
};

void AddForwardFlags(CLI::App& command, ForwardFlags& flags);

// "http://host:4318" (and https, to /v1/traces unless there is a path) or "grpc://host:4317" (and
// grpcs). kInvalidArgument says what is wrong with it.
base::Result<otlp::Destination> ParseDestination(const std::string& url);

// Null when nothing is forwarded.
base::Result<std::unique_ptr<ingest::Forwarder>> MakeForwarder(const ForwardFlags& flags);

}  // namespace clew
