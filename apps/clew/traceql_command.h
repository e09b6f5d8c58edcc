// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace CLI {
class App;
}

namespace clew {

// Adds `clew traceql` with its subcommands. Running one sets `exit_code`.
void AddTraceqlCommand(CLI::App& app, int& exit_code);

}  // namespace clew
