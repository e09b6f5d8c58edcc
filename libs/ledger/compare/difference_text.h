// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "ledger/compare/difference.h"

namespace clew::ledger {

// What two sets differ by, in a few sentences: the total first, then at most three parts with
// their share of it, what they usually have, and the rest; what visits no longer do, and where
// errors begin. "Nothing stands out" where nothing does. Equal differences give equal bytes.
std::string TextOf(const Difference& difference, const Names& names);

}  // namespace clew::ledger
