// SPDX-License-Identifier: Apache-2.0
// What stands behind the proxies of a bench: answers GET with a small or a large
// body and swallows what is posted, on one thread, with as little work as can be,
// so that the proxy is what limits the load.
//
//   upstream PORT
#include <charconv>
#include <cstdio>
#include <string>

#include "net/exchange.h"
#include "net/server.h"

namespace clew {
namespace {

class Upstream final : public net::Handler {
 public:
  Upstream() : large_(1 << 20, 'x') {
    small_ = R"({"status":"ok","items":[)";
    for (int i = 0; i < 70; ++i) small_ += std::to_string(i) + ",";
    small_ += "70]}";
  }

  net::Task<void> Handle(net::Exchange& exchange) override {
    const bool posted = exchange.request().method == "POST";
    bool more = posted;
    while (more) {
      const auto piece = co_await exchange.ReadBody();
      if (!piece.ok()) co_return;
      more = !piece.value().empty();
    }
    const std::string_view body = posted                                  ? std::string_view()
                                  : exchange.request().target == "/large" ? large_
                                                                          : small_;
    net::ResponseHead head;
    head.headers.Add("Server", "upstream");
    head.headers.Add("Content-Type", "application/json");
    (void)co_await exchange.Reply(std::move(head), body);
  }

 private:
  std::string small_;
  std::string large_;
};

int Run(uint16_t port) {
  net::EventLoop loop;
  Upstream upstream;
  net::ListenOptions options;
  options.port = port;
  const auto server = net::Server::Listen(options, {&loop}, upstream);
  if (!server.ok()) {
    std::fprintf(stderr, "upstream: %s\n", server.error().message.c_str());
    return 1;
  }
  loop.Run();  // until the signal that ends the process
  return 0;
}

}  // namespace
}  // namespace clew

int main(int argc, char** argv) {
  uint16_t port = 0;
  const std::string_view text = argc == 2 ? argv[1] : "";
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) {
    std::fprintf(stderr, "usage: upstream PORT\n");
    return 2;
  }
  return clew::Run(port);
}
