// SPDX-License-Identifier: Apache-2.0
// Reads the edge's routes from YAML.
#include "edge/config.h"

#include <algorithm>
#include <utility>

#include "yaml/yaml_file.h"

namespace clew::edge {
namespace {

class Reader {
 public:
  explicit Reader(const yaml::YamlFile& file) : file_(file) {}

  base::Result<Config> Read(const YAML::Node& root) {
    Config config;
    TRY(file_.CheckKeys(root, {"http"}));
    const YAML::Node http = root["http"];
    if (!http) return At(root, "expected the key 'http'");
    TRY(file_.CheckKeys(http, {"routers", "services"}));
    for (const auto& entry : http["services"]) {
      config.services.push_back(TRY(ReadService(entry.first, entry.second)));
    }
    for (const auto& entry : http["routers"]) {
      config.routers.push_back(TRY(ReadRouter(entry.first, entry.second, config)));
    }
    return config;
  }

 private:
  base::Error At(const YAML::Node& node, const std::string& what) const {
    return file_.At(node, what);
  }

  base::Result<ServiceConfig> ReadService(const YAML::Node& name, const YAML::Node& node) {
    TRY(file_.CheckKeys(node, {"loadBalancer"}));
    const YAML::Node balancer = node["loadBalancer"];
    if (!balancer) return At(name, "expected the key 'loadBalancer'");
    TRY(file_.CheckKeys(balancer, {"servers", "passHostHeader"}));
    ServiceConfig service{.name = name.Scalar(), .servers = {}};
    if (const YAML::Node pass = balancer["passHostHeader"]) {
      if (pass.Scalar() != "true" && pass.Scalar() != "false")
        return At(pass, "expected true or false");
      service.pass_host_header = pass.Scalar() == "true";
    }
    TRY(file_.CheckList(balancer["servers"], "servers"));
    for (const YAML::Node& server : balancer["servers"]) {
      TRY(file_.CheckKeys(server, {"url"}));
      auto url = net::ParseUrl(TRY(file_.ReadText(server, "url")));
      if (!url.ok()) return At(server, url.error().message);
      service.servers.push_back(std::move(url).value());
    }
    return service;
  }

  base::Result<RouterConfig> ReadRouter(const YAML::Node& name, const YAML::Node& node,
                                        const Config& config) {
    TRY(file_.CheckKeys(node, {"rule", "service", "entryPoints"}));
    RouterConfig router{.name = name.Scalar(), .hosts = {}, .entry_points = {}, .service = {}};
    auto hosts = ParseHostRule(TRY(file_.ReadText(node, "rule")));
    if (!hosts.ok()) return At(node["rule"], hosts.error().message);
    router.hosts = std::move(hosts).value();
    router.service = TRY(file_.ReadText(node, "service"));
    if (std::ranges::find(config.services, router.service, &ServiceConfig::name) ==
        config.services.end()) {
      return At(node["service"], "there is no service '" + router.service + "'");
    }
    TRY(file_.CheckList(node["entryPoints"], "entry points"));
    for (const YAML::Node& entry_point : node["entryPoints"]) {
      router.entry_points.push_back(entry_point.Scalar());
    }
    return router;
  }

  const yaml::YamlFile& file_;
};

}  // namespace

base::Result<Config> ParseConfig(std::string_view yaml, std::string_view file_name) {
  const yaml::YamlFile file(file_name);
  Config config;
  const auto read = [&](const YAML::Node& root) -> base::Status {
    config = TRY(Reader(file).Read(root));
    return {};
  };
  TRY(file.Read(yaml, read));
  return config;
}

}  // namespace clew::edge
