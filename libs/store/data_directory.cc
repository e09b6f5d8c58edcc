// SPDX-License-Identifier: Apache-2.0
#include "store/data_directory.h"

#include <array>
#include <charconv>
#include <cstdio>
#include <optional>
#include <random>
#include <string_view>
#include <utility>

#include "base/hash.h"
#include "base/log.h"
#include "base/replace_file.h"

namespace clew::store {
namespace {

constexpr uint64_t kStoreFormat = 1;
constexpr uint64_t kShards = 1;  // of the catalog

// The number after "key": in a flat JSON object that this program wrote.
std::optional<uint64_t> NumberOf(std::string_view json, std::string_view key) {
  const size_t at = json.find("\"" + std::string(key) + "\":");
  if (at == std::string_view::npos) return std::nullopt;
  const char* const from = json.data() + at + key.size() + 3;
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(from, json.data() + json.size(), number);
  return error == std::errc() ? std::optional(number) : std::nullopt;
}

std::string WithChecksum(const std::string& numbers) {
  std::array<char, 16> digits{};
  (void)std::snprintf(digits.data(), digits.size(), "%08x", base::Crc32c(numbers));
  return numbers + ",\"crc32c\":\"" + digits.data() + "\"}\n";
}

std::string EncodeStoreFile(uint64_t node, uint64_t epoch) {
  return WithChecksum("{\"format\":" + std::to_string(kStoreFormat) +
                      ",\"node\":" + std::to_string(node) + ",\"epoch\":" + std::to_string(epoch) +
                      ",\"shards\":" + std::to_string(kShards));
}

base::Error Unsupported(std::string what) {
  return {base::ErrorCode::kUnsupported, std::move(what)};
}

base::Status ReadStoreFile(base::Storage& storage, const std::string& path,
                           DataDirectory& directory) {
  std::unique_ptr<base::File> file = TRY(storage.Open(path, base::Storage::Mode::kRead));
  const std::string json = TRY(file->Read(0, 4096));
  const auto format = NumberOf(json, "format");
  const auto node = NumberOf(json, "node");
  const auto epoch = NumberOf(json, "epoch");
  if (!format || !node || !epoch) {
    return base::Error{base::ErrorCode::kCorruption, path + " is not what this program writes"};
  }
  if (*format > kStoreFormat) {
    return Unsupported(path + " has format " + std::to_string(*format) +
                       ", this program reads up to " + std::to_string(kStoreFormat) +
                       "; use a newer one");
  }
  directory.node = *node;
  directory.epoch = *epoch;
  // Of another node everything in the log would be new.
  if (json != WithChecksum(json.substr(0, json.find(",\"crc32c\"")))) {
    return base::Error{base::ErrorCode::kCorruption, path + " does not have its checksum"};
  }
  // Only directories that are older than the number have none.
  const uint64_t shards = NumberOf(json, "shards").value_or(1);
  if (shards != kShards) {
    return Unsupported(path + " says that the catalog has " + std::to_string(shards) +
                       " shards, this program reads " + std::to_string(kShards) +
                       "; use the one that wrote it");
  }
  return {};
}

base::Result<std::vector<uint32_t>> ListSegments(base::Storage& storage, const std::string& path) {
  std::vector<uint32_t> segments;
  for (const auto& [name, is_directory] : TRY(storage.List(path))) {
    if (is_directory || !name.ends_with(".wal")) continue;
    uint32_t number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size() - 4, number);
    if (error == std::errc() && number > 0) segments.push_back(number);
  }
  return segments;
}

std::string ParentOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// Makes the directory and those it is in. What was made is durable, so that it does not
// go with all that is put into it.
base::Status MakeDurably(base::Storage& storage, const std::string& path) {
  std::vector<std::string> changed;  // directories, from the inside out
  for (std::string at = path; !storage.Exists(at); at = ParentOf(at)) {
    changed.push_back(ParentOf(at));
  }
  TRY(storage.MakeDirectories(path + "/wal"));
  for (const std::string& directory : changed) TRY(storage.SyncDirectory(directory));
  return {};
}

// Never 0, which is nobody.
uint64_t NewNode() {
  std::random_device random;
  return (uint64_t{random()} << 32) | random() | 1;
}

}  // namespace

base::Status Epoch::Begin() {
  const base::MutexLock lock(mutex_);
  if (durable_) return {};
  TRY(base::ReplaceFile(storage_, directory_, "store.json", EncodeStoreFile(node_, number_)));
  durable_ = true;
  return {};
}

base::Result<DataDirectory> OpenDataDirectory(base::Storage& storage, const std::string& path) {
  DataDirectory directory;
  TRY(MakeDurably(storage, path));
  directory.lock = TRY(storage.Lock(path + "/LOCK"));
  const bool is_new = !storage.Exists(path + "/store.json");
  if (!is_new) {
    TRY(ReadStoreFile(storage, path + "/store.json", directory));
  } else {
    directory.node = NewNode();
    // A start before this one may have ended before it made the directory durable.
    (void)storage.SyncDirectory(ParentOf(path));
  }
  ++directory.epoch;
  directory.begins = std::make_unique<Epoch>(storage, path, directory.node, directory.epoch);
  const base::Status begun = directory.begins->Begin();
  if (!begun.ok()) {
    if (is_new || begun.error().code != base::ErrorCode::kExhausted) return begun.error();
    base::LogWarning("nothing can be written until there is room: " + begun.error().message);
  }
  directory.segments = TRY(ListSegments(storage, path + "/wal"));
  return directory;
}

base::Result<DataDirectory> LookAtDataDirectory(base::Storage& storage, const std::string& path) {
  DataDirectory directory;
  TRY(ReadStoreFile(storage, path + "/store.json", directory));
  // What was restored from a backup has no log before a server runs on it.
  const std::string wal = path + "/wal";
  if (storage.Exists(wal)) directory.segments = TRY(ListSegments(storage, wal));
  return directory;
}

}  // namespace clew::store
