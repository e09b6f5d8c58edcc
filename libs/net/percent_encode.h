// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace clew::net {

// Text as a part of a path or as a value of its parameters. http.h has the way back.
std::string PercentEncode(std::string_view text);

}  // namespace clew::net
