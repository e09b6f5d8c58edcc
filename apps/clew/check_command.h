// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace CLI {
class App;
}

namespace clew {

// Adds `clew check`. Running it sets `exit_code`.
void AddCheckCommand(CLI::App& app, int& exit_code);

}  // namespace clew
