// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "uservice/options.h"

namespace clew::demo {

struct ServiceDefinition {
  std::string name;
  bool traced = false;
  Options defaults;
};

// Serves until SIGTERM or SIGINT, then lets running requests finish and sends
// the last spans. Returns the exit code.
int RunService(int argc, char** argv, ServiceDefinition service);

}  // namespace clew::demo
