// SPDX-License-Identifier: Apache-2.0
#include "edge/forwarded_headers.h"

#include <algorithm>
#include <array>
#include <string>

namespace clew::edge {
namespace {

constexpr std::array<std::string_view, 9> kHopByHop = {"connection",
                                                       "keep-alive",
                                                       "proxy-connection",
                                                       "proxy-authenticate",
                                                       "proxy-authorization",
                                                       "trailer",
                                                       "transfer-encoding",
                                                       "upgrade",
                                                       "te"};

// True when the comma-separated `list` has `name` as an element.
bool Lists(std::string_view list, std::string_view name) {
  while (!list.empty()) {
    const size_t comma = list.find(',');
    std::string_view element = list.substr(0, comma);
    while (element.starts_with(' ')) element.remove_prefix(1);
    while (element.ends_with(' ')) element.remove_suffix(1);
    if (net::EqualsIgnoringCase(element, name)) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
  return false;
}

}  // namespace

net::Headers WithoutHopByHop(const net::Headers& headers) {
  const std::string_view connection = headers.Get("connection").value_or("");
  net::Headers kept;
  for (const net::Header& header : headers) {
    const bool hop = std::ranges::any_of(kHopByHop, [&](std::string_view name) {
      return net::EqualsIgnoringCase(name, header.name);
    });
    if (!hop && !Lists(connection, header.name)) kept.Add(header.name, header.value);
  }
  return kept;
}

void SetForwarded(const net::Exchange& exchange, std::string_view server_name,
                  net::Headers& headers) {
  const std::string_view remote = exchange.remote_address();
  const std::string client(remote.substr(0, remote.rfind(':')));
  const std::string& authority = exchange.request().authority;
  const bool tls = exchange.is_tls();
  const size_t colon = authority.rfind(':');
  headers.Set("X-Forwarded-For", client);
  headers.Set("X-Forwarded-Host", authority);
  headers.Set("X-Forwarded-Port",
              colon == std::string::npos ? (tls ? "443" : "80") : authority.substr(colon + 1));
  headers.Set("X-Forwarded-Proto", tls ? "https" : "http");
  headers.Set("X-Forwarded-Server", std::string(server_name));
  headers.Set("X-Real-Ip", client);
}

}  // namespace clew::edge
