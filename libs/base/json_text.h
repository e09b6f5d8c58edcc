// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace clew::base {

// Appends a JSON string, with its quotes. Text that is not UTF-8 has a question mark for each
// byte outside ASCII, so that what is written can always be read.
void AppendJsonString(std::string_view text, std::string& out);

}  // namespace clew::base
