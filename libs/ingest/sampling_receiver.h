// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include "ingest/sampling_file.h"
#include "net/exchange.h"
#include "net/grpc.h"

namespace clew::ingest {

inline constexpr std::string_view kJaegerGetSamplingStrategy =
    "/jaeger.api_v2.SamplingManager/GetSamplingStrategy";

// Tells clients how much to sample: GET /sampling?service=X, as Jaeger's agent does, and
// GET /api/sampling?service=X, as its collector does. Thread-safe.
class SamplingReceiver final : public net::Handler {
 public:
  // All other paths are left to `otherwise`, if there is one, which must outlive it.
  explicit SamplingReceiver(std::shared_ptr<const SamplingFile> file,
                            net::Handler* otherwise = nullptr)
      : file_(std::move(file)), otherwise_(otherwise) {}
  net::Task<void> Handle(net::Exchange& exchange) override;

 private:
  const std::shared_ptr<const SamplingFile> file_;
  net::Handler* const otherwise_;
};

// Adds Jaeger's sampling service to `grpc`.
void AddSamplingGrpc(net::GrpcHandler& grpc, std::shared_ptr<const SamplingFile> file);

}  // namespace clew::ingest
