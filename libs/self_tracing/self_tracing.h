// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "base/published.h"
#include "ingest/ingestor.h"
#include "model/tracer.h"
#include "net/event_loop.h"

namespace clew::self_tracing {

// Whose spans those of the server itself are.
inline constexpr std::string_view kSelfTenant = "clew-self";

struct SelfTracingOptions {
  std::string version;
  double ingest_share = 0;  // of bodies that come in, 0 to 1
  // How soon spans are stored.
  std::chrono::milliseconds delay{1000};
};

// Makes spans of what the server does, by our own SDK, and stores them in it as those of a tenant
// of their own. No span is made of work about that tenant, so that storing spans and looking at
// them makes none. They wait in a bounded queue, and those that find it full are dropped.
// Thread-safe but for Open and Close; outlives who makes spans by it.
class SelfTracing final : public model::Tracer {
 public:
  explicit SelfTracing(SelfTracingOptions options);
  ~SelfTracing() override;
  SelfTracing(const SelfTracing&) = delete;
  SelfTracing& operator=(const SelfTracing&) = delete;

  // Spans are made from now on, and handed to `ingestor` on `loop`; both outlive Close. Once.
  void Open(ingest::Ingestor& ingestor, net::EventLoop& loop);
  // No more spans are made. Waits, at most so long, until those there are are stored. After Open
  // it has to come before what that was given ends.
  void Close(std::chrono::milliseconds grace);

  std::unique_ptr<model::OwnSpan> Begin(const model::OwnSpanStart& start) override;
  bool Traces(std::string_view tenant) const override { return tenant != kSelfTenant; }
  Counters counters() const override;

 private:
  struct Opened;

  const SelfTracingOptions options_;
  std::unique_ptr<Opened> owned_;
  base::Published<Opened*> opened_;
};

}  // namespace clew::self_tracing
