// SPDX-License-Identifier: Apache-2.0

#include "uservice/options.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <map>

namespace clew::demo {
namespace {

template <typename T>
bool ParseNumber(std::string_view text, T& value) {
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && stop == end;
}

// Adapts a parser of ours to what CLI11 wants: an empty string, or what is wrong.
std::string Complaint(const base::Status& status) {
  return status.ok() ? std::string() : status.error().message;
}

}  // namespace

base::Status ParseListen(const std::string& text, Options& options) {
  const base::Error error{base::ErrorCode::kInvalidArgument,
                          "not an address and port like 127.0.0.1:8083: " + text};
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return error;
  if (!ParseNumber(std::string_view(text).substr(colon + 1), options.listen_port)) return error;
  std::string address = text.substr(0, colon);
  if (address.front() == '[' && address.back() == ']') {
    address = address.substr(1, address.size() - 2);
  }
  options.listen_address = address;
  return {};
}

base::Result<DelayRange> ParseDelay(const std::string& text) {
  const base::Error error{base::ErrorCode::kInvalidArgument,
                          "not a range of milliseconds like 100-198: " + text};
  const size_t dash = text.find('-');
  if (dash == std::string::npos) return error;
  uint32_t shortest = 0;
  uint32_t longest = 0;
  if (!ParseNumber(std::string_view(text).substr(0, dash), shortest) ||
      !ParseNumber(std::string_view(text).substr(dash + 1), longest) || shortest > longest) {
    return error;
  }
  return DelayRange{std::chrono::milliseconds(shortest), std::chrono::milliseconds(longest)};
}

std::optional<int> ReadCommandLine(int argc, char** argv, Options& options) {
  CLI::App app("A service of the clew demo");
  app.add_option_function<std::string>(
      "--listen",
      [&](const std::string& text) {
        const std::string complaint = Complaint(ParseListen(text, options));
        if (!complaint.empty()) throw CLI::ValidationError("--listen", complaint);
      },
      "Address and port to listen on; port 0 is any free one");
  app.add_option_function<std::string>(
      "--delay-ms",
      [&](const std::string& text) {
        auto delay = ParseDelay(text);
        if (!delay.ok()) throw CLI::ValidationError("--delay-ms", delay.error().message);
        options.delay = delay.value();
      },
      "Shortest and longest time that the database call takes, like 100-198");
  if (!options.upstream.empty()) {
    app.add_option("--upstream", options.upstream, "URL of the service to call");
  }
  app.add_option("--demo-shape", options.shape, "How spans nest: nested or sibling")
      ->transform(CLI::CheckedTransformer(std::map<std::string, SpanShape>{
          {"nested", SpanShape::kNested}, {"sibling", SpanShape::kSibling}}));
  app.add_option("--demo-status", options.status, "Status of the incoming call: error or unset")
      ->transform(CLI::CheckedTransformer(std::map<std::string, DemoStatus>{
          {"error", DemoStatus::kError}, {"unset", DemoStatus::kUnset}}));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  }
  return std::nullopt;
}

}  // namespace clew::demo
