// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"

namespace clew::demo {

// How the spans of a service nest: as in the demo this one follows, where the
// call to the other service hangs below the database's span, or side by side.
enum class SpanShape : uint8_t { kNested, kSibling };
// Whether the incoming call is marked as an error that it is not.
enum class DemoStatus : uint8_t { kError, kUnset };

struct DelayRange {
  std::chrono::milliseconds shortest{0};
  std::chrono::milliseconds longest{0};  // inclusive
};

struct Options {
  std::string listen_address = "127.0.0.1";
  uint16_t listen_port = 0;
  std::string upstream;  // empty: this service calls none
  DelayRange delay;
  SpanShape shape = SpanShape::kNested;
  DemoStatus status = DemoStatus::kError;
};

// "127.0.0.1:8083", or "[::1]:8083", into `options`.
base::Status ParseListen(const std::string& text, Options& options);
// "100-198".
base::Result<DelayRange> ParseDelay(const std::string& text);

// Reads the command line over the defaults in `options`. Returns the exit code
// when the program is to end at once: after --help, or a mistake.
std::optional<int> ReadCommandLine(int argc, char** argv, Options& options);

}  // namespace clew::demo
