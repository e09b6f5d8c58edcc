// SPDX-License-Identifier: Apache-2.0
// The first line is the header Authorization, the rest the file of credentials. Properties: a file
// is refused with its name and what is wrong, or whoever gets in is of some tenant; and of a file
// with one known token this header lets somebody in only if it is that token.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "access/credentials.h"

namespace {

using clew::access::Credentials;

void Require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const size_t line = std::min(text.find('\n'), text.size());
  const std::string_view header = text.substr(0, line);
  const std::string_view yaml = text.substr(std::min(line + 1, text.size()));

  const auto parsed = Credentials::Parse(yaml, "f");
  if (parsed.ok()) {
    const auto tenant = parsed.value().TenantOf(header);
    Require(!tenant || !tenant->empty());
  } else {
    Require(parsed.error().message.starts_with("f"));
  }
  static const Credentials known =
      Credentials::Parse("tenants: {shop: {tokens: [one]}}", "g").value();
  if (known.TenantOf(header)) Require(header.find("one") != std::string_view::npos);
  return 0;
}
