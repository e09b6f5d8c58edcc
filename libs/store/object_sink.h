// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/hash.h"
#include "objects/object_store.h"
#include "parquet/file_reader.h"
#include "parquet/file_writer.h"

namespace clew::store {

// A Parquet file on its way into an object store, hashed as it goes. Not thread-safe.
class ObjectSink final : public parquet::ByteSink {
 public:
  explicit ObjectSink(std::unique_ptr<objects::ObjectUpload> upload) : upload_(std::move(upload)) {}

  base::Status Append(std::string_view bytes) override {
    hasher_.Add(bytes);
    size_bytes_ += bytes.size();
    return upload_->Append(bytes);
  }
  base::Status Commit() { return upload_->Commit(); }
  uint64_t size_bytes() const { return size_bytes_; }
  base::Hash128 hash() const { return hasher_.hash(); }

 private:
  std::unique_ptr<objects::ObjectUpload> upload_;
  base::Hasher128 hasher_;
  uint64_t size_bytes_ = 0;
};

// A Parquet file in an object store. Thread-safe.
class ObjectSource final : public parquet::ByteSource {
 public:
  // `objects` outlives it.
  ObjectSource(objects::ObjectStore& objects, std::string key, uint64_t size_bytes)
      : objects_(objects), key_(std::move(key)), size_bytes_(size_bytes) {}

  base::Result<std::string> Read(uint64_t offset, size_t size) const override {
    return objects_.Get(key_, offset, size);
  }
  uint64_t size() const override { return size_bytes_; }
  std::string_view name() const override { return key_; }

 private:
  objects::ObjectStore& objects_;
  const std::string key_;
  const uint64_t size_bytes_;
};

}  // namespace clew::store
