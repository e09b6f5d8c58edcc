// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "reference/span.h"

// The smallest parts of a text test.
namespace clew::reference {

// "text", 5, 5.0, true, null, bytes:0aff, [1, 2], {a=1, b="x"}; also nan, inf and -inf.
base::Result<AttributeValue> ParseValue(std::string_view text);

// `10ms` or `-1h30m` in nanoseconds; none for anything else.
std::optional<int64_t> ParseDuration(std::string_view text);

// The words of a line: spaces inside of quotes and brackets do not part them.
std::vector<std::string> WordsOf(std::string_view line);

// A word `key=value` in its two parts; none when it has no `=` outside of quotes.
struct KeyAndText {
  std::string key;
  std::string text;
};
std::optional<KeyAndText> SplitAssignment(std::string_view word);

}  // namespace clew::reference
