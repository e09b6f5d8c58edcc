// SPDX-License-Identifier: Apache-2.0

#include "shop/simulate.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace clew::shop {
namespace {

// What handing a message to a queue takes.
constexpr uint64_t kSendNanos = 300'000;

uint64_t After(uint64_t time, Nanos duration) {
  return time + static_cast<uint64_t>(duration.count());
}

// Recursion goes as deep as calls do, and operations do not come to themselves again.
class Simulation {
 public:
  Simulation(const Shop& shop, Dice& dice) : shop_(shop), dice_(dice) {}

  void Serve(uint32_t service, std::string_view operation, uint32_t parent, SpanKind kind,
             uint64_t start) {
    const Operation* found = FindOperation(shop_.services[service], operation);
    CHECK(found != nullptr);
    const uint32_t span = Begin(
        {.parent = parent, .service = service, .operation = found->name, .kind = kind}, start);
    End(span, Run(found->steps, span, start));
  }

  std::vector<SimulatedSpan> TakeSpans() { return std::move(spans_); }
  uint64_t EndOf(uint32_t span) const { return spans_[span].end_unix_nano; }

 private:
  uint32_t Begin(SimulatedSpan span, uint64_t start) {
    span.start_unix_nano = start;
    spans_.push_back(span);
    return static_cast<uint32_t>(spans_.size() - 1);
  }
  void End(uint32_t span, uint64_t end) { spans_[span].end_unix_nano = end; }

  // When the steps that begin now are done.
  uint64_t Run(const std::vector<Step>& steps, uint32_t span, uint64_t now) {
    for (const Step& step : steps) now = Repeat(step, span, now);
    return now;
  }

  uint64_t Repeat(const Step& step, uint32_t span, uint64_t now) {
    if (step.share < 1 && dice_.Unit() >= step.share) return now;
    for (uint32_t left = dice_.Count(step.times); left > 0; --left) now = RunOnce(step, span, now);
    return now;
  }

  uint64_t RunOnce(const Step& step, uint32_t span, uint64_t now) {
    switch (step.kind) {
      case StepKind::kWork:
        return After(now, dice_.Around(step.time, shop_.spread));
      case StepKind::kPeer:
        return AskPeer(step, span, now);
      case StepKind::kCall:
        for (uint32_t i = 0; i < step.failures; ++i) now = Call(step, span, now, true);
        return Call(step, span, now, false);
      case StepKind::kSend:
        return Send(step, span, now);
      case StepKind::kTogether: {
        uint64_t end = now;
        for (const Step& part : step.steps) end = std::max(end, Repeat(part, span, now));
        return end;
      }
    }
    return now;
  }

  uint64_t AskPeer(const Step& step, uint32_t parent, uint64_t now) {
    const uint32_t span = Begin(Client(step, parent, shop_.peers[step.target].name), now);
    now = After(now, dice_.Around(step.time, shop_.spread));
    if (step.lock > Nanos(0)) now = After(now, dice_.Exponential(step.lock));
    End(span, now);
    return now;
  }

  uint64_t Call(const Step& step, uint32_t parent, uint64_t now, bool fails) {
    SimulatedSpan client = Client(step, parent, shop_.services[step.target].name);
    client.peer_is_service = true;
    client.failed = fails;
    const uint32_t span = Begin(client, now);
    const Nanos way = dice_.Around(shop_.network + step.network, shop_.spread) / 2;
    const auto server = static_cast<uint32_t>(spans_.size());
    const uint64_t arrived = After(now, way);
    if (fails) {
      Begin({.parent = span,
             .service = step.target,
             .operation = step.operation,
             .kind = SpanKind::kServer,
             .failed = true},
            arrived);
      End(server, After(arrived, dice_.Around(step.failure_time, shop_.spread)));
    } else {
      Serve(step.target, step.operation, span, SpanKind::kServer, arrived);
    }
    End(span, After(EndOf(server), way));
    return EndOf(span);
  }

  uint64_t Send(const Step& step, uint32_t parent, uint64_t now) {
    SimulatedSpan message = Client(step, parent, step.queue);
    message.kind = SpanKind::kProducer;
    const uint32_t span = Begin(message, now);
    End(span, now + kSendNanos);
    Serve(step.target, step.operation, span, SpanKind::kConsumer,
          After(EndOf(span), dice_.Around(step.wait, shop_.spread)));
    return EndOf(span);
  }

  SimulatedSpan Client(const Step& step, uint32_t parent, std::string_view peer) const {
    return {.parent = parent,
            .service = spans_[parent].service,
            .operation = step.operation,
            .peer = peer,
            .kind = SpanKind::kClient};
  }

  const Shop& shop_;
  Dice& dice_;
  std::vector<SimulatedSpan> spans_;
};

}  // namespace

std::vector<SimulatedSpan> Simulate(const Shop& shop, const Visit& visit, uint64_t start_unix_nano,
                                    Dice& dice) {
  Simulation simulation(shop, dice);
  simulation.Serve(visit.service, visit.operation, kNoParent, SpanKind::kServer, start_unix_nano);
  return simulation.TakeSpans();
}

}  // namespace clew::shop
