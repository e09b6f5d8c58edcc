// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "net/http.h"

namespace clew::demo {

// "Request: {" and a line for each header, names in lower case, "}". Values of
// headers that hold secrets are printed as [redacted].
std::string FormatRequest(const net::Headers& headers);

// Text in double quotes on one line, what is not printable escaped.
std::string QuoteBytes(std::string_view bytes);

}  // namespace clew::demo
