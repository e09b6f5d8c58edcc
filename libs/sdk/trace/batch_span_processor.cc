// SPDX-License-Identifier: Apache-2.0

#include "opentelemetry/sdk/trace/batch_span_processor.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

namespace opentelemetry::inline v1::sdk::trace {

// Spans are numbered as they are queued. A flush waits until the number that
// was queued last when it was asked for has been handled.
struct BatchSpanProcessor::State {
  State(std::unique_ptr<SpanExporter>&& the_exporter, const BatchSpanProcessorOptions& the_options)
      : exporter(std::move(the_exporter)), options(the_options) {}

  const std::unique_ptr<SpanExporter> exporter;
  const BatchSpanProcessorOptions options;

  // std::mutex, because the condition variables want one. It guards all below.
  std::mutex mutex;
  std::condition_variable work;      // for the thread
  std::condition_variable progress;  // for ForceFlush and Shutdown
  std::deque<std::unique_ptr<Recordable>> queue;
  uint64_t queued = 0;
  uint64_t handled = 0;
  uint64_t flush_until = 0;
  uint64_t dropped = 0;
  bool shut_down = false;
  bool finished = false;

  bool MustExport() const {
    return shut_down || handled < flush_until || queue.size() >= options.max_export_batch_size;
  }
  void Run();
  void ExportOne(std::unique_lock<std::mutex>& lock);
};

void BatchSpanProcessor::State::ExportOne(std::unique_lock<std::mutex>& lock) {
  const size_t count = std::min(queue.size(), options.max_export_batch_size);
  std::vector<std::unique_ptr<Recordable>> batch(
      std::make_move_iterator(queue.begin()),
      std::make_move_iterator(queue.begin() + static_cast<long>(count)));
  queue.erase(queue.begin(), queue.begin() + static_cast<long>(count));
  lock.unlock();
  const auto result = exporter->Export(batch);
  batch.clear();
  lock.lock();
  handled += count;
  if (result != common::ExportResult::kSuccess) dropped += count;
  progress.notify_all();
}

void BatchSpanProcessor::State::Run() {
  std::unique_lock lock(mutex);
  while (!shut_down || !queue.empty()) {
    work.wait_for(lock, options.schedule_delay_millis, [&] { return MustExport(); });
    // Everything that is queued now, and full batches that arrive meanwhile.
    const uint64_t until = queued;
    while (!queue.empty() && (handled < until || MustExport())) ExportOne(lock);
  }
  finished = true;
  progress.notify_all();
}

BatchSpanProcessor::BatchSpanProcessor(std::unique_ptr<SpanExporter>&& exporter,
                                       const BatchSpanProcessorOptions& options)
    : state_(std::make_shared<State>(std::move(exporter), options)),
      worker_([state = state_] { state->Run(); }) {}

BatchSpanProcessor::~BatchSpanProcessor() {
  Shutdown();
}

std::unique_ptr<Recordable> BatchSpanProcessor::MakeRecordable() noexcept {
  return state_->exporter->MakeRecordable();
}

void BatchSpanProcessor::OnEnd(std::unique_ptr<Recordable>&& span) noexcept {
  bool wake = false;
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->shut_down || state_->queue.size() >= state_->options.max_queue_size) {
      ++state_->dropped;
      return;
    }
    state_->queue.push_back(std::move(span));
    ++state_->queued;
    wake = state_->queue.size() == state_->options.max_export_batch_size;
  }
  if (wake) state_->work.notify_one();
}

bool BatchSpanProcessor::ForceFlush(std::chrono::microseconds timeout) noexcept {
  const std::chrono::microseconds limit = state_->options.export_timeout;
  std::unique_lock lock(state_->mutex);
  const uint64_t target = state_->queued;
  const uint64_t dropped_before = state_->dropped;
  state_->flush_until = target;
  state_->work.notify_one();
  const bool done = state_->progress.wait_for(lock, std::min(timeout, limit), [&] {
    return state_->handled >= target || state_->finished;
  });
  return done && state_->handled >= target && state_->dropped == dropped_before;
}

bool BatchSpanProcessor::Shutdown(std::chrono::microseconds timeout) noexcept {
  if (!worker_.joinable()) return true;
  const std::chrono::microseconds limit = state_->options.export_timeout;
  const auto deadline = std::chrono::steady_clock::now() + std::min(timeout, limit);
  std::unique_lock lock(state_->mutex);
  state_->shut_down = true;
  state_->work.notify_one();
  // First the queue is drained; half of the time is kept for an exporter that has to give up.
  const auto drain = std::min(timeout, limit) / 2;
  state_->progress.wait_until(lock, deadline - drain, [&] { return state_->finished; });
  lock.unlock();
  state_->exporter->Shutdown(drain);
  lock.lock();
  const bool finished =
      state_->progress.wait_until(lock, deadline, [&] { return state_->finished; });
  lock.unlock();
  if (finished) {
    worker_.join();
  } else {
    worker_.detach();  // It owns a share of the state and ends with the process at the latest.
  }
  return finished;
}

uint64_t BatchSpanProcessor::dropped_spans() const noexcept {
  const std::lock_guard lock(state_->mutex);
  return state_->dropped;
}

}  // namespace opentelemetry::inline v1::sdk::trace
