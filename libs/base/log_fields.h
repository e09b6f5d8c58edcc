// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// Lines of the log that say more than a sentence, their form, and the last of them.
namespace clew::base {

enum class LogFormat : uint8_t {
  kText,  // time, level and message, and the fields as name=value
  kJson   // one object a line: time (RFC 3339), level, message, and the fields beside them
};
// From now on. Thread-safe, as all below.
void SetLogFormat(LogFormat format);

enum class LogLevel : uint8_t { kDebug, kInfo, kWarning, kError };

// Something a program may look for in a line. Its text is the caller's.
struct LogField {
  std::string_view name;
  std::variant<std::string_view, uint64_t, double> value;
  // What somebody asked or sent, and not what the server did: RecentLogLines leaves it out.
  bool is_content = false;
};
using LogFields = std::span<const LogField>;

void Log(LogLevel level, std::string_view message, LogFields fields);

// `name=value other="a \"b\""`, on one line: text in quotes where it needs them, and content
// always; numbers with a fraction have one digit of it.
std::string FieldsText(LogFields fields);

// The last lines above debug as text, also those that a quiet log does not show, the oldest first:
// kRecentLines at most, of kRecentLineBytes each.
std::vector<std::string> RecentLogLines();
inline constexpr size_t kRecentLines = 1000;
inline constexpr size_t kRecentLineBytes = 1000;

}  // namespace clew::base
