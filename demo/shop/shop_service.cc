// SPDX-License-Identifier: Apache-2.0

#include "shop/shop_service.h"

#include <charconv>
#include <coroutine>
#include <optional>
#include <utility>

#include "opentelemetry/context/propagation/global_propagator.h"
#include "opentelemetry/trace/context.h"
#include "shop/tracing.h"
#include "uservice/header_carrier.h"

namespace clew::shop {

namespace trace = opentelemetry::trace;
using opentelemetry::context::Context;
using opentelemetry::context::propagation::GlobalTextMapPropagator;

namespace {

constexpr std::chrono::seconds kCallTimeout{120};
constexpr std::chrono::seconds kDrainGrace{2};
constexpr std::chrono::seconds kLastExport{3};
constexpr size_t kBodyLimit = 1 << 20;
// On a request that shall fail: after how many nanoseconds.
constexpr std::string_view kFailsAfter = "shop-fails-after";

trace::StartSpanOptions ChildOf(const Context& context, trace::SpanKind kind) {
  trace::StartSpanOptions options;
  options.parent = context;
  options.kind = kind;
  return options;
}

Context Extract(net::Headers& headers) {
  Context empty;
  return GlobalTextMapPropagator::GetGlobalPropagator()->Extract(demo::HeaderCarrier(headers),
                                                                 empty);
}

net::Headers Inject(const Context& context, const std::shared_ptr<trace::Span>& span) {
  net::Headers headers;
  demo::HeaderCarrier carrier(headers);
  GlobalTextMapPropagator::GetGlobalPropagator()->Inject(carrier, trace::SetSpan(context, span));
  return headers;
}

// "GET /cart" as its two words.
std::pair<std::string, std::string> MethodAndPath(const std::string& operation) {
  const size_t space = operation.find(' ');
  if (space == std::string::npos) return {operation, "/"};
  return {operation.substr(0, space), operation.substr(space + 1)};
}

void Fail(trace::Span& span, const std::string& type) {
  span.SetAttribute("error.type", type);
  span.SetStatus(trace::StatusCode::kError);
}

std::optional<Nanos> FailsAfter(const net::Headers& headers) {
  const auto text = headers.Get(kFailsAfter);
  if (!text) return std::nullopt;
  int64_t nanos = 0;
  std::from_chars(text->data(), text->data() + text->size(), nanos);
  return Nanos(nanos);
}

}  // namespace

// Resumes one coroutine when as many others as it was made for are done.
class ShopService::Join {
 public:
  explicit Join(size_t left) : left_(left) {}

  void Done() {
    if (--left_ == 0 && waiter_) waiter_.resume();
  }
  bool await_ready() const { return left_ == 0; }
  void await_suspend(std::coroutine_handle<> waiter) { waiter_ = waiter; }
  void await_resume() const {}

