// SPDX-License-Identifier: Apache-2.0
#include "ingest/redact/keyed_hash.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <filesystem>
#include <memory>
#include <span>
#include <utility>

#include "base/check.h"
#include "base/replace_file.h"

namespace clew::ingest {
namespace {

constexpr size_t kHashBytes = 16;
constexpr size_t kNewKeyBytes = 32;
constexpr size_t kMaxKeyBytes = 4096;
constexpr std::string_view kKeyFile = "redact.key";

std::string Hex(std::span<const unsigned char> bytes) {
  std::string text;
  text.reserve(2 * bytes.size());
  for (const unsigned char byte : bytes) {
    text.push_back("0123456789abcdef"[byte >> 4]);
    text.push_back("0123456789abcdef"[byte & 15]);
  }
  return text;
}

base::Status MakeKey(base::Storage& storage, const std::string& directory) {
  unsigned char bytes[kNewKeyBytes];
  if (RAND_bytes(bytes, sizeof bytes) != 1) {
    return base::Error{base::ErrorCode::kUnavailable, "the system gives no random bytes"};
  }
  return base::ReplaceFile(storage, directory, std::string(kKeyFile), Hex(bytes) + "\n");
}

}  // namespace

base::Result<KeyedHash> KeyedHash::FromFile(base::Storage& storage, const std::string& path) {
  const std::unique_ptr<base::File> file = TRY(storage.Open(path, base::Storage::Mode::kRead));
  std::string key = TRY(file->Read(0, kMaxKeyBytes));
  key.erase(key.find_last_not_of(" \t\r\n") + 1);
  if (key.size() >= kMinKeyBytes) return KeyedHash(std::move(key));
  return base::Error{base::ErrorCode::kInvalidArgument,
                     path + " must hold a key of at least " + std::to_string(kMinKeyBytes) +
                         " bytes, it has " + std::to_string(key.size())};
}

base::Result<KeyedHash> KeyedHash::OfDirectory(base::Storage& storage,
                                               const std::string& directory) {
  const std::string path = directory + "/" + std::string(kKeyFile);
  if (!storage.Exists(path)) {
    TRY(MakeKey(storage, directory));
    // The storage knows no permissions; a key that others may read for a moment has hashed nothing.
    std::error_code ignored;  // in memory there is no such file
    std::filesystem::permissions(path, std::filesystem::perms::owner_read, ignored);
  }
  return FromFile(storage, path);
}

std::string KeyedHash::Of(std::string_view value) const {
  unsigned char digest[EVP_MAX_MD_SIZE];
  const unsigned char* const done =
      HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
           reinterpret_cast<const unsigned char*>(value.data()), value.size(), digest, nullptr);
  CHECK(done != nullptr);
  return Hex(std::span(digest).first<kHashBytes>());
}

}  // namespace clew::ingest
