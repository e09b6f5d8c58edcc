// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "load/span_encoder.h"
#include "load/span_texts.h"
#include "load/trace_generator.h"
#include "net/event_loop.h"
#include "net/http_client.h"
#include "net/signal.h"
#include "net/task.h"

namespace clew::load {

struct VerifierOptions {
  net::Endpoint endpoint{};  // of the query API
  net::Headers headers{};    // of every request
  net::ClientOptions client{};
  uint32_t connections = 4;
  uint64_t trace_count = 0;  // of the load: traces [0, trace_count)
  uint64_t sample = 0;       // so many of them, drawn by the seed; 0: all
};

struct Verdict {
  uint64_t traces = 0;  // that were read back
  uint64_t spans = 0;   // that were expected in them
  uint64_t missing_spans = 0;
  uint64_t extra_spans = 0;
  uint64_t changed_spans = 0;
  uint64_t unread_traces = 0;            // no answer, or no trace in it
  std::vector<std::string> differences;  // the first ones, a line each

  bool ok() const {
    return missing_spans + extra_spans + changed_spans + unread_traces == 0 && traces > 0;
  }
};

// The first differences that are named.
inline constexpr size_t kMaxNamedDifferences = 10;

// Reads traces back by GET /api/v2/traces/{id} and compares them with what the
// generator says. On its loop's thread; lives until Run has ended.
class Verifier {
 public:
  Verifier(net::EventLoop& loop, const TraceGenerator& generator, VerifierOptions options);

  net::Task<void> Run();
  const Verdict& verdict() const { return verdict_; }

  // The spans of a trace that reach their exporter, ordered.
  std::vector<SpanText> Expected(uint64_t trace);
  // Takes the spans that were read for it into the verdict; ordered.
  void Compare(uint64_t trace, const std::vector<SpanText>& read);

 private:
  net::Task<void> Work(net::HttpClient& client);
  net::Task<base::Result<std::string>> Fetch(net::HttpClient& client, uint64_t trace);
  uint64_t TraceAt(uint64_t position) const;
  void Name(uint64_t trace, std::string difference);

  net::EventLoop& loop_;
  const TraceGenerator& generator_;
  const VerifierOptions options_;
  SpanEncoder encoder_;
  base::ByteBuffer body_;
  std::vector<SpanPlan> plans_;
  std::vector<std::unique_ptr<net::HttpClient>> clients_;
  net::Signal ended_;
  uint64_t next_ = 0;
  uint64_t count_ = 0;
  uint32_t working_ = 0;
  Verdict verdict_;
};

}  // namespace clew::load
