// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace CLI {
class App;
}

namespace clew {

// Adds `clew debug`. Running it sets `exit_code`.
void AddDebugCommand(CLI::App& app, int& exit_code);

}  // namespace clew
