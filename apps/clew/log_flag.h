// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>

#include "base/log_fields.h"

namespace clew {

// Adds --log-format to a command that runs until it is ended.
void AddLogFormat(CLI::App& command, base::LogFormat& format);

}  // namespace clew
