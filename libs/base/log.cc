// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace clew::base {
namespace {

spdlog::logger& Logger() {
  static const auto logger = [] {
    auto made = spdlog::stderr_color_mt("clew");
    made->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %^%l%$ %v");
    return made;
  }();
  return *logger;
}

}  // namespace

void LogDebug(std::string_view message) {
  Logger().debug("{}", message);
}
void LogInfo(std::string_view message) {
  Logger().info("{}", message);
}
void LogWarning(std::string_view message) {
  Logger().warn("{}", message);
}
void LogError(std::string_view message) {
  Logger().error("{}", message);
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
