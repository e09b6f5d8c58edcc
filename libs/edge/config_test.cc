// SPDX-License-Identifier: Apache-2.0
#include "edge/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using testing::ElementsAre;
using testing::HasSubstr;

namespace clew::edge {
namespace {

TEST(HostRule, TakesSeveralHostsInLowerCase) {
  EXPECT_THAT(ParseHostRule("Host(`A.localhost`) || Host(`b`, \"c\")").value(),
              ElementsAre("a.localhost", "b", "c"));
}

TEST(HostRule, NamesTheColumnOfAnythingElse) {
  EXPECT_THAT(ParseHostRule("Host(`a`) && Path(`/b`)").error().message, HasSubstr("column 11"));
  EXPECT_THAT(ParseHostRule("PathPrefix(`/`)").error().message, HasSubstr("column 1;"));
  EXPECT_FALSE(ParseHostRule("Host(`a").ok());
  EXPECT_FALSE(ParseHostRule("").ok());
}

constexpr std::string_view kGood = R"yaml(http:
  routers:
    shop:
      rule: "Host(`shop.localhost`)"
      entryPoints: [web]
      service: shop
  services:
    shop:
      loadBalancer:
        passHostHeader: false
        servers:
          - url: "http://127.0.0.1:9001"
          - url: "http://127.0.0.1:9002"
)yaml";

TEST(Config, ReadsRoutersAndServices) {
  const Config config = ParseConfig(kGood, "edge.yaml").value();
  EXPECT_THAT(config.routers[0].hosts, ElementsAre("shop.localhost"));
  EXPECT_THAT(config.routers[0].entry_points, ElementsAre("web"));
  EXPECT_EQ(config.services[0].servers[1].endpoint.port, 9002);
  EXPECT_FALSE(config.services[0].pass_host_header);
}

std::string ErrorOf(std::string_view yaml) {
  return ParseConfig(yaml, "edge.yaml").error().message;
}

TEST(Config, AnUnknownKeyIsAnErrorWithItsLine) {
  EXPECT_EQ(ErrorOf("http:\n  middlewares: {}\n"),
            "edge.yaml:2: unknown key 'middlewares'; known here: routers services");
}

TEST(Config, ARouterWithoutItsServiceIsAnErrorWithItsLine) {
  EXPECT_EQ(ErrorOf("http:\n  routers:\n    a:\n      rule: Host(`a`)\n      service: gone\n"),
            "edge.yaml:5: there is no service 'gone'");
}

TEST(Config, BrokenYamlIsAnErrorWithItsLine) {
  EXPECT_THAT(ErrorOf("http:\n  routers: [\n"), HasSubstr("edge.yaml:"));
}

}  // namespace
}  // namespace clew::edge
