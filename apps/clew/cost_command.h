// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace CLI {
class App;
}

namespace clew {

// Adds `clew cost`. Running it sets `exit_code`.
void AddCostCommand(CLI::App& app, int& exit_code);

}  // namespace clew
