// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace CLI {
class App;
}

namespace clew {

// Adds `clew block` with its subcommands. Running one sets `exit_code`.
void AddBlockCommand(CLI::App& app, int& exit_code);

}  // namespace clew
