// SPDX-License-Identifier: Apache-2.0
#include "self_tracing/self_tracing.h"

#include <atomic>
#include <utility>

#include "base/check.h"
#include "base/paced_warning.h"
#include "opentelemetry/sdk/trace/batch_span_processor.h"
#include "opentelemetry/sdk/trace/samplers/always_on.h"
#include "opentelemetry/sdk/trace/samplers/parent.h"
#include "opentelemetry/sdk/trace/samplers/trace_id_ratio.h"
#include "opentelemetry/sdk/trace/tracer_provider.h"
#include "self_tracing/ingestor_exporter.h"
#include "self_tracing/limits.h"

namespace clew::self_tracing {
namespace {

namespace api = opentelemetry::trace;
namespace sdk = opentelemetry::sdk::trace;

api::SpanKind KindOf(model::SpanKind kind) {
  if (kind == model::SpanKind::kServer) return api::SpanKind::kServer;
  if (kind == model::SpanKind::kConsumer) return api::SpanKind::kConsumer;
  return api::SpanKind::kInternal;
}

// Without a parent it says that the span begins a trace: what else is current on this thread is
// nobody's business.
std::variant<api::SpanContext, opentelemetry::context::Context> ParentOf(
    const model::OwnSpanStart& start) {
  if (!start.parent) return opentelemetry::context::Context(api::kIsRootSpanKey, true);
  const uint8_t flags = start.parent->is_sampled ? api::TraceFlags::kIsSampled : uint8_t{0};
  return api::SpanContext(api::TraceId(start.parent->trace_id.bytes),
                          api::SpanId(start.parent->span_id.bytes), api::TraceFlags(flags),
                          start.kind == model::SpanKind::kServer);
}

// What begins a trace is kept, but of bodies that come in a share only.
class ShareOfBodies final : public sdk::Sampler {
 public:
  explicit ShareOfBodies(double share) : share_(share) {}

  // NOLINTNEXTLINE(readability-function-size): the parameters are the interface's.
  sdk::SamplingResult ShouldSample(
      const api::SpanContext& parent, api::TraceId trace_id, std::string_view name,
      api::SpanKind kind, const opentelemetry::common::KeyValueIterable& attributes,
      const api::SpanContextKeyValueIterable& links) noexcept override {
    Sampler& sampler = kind == api::SpanKind::kConsumer ? static_cast<Sampler&>(share_) : all_;
    return sampler.ShouldSample(parent, trace_id, name, kind, attributes, links);
  }
  std::string_view GetDescription() const noexcept override { return "ShareOfBodies"; }

 private:
  sdk::TraceIdRatioBasedSampler share_;
  sdk::AlwaysOnSampler all_;
};

// Warns of spans that were dropped, one line in a while. Thread-safe.
class DropLog {
 public:
  explicit DropLog(const sdk::BatchSpanProcessor& processor) : processor_(processor) {}

  // When there may be more.
  void Look() {
    const uint64_t dropped = processor_.dropped_spans();
    if (dropped <= known_.load(std::memory_order_relaxed)) return;
    known_.store(dropped, std::memory_order_relaxed);
    warning_.Note("dropped spans of the server itself, " + std::to_string(dropped) +
                  " by now: they could not be stored, or not as fast as they were made");
  }

 private:
  const sdk::BatchSpanProcessor& processor_;
  std::atomic<uint64_t> known_ = 0;
  base::PacedWarning warning_;
};

class SdkSpan final : public model::OwnSpan {
 public:
  SdkSpan(std::shared_ptr<api::Span> span, DropLog& drops)
      : span_(std::move(span)), drops_(drops) {}
  ~SdkSpan() override {
    span_->End();
    drops_.Look();
  }
  SdkSpan(const SdkSpan&) = delete;
  SdkSpan& operator=(const SdkSpan&) = delete;

  model::SpanContext context() const override {
    const api::SpanContext known = span_->GetContext();
    model::SpanContext context;
    known.trace_id().CopyBytesTo(context.trace_id.bytes);
    known.span_id().CopyBytesTo(context.span_id.bytes);
    context.is_sampled = known.IsSampled();
    return context;
  }
  void SetText(std::string_view key, std::string_view value) override {
    span_->SetAttribute(key, value);
  }
  void SetNumber(std::string_view key, uint64_t value) override {
    span_->SetAttribute(key, static_cast<int64_t>(value));
  }
  void Fail(std::string_view why) override { span_->SetStatus(api::StatusCode::kError, why); }

 private:
  const std::shared_ptr<api::Span> span_;
  DropLog& drops_;
};

sdk::BatchSpanProcessorOptions QueueOptions(std::chrono::milliseconds delay) {
  sdk::BatchSpanProcessorOptions options;
  options.max_queue_size = kQueuedSpans;
  options.max_export_batch_size = kBatchSpans;
  options.schedule_delay_millis = delay;
  return options;
}

}  // namespace

// The processor belongs to the provider.
struct SelfTracing::Opened {
  Opened(std::unique_ptr<sdk::BatchSpanProcessor> own_processor, const ingest::Ingestor& into,
         const SelfTracingOptions& options)
      : ingestor(into),
        processor(*own_processor),
        drops(processor),
        provider(std::move(own_processor),
                 opentelemetry::sdk::resource::Resource::Create(
                     {{"service.name", "clew"}, {"service.version", options.version}}),
                 std::make_unique<sdk::ParentBasedSampler>(
                     std::make_shared<ShareOfBodies>(options.ingest_share))),
        tracer(provider.GetTracer("clew", options.version)) {}

  const ingest::Ingestor& ingestor;
  const sdk::BatchSpanProcessor& processor;
  DropLog drops;
  sdk::TracerProvider provider;
  const std::shared_ptr<api::Tracer> tracer;
};

SelfTracing::SelfTracing(SelfTracingOptions options) : options_(std::move(options)) {}

SelfTracing::~SelfTracing() = default;

void SelfTracing::Open(ingest::Ingestor& ingestor, net::EventLoop& loop) {
  CHECK(owned_ == nullptr);
  auto exporter = std::make_unique<IngestorExporter>(ingestor, loop, std::string(kSelfTenant));
  auto processor =
      std::make_unique<sdk::BatchSpanProcessor>(std::move(exporter), QueueOptions(options_.delay));
  owned_ = std::make_unique<Opened>(std::move(processor), ingestor, options_);
  opened_.Set(owned_.get());
}

void SelfTracing::Close(std::chrono::milliseconds grace) {
  if (owned_ == nullptr) return;
  owned_->provider.Shutdown(grace);
  owned_->drops.Look();  // of what could not be stored any more
}

std::unique_ptr<model::OwnSpan> SelfTracing::Begin(const model::OwnSpanStart& start) {
  Opened* const opened = opened_.Get();
  if (opened == nullptr || !Traces(start.tenant)) return nullptr;
  api::StartSpanOptions options;
  options.parent = ParentOf(start);
  options.kind = KindOf(start.kind);
  std::shared_ptr<api::Span> span = opened->tracer->StartSpan(start.name, options);
  if (!span->IsRecording()) return nullptr;
  if (!start.tenant.empty()) span->SetAttribute("clew.tenant", start.tenant);
  return std::make_unique<SdkSpan>(std::move(span), opened->drops);
}

model::Tracer::Counters SelfTracing::counters() const {
  const Opened* const opened = opened_.Get();
  if (opened == nullptr) return {};
  return {.stored = opened->ingestor.counted().counts(ingest::Receiver::kSelf).accepted_spans,
          .dropped = opened->processor.dropped_spans()};
}

}  // namespace clew::self_tracing
