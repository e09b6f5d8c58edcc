// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "store/wal_format.h"

namespace clew::store {

// What the bytes of one segment turned out to be.
struct SegmentSummary {
  size_t end = 0;  // where the last valid record ends
  uint64_t records = 0;
  uint64_t damaged = 0;  // stretches that are no records, with a valid one behind them
};

// Walks the records of one segment. A stretch that is no valid record but has
// one behind it is damage: it alone is passed over and handed to `on_damage`.
// What follows the last valid record is the tail, and not looked at further:
// free space, or an append that did not end. `bytes` starts with the segment header.
SegmentSummary ReadSegment(std::string_view bytes, uint32_t segment,
                           const std::function<void(const WalRecord&)>& on_record,
                           const std::function<void(Lsn, std::string_view)>& on_damage);

}  // namespace clew::store
