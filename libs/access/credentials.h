// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "base/result.h"
#include "net/client_certificate.h"

namespace clew::access {

// Which tenant a token, a user and password, or a client certificate stands for. Read from YAML:
//
//   tenants:
//     shop:
//       tokens: [3f9d1c]
//       users: {alice: a password}
//       certificates: [collector.shop.example]
//
// Immutable.
class Credentials {
 public:
  // `file_name` is what errors call the text.
  static base::Result<Credentials> Parse(std::string_view yaml, std::string_view file_name);

  // The tenant of a value of the header Authorization, "Bearer TOKEN" or "Basic BASE64"; nullopt
  // when nobody has these.
  std::optional<std::string_view> TenantOf(std::string_view authorization) const;

  // The tenant of a certificate: of its first alternative name that is here, and else of its common
  // name.
  std::optional<std::string_view> TenantOf(const net::ClientCertificate& certificate) const;
  bool has_certificates() const { return has_certificates_; }

 private:
  struct Secret {
    std::string text;
    std::string tenant;
  };
  class Reader;
  const Secret* Find(std::string_view text) const;

  // By hash, so that the time a look takes says nothing of the secrets.
  std::map<base::Hash128, Secret> secrets_;
  bool has_certificates_ = false;
};

}  // namespace clew::access
