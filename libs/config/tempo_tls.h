// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/foreign_keys.h"
#include "config/settings.h"

namespace clew::config {

// What Tempo's TLS is here, where all ports have one certificate: "tls-cert", "tls-key" and
// "tls-client-ca", and what is lost with that, by the lines of its file.
struct TempoTls {
  std::vector<Setting> settings{};
  std::vector<std::pair<int, std::string>> notes{};
};

// Uses the keys of `server.http_tls_config` and of `tls` below the paths of receivers. Certificates
// that only receivers have count when all receivers have the same.
TempoTls TakeTempoTls(ForeignKeys& keys, std::span<const std::string_view> receivers);

}  // namespace clew::config
