// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"
#include "net/http_client.h"
#include "uservice/options.h"

namespace clew::demo {

// Waits as long as a mock database takes: a random time in the range, on a timer.
net::Task<void> CallMockDatabase(net::EventLoop& loop, DelayRange delay);

// The other service, called over kept connections and with a deadline. Belongs
// to one loop. Prints each call, its status and its body to stdout.
class UpstreamCaller {
 public:
  // kInvalidArgument when it is not a URL.
  static base::Result<UpstreamCaller> Make(net::EventLoop& loop, const std::string& url);

  // GETs the URL with these headers on top.
  net::Task<base::Result<net::WholeResponse>> Get(net::Headers headers);

  const net::Endpoint& endpoint() const { return url_.endpoint; }

 private:
  UpstreamCaller(net::EventLoop& loop, std::string text, net::Url url);

  std::string text_;
  net::Url url_;
  std::unique_ptr<net::HttpClient> client_;
};

}  // namespace clew::demo
