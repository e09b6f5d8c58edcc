// SPDX-License-Identifier: Apache-2.0

#include "opentelemetry/sdk/common/env_variables.h"

#include <charconv>
#include <cstdio>
#include <cstdlib>

#include "net/http.h"

namespace opentelemetry::inline v1::sdk::common {
namespace {

template <typename T>
bool GetNumber(const char* name, T& value) {
  std::string text;
  if (!GetStringEnvironmentVariable(name, text)) return false;
  T parsed{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, parsed);
  if (error == std::errc() && stop == end) {
    value = parsed;
    return true;
  }
  std::fprintf(stderr, "%s is not a number and is ignored: %s\n", name, text.c_str());
  return false;
}

}  // namespace

bool GetStringEnvironmentVariable(const char* name, std::string& value) {
  const char* text = std::getenv(name);
  if (text == nullptr || *text == '\0') return false;
  value = text;
  return true;
}

bool GetBoolEnvironmentVariable(const char* name, bool& value) {
  std::string text;
  if (!GetStringEnvironmentVariable(name, text)) return false;
  value = clew::net::EqualsIgnoringCase(text, "true");
  return true;
}

bool GetUintEnvironmentVariable(const char* name, uint32_t& value) {
  return GetNumber(name, value);
}

bool GetDoubleEnvironmentVariable(const char* name, double& value) {
  return GetNumber(name, value);
}

bool GetDurationEnvironmentVariable(const char* name, std::chrono::milliseconds& value) {
  uint32_t milliseconds = 0;
  if (!GetNumber(name, milliseconds)) return false;
  value = std::chrono::milliseconds(milliseconds);
  return true;
}

}  // namespace opentelemetry::inline v1::sdk::common
