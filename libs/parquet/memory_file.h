// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "parquet/file_reader.h"
#include "parquet/file_writer.h"

namespace clew::parquet {

// A Parquet file in memory, on its way out and in.
class MemorySink final : public ByteSink {
 public:
  base::Status Append(std::string_view bytes) override {
    bytes_ += bytes;
    return {};
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(std::string bytes) : bytes_(std::move(bytes)) {}

  base::Result<std::string> Read(uint64_t offset, size_t size) const override {
    if (offset > bytes_.size() || size > bytes_.size() - offset) {
      return base::Error{base::ErrorCode::kCorruption, "the file ends before what is read"};
    }
    return bytes_.substr(offset, size);
  }
  uint64_t size() const override { return bytes_.size(); }

 private:
  const std::string bytes_;
};

}  // namespace clew::parquet
