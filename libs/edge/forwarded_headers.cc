// SPDX-License-Identifier: Apache-2.0
#include "edge/forwarded_headers.h"

#include <algorithm>

namespace clew::edge {
namespace {

bool IsHopByHop(std::string_view name) {
  switch (name.size()) {
    case 2:
      return net::EqualsIgnoringCase(name, "te");
    case 7:
      return net::EqualsIgnoringCase(name, "trailer") || net::EqualsIgnoringCase(name, "upgrade");
    case 10:
      return net::EqualsIgnoringCase(name, "connection") ||
             net::EqualsIgnoringCase(name, "keep-alive");
    case 16:
      return net::EqualsIgnoringCase(name, "proxy-connection");
    case 17:
      return net::EqualsIgnoringCase(name, "transfer-encoding");
    case 18:
      return net::EqualsIgnoringCase(name, "proxy-authenticate");
    case 19:
      return net::EqualsIgnoringCase(name, "proxy-authorization");
    default:
      return false;
  }
}

// What the edge says itself, of this hop or of the client.
bool IsOurs(std::string_view name) {
  switch (name.size()) {
    case 4:
      return net::EqualsIgnoringCase(name, "host");
    case 6:
      return net::EqualsIgnoringCase(name, "expect");
    case 9:
      return net::EqualsIgnoringCase(name, "x-real-ip");
    case 14:
      return net::EqualsIgnoringCase(name, "content-length");
    default:
      return name.size() > 12 && net::EqualsIgnoringCase(name.substr(0, 12), "x-forwarded-") &&
             (net::EqualsIgnoringCase(name.substr(12), "for") ||
              net::EqualsIgnoringCase(name.substr(12), "host") ||
              net::EqualsIgnoringCase(name.substr(12), "port") ||
              net::EqualsIgnoringCase(name.substr(12), "proto") ||
              net::EqualsIgnoringCase(name.substr(12), "server"));
  }
}

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

void RemoveHopByHop(net::Headers& headers) {
  // The header may itself be removed on the way; its text stays.
  const std::string_view connection = headers.Get("connection").value_or("");
  headers.RemoveIf(
      [&](std::string_view name) { return IsHopByHop(name) || Lists(connection, name); });
}

net::Headers ForwardedHeaders(const net::Exchange& exchange, std::string_view server_name) {
  const net::RequestHead& request = exchange.request();
  const std::string_view connection = request.headers.Get("connection").value_or("");
  net::Headers headers;
  headers.AddAll(request.headers, [&](std::string_view name) {
    return !IsHopByHop(name) && !IsOurs(name) && !Lists(connection, name);
  });
  const std::string_view remote = exchange.remote_address();
  const std::string_view client = remote.substr(0, remote.rfind(':'));
  const std::string_view authority = request.authority;
  const bool tls = exchange.is_tls();
  const size_t colon = authority.rfind(':');
  headers.Add("X-Forwarded-For", client);
  headers.Add("X-Forwarded-Host", authority);
  headers.Add("X-Forwarded-Port", colon != std::string_view::npos ? authority.substr(colon + 1)
                                  : tls                           ? "443"
                                                                  : "80");
  headers.Add("X-Forwarded-Proto", tls ? "https" : "http");
  headers.Add("X-Forwarded-Server", server_name);
  headers.Add("X-Real-Ip", client);
  return headers;
}

}  // namespace clew::edge
