// SPDX-License-Identifier: Apache-2.0
#include "access/credentials.h"

#include <algorithm>
#include <utility>

#include "access/tenant_name.h"
#include "net/http.h"
#include "wire/base64.h"
#include "yaml/yaml_file.h"

namespace clew::access {
namespace {

// What a secret is kept under: tokens and passwords are told apart.
std::string OfToken(std::string_view token) {
  return "bearer " + std::string(token);
}
std::string OfPassword(std::string_view user_and_password) {
  return "basic " + std::string(user_and_password);
}
std::string OfCertificate(std::string_view name) {
  return "certificate " + std::string(name);
}

}  // namespace

class Credentials::Reader {
 public:
  Reader(const yaml::YamlFile& file, Credentials& credentials)
      : file_(file), credentials_(credentials) {}

  base::Status Read(const YAML::Node& root) {
    TRY(file_.CheckKeys(root, {"tenants"}));
    const YAML::Node tenants = root["tenants"];
    if (!tenants || !tenants.IsMap()) return file_.At(root, "expected the key 'tenants'");
    for (const auto& entry : tenants) TRY(ReadTenant(entry.first, entry.second));
    return {};
  }

 private:
  base::Status ReadTenant(const YAML::Node& name, const YAML::Node& node) {
    const base::Status named = CheckTenantName(name.Scalar());
    if (!named.ok()) return file_.At(name, named.error().message);
    TRY(file_.CheckKeys(node, {"tokens", "users", "certificates"}));
    TRY(file_.CheckList(node["tokens"], "tokens"));
    for (const YAML::Node& token : node["tokens"]) {
      TRY(Add(token, OfToken(token.Scalar()), name.Scalar()));
    }
    for (const auto& user : node["users"]) {
      const std::string& called = user.first.Scalar();
      if (called.empty() || called.find(':') != std::string::npos) {
        return file_.At(user.first, "a user's name is not empty and has no colon");
      }
      TRY(Add(user.second, OfPassword(called + ":" + user.second.Scalar()), name.Scalar()));
    }
    TRY(file_.CheckList(node["certificates"], "certificates"));
    for (const YAML::Node& certificate : node["certificates"]) {
      TRY(Add(certificate, OfCertificate(certificate.Scalar()), name.Scalar()));
      credentials_.has_certificates_ = true;
    }
    return {};
  }

  base::Status Add(const YAML::Node& node, std::string text, const std::string& tenant) {
    if (!node.IsScalar() || node.Scalar().empty()) return file_.At(node, "expected a text");
    const base::Hash128 hash = base::HashOf128(text);
    const bool added =
        credentials_.secrets_.try_emplace(hash, Secret{std::move(text), tenant}).second;
    if (added) return {};
    return file_.At(node, "stands for a tenant already");
  }

  const yaml::YamlFile& file_;
  Credentials& credentials_;
};

base::Result<Credentials> Credentials::Parse(std::string_view yaml, std::string_view file_name) {
  const yaml::YamlFile file(file_name);
  Credentials credentials;
  TRY(file.Read(yaml,
                [&](const YAML::Node& root) { return Reader(file, credentials).Read(root); }));
  return credentials;
}

const Credentials::Secret* Credentials::Find(std::string_view text) const {
  const auto found = secrets_.find(base::HashOf128(text));
  return found == secrets_.end() || found->second.text != text ? nullptr : &found->second;
}

std::optional<std::string_view> Credentials::TenantOf(std::string_view authorization) const {
  const size_t blank = authorization.find(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  const std::string_view scheme = authorization.substr(0, blank);
  std::string_view given = authorization.substr(blank);
  given.remove_prefix(std::min(given.find_first_not_of(' '), given.size()));
  const Secret* secret = nullptr;
  if (net::EqualsIgnoringCase(scheme, "bearer")) {
    secret = Find(OfToken(given));
  } else if (net::EqualsIgnoringCase(scheme, "basic")) {
    const std::optional<std::string> decoded = wire::DecodeBase64(given);
    if (decoded) secret = Find(OfPassword(*decoded));
  }
  if (secret == nullptr) return std::nullopt;
  return secret->tenant;
}

std::optional<std::string_view> Credentials::TenantOf(
    const net::ClientCertificate& certificate) const {
  for (const std::string& name : certificate.alternative_names) {
    const Secret* const secret = Find(OfCertificate(name));
    if (secret != nullptr) return secret->tenant;
  }
  const Secret* const secret = Find(OfCertificate(certificate.common_name));
  if (secret == nullptr) return std::nullopt;
  return secret->tenant;
}

}  // namespace clew::access
