// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

// OpenSSL's connection, so that nobody else needs its headers.
struct ssl_st;

namespace clew::net {

// The names of a certificate that a client has shown and that an authority of ours has signed.
struct ClientCertificate {
  std::vector<std::string> alternative_names;  // DNS names and URIs, in its order
  std::string common_name;                     // of its subject; empty: it has none
};

// What the other side of a connection has shown; null when that is nothing, or was not verified.
std::unique_ptr<const ClientCertificate> ReadClientCertificate(const ssl_st* ssl);

}  // namespace clew::net
