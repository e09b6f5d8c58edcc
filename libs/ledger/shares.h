// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace clew::ledger {

// What each amount is of their sum, in whole per cent that add up to 100 (largest remainder; of
// equal ones the one in front). All 0 when the sum is. REQUIRES: the sum fits 64 bits
std::vector<uint32_t> SharesOf(const std::vector<uint64_t>& amounts);

}  // namespace clew::ledger
