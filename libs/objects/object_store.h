// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace clew::objects {

// An object on its way: bytes are appended, and nothing is seen by others until
// Commit. Destroyed without Commit it leaves nothing behind. Not thread-safe.
class ObjectUpload {
 public:
  virtual ~ObjectUpload() = default;
  virtual base::Status Append(std::string_view bytes) = 0;
  // Durable, and visible under its key, when this returns. An object that is there
  // already is replaced only by equal bytes (keys are never used twice).
  virtual base::Status Commit() = 0;
};

// Named immutable objects: a local directory or a bucket. Keys are relative paths of
// [A-Za-z0-9._-] parts joined by '/', no part empty, "." or ".."; kInvalidArgument
// otherwise. What is put is durable when the call returns. Errors name the key:
// kNotFound, kIo, kExhausted (no space left), kUnavailable (try again). Thread-safe.
class ObjectStore {
 public:
  virtual ~ObjectStore() = default;

  // The bytes [offset, offset + size); kCorruption when the object is shorter.
  virtual base::Result<std::string> Get(std::string_view key, uint64_t offset, uint64_t size) = 0;
  virtual base::Result<std::string> GetAll(std::string_view key) = 0;
  virtual base::Result<uint64_t> SizeOf(std::string_view key) = 0;

  virtual base::Status Put(std::string_view key, std::string_view bytes) = 0;
  virtual base::Result<std::unique_ptr<ObjectUpload>> BeginUpload(std::string_view key) = 0;
  // True when the object was made by this call, false when one is there already
  // (its bytes untouched). Of several that race exactly one gets true. After an error it is not
  // known whether the object was made.
  virtual base::Result<bool> PutIfAbsent(std::string_view key, std::string_view bytes) = 0;

  // The keys that begin with `prefix`, in order.
  virtual base::Result<std::vector<std::string>> List(std::string_view prefix) = 0;
  // An absent object is deleted already.
  virtual base::Status Delete(std::string_view key) = 0;
};

}  // namespace clew::objects
