// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "base/storage.h"

namespace clew::ingest {

// Stands in for values that are not to be known: equal values have equal hashes, and without the
// key nobody can tell a value from its hash, or try likely ones. Immutable.
class KeyedHash {
 public:
  static constexpr size_t kMinKeyBytes = 16;

  explicit KeyedHash(std::string key) : key_(std::move(key)) {}

  // With the key in a file, white space at its end left out. kInvalidArgument when it is too
  // short, or the error of the file.
  static base::Result<KeyedHash> FromFile(base::Storage& storage, const std::string& path);
  // The same of the file redact.key of a directory, which is made of random bytes when it is not
  // there, for its owner to read.
  static base::Result<KeyedHash> OfDirectory(base::Storage& storage, const std::string& directory);

  // The first 16 bytes of the HMAC-SHA-256, in lower-case hex.
  std::string Of(std::string_view value) const;

 private:
  std::string key_;
};

}  // namespace clew::ingest
