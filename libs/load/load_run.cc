// SPDX-License-Identifier: Apache-2.0
#include "load/load_run.h"

#include <chrono>
#include <memory>
#include <thread>
#include <utility>

#include "load/exporter_schedule.h"
#include "load/progress_bar.h"
#include "load/span_encoder.h"
#include "net/event_loop.h"

namespace clew::load {
namespace {

using std::chrono::steady_clock;

// Bodies that are ready before they are due: some 10 MB.
constexpr size_t kBodiesAhead = 64;
constexpr std::chrono::milliseconds kProgressInterval{200};

double SecondsSince(steady_clock::time_point start) {
  return std::chrono::duration<double>(steady_clock::now() - start).count();
}

void MakeBodies(const TraceGenerator& generator, uint64_t traces, BodyQueue& queue) {
  SpanEncoder encoder(generator);
  ExporterSchedule schedule(generator, traces);
  for (Batch batch = schedule.Next(); !batch.spans.empty(); batch = schedule.Next()) {
    Body body{.bytes = queue.TakeEmpty(),
              .span_count = static_cast<uint32_t>(batch.spans.size()),
              .due_ns = batch.due_ns};
    encoder.EncodeBody(batch.spans, body.bytes);
    Body copy = batch.sent_twice ? body : Body{};
    if (!queue.Push(std::move(body))) return;
    if (!batch.sent_twice) continue;
    copy.duplicate = true;
    if (!queue.Push(std::move(copy))) return;
  }
}

net::Task<void> SendAll(Sender& sender, net::EventLoop& loop) {
  co_await sender.Run();
  loop.Stop();
}

net::Task<void> ShowProgress(const Sender& sender, ProgressBar& bar, net::EventLoop& loop) {
  while (true) {
    co_await loop.SleepFor(kProgressInterval);
    bar.Show(sender.counts());
  }
}

net::Task<void> VerifyAll(Verifier& verifier, net::EventLoop& loop) {
  co_await verifier.Run();
  loop.Stop();
}

}  // namespace

LoadSize SizeOfSpans(const TraceGenerator& generator, uint64_t spans) {
  LoadSize size;
  while (size.spans < spans) size.spans += generator.SpanCount(size.traces++);
  return size;
}

LoadSize SizeOfTraces(const TraceGenerator& generator, uint64_t traces) {
  LoadSize size{.traces = traces};
  for (uint64_t trace = 0; trace < traces; ++trace) size.spans += generator.SpanCount(trace);
  return size;
}

SentLoad SendBodies(const std::function<void(BodyQueue&)>& make, uint64_t spans,
                    const SenderOptions& options, bool progress) {
  // The loop goes first, with the coroutines that refer to the rest.
  Sender* woken = nullptr;
  net::EventLoop* posted = nullptr;
  BodyQueue queue(kBodiesAhead, [&] { posted->Post([&] { woken->OnFilled(); }); });
  ProgressBar bar(spans);
  auto loop = std::make_unique<net::EventLoop>();
  auto sender = std::make_unique<Sender>(*loop, options, queue);
  woken = sender.get();
  posted = loop.get();
  loop->Spawn(SendAll(*sender, *loop));
  if (progress) loop->Spawn(ShowProgress(*sender, bar, *loop));

  const auto start = steady_clock::now();
  std::thread maker([&] {
    make(queue);
    queue.Finish();
  });
  loop->Run();
  const double seconds = SecondsSince(start);
  queue.Abandon();
  maker.join();
  if (progress) bar.End(sender->counts());
  return {.counts = sender->counts(), .seconds = seconds};
}

SentLoad SendLoad(const TraceGenerator& generator, const LoadSize& size,
                  const SenderOptions& options, bool progress) {
  return SendBodies([&](BodyQueue& queue) { MakeBodies(generator, size.traces, queue); },
                    size.spans, options, progress);
}

SentLoad MakeLoad(const TraceGenerator& generator, const LoadSize& size) {
  const auto start = steady_clock::now();
  SentLoad made;
  SpanEncoder encoder(generator);
  ExporterSchedule schedule(generator, size.traces);
  base::ByteBuffer body;
  for (Batch batch = schedule.Next(); !batch.spans.empty(); batch = schedule.Next()) {
    encoder.EncodeBody(batch.spans, body);
    ++made.counts.bodies;
    made.counts.spans += batch.spans.size();
    made.counts.bytes += body.size();
  }
  made.seconds = SecondsSince(start);
  return made;
}

Verdict VerifyLoad(const TraceGenerator& generator, const VerifierOptions& options) {
  net::EventLoop loop;
  Verifier verifier(loop, generator, options);
  loop.Spawn(VerifyAll(verifier, loop));
  loop.Run();
  return verifier.verdict();
}

}  // namespace clew::load
