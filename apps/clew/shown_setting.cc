// SPDX-License-Identifier: Apache-2.0
#include "shown_setting.h"

#include <algorithm>
#include <utility>

#include "net/shown_url.h"

namespace clew {
namespace {

std::string ShownHeader(const std::string& header) {
  const size_t colon = header.find(':');
  return colon == std::string::npos ? kLeftOut : header.substr(0, colon) + ": " + kLeftOut;
}

std::string ShownValue(const std::string& key, const std::string& value) {
  if (key == "forward-header") return ShownHeader(value);
  return key == "forward" ? ShownDestination(value) : net::ShownUrls(value);
}

}  // namespace

std::string ShownDestination(const std::string& url) {
  std::string shown = net::ShownUrl(url);
  const size_t scheme = shown.find("://");
  if (scheme == std::string::npos) return shown;
  const size_t path = std::min(shown.find('/', scheme + 3), shown.size());
  const std::string usual = shown.substr(path, shown.find('?', path) - path);
  // Some have their key in the path.
  if (usual.empty() || usual == "/" || usual == "/v1/traces") return shown;
  return shown.substr(0, path) + "/" + kLeftOut;
}

config::Setting Shown(config::Setting setting) {
  for (std::string& value : setting.values) value = ShownValue(setting.key, value);
  return setting;
}

}  // namespace clew
