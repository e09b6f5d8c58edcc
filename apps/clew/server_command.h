// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "server.h"

namespace CLI {
class App;
}

namespace clew {

// Adds `clew server`. `exit_code` is set when the command ran.
void AddServerCommand(CLI::App& app, int& exit_code);

// Adds what a server can be told, whose values go into `options`, which outlives the command.
// Each is a key of the configuration file and a variable as well, see server_config.h.
void AddServerOptions(CLI::App& command, ServerOptions& options);

// Adds rate, burst, span-rate and span-burst, with `begin` before their names: "--tenant-".
void AddTenantRates(CLI::App& command, const std::string& begin, ingest::TenantLimits& limits,
                    const std::string& group);

}  // namespace clew
