// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

#include "load/body_queue.h"
#include "load/sender.h"
#include "load/trace_generator.h"
#include "load/verifier.h"

namespace clew::load {

// How many traces, and the spans that are in them.
struct LoadSize {
  uint64_t traces = 0;
  uint64_t spans = 0;
};
// The first traces that have at least so many spans together.
LoadSize SizeOfSpans(const TraceGenerator& generator, uint64_t spans);
LoadSize SizeOfTraces(const TraceGenerator& generator, uint64_t traces);

struct SentLoad {
  SendCounts counts;
  double seconds = 0;
};

// Runs `make` on a thread of its own, which pushes bodies until there are no more or the
// queue takes none, and sends them on this one, until all is sent; blocks. With
// `progress`, draws a bar on stderr that is full at so many spans.
SentLoad SendBodies(const std::function<void(BodyQueue&)>& make, uint64_t spans,
                    const SenderOptions& options, bool progress);

// The same with the bodies of a load.
SentLoad SendLoad(const TraceGenerator& generator, const LoadSize& size,
                  const SenderOptions& options, bool progress);

// Makes the load and sends it nowhere: what the generator itself is capable of.
SentLoad MakeLoad(const TraceGenerator& generator, const LoadSize& size);

// Reads the load back and compares; blocks.
Verdict VerifyLoad(const TraceGenerator& generator, const VerifierOptions& options);

}  // namespace clew::load
