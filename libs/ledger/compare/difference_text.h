// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "ledger/compare/difference.h"
#include "ledger/verdict.h"

namespace clew::ledger {

// What two sets differ by, in a few sentences: the total first, then at most three parts with
// their share of it, what they usually have, and the rest; what visits no longer do, and where
// errors begin. "Nothing stands out" where nothing does. Equal differences give equal bytes.
std::string TextOf(const Difference& difference, const Names& names);

// The same in pieces; the row of one that speaks of a part is its index in PartsOf(difference).
std::vector<Phrase> PhrasesOf(const Difference& difference, const Names& names);

}  // namespace clew::ledger
