// SPDX-License-Identifier: Apache-2.0
#include "access/access.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "base/set_clock.h"
#include "base/temporary_folder.h"

namespace clew::access {
namespace {

// The tenant, or "401" and the like.
std::string Told(Access& access, std::initializer_list<net::Header> fields,
                 const net::ClientCertificate* certificate = nullptr) {
  const net::Headers headers(fields);
  const auto tenant = access.TenantOf(headers, certificate);
  return tenant.ok() ? tenant.value() : std::to_string(tenant.error().status);
}

std::unique_ptr<Access> Opened(AccessOptions options,
                               const base::Clock& clock = base::Clock::System()) {
  auto access = Access::Open(std::move(options), clock);
  EXPECT_TRUE(access.ok()) << access.error().message;
  return std::move(access).value();
}

TEST(Access, LetsEverybodyInWhenThereIsOneTenant) {
  const auto access = Opened({});
  EXPECT_EQ(Told(*access, {}), "");
  EXPECT_EQ(Told(*access, {{"x-scope-orgid", "shop"}}), "");
}

TEST(Access, AnotherTenantMayBeNamedBesideTheOne) {
  const auto access = Opened({.credentials_file = {}, .other_tenant = "clew-self"});
  EXPECT_EQ(Told(*access, {{"x-scope-orgid", "clew-self"}}), "clew-self");
  EXPECT_EQ(Told(*access, {{"x-scope-orgid", "shop"}}), "");
  EXPECT_EQ(Told(*access, {}), "");
}

TEST(Access, TakesTheTenantThatTheHeaderNames) {
  const auto access = Opened({.multitenancy = true, .credentials_file = {}});
  EXPECT_EQ(Told(*access, {{"X-Scope-OrgID", "shop"}}), "shop");
  EXPECT_EQ(Told(*access, {}), "401");
  EXPECT_EQ(Told(*access, {{"x-scope-orgid", ""}}), "401");
  EXPECT_EQ(Told(*access, {{"x-scope-orgid", "../etc"}}), "400");
  EXPECT_EQ(Told(*access, {{"x-scope-orgid", ".."}}), "400");
  EXPECT_EQ(Told(*access, {{"x-scope-orgid", std::string(151, 'a')}}), "400");
  EXPECT_EQ(Told(*access, {{"x-scope-orgid", std::string(150, 'a')}}), std::string(150, 'a'));
}

TEST(Access, ReadsCredentialsAgainWhenTheyChange) {
  const base::TemporaryFolder folder;
  const std::string path = folder.path() + "/credentials.yaml";
  const auto write = [&](const std::string& text) {
    std::ofstream(path + ".new") << text;
    std::filesystem::rename(path + ".new", path);
  };
  EXPECT_FALSE(Access::Open({.multitenancy = false, .credentials_file = path}).ok());
  write("tenants: {shop: {tokens: [one]}}");
  base::SetClock clock;
  const auto access = Opened({.multitenancy = false, .credentials_file = path}, clock);
  EXPECT_EQ(Told(*access, {{"authorization", "Bearer one"}}), "shop");
  EXPECT_EQ(Told(*access, {{"authorization", "Bearer one"}, {"x-scope-orgid", "shop"}}), "shop");
  EXPECT_EQ(Told(*access, {{"authorization", "Bearer one"}, {"x-scope-orgid", "other"}}), "403");
  EXPECT_EQ(Told(*access, {{"authorization", "Bearer two"}}), "401");
  EXPECT_EQ(Told(*access, {{"x-scope-orgid", "shop"}}), "401");

  write("tenants: {shop: {tokens: [two]}}");
  EXPECT_EQ(Told(*access, {{"authorization", "Bearer two"}}), "401");
  clock.Advance(2'000'000'000);
  EXPECT_EQ(Told(*access, {{"authorization", "Bearer two"}}), "shop");
  EXPECT_EQ(Told(*access, {{"authorization", "Bearer one"}}), "401");

  write("tenants: [");
  clock.Advance(2'000'000'000);
  EXPECT_EQ(Told(*access, {{"authorization", "Bearer two"}}), "shop");
}

// An access with these credentials, which it has read.
std::unique_ptr<Access> OpenedWith(const std::string& yaml) {
  const base::TemporaryFolder folder;
  const std::string path = folder.path() + "/credentials.yaml";
  std::ofstream(path) << yaml;
  return Opened({.multitenancy = false, .credentials_file = path});
}

TEST(Access, TakesTheTenantOfAClientCertificate) {
  const auto access = OpenedWith(
      "tenants: {shop: {certificates: [shop.example], tokens: [one]}, other: {tokens: [two]}}");
  EXPECT_TRUE(access->has_certificates());
  const net::ClientCertificate known{.alternative_names = {"shop.example"}, .common_name = {}};
  EXPECT_EQ(Told(*access, {}, &known), "shop");
  EXPECT_EQ(Told(*access, {{"x-scope-orgid", "shop"}}, &known), "shop");
  EXPECT_EQ(Told(*access, {{"x-scope-orgid", "other"}}, &known), "403");
  EXPECT_EQ(Told(*access, {{"authorization", "Bearer one"}}, &known), "shop");
  EXPECT_EQ(Told(*access, {{"authorization", "Bearer two"}}, &known), "403");
  EXPECT_EQ(Told(*access, {{"authorization", "Bearer three"}}, &known), "401");
}

TEST(Access, RefusesACertificateThatIsUnknownWhereOthersAreKnown) {
  const net::ClientCertificate unknown{.alternative_names = {"x.example"}, .common_name = "one"};
  const auto access = OpenedWith("tenants: {shop: {certificates: [shop.example], tokens: [one]}}");
  EXPECT_EQ(Told(*access, {}, &unknown), "401");
  EXPECT_EQ(Told(*access, {{"authorization", "Bearer one"}}, &unknown), "401");
  EXPECT_EQ(Told(*access, {{"authorization", "Bearer one"}}), "shop");
  EXPECT_EQ(Told(*access, {}), "401");
}

TEST(Access, LooksAtNoCertificateWhereNoneIsKnown) {
  const net::ClientCertificate any{.alternative_names = {"shop.example"}, .common_name = "one"};
  const auto access = OpenedWith("tenants: {shop: {tokens: [one]}}");
  EXPECT_FALSE(access->has_certificates());
  EXPECT_EQ(Told(*access, {{"authorization", "Bearer one"}}, &any), "shop");
  EXPECT_EQ(Told(*access, {}, &any), "401");
  EXPECT_EQ(Told(*Opened({}), {}, &any), "");
}

}  // namespace
}  // namespace clew::access
