// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace CLI {
class App;
}

namespace clew {

// Adds `clew flush`, `clew backup` and `clew restore`. Running one sets `exit_code`.
void AddBackupCommands(CLI::App& app, int& exit_code);

}  // namespace clew
