// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "derive/usual_times.h"

// The file usual_times of a block; docs/format/block.md draws it.
namespace clew::derive {

inline constexpr uint16_t kUsualTimesFormat = 1;
inline constexpr uint16_t kUsualTimesMinimumReader = 1;

// The same times, the same bytes.
std::string EncodeUsualTimes(const UsualTimes& times);

// Gives the bytes [offset, offset + size) of the file.
using ReadUsualBytes = std::function<base::Result<std::string>(uint64_t offset, uint64_t size)>;

// The file as it lies: one operation is read without the others. A value.
class UsualTimesFile {
 public:
  // Reads the list of operations. kCorruption; kUnsupported, naming both formats, when it is of
  // a newer program.
  static base::Result<UsualTimesFile> Open(ReadUsualBytes read, uint64_t size_bytes);

  // nullopt: there is no trace that begins so, or it is over the limit. kCorruption.
  base::Result<std::optional<OperationTimes>> Read(const RootOperation& root) const;
  base::Result<UsualTimes> ReadAll() const;
  size_t operations() const { return places_.size(); }

 private:
  struct Place {
    uint64_t hash = 0;
    uint64_t offset = 0;
    uint32_t size = 0;
    uint32_t checksum = 0;
  };
  struct Operation {
    RootOperation root;
    OperationTimes times;
  };
  base::Result<Operation> ReadAt(const Place& place) const;

  ReadUsualBytes read_;
  std::vector<Place> places_;  // by hash
  uint64_t left_out_ = 0;
  uint64_t least_dropped_hash_ = UINT64_MAX;
};

}  // namespace clew::derive
