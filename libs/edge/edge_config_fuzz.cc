// SPDX-License-Identifier: Apache-2.0
// Properties: a text is refused with its file and what is wrong, or every router has hosts in lower
// case and a service that is there, and every service somebody to ask.
#include <algorithm>
#include <cctype>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "edge/config.h"

namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

void Check(const clew::edge::Config& config) {
  for (const auto& service : config.services) Require(!service.servers.empty());
  for (const auto& router : config.routers) {
    Require(!router.hosts.empty());
    for (const std::string& host : router.hosts) {
      Require(std::ranges::none_of(host, [](unsigned char c) { return std::isupper(c) != 0; }));
    }
    Require(std::ranges::any_of(config.services,
                                [&](const auto& one) { return one.name == router.service; }));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto config = clew::edge::ParseConfig(text, "f");
  if (config.ok()) {
    Check(config.value());
  } else {
    Require(config.error().message.starts_with("f"));
  }
  return 0;
}
