// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace CLI {
class App;
}

namespace clew {

// Adds `clew edge` to the command line; `exit_code` is set when it was chosen and has ended.
void AddEdgeCommand(CLI::App& app, int& exit_code);

}  // namespace clew
