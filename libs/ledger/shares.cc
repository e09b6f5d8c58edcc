// SPDX-License-Identifier: Apache-2.0
#include "ledger/shares.h"

#include <numeric>

#include "base/stable_sort.h"

namespace clew::ledger {

std::vector<uint32_t> SharesOf(const std::vector<uint64_t>& amounts) {
  constexpr uint64_t kWhole = 100;
  std::vector<uint32_t> shares(amounts.size());
  uint64_t total = std::accumulate(amounts.begin(), amounts.end(), uint64_t{0});
  // Years of nanoseconds lose their last digits rather than overflow.
  int shift = 0;
  for (; (total >> shift) > UINT64_MAX / kWhole; ++shift) {
  }
  total >>= shift;
  if (total == 0) return shares;
  std::vector<uint64_t> remainders(amounts.size());
  uint64_t unshared = kWhole;
  for (size_t i = 0; i < amounts.size(); ++i) {
    const uint64_t scaled = (amounts[i] >> shift) * kWhole;
    shares[i] = static_cast<uint32_t>(scaled / total);
    remainders[i] = scaled % total;
    unshared -= shares[i];
  }
  std::vector<size_t> order(amounts.size());
  std::iota(order.begin(), order.end(), size_t{0});
  base::StableSort(order,
                   [&](size_t left, size_t right) { return remainders[left] > remainders[right]; });
  for (size_t i = 0; i < unshared; ++i) ++shares[order[i % order.size()]];
  return shares;
}

}  // namespace clew::ledger
