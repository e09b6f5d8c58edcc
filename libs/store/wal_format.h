// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "base/result.h"
#include "wire/body.h"

// The bytes of the write-ahead log; docs/format/wal.md draws them.
namespace clew::store {

inline constexpr uint16_t kWalFormat = 1;
inline constexpr uint16_t kWalMinimumReader = 1;
inline constexpr uint64_t kSegmentBytes = uint64_t{64} << 20;  // unless an option says other
inline constexpr size_t kSegmentHeaderBytes = 48;
inline constexpr size_t kRecordHeaderBytes = 64;
inline constexpr size_t kRecordAlignment = 8;

// Where a record lies: segment number and offset in it. Rises with every append.
struct Lsn {
  uint32_t segment = 0;
  uint32_t offset = 0;
  uint64_t number() const { return uint64_t{segment} << 32 | offset; }
};

// Positions of records, both included; 0 and 0: none.
struct LsnRange {
  uint64_t first = 0;
  uint64_t last = 0;
  bool operator==(const LsnRange&) const = default;
};

struct SegmentHeader {
  uint64_t node = 0;
  uint64_t epoch = 0;
  uint32_t segment = 0;
};

// One record; the views lie in the bytes it was read from or will be written from.
struct WalRecord {
  Lsn lsn{};
  uint64_t epoch = 0;
  int64_t receive_time_unix_nano = 0;
  base::Hash128 body_hash{};
  wire::Format format{};
  wire::ContentEncoding encoding{};
  uint16_t decoder_version = 0;
  std::string_view tenant{};
  std::string_view body{};
};

std::string EncodeSegmentHeader(const SegmentHeader& header);
// kCorruption when it is none; kUnsupported, naming both formats, when it is of a newer program.
base::Result<SegmentHeader> DecodeSegmentHeader(std::string_view bytes);

std::string EncodeRecord(const WalRecord& record);
// Bytes of the record on disk, padding included.
size_t EncodedSize(const WalRecord& record);
// The record at `offset` of a segment; nullopt when no whole and valid one begins there.
std::optional<WalRecord> DecodeRecord(std::string_view segment_bytes, uint32_t segment,
                                      size_t offset);

}  // namespace clew::store
