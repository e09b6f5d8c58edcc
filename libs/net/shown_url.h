// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

// URLs as logs, errors and lists of settings may show them. A user, a password and whatever else
// stands before the last '@' are left out, and so are the parameters, which may be a key.
namespace clew::net {

// Of a text that is one URL, right or not.
std::string ShownUrl(std::string_view url);

// Of a text with URLs in it, which end at a blank or a quote.
std::string ShownUrls(std::string_view text);

}  // namespace clew::net
