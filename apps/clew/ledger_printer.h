// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "ledger_answer.h"

namespace clew {

// A ledger for people: the verdict, the trace beside the usual one where that is known, a bar for
// each row, notes. The bars together are as long as
// the trace; solid is work, shaded is waiting. Rows past `most_rows` and those that share 0 % are
// one.
std::string LedgerText(const LedgerAnswer& answer, size_t most_rows);

}  // namespace clew
