// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/storage.h"
#include "store/wal_format.h"
#include "store/wal_reader.h"

namespace clew::store {

// A segment of the write-ahead log and the folder it lies in.
struct SegmentPlace {
  std::string directory;
  uint32_t segment = 0;
  std::string path() const;
};

// In bytes, of each.
base::Result<std::vector<uint64_t>> SegmentSizes(base::Storage& storage,
                                                 const std::string& directory,
                                                 const std::vector<uint32_t>& segments);

// Reads a segment after a crash or a stop: calls `on_record` for each record in order,
// keeps damaged bytes aside in <directory>/damaged, says so, and cuts the tail, so
// that what did not end can never look like a record again. All of it is durable then.
// kUnsupported when it is of a newer program, kIo.
base::Result<SegmentSummary> RecoverSegment(base::Storage& storage, const SegmentPlace& place,
                                            const std::function<void(const WalRecord&)>& on_record);

// What an accepted record holds, decompressed; an error when it cannot be, which a record
// with a right checksum can only be by a fault of the program that wrote it.
base::Result<std::string> InflatedBodyOf(const WalRecord& record);
// The same, validated.
base::Result<std::string> PlainBodyOf(const WalRecord& record);

}  // namespace clew::store
