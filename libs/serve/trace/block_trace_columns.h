// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "base/result.h"
#include "store/block.h"

namespace clew::serve {

// What TraceColumns makes of a trace that lies in one run of rows of one block, to the byte: its
// rows stand in the order of the tree already and know their parents, so nothing is put together.
// nullopt where something is, as several spans have one id. kCorruption, kCancelled.
base::Result<std::optional<std::string>> BlockTraceColumns(const store::Block& block,
                                                           store::RowRange rows,
                                                           const std::stop_token& cancelled);

}  // namespace clew::serve
