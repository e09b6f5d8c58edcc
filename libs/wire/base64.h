// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace clew::wire {

// The bytes of a base64 text: standard or URL alphabet, padding optional. nullopt
// when it is none. Source: RFC 4648.
std::optional<std::string> DecodeBase64(std::string_view text);

}  // namespace clew::wire
