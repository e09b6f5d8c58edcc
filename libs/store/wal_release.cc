// SPDX-License-Identifier: Apache-2.0
#include "store/wal_release.h"

#include <memory>

#include "base/log.h"
#include "store/wal_writer.h"

namespace clew::store {
namespace {

std::string RetriesPath(const std::string& directory) {
  return directory + "/retries";
}

// Written aside and renamed, so that a crash leaves the old one or the new one.
base::Status WriteRetries(base::Storage& storage, const std::string& directory,
                          std::string_view encoded) {
  const std::string aside = RetriesPath(directory) + ".new";
  if (storage.Exists(aside)) TRY(storage.Remove(aside));
  std::unique_ptr<base::File> file = TRY(storage.Open(aside, base::Storage::Mode::kCreate));
  TRY(file->Write(0, encoded));
  TRY(file->Sync());
  TRY(storage.Rename(aside, RetriesPath(directory)));
  return storage.SyncDirectory(directory);
}

}  // namespace

base::Status WalRelease::Release(uint32_t keep, std::string_view encoded_retries) {
  if (!Frees(keep)) return {};
  TRY(WriteRetries(storage_, directory_, encoded_retries));
  for (uint32_t segment = oldest_; segment < keep; ++segment) {
    const std::string path = directory_ + "/" + SegmentName(segment);
    if (storage_.Exists(path)) TRY(storage_.Remove(path));
  }
  // What is deleted on request must not come back with a power cut.
  TRY(storage_.SyncDirectory(directory_));
  oldest_ = keep;
  return {};
}

base::Result<RetryWindow> ReadRetries(base::Storage& storage, const std::string& wal_directory) {
  RetryWindow window;
  const std::string path = RetriesPath(wal_directory);
  if (!storage.Exists(path)) return window;
  std::unique_ptr<base::File> file = TRY(storage.Open(path, base::Storage::Mode::kRead));
  const uint64_t size = TRY(file->Size());
  const std::string encoded = TRY(file->Read(0, size));
  const base::Status restored = window.Restore(encoded);
  if (!restored.ok()) base::LogWarning("damage: " + path + ": " + restored.error().message);
  return window;
}

}  // namespace clew::store
