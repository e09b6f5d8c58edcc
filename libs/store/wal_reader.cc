// SPDX-License-Identifier: Apache-2.0
#include "store/wal_reader.h"

namespace clew::store {

SegmentSummary ReadSegment(std::string_view bytes, uint32_t segment,
                           const std::function<void(const WalRecord&)>& on_record,
                           const std::function<void(Lsn, std::string_view)>& on_damage) {
  SegmentSummary summary{.end = kSegmentHeaderBytes};
  // Every record knows its own position and is checksummed, so stepping over
  // bytes that are none cannot mistake the inside of a body for a record.
  for (size_t at = kSegmentHeaderBytes; at + kRecordHeaderBytes <= bytes.size();) {
    const auto record = DecodeRecord(bytes, segment, at);
    if (!record) {
      at += kRecordAlignment;
      continue;
    }
    if (at != summary.end) {
      ++summary.damaged;
      on_damage({segment, static_cast<uint32_t>(summary.end)},
                bytes.substr(summary.end, at - summary.end));
    }
    on_record(*record);
    ++summary.records;
    at += EncodedSize(*record);
    summary.end = at;
  }
  return summary;
}

}  // namespace clew::store
