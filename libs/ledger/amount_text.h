// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace clew::ledger {

// Three significant digits and a unit: "1.24 s", "428 ms", "22.4 ms", "850 ns". Seconds are the
// largest unit. Halves are rounded up.
std::string AmountText(uint64_t nanos);

}  // namespace clew::ledger
