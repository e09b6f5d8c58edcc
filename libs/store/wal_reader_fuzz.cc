// SPDX-License-Identifier: Apache-2.0
// Property: whatever the bytes of a segment are, every record that is read lies
// inside them, in order and without overlap.
#include <cstdint>

#include "base/check.h"
#include "store/wal_reader.h"

using clew::store::DecodeSegmentHeader;
using clew::store::EncodedSize;
using clew::store::Lsn;
using clew::store::ReadSegment;
using clew::store::WalRecord;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)DecodeSegmentHeader(bytes);
  size_t end = clew::store::kSegmentHeaderBytes;
  const auto summary = ReadSegment(
      bytes, 1,
      [&](const WalRecord& record) {
        CHECK(record.lsn.offset >= end);
        end = record.lsn.offset + EncodedSize(record);
        const size_t unpadded =
            clew::store::kRecordHeaderBytes + record.tenant.size() + record.body.size();
        CHECK(record.lsn.offset + unpadded <= bytes.size());
      },
      [&](Lsn lsn, std::string_view damaged) {
        CHECK(lsn.offset + damaged.size() <= bytes.size());
      });
  CHECK(summary.end == end);
  return 0;
}
