// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/http_client.h"
#include "net/server.h"
#include "opentelemetry/sdk/trace/tracer_provider.h"
#include "opentelemetry/trace/tracer.h"
#include "shop/dice.h"
#include "shop/shop.h"

namespace clew::shop {

class OpenShop;

// One service of the shop for real: answers HTTP by taking the steps of the operation that is
// asked for, and tells of each by a span. Belongs to one loop.
class ShopService final : public net::Handler {
 public:
  ShopService(OpenShop& shop, uint32_t number,
              std::shared_ptr<opentelemetry::sdk::trace::TracerProvider> tracing);
  ~ShopService() override;

  net::Task<void> Handle(net::Exchange& exchange) override;
  // A message of a queue with the sender's context in its headers, which is looked at after the
  // wait.
  net::Task<void> Consume(std::string operation, std::string queue, net::Headers headers,
                          Nanos wait);

 private:
  using Context = opentelemetry::context::Context;
  using SpanPointer = std::shared_ptr<opentelemetry::trace::Span>;
  class Join;

  SpanPointer StartServing(net::Exchange& exchange, const std::string& operation, Dice& dice);
  net::Task<void> Run(const std::vector<Step>& steps, Context context, Dice& dice);
  net::Task<void> Repeat(const Step& step, Context context, Dice& dice);
  net::Task<void> RunOnce(const Step& step, Context context, Dice& dice);
  net::Task<void> RunPart(const Step& step, Context context, Dice& dice, Join& join);
  net::Task<void> RunTogether(const std::vector<Step>& steps, Context context, Dice& dice);
  net::Task<void> AskPeer(const Step& step, Context context, Dice& dice);
  net::Task<void> Call(const Step& step, Context context, Dice& dice, bool fails);
  void Send(const Step& step, const Context& context, Dice& dice);

  OpenShop& shop_;
  const uint32_t number_;
  const std::shared_ptr<opentelemetry::sdk::trace::TracerProvider> tracing_;
  const std::shared_ptr<opentelemetry::trace::Tracer> tracer_;
  net::HttpClient client_;
};

// All services of a shop in this process, each listening on a port of its own of 127.0.0.1.
class OpenShop {
 public:
  // Spans go to that URL. Errors are those of net::Server::Listen.
  static base::Result<std::unique_ptr<OpenShop>> Open(net::EventLoop& loop, const Shop& shop,
                                                      const std::string& traces_url);

  // Requests from now on are served as this shop does, which outlives it: the same services
  // with other steps. Safe from any thread.
  void Become(const Shop& shop) { shop_.store(&shop); }
  const Shop& shop() const { return *shop_.load(); }

  net::EventLoop& loop() { return loop_; }
  uint16_t PortOf(uint32_t service) const { return servers_[service]->port(); }
  ShopService& service(uint32_t number) { return *services_[number]; }
  // Different for every request.
  uint64_t NextSeed() { return ++seed_; }

  // Blocks; the loop must be running. The services answer what they have begun.
  void Close();

 private:
  OpenShop(net::EventLoop& loop, const Shop& shop) : loop_(loop), shop_(&shop) {}

  net::EventLoop& loop_;
  std::atomic<const Shop*> shop_;
  std::atomic<uint64_t> seed_ = 0;
  std::vector<std::unique_ptr<ShopService>> services_;
  std::vector<std::unique_ptr<net::Server>> servers_;
};

}  // namespace clew::shop
