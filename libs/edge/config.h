// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/http_client.h"

namespace clew::edge {

// Where requests of a service go; more than one server takes turns.
struct ServiceConfig {
  std::string name;
  std::vector<net::Url> servers;
  bool pass_host_header = true;
};

// Requests for one of `hosts` (lower case) that came in by one of
// `entry_points` (empty: any) go to `service`.
struct RouterConfig {
  std::string name;
  std::vector<std::string> hosts;
  std::vector<std::string> entry_points;
  std::string service;
};

struct Config {
  std::vector<RouterConfig> routers;
  std::vector<ServiceConfig> services;
};

// Reads the subset of Traefik's dynamic file that the edge understands:
// http.routers.<name>.{rule,service,entryPoints} with Host() rules and
// http.services.<name>.loadBalancer.{servers[].url,passHostHeader}.
// kInvalidArgument names the file, the line and what was expected there.
base::Result<Config> ParseConfig(std::string_view yaml, std::string_view file_name);

// The hosts of "Host(`a`) || Host(`b`, `c`)", in lower case. kInvalidArgument for
// any other matcher.
base::Result<std::vector<std::string>> ParseHostRule(std::string_view rule);

}  // namespace clew::edge