 private:
  size_t left_;
  std::coroutine_handle<> waiter_;
};

ShopService::ShopService(OpenShop& shop, uint32_t number,
                         std::shared_ptr<opentelemetry::sdk::trace::TracerProvider> tracing)
    : shop_(shop),
      number_(number),
      tracing_(std::move(tracing)),
      tracer_(tracing_->GetTracer("shop")),
      client_(shop.loop()) {}

ShopService::~ShopService() {
  tracing_->Shutdown(kLastExport);
}

net::Task<void> ShopService::Handle(net::Exchange& exchange) {
  const net::RequestHead& request = exchange.request();
  const std::string operation = request.method + " " + request.target;
  const Operation* known = FindOperation(shop_.shop().services[number_], operation);
  if (known == nullptr) {
    (void)co_await net::ReplyText(exchange, 404, "text/plain", "no such operation\n");
    co_return;
  }
  Dice dice(shop_.NextSeed());
  const SpanPointer span = StartServing(exchange, operation, dice);
  const auto fails_after = FailsAfter(request.headers);
  if (fails_after) {
    co_await shop_.loop().SleepFor(*fails_after);
    Fail(*span, "503");
  } else {
    co_await Run(known->steps, trace::SetSpan(Context(), span), dice);
  }
  const int status = fails_after ? 503 : 200;
  span->SetAttribute("http.response.status_code", status);
  span->End();
  // A client that has gone away needs no answer.
  (void)co_await net::ReplyText(exchange, status, "text/plain", fails_after ? "busy\n" : "done\n");
}

ShopService::SpanPointer ShopService::StartServing(net::Exchange& exchange,
                                                   const std::string& operation, Dice& dice) {
  net::Headers headers = exchange.request().headers;
  const Context remote = Extract(headers);
  SpanPointer span = tracer_->StartSpan(operation, ChildOf(remote, trace::SpanKind::kServer));
  const auto [method, path] = MethodAndPath(operation);
  span->SetAttribute("http.request.method", method);
  span->SetAttribute("http.route", path);
  if (!trace::GetSpan(remote)->GetContext().IsValid()) {
    for (const auto& [key, values] : shop_.shop().visitors) {
      span->SetAttribute(key, values[dice.Below(static_cast<uint32_t>(values.size()))]);
    }
  }
  return span;
}

net::Task<void> ShopService::Consume(std::string operation, std::string queue, net::Headers headers,
                                     Nanos wait) {
  co_await shop_.loop().SleepFor(wait);
  const Operation* known = FindOperation(shop_.shop().services[number_], operation);
  if (known == nullptr) co_return;
  const SpanPointer span =
      tracer_->StartSpan(operation, ChildOf(Extract(headers), trace::SpanKind::kConsumer));
  span->SetAttribute("messaging.system", "kafka");
  span->SetAttribute("messaging.destination.name", queue);
  span->SetAttribute("messaging.operation.type", "process");
  Dice dice(shop_.NextSeed());
  co_await Run(known->steps, trace::SetSpan(Context(), span), dice);
  span->End();
}

net::Task<void> ShopService::Run(const std::vector<Step>& steps, Context context, Dice& dice) {
  for (const Step& step : steps) co_await Repeat(step, context, dice);
}

net::Task<void> ShopService::Repeat(const Step& step, Context context, Dice& dice) {
  if (step.share < 1 && dice.Unit() >= step.share) co_return;
  for (uint32_t left = dice.Count(step.times); left > 0; --left) {
    co_await RunOnce(step, context, dice);
  }
}

net::Task<void> ShopService::RunOnce(const Step& step, Context context, Dice& dice) {
  switch (step.kind) {
    case StepKind::kWork:
      co_await shop_.loop().SleepFor(dice.Around(step.time, shop_.shop().spread));
      break;
    case StepKind::kPeer:
      co_await AskPeer(step, context, dice);
      break;
    case StepKind::kCall:
      for (uint32_t i = 0; i < step.failures; ++i) co_await Call(step, context, dice, true);
      co_await Call(step, context, dice, false);
      break;
    case StepKind::kSend:
      Send(step, context, dice);
      break;
    case StepKind::kTogether:
      co_await RunTogether(step.steps, context, dice);
      break;
  }
}

net::Task<void> ShopService::RunTogether(const std::vector<Step>& steps, Context context,
                                         Dice& dice) {
  Join join(steps.size());
  for (const Step& step : steps) shop_.loop().Spawn(RunPart(step, context, dice, join));
  co_await join;
}

net::Task<void> ShopService::RunPart(const Step& step, Context context, Dice& dice, Join& join) {
  co_await Repeat(step, context, dice);
  join.Done();
}

net::Task<void> ShopService::AskPeer(const Step& step, Context context, Dice& dice) {
  const Peer& peer = shop_.shop().peers[step.target];
  const SpanPointer span =
      tracer_->StartSpan(step.operation, ChildOf(context, trace::SpanKind::kClient));
  span->SetAttribute("server.address", peer.name);
  if (peer.system == "http") {
    const auto [method, path] = MethodAndPath(step.operation);
    span->SetAttribute("http.request.method", method);
    span->SetAttribute("url.full", "https://" + peer.name + path);
  } else {
    span->SetAttribute("db.system.name", peer.system);
    span->SetAttribute("db.query.summary", step.operation);
  }
  co_await shop_.loop().SleepFor(dice.Around(step.time, shop_.shop().spread));
  if (step.lock > Nanos(0)) co_await shop_.loop().SleepFor(dice.Exponential(step.lock));
  span->End();
}

net::Task<void> ShopService::Call(const Step& step, Context context, Dice& dice, bool fails) {
  const SpanPointer span =
      tracer_->StartSpan(step.operation, ChildOf(context, trace::SpanKind::kClient));
  const auto [method, path] = MethodAndPath(step.operation);
  span->SetAttribute("server.address", shop_.shop().services[step.target].name);
  span->SetAttribute("http.request.method", method);

  net::RequestHead head;
  head.method = method;
  head.target = path;
  head.authority = "127.0.0.1";
  head.headers = Inject(context, span);
  if (fails) {
    const Nanos after = dice.Around(step.failure_time, shop_.shop().spread);
    head.headers.Set(kFailsAfter, std::to_string(after.count()));
  }
  const Nanos way = dice.Around(shop_.shop().network + step.network, shop_.shop().spread) / 2;
  co_await shop_.loop().SleepFor(way);
  net::Endpoint endpoint;
  endpoint.host = "127.0.0.1";
  endpoint.port = shop_.PortOf(step.target);
  const auto deadline = std::chrono::steady_clock::now() + kCallTimeout;
  const auto response = co_await client_.Fetch(endpoint, std::move(head), "", deadline, kBodyLimit);
  co_await shop_.loop().SleepFor(way);
  if (!response.ok()) {
    Fail(*span, "connection");
  } else {
    const int status = response.value().head.status;
    span->SetAttribute("http.response.status_code", status);
    if (status >= 400) Fail(*span, std::to_string(status));
  }
  span->End();
}

void ShopService::Send(const Step& step, const Context& context, Dice& dice) {
  const SpanPointer span =
      tracer_->StartSpan("send " + step.queue, ChildOf(context, trace::SpanKind::kProducer));
  span->SetAttribute("messaging.system", "kafka");
  span->SetAttribute("messaging.destination.name", step.queue);
  span->SetAttribute("messaging.operation.type", "send");
  const Nanos wait = dice.Around(step.wait, shop_.shop().spread);
  shop_.loop().Spawn(
      shop_.service(step.target).Consume(step.operation, step.queue, Inject(context, span), wait));
  span->End();
}

base::Result<std::unique_ptr<OpenShop>> OpenShop::Open(net::EventLoop& loop, const Shop& shop,
                                                       const std::string& traces_url) {
  std::unique_ptr<OpenShop> open(new OpenShop(loop, shop));
  for (uint32_t i = 0; i < shop.services.size(); ++i) {
    open->services_.push_back(
        std::make_unique<ShopService>(*open, i, TraceService(shop.services[i].name, traces_url)));
    open->servers_.push_back(
        TRY(net::Server::Listen(net::ListenOptions(), {&loop}, *open->services_.back())));
  }
  return open;
}

void OpenShop::Close() {
  for (const auto& server : servers_) server->Drain(kDrainGrace);
}

}  // namespace clew::shop
