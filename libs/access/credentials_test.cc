// SPDX-License-Identifier: Apache-2.0
#include "access/credentials.h"

#include <gmock/gmock.h>

namespace clew::access {
namespace {

std::string ErrorOf(std::string_view yaml) {
  const auto read = Credentials::Parse(yaml, "c.yaml");
  return read.ok() ? "" : read.error().message;
}

TEST(Credentials, FindTheTenantOfATokenOrAUser) {
  const auto read = Credentials::Parse(R"(
tenants:
  shop:
    tokens: [one, "two words"]
    users: {alice: "pass:word"}
  warehouse:
    tokens:
      - three
)",
                                       "c.yaml");
  ASSERT_TRUE(read.ok()) << read.error().message;
  const Credentials& credentials = read.value();
  EXPECT_EQ(credentials.TenantOf("Bearer one"), "shop");
  EXPECT_EQ(credentials.TenantOf("bearer   two words"), "shop");
  EXPECT_EQ(credentials.TenantOf("Bearer three"), "warehouse");
  EXPECT_EQ(credentials.TenantOf("Basic YWxpY2U6cGFzczp3b3Jk"), "shop");  // alice:pass:word
  for (const char* wrong : {"", "Bearer", "Bearer ", "Bearer four", "one", "Basic one",
                            "Basic YWxpY2U6", "Bearer alice:pass:word", "Digest one"}) {
    EXPECT_EQ(credentials.TenantOf(wrong), std::nullopt) << wrong;
  }
}

TEST(Credentials, FindTheTenantOfACertificateByItsAlternativeNamesBeforeItsCommonName) {
  const auto read = Credentials::Parse(R"(
tenants:
  shop:
    certificates: [collector.shop.example, "spiffe://clew/shop"]
  warehouse: {certificates: [forklift], tokens: [one]}
)",
                                       "c.yaml");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_TRUE(read.value().has_certificates());
  using Names = std::vector<std::string>;
  const auto tenant_of = [&](Names names, std::string common_name) {
    const net::ClientCertificate certificate{std::move(names), std::move(common_name)};
    return std::string(read.value().TenantOf(certificate).value_or("nobody"));
  };
  EXPECT_EQ(tenant_of({"collector.shop.example"}, "forklift"), "shop");
  EXPECT_EQ(tenant_of({"x.example", "spiffe://clew/shop"}, ""), "shop");
  EXPECT_EQ(tenant_of({"x.example"}, "forklift"), "warehouse");
  EXPECT_EQ(tenant_of({"collector.shop.example.org", "COLLECTOR.shop.example"}, "one"), "nobody");
  EXPECT_EQ(tenant_of({std::string("forklift\0", 9), "*"}, ""), "nobody");
  EXPECT_EQ(read.value().TenantOf("Bearer forklift"), std::nullopt);
}

TEST(Credentials, SayWhatIsWrongWithTheirFile) {
  EXPECT_EQ(ErrorOf("tenant: {}"), "c.yaml:1: unknown key 'tenant'; did you mean 'tenants'?");
  EXPECT_EQ(ErrorOf("{}"), "c.yaml:1: expected the key 'tenants'");
  EXPECT_THAT(ErrorOf("tenants:\n  a/b: {tokens: [x]}"),
              testing::StartsWith("c.yaml:2: a tenant's name is 1 to 150 letters"));
  EXPECT_EQ(ErrorOf("tenants:\n  a:\n    token: [x]"),
            "c.yaml:3: unknown key 'token'; did you mean 'tokens'?");
  EXPECT_EQ(ErrorOf("tenants:\n  a: {tokens: x}"), "c.yaml:2: expected a list of tokens");
  EXPECT_EQ(ErrorOf("tenants:\n  a: {tokens: ['']}"), "c.yaml:2: expected a text");
  EXPECT_EQ(ErrorOf("tenants:\n  a: {certificates: x}"),
            "c.yaml:2: expected a list of certificates");
  EXPECT_EQ(ErrorOf("tenants:\n  a: {certificates: [x]}\n  b: {certificates: [x]}"),
            "c.yaml:3: stands for a tenant already");
  EXPECT_EQ(ErrorOf("tenants:\n  a: {users: {'b:c': d}}"),
            "c.yaml:2: a user's name is not empty and has no colon");
  EXPECT_EQ(ErrorOf("tenants:\n  a: {tokens: [x]}\n  b: {tokens: [x]}"),
            "c.yaml:3: stands for a tenant already");
}

}  // namespace
}  // namespace clew::access
