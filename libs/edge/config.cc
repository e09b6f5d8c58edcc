// SPDX-License-Identifier: Apache-2.0
// Reads the edge's routes from YAML. yaml-cpp throws, so its exceptions end in
// this file; every node carries its line, and so does every error made here.
#include "edge/config.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace clew::edge {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view file_name) : file_name_(file_name) {}

  base::Result<Config> Read(const YAML::Node& root) {
    Config config;
    TRY(CheckKeys(root, {"http"}));
    const YAML::Node http = root["http"];
    if (!http) return At(root, "expected the key 'http'");
    TRY(CheckKeys(http, {"routers", "services"}));
    for (const auto& entry : http["services"]) {
      config.services.push_back(TRY(ReadService(entry.first, entry.second)));
    }
    for (const auto& entry : http["routers"]) {
      config.routers.push_back(TRY(ReadRouter(entry.first, entry.second, config)));
    }
    return config;
  }

  base::Error At(const YAML::Mark& mark, const std::string& what) const {
    return {base::ErrorCode::kInvalidArgument,
            file_name_ + ":" + std::to_string(mark.line + 1) + ": " + what};
  }

 private:
  base::Error At(const YAML::Node& node, const std::string& what) const {
    return At(node.Mark(), what);
  }

  // A map (or nothing at all) that has no other keys than these.
  base::Status CheckKeys(const YAML::Node& node, std::initializer_list<std::string_view> known) {
    if (node && !node.IsNull() && !node.IsMap()) return At(node, "expected keys and values");
    for (const auto& entry : node) {
      const std::string key = entry.first.Scalar();
      if (std::ranges::find(known, key) != known.end()) continue;
      std::string what = "unknown key '" + key + "'; known here:";
      for (const std::string_view name : known) what += " " + std::string(name);
      return At(entry.first, what);
    }
    return {};
  }

  base::Result<std::string> ReadText(const YAML::Node& parent, const char* key) {
    const YAML::Node node = parent[key];
    if (!node) return At(parent, std::string("expected the key '") + key + "'");
    if (!node.IsScalar() || node.Scalar().empty()) return At(node, "expected a text");
    return node.Scalar();
  }

  base::Result<ServiceConfig> ReadService(const YAML::Node& name, const YAML::Node& node) {
    TRY(CheckKeys(node, {"loadBalancer"}));
    const YAML::Node balancer = node["loadBalancer"];
    if (!balancer) return At(name, "expected the key 'loadBalancer'");
    TRY(CheckKeys(balancer, {"servers", "passHostHeader"}));
    ServiceConfig service{.name = name.Scalar(), .servers = {}};
    if (const YAML::Node pass = balancer["passHostHeader"]) {
      if (pass.Scalar() != "true" && pass.Scalar() != "false")
        return At(pass, "expected true or false");
      service.pass_host_header = pass.Scalar() == "true";
    }
    if (balancer["servers"] && !balancer["servers"].IsSequence()) {
      return At(balancer["servers"], "expected a list of servers");
    }
    for (const YAML::Node& server : balancer["servers"]) {
      TRY(CheckKeys(server, {"url"}));
      auto url = net::ParseUrl(TRY(ReadText(server, "url")));
      if (!url.ok()) return At(server, url.error().message);
      service.servers.push_back(std::move(url).value());
    }
    return service;
  }

  base::Result<RouterConfig> ReadRouter(const YAML::Node& name, const YAML::Node& node,
                                        const Config& config) {
    TRY(CheckKeys(node, {"rule", "service", "entryPoints"}));
    RouterConfig router{.name = name.Scalar(), .hosts = {}, .entry_points = {}, .service = {}};
    auto hosts = ParseHostRule(TRY(ReadText(node, "rule")));
    if (!hosts.ok()) return At(node["rule"], hosts.error().message);
    router.hosts = std::move(hosts).value();
    router.service = TRY(ReadText(node, "service"));
    if (std::ranges::find(config.services, router.service, &ServiceConfig::name) ==
        config.services.end()) {
      return At(node["service"], "there is no service '" + router.service + "'");
    }
    if (node["entryPoints"] && !node["entryPoints"].IsSequence()) {
      return At(node["entryPoints"], "expected a list of entry points");
    }
    for (const YAML::Node& entry_point : node["entryPoints"]) {
      router.entry_points.push_back(entry_point.Scalar());
    }
    return router;
  }

  std::string file_name_;
};

}  // namespace

base::Result<Config> ParseConfig(std::string_view yaml, std::string_view file_name) {
  Reader reader(file_name);
  try {
    return reader.Read(YAML::Load(std::string(yaml)));
  } catch (const YAML::Exception& error) {
    return reader.At(error.mark, error.msg);
  }
}

}  // namespace clew::edge
