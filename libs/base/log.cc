// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <cstdio>
#include <deque>

#include "base/clock.h"
#include "base/json_text.h"
#include "base/log_fields.h"
#include "base/mutex.h"
#include "base/time_text.h"

namespace clew::base {
namespace {

constexpr const char* kTextPattern = "%Y-%m-%dT%H:%M:%S.%e%z %^%l%$ %v";

spdlog::logger& Logger() {
  static const auto logger = [] {
    auto made = spdlog::stderr_color_mt("clew");
    made->set_pattern(kTextPattern);
    return made;
  }();
  return *logger;
}

// Relaxed: a line that is written while it changes may have either form.
std::atomic<LogFormat>& Format() {
  static std::atomic<LogFormat> format{LogFormat::kText};
  return format;
}

std::string_view NameOf(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
  }
  return "unknown";
}

spdlog::level::level_enum SpdlogLevel(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      break;
  }
  return spdlog::level::err;
}

// On one line, in quotes.
void AppendQuoted(std::string_view text, std::string& out) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  out += '"';
}

bool NeedsQuotes(std::string_view text) {
  return text.empty() || text.find_first_of(" \"=\\\n\t") != std::string_view::npos;
}

std::string NumberText(double number, const char* format) {
  char text[64];
  std::snprintf(text, sizeof text, format, number);
  return text;
}

std::string JsonLine(LogLevel level, std::string_view message, LogFields fields) {
  std::string line = R"({"time":")" + TimeText(Clock::System().UnixNanos()) + R"(","level":")";
  line.append(NameOf(level)).append(R"(","message":)");
  AppendJsonString(message, line);
  for (const LogField& field : fields) {
    line += ',';
    AppendJsonString(field.name, line);
    line += ':';
    if (const auto* const text = std::get_if<std::string_view>(&field.value)) {
      AppendJsonString(*text, line);
    } else if (const auto* const number = std::get_if<uint64_t>(&field.value)) {
      line += std::to_string(*number);
    } else {
      line += NumberText(std::get<double>(field.value), "%.3f");
    }
  }
  return line + "}";
}

// The last lines.
class Recent {
 public:
  void Add(std::string line) {
    if (line.size() > kRecentLineBytes) line.resize(kRecentLineBytes);
    const MutexLock lock(mutex_);
    lines_.push_back(std::move(line));
    if (lines_.size() > kRecentLines) lines_.pop_front();
  }
  std::vector<std::string> Lines() const {
    const MutexLock lock(mutex_);
    return {lines_.begin(), lines_.end()};
  }

 private:
  mutable Mutex mutex_;
  std::deque<std::string> lines_ GUARDED_BY(mutex_);
};

Recent& RecentLines() {
  static Recent recent;
  return recent;
}

std::string WithFields(std::string_view message, LogFields fields) {
  std::string line(message);
  return fields.empty() ? line : line + " " + FieldsText(fields);
}

void Remember(LogLevel level, std::string_view message, LogFields fields) {
  std::vector<LogField> shown(fields.begin(), fields.end());
  for (LogField& field : shown) {
    if (field.is_content) field.value = std::string_view("(left out)");
  }
  std::string line = TimeText(Clock::System().UnixNanos()) + " ";
  line.append(NameOf(level)).append(" ").append(WithFields(message, shown));
  RecentLines().Add(std::move(line));
}

}  // namespace

void Log(LogLevel level, std::string_view message, LogFields fields) {
  if (level != LogLevel::kDebug) Remember(level, message, fields);
  if (!Logger().should_log(SpdlogLevel(level))) return;
  const bool json = Format().load(std::memory_order_relaxed) == LogFormat::kJson;
  Logger().log(SpdlogLevel(level), "{}",
               json ? JsonLine(level, message, fields) : WithFields(message, fields));
}

std::string FieldsText(LogFields fields) {
  std::string text;
  for (const LogField& field : fields) {
    if (!text.empty()) text += ' ';
    text.append(field.name).append("=");
    if (const auto* const value = std::get_if<std::string_view>(&field.value)) {
      if (field.is_content || NeedsQuotes(*value)) {
        AppendQuoted(*value, text);
      } else {
        text += *value;
      }
    } else if (const auto* const number = std::get_if<uint64_t>(&field.value)) {
      text += std::to_string(*number);
    } else {
      text += NumberText(std::get<double>(field.value), "%.1f");
    }
  }
  return text;
}

std::vector<std::string> RecentLogLines() {
  return RecentLines().Lines();
}

void SetLogFormat(LogFormat format) {
  Format().store(format, std::memory_order_relaxed);
  Logger().set_pattern(format == LogFormat::kJson ? "%v" : kTextPattern);
}

void LogDebug(std::string_view message) {
  Log(LogLevel::kDebug, message, {});
}
void LogInfo(std::string_view message) {
  Log(LogLevel::kInfo, message, {});
}
void LogWarning(std::string_view message) {
  Log(LogLevel::kWarning, message, {});
}
void LogError(std::string_view message) {
  Log(LogLevel::kError, message, {});
}
void SetLogQuiet() {
  Logger().set_level(spdlog::level::warn);
}
void SetLogVerbose() {
  Logger().set_level(spdlog::level::debug);
}
bool LogsDebug() {
  return Logger().should_log(spdlog::level::debug);
}
void SetLogSilent() {
  Logger().set_level(spdlog::level::off);
}

}  // namespace clew::base
