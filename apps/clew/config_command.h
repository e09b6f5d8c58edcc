// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace CLI {
class App;
}

namespace clew {

// Adds `clew config`: check, show, example, import. `exit_code` is set when one of them ran.
void AddConfigCommand(CLI::App& app, int& exit_code);

}  // namespace clew
